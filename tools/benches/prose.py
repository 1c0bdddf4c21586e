"""How much prose cleaning takes: thousands of sentences of other people, each set alone into an article.

    python -m benches.quality prose [--verbose]

The sentences are those that the nine crates `lingua-*-language-model` ship to test a detector of languages: a thousand
of web and news for each language of the product (Chinese 729), under the Apache licence. `cargo` brings them into
`.local/sentences` the first time; without it this part is left out. Teasers that were cut off with two dots are none
and are not counted. Some pieces of furniture are among them, since they were drawn from pages: --verbose names what
goes, to be looked at.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benches.figures import Figure, note, show
from copydesk.cleaning import Surroundings, clean
from copydesk.cleaning.lines import fold, measure, tidy

__all__ = [
    "LANGUAGES",
    "PLACES",
    "ROOT",
    "around_of",
    "articles",
    "lost",
    "measure_prose",
    "sentences",
    "taken",
]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".local" / "sentences"
LANGUAGES = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
    "pt": "portuguese", "ru": "russian", "zh": "chinese",
}  # fmt: skip
CRATE = "lingua-{}-language-model"
VERSION = "1.3"
CUT_OFF = re.compile(r"(?<!\.)\.\.$")
AROUND = 6
"""Sentences that make the article around; the longest of thirty, so that none is a headline."""

TARGETS = {"page": "<= 0.0002", "text": "<= 0.0005"}
PLACES = tuple((kind, where) for kind in TARGETS for where in ("middle", "end"))
MARKS = {"thestoryinpictures": frozenset({"heading"}), "harbourmuseumopensitsdoors": frozenset({"link"})}
"""What a page says of lines beside the article: that alone makes cleaning ask for more than in a plain text."""


def measure_prose(*, verbose: bool = False) -> list[Figure]:
    """Print and give the share of sentences that go, on pages and in plain texts, by place; [] without sentences."""
    if not FOLDER.is_dir() and not _fetched():
        note(f"prose: no sentences: cargo is not there to fetch {CRATE.format('*')} {VERSION}")
        return []
    with ProcessPoolExecutor(2) as pool:
        found = [one for part in pool.map(_of_language, LANGUAGES) for one in part]
    total = sum(len(sentences(language)) for language in LANGUAGES)
    figures = [
        Figure(what=f"{kind}, {where}", of="prose", ours=share, target=TARGETS[kind], shown=f"{share:.4%}")
        for kind, where in PLACES
        for share in [sum(one[:2] == (kind, where) for one in found) / total]
    ]
    show(f"Sentences of other people that cleaning takes, of {total:,}", figures)
    note(f"by reason: {dict(Counter(reason for *_, reason, _ in found).most_common())}")
    for kind, where, language, reason, line in found if verbose else ():
        note(f"{kind} {where} {language} {reason}: {line}")
    return figures


def sentences(language: str) -> list[str]:
    """The sentences of a language."""
    path = FOLDER / CRATE.format(LANGUAGES[language]) / "testdata" / "sentences.txt"
    lines = map(tidy, path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not CUT_OFF.search(line)]


def articles(around: Sequence[str], sentence: str, where: str) -> str:
    """A text of these lines with the sentence in its middle or at its end."""
    half = len(around) // 2 if where == "middle" else len(around)
    return "\n".join([*around[:half], sentence, *around[half:]])


def taken(around: Sequence[str], sentence: str, kind: str, where: str) -> str | None:
    """The reason for which a sentence goes from an article; None when it stays."""
    surroundings = Surroundings(marks=MARKS if kind == "page" else {})
    removed = clean(articles(around, sentence, where), surroundings).removed
    return next((one.reason for one in removed if fold(one.text) == fold(sentence)), None)


def _of_language(language: str) -> list[tuple[str, str, str, str, str]]:
    return list(lost(language, around_of(language), sentences(language)))


def around_of(language: str) -> list[str]:
    """The lines of an article in a language."""
    return sorted(filter(_is_prose, sentences(language)[:200]), key=len)[-AROUND - 20 : -20]


def lost(
    language: str, around: Sequence[str], lines: Sequence[str]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Each of the sentences that goes: kind and place, language, reason, the sentence."""
    for line in lines:
        if line in around:
            continue
        for kind, where in PLACES:
            if reason := taken(around, line, kind, where):
                yield kind, where, language, reason, line


def _is_prose(line: str) -> bool:
    return measure(line).prose


def _fetched() -> bool:
    """Whether cargo brought the crates: by its own client, into a folder that git leaves alone."""
    cargo = shutil.which("cargo")
    if not cargo:
        return False
    crate = FOLDER.with_name("sentences-crate")
    (crate / "src").mkdir(parents=True, exist_ok=True)
    (crate / "src" / "lib.rs").touch()
    wanted = "\n".join(f'{CRATE.format(name)} = "{VERSION}"' for name in LANGUAGES.values())
    manifest = (
        f'[package]\nname = "sentences"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n{wanted}\n'
    )
    (crate / "Cargo.toml").write_text(manifest, encoding="utf-8")
    subprocess.run([cargo, "vendor", "-q", str(FOLDER)], cwd=crate, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return True
