"""A second draw of prose, larger and farther from news: the example sentences of a grammar checker's rules.

    python -m benches.prose_examples --half 0|1 [--verbose]

The nine Maven packages `org.languagetool:language-*` 6.4 (LGPL) ship 52,800 of them, most in English, French, German
and Portuguese, a hundred and fewer in Italian and Arabic. Rules are looked at on half 0, by a checksum of the
sentence, and judged on half 1. Those that were cut off with dots are counted apart, since a line that was cut is none.
`mvn` brings the packages into `.local/examples` the first time.
"""

import argparse
import hashlib
import html
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from benches.figures import note
from benches.prose import LANGUAGES, PLACES, ROOT, around_of, lost
from copydesk.cleaning.lines import tidy

__all__ = ["main"]

FOLDER = ROOT / ".local" / "examples"
VERSION = "6.4"
EXAMPLE = re.compile(r"<example\b([^>]*)>(.*?)</example>", re.DOTALL)
RIGHT = re.compile(r'correction="([^"|]*)')
WRONG = re.compile(r"<marker>.*?</marker>", re.DOTALL)
ENDS = '.!?。！？؟"”»'  # noqa: RUF001
WORDS, SIGNS = 5, 8
"""Fewer words, or in Chinese signs, are no sentence."""
PART = 800
"""Sentences that a process takes at once."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what goes, by kind of text and place, and with --verbose each sentence."""
    parser = argparse.ArgumentParser(prog="python -m benches.prose_examples")
    parser.add_argument("--half", type=int, choices=(0, 1), required=True)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args(arguments)
    if not FOLDER.is_dir():
        _fetch()
    drawn = {
        language: [line for line in _examples(language) if _half(line) == given.half]
        for language in LANGUAGES
    }
    parts = [
        (name, lines[at : at + PART]) for name, lines in drawn.items() for at in range(0, len(lines), PART)
    ]
    with ProcessPoolExecutor(2) as pool:
        found = [one for some in pool.map(_lost, parts) for one in some]
    total = sum(map(len, drawn.values()))
    for kind, where in PLACES:
        here = [one for one in found if one[:2] == (kind, where)]
        whole = [one for one in here if not one[-1].endswith(("...", "…"))]
        reasons = dict(Counter(one[3] for one in whole).most_common())
        note(
            f"{kind}, {where}: {len(whole)} of {total} ({len(whole) / total:.4%}) by {reasons}, "
            f"and of those that were cut {len(here) - len(whole)}"
        )
    for one in found if given.verbose else ():
        note(" ".join(one))


def _lost(part: tuple[str, Sequence[str]]) -> list[tuple[str, str, str, str, str]]:
    language, lines = part
    return list(lost(language, around_of(language), lines))


def _examples(language: str) -> list[str]:
    """The sentences of a language: where a rule mends one, the mended one."""
    with zipfile.ZipFile(FOLDER / f"language-{language}-{VERSION}.jar") as jar:
        names = [name for name in jar.namelist() if "rules/" in name and name.endswith(".xml")]
        found = [line for name in names for line in _of(jar.read(name).decode("utf-8", "replace"))]
    return [line for line in dict.fromkeys(found) if line and line[-1] in ENDS and _is_long(line, language)]


def _of(rules: str) -> Iterator[str]:
    for match in EXAMPLE.finditer(re.sub(r"<!--.*?-->", "", rules, flags=re.DOTALL)):
        text = match[2]
        right = RIGHT.search(match[1])
        if right and text.count("<marker>") == 1:
            text = WRONG.sub(lambda _, right=right: html.unescape(right[1]), text)
        yield tidy(html.unescape(re.sub(r"<[^>]+>", "", text)))


def _is_long(line: str, language: str) -> bool:
    return len(line) >= SIGNS if language == "zh" else len(line.split()) >= WORDS


def _half(line: str) -> int:
    return int(hashlib.md5(line.encode(), usedforsecurity=False).hexdigest(), 16) % 2


def _fetch() -> None:
    """Have Maven bring the packages, by its own client and without what they depend on."""
    maven = shutil.which("mvn")
    if not maven:
        raise SystemExit(f"no sentences: mvn is not there to fetch org.languagetool:language-* {VERSION}")
    bare = "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
    wanted = "".join(
        f"<dependency><groupId>org.languagetool</groupId><artifactId>language-{language}</artifactId>"
        f"<version>{VERSION}</version>{bare}</dependency>"
        for language in LANGUAGES
    )
    project = FOLDER.with_name("examples-project")
    project.mkdir(parents=True, exist_ok=True)
    (project / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>sentences</groupId><artifactId>sentences</artifactId>"
        f"<version>1</version><dependencies>{wanted}</dependencies></project>",
        encoding="utf-8",
    )
    copying = "dependency:copy-dependencies"
    subprocess.run([maven, "-q", "-B", copying, f"-DoutputDirectory={FOLDER}"], cwd=project, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
