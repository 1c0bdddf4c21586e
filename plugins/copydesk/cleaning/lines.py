"""The lines of a text as values, with what rules ask about them, and the values that rules are."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

__all__ = [
    "CUE",
    "END_MARKS",
    "HANGUL",
    "SHORTEST",
    "Line",
    "Rule",
    "Surroundings",
    "Text",
    "Zone",
    "alternatives",
    "fold",
    "is_headline",
    "measure",
    "tidy",
]

END_MARKS = ".!?…。！？．؟۔।॥։።។\"'”’»›」』)）]“‟*"
"""What a full sentence ends with, closing quotes and brackets included; “ closes a German quote."""

OPEN_ENDS = ("..", "…", "-", "–", "—")
"""A line that was cut off: dots or a dash where more should follow."""

CUE = 7
"""Letters of a word that a phrasebook looks at: the stem of most words, and few words share it."""

SHORTEST = 4
"""Letters of the shortest such word."""

WORD = re.compile(r"\w+")
TYPESET = "’‘“”–—…"
NO_LETTERS = {code: None for code in range(128) if not WORD.match(chr(code))}
NO_WORDS = dict.fromkeys(NO_LETTERS, " ")
DENSE = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
HANGUL = re.compile("[\uac00-\ud7a3]")
EMOJI = re.compile("[\u2600-\u27bf\ufe0f\u200d\U0001f300-\U0001faff]")
SIGNED = re.compile(r"[.!?”\"] [A-Z]{2,4}$")
"""A full stop and the initials of the paper or the writer behind it."""

ITEM = re.compile(r"(?:[-•*·▪►»→]|\d{1,2}[.)])\s+")

PROSE_CHARS = 60
"""Length from which a line that ends like a sentence counts as prose; half of it in scripts without spaces."""

SENTENCE = 4
"""Words from which a line that ends like a sentence is one; fewer are a label with a full stop."""

LONGEST_WORD = 100
"""Characters that count as a word even without a space, lest a line of a million dots be short."""

OF_LINE = 1_000
"""Characters up to which a text may be a line; what is longer is a page, and asked for once."""

LONGEST = 80
"""Words up to which any rule looks at a line."""


class Zone(StrEnum):
    """Where a rule may take a line.

    Anywhere, whatever stands around it; anywhere, with regard to the lines around it; before the first paragraph
    of prose; after the last one; at either edge.
    """

    ANYWHERE = "anywhere"
    AMONG = "among"
    HEAD = "head"
    TAIL = "tail"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its measures.

    Attributes:
        text: The line, see `tidy`.
        bare: The same in lower case, without the mark of a list item.
        letters: Its letters and digits alone, see `fold`.
        words: Number of words; in scripts without spaces half the number of characters.
        ended: Whether it ends like a sentence and is not cut off.
        cut: Whether it was cut off.
        prose: Whether it looks like a paragraph and is no link.
        sentence: Whether it reads as one, however short, and is no link.
        item: Whether it is a list item.
        dense: Whether it is in a script without spaces.
        cues: First letters of its words, for phrasebooks; empty for long lines.
        marks: What the page says about it, see `reading.labels`.
    """

    text: str
    bare: str
    letters: str
    words: int
    ended: bool
    cut: bool
    prose: bool
    sentence: bool
    item: bool
    dense: bool
    cues: frozenset[str]
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around a text; all of it may be empty.

    Attributes:
        titles: Headlines of the page, in every wording it has.
        labels: Names of section, site and tags.
        authors: Names of the authors.
        marks: Folded text of a block -> what the page says about it.
        body: Folded body the page declares (JSON-LD articleBody).
        furniture: What the memory of the outlet holds, see `furniture.checksum`.
        keep: Folded lines that no rule may take.
    """

    titles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    body: str = ""
    furniture: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Text:
    """The lines of a text with their surroundings.

    Attributes:
        first: Folded line -> number of the first line that reads so.
        linked: Share of the characters that stand in lines marked as links.
    """

    lines: Sequence[Line]
    around: Surroundings
    first: Mapping[str, int]
    linked: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to take a line out.

    Attributes:
        name: Stands in `Removed.reason`.
        takes: Whether the rule takes line number `at` of the text.
        zone: Where it may.
        longest: Words up to which a line is looked at; keeps paragraphs cheap.
        sure: Whether it holds even when more than half of a short text would go.
        prose: Whether it looks at paragraphs of prose too.
        worded: Whether it goes by wording, so that a sentence or a heading needs a second witness.
        offered: Whether that witness has to be an address with an offer of the paper, see `witnesses.offers`.
    """

    name: str
    takes: Callable[[Text, int], bool]
    zone: Zone = Zone.ANYWHERE
    longest: int = 40
    sure: bool = False
    prose: bool = False
    worded: bool = False
    offered: bool = False


def fold(text: str) -> str:
    """Letters and digits of a text without case: equal for texts that differ in spacing and punctuation only."""
    return _folded_line(text) if len(text) <= OF_LINE else _folded(text)


@lru_cache(maxsize=2048)
def _folded_line(text: str) -> str:
    # marks, losses and rules fold the same lines of a page one after another
    return _folded(text)


def _folded(text: str) -> str:
    plain = text if text.isascii() else _plain(text)
    if plain.isascii():  # most lines of English, at a tenth of the time
        return plain.lower().translate(NO_LETTERS)
    return "".join(WORD.findall(plain.casefold()))


def _plain(text: str) -> str:
    """The text with the marks of good typesetting as spaces, which makes most English ASCII."""
    for char in TYPESET:
        text = text.replace(char, " ")
    return text


def _cues(bare: str) -> frozenset[str]:
    plain = bare if bare.isascii() else _plain(bare)
    words = plain.translate(NO_WORDS).split() if plain.isascii() else WORD.findall(plain)
    return frozenset([word[:CUE] for word in words])


def tidy(line: str) -> str:
    """The line with single spaces, and without the bars of a table row of one cell: layout, not data."""
    squeezed = " ".join(line.split())
    if squeezed[:2] == "| " and squeezed[-2:] == " |" and squeezed.count("|") == 2:  # a bar at either end
        return squeezed[2:-2].strip()
    return squeezed


def alternatives(*blocks: str) -> str:
    """A regular expression for any of these wordings.

    They stand one a line or with " | " between them; a space at an end of one is written "[ ]".
    """
    lines = (line.strip() for block in blocks for line in block.split("\n"))
    return "(?:" + "|".join(filter(None, lines)).replace(" | ", "|") + ")"


def is_headline(text: str) -> bool:
    """Whether most of the words of a line are capitalised, as in the headlines and subheads of many papers."""
    words = [word for word in text.split()[1:] if word[0].isalpha()]
    return sum(word[0].isupper() for word in words) > 0.6 * len(words)


def measure(text: str) -> Line:
    """Measure one tidy, non-empty line, whose marks are not known yet."""
    item = ITEM.match(text)
    bare = text[item.end() :] if item else text
    dense = 0 if text.isascii() else len(DENSE.findall(text))
    cut = text[-8:].rstrip(" ])").endswith(OPEN_ENDS)
    last = text[-1]
    ended = not cut and (last in END_MARKS or bool(EMOJI.match(last)) or bool(SIGNED.search(text[-8:])))
    words = max(bare.count(" ") + 1 + dense // 2, len(bare) // LONGEST_WORD)
    bare = bare.replace("İ", "i").lower()  # or lower case would make two characters of it
    return Line(
        text=text,
        bare=bare,
        letters=fold(text),
        words=words,
        ended=ended,
        cut=cut,
        prose=ended and len(text) + dense >= PROSE_CHARS,
        sentence=ended and words >= SENTENCE,
        item=item is not None,
        dense=dense > 0,
        cues=_cues(bare) if words <= LONGEST else frozenset(),
    )
