"""The language a text is written in, as a BCP 47 primary tag. Deterministic in every process.

langdetect's own factory loads its profiles in directory order and draws without a seed; this one sorts the
profiles and seeds, so that the same text has the same language on every machine.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from langdetect.detector import Detector
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from langdetect.utils.lang_profile import LangProfile
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from copydesk.reading.scripts import language_of_script

__all__ = ["UNDETERMINED", "detect", "known", "primary_tag", "warm"]

UNDETERMINED = "und"

SAMPLE = 500
"""Characters looked at: 249 of 249 news pages came out right with 500 as with 5,000, at six times the speed."""

TRIALS = 3
"""Runs of the detector, each with other random n-grams; 7 as langdetect has it change nothing at 500 characters."""

LEAST_LETTERS = 40
"""Letters below which a text says too little; ideographs and syllables count for three."""

PARTS = 2
MIXED = 0.99
"""Probability of two different languages in the two halves from which a sample is taken for a mixture."""

SURE = 0.85
"""Probability from which the best candidate is taken without asking what was declared."""

SPACES = re.compile(" {2,}")
LATIN_LETTER = re.compile("[A-z]")
OTHER_LETTER = re.compile("[^\x00-\u02ff]")
"""What the library counts as letters, to leave Latin words out of a text in another script."""

FAMILIAR = 0.66
"""Share of a text's groups of three letters that a language has to know to be its language, not only the nearest.

News in 25 languages gave .73 and more, short messages of programs in 50 languages .68 and more; the same in languages
the detector does not know .72 and less, 95 of 100 below .66 (Zulu .56-.59, Icelandic .51-.59), twins aside.
"""
LEAST_FAMILIAR = {"ar": 0.45, "fa": 0.45, "ur": 0.45, "vi": 0.7, "el": 0.0} | dict.fromkeys(
    ("zh", "ja", "ko", "th", "hi", "mr", "ne", "bn", "pa", "gu", "ta", "te", "kn", "ml"), 0.0
)
"""The same where the script itself tells, and Vietnamese, whose marks the profiles part from their letters."""

TWIN_LESS = 0.06
"""How much less familiar a declared twin may look; short Serbian texts in Cyrillic letters gave .67 to .73 of
Macedonian."""

ALIKE = 0.72
"""Share below which a half of the text may be in another language than the whole."""

TWINS = {
    "es": ("gl", "ast", "an", "ia"),
    "pt": ("gl", "ast"),
    "id": ("ms",),
    "hr": ("bs", "sr", "sh", "cnr"),
    "mk": ("sr",),
    "sl": ("sr", "bs", "sh"),
    "it": ("ia", "co", "lij", "vec", "scn"),
    "da": ("fo", "no"),
    "no": ("fo",),
}
"""Languages the detector takes for the one named first: no share of letters parts them, so a declaration does."""

FOLDED = {
    "zh-cn": "zh",
    "zh-tw": "zh",
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "cmn": "zh",
}


def warm() -> None:
    """Do once, before a process forks, what every text would need."""
    for tag in _factory().get_lang_list():
        _threes(tag)


def detect(text: str, declared: str | None = None) -> str:
    """The language of a cleaned text, or "und" when it is too short or mixed to say, or one the detector never saw.

    Args:
        text: Paragraphs, one a line.
        declared: What page or source say; decides between candidates the text leaves open, and only then, and
            where it names the twin of the answer (Galician for Portuguese, Serbian for Croatian).
    """
    sample = _sample(text)
    if _weight(sample) < LEAST_LETTERS:
        return UNDETERMINED
    said = primary_tag(declared or "")
    if language_of_script(sample):
        parts = [language_of_script(half) for half in _halves(sample)]
        return _agreed(parts, said)
    candidates = _candidates(sample)
    best = _best(candidates)
    seen = _familiar(sample, best)
    if parts := _mixed(sample, seen, said):
        return _agreed(parts, said)
    named = _named(best, said)
    twin = named != best
    familiar = _share(seen) >= LEAST_FAMILIAR.get(best, FAMILIAR) - (TWIN_LESS if twin else 0.0)
    if candidates.get(best, 0.0) < SURE and not twin:
        return said if said in candidates else UNDETERMINED
    return named if familiar else UNDETERMINED


def _named(best: str, said: str) -> str:
    """The answer of the detector, or what is declared where the detector takes that for its answer."""
    return said if said in TWINS.get(best, ()) else best


def _agreed(parts: Sequence[str], said: str) -> str:
    """The language of all parts, else the declared one of them."""
    return parts[0] if len(set(parts)) == 1 else said if said in parts else UNDETERMINED


def _mixed(sample: str, seen: Sequence[bool], said: str) -> list[str]:
    """The two languages of a mixture; []. The detector is sure of itself on one too, only its parts show it."""
    middle = len(seen) // PARTS
    halves = _halves(sample)
    if len(halves) < PARTS or min(_share(seen[:middle]), _share(seen[middle:])) >= ALIKE:
        return []
    parts = [_candidates(half) for half in halves]
    best = [_named(_best(part), said) for part in parts]
    sure = all(max(part.values(), default=0.0) >= MIXED for part in parts)
    return best if sure and best[0] != best[1] else []


class _Quick(Detector):  # type: ignore[misc]  # the library has no types
    """The library's detector with its inner loops made quick: the same numbers at a third of the time.

    Products of single numbers and a sum in order are the same on every machine.
    """

    def append(self, text: str) -> None:
        bare = self.MAIL_RE.sub(" ", self.URL_RE.sub(" ", text))
        self.text = SPACES.sub(" ", NGram.normalize_vi(bare))

    def cleaning_text(self) -> None:
        other = len(OTHER_LETTER.findall(self.text))
        if len(LATIN_LETTER.findall(self.text)) * 2 < other:
            self.text = LATIN_LETTER.sub("", self.text)

    def _extract_ngrams(self) -> list[str]:
        rows = self.word_lang_prob_map
        plain = _plain(self.text)
        found: list[str] = []
        for at in range(1, len(plain)):
            last, char = plain[at - 1], plain[at]
            if char.isupper() and last.isupper():
                continue  # capitals throughout say nothing
            if char != " " and char in rows:
                found.append(char)
            if (two := last + char) in rows:
                found.append(two)
            if last != " " and (three := plain[at - 2 : at + 1]) in rows:
                found.append(three)
        return found

    def _init_probability(self) -> NDArray[np.float64]:
        return np.full(len(self.langlist), 1.0 / len(self.langlist))

    def _update_lang_prob(self, prob: NDArray[np.float64], word: str, alpha: float) -> bool:
        prob *= self.word_lang_prob_map[word] + alpha / self.BASE_FREQ
        return True

    def _normalize_prob(self, prob: NDArray[np.float64]) -> float:
        prob /= sum(prob.tolist())
        return float(prob.max())


def _plain(text: str) -> str:
    """The text in the letters of the profiles, with single spaces in the place of all else, and one in front."""
    return " " + SPACES.sub(" ", "".join(map(_normalized, text))).lstrip()


@cache
def _normalized(char: str) -> str:
    """The letter as the profiles have it; most characters of a text come again and again."""
    return str(NGram.normalize(char))


def _familiar(sample: str, tag: str) -> list[bool]:
    """For each group of three letters of a text whether it occurs in this language; all, where the script tells."""
    if tag not in _factory().get_lang_list():
        return [True]
    threes, plain = _threes(tag), _plain(sample)
    return [plain[at : at + 3] in threes for at in range(len(plain) - 2) if plain[at + 1] != " "]


@cache
def _threes(tag: str) -> frozenset[str]:
    """The groups of three letters that a language of the detector has."""
    at, rows = _factory().get_lang_list().index(tag), _factory().word_lang_prob_map
    return frozenset(letters for letters, row in rows.items() if len(letters) == 3 and row[at] > 0)  # noqa: PLR2004


def _share(seen: Sequence[bool]) -> float:
    return sum(seen) / len(seen) if seen else 1.0


def _candidates(sample: str) -> dict[str, float]:
    """Probability of each language the sample may be in; {} when nothing can be said."""
    detector = _Quick(_factory())
    detector.n_trial = TRIALS
    detector.append(sample)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return {}
    candidates: dict[str, float] = {}
    for guess in found:
        tag = FOLDED.get(guess.lang, guess.lang)
        candidates[tag] = candidates.get(tag, 0.0) + guess.prob
    return candidates


def _best(candidates: dict[str, float]) -> str:
    return max(candidates, key=lambda tag: candidates[tag], default=UNDETERMINED)


def _halves(sample: str) -> list[str]:
    """The sample in two, or whole when its halves would be too short to tell."""
    if len(sample) < SAMPLE // PARTS:
        return [sample]
    middle = sample.find(" ", len(sample) // PARTS)
    middle = middle if 0 < middle < 0.8 * len(sample) else len(sample) // PARTS
    return [sample[:middle], sample[middle:]]


def primary_tag(declared: str) -> str:
    """The primary language of a tag such as "pt_BR" or "zh-Hant-TW", folded; "" when it is none."""
    tag = declared.strip().lower().replace("_", "-").partition("-")[0]
    return FOLDED.get(tag, tag) if tag.isascii() and tag.isalpha() and len(tag) in {2, 3} else ""


def _sample(text: str) -> str:
    """The first characters of the text, without its first line when enough follows: headlines and datelines mislead."""
    first, _, rest = text.partition("\n")
    body = rest if len(rest) >= SAMPLE and len(first) < SAMPLE // 5 else text
    return body[:SAMPLE]


def _weight(sample: str) -> int:
    return sum((3 if char >= "\u0e00" else 1) for char in sample if char.isalpha())


@cache
def known() -> frozenset[str]:
    """The languages the detector has seen, folded."""
    return frozenset(FOLDED.get(tag, tag) for tag in _factory().get_lang_list())


@cache
def _factory() -> DetectorFactory:
    """The loaded profiles: 0.4 s and about 60 MB, once a process; never changed afterwards."""
    folder = resources.files("langdetect") / "profiles"
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
    factory = DetectorFactory()
    factory.set_seed(0)
    for index, name in enumerate(names):
        profile = json.loads((folder / name).read_text(encoding="utf-8"))
        factory.add_profile(LangProfile(**profile), index, len(names))
    factory.word_lang_prob_map = {word: np.array(row) for word, row in factory.word_lang_prob_map.items()}
    return factory
