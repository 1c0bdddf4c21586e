"""A text as lines with what rules ask about them."""
# ruff: noqa: RUF001 (marks and words of several scripts)

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Line", "Place", "Rule", "Surroundings", "Text", "fold", "measure"]

END_MARKS = ".!?…。！？．؟۔।॥։።។\"'”’»›」』)）]“‟*"
"""What a full sentence ends with, closing quotes and brackets included; “ closes a German quote."""

OPEN_END = re.compile(r"(?:\.{2,}|…|\s[-–—])[\s\])]*$")
WORD = re.compile(r"\w+")
DENSE = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

PROSE_CHARS = 60
"""Length from which a line that ends like a sentence counts as prose; half of it in scripts without spaces."""


class Place(StrEnum):
    """Where a rule may take a line: relative to the first and the last paragraph of prose."""

    ANYWHERE = "anywhere"
    HEAD = "head"
    TAIL = "tail"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its measures.

    Attributes:
        text: The line, white space squeezed.
        folded: The same without regard to case.
        words: Number of words; in scripts without spaces half the number of characters.
        ended: Whether it ends like a sentence and is not cut off.
        prose: Whether it looks like a paragraph.
        marks: What the page says about it: "heading", "link", "item", "caption", "credit", "promo", "body".
    """

    text: str
    folded: str
    words: int
    ended: bool
    prose: bool
    marks: frozenset[str] = frozenset()


NO_MARKS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around a text; all of it may be empty.

    Attributes:
        title, standfirst, site_name: As read from the page.
        labels: Folded names of section, tags and breadcrumb.
        marks: Squeezed text of a block of the page -> what the page says about it.
        body: Folded words of the body the page declares (JSON-LD articleBody), joined by spaces; "" without one.
    """

    title: str = ""
    standfirst: str = ""
    site_name: str = ""
    labels: frozenset[str] = frozenset()
    authors: tuple[str, ...] = ()
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """The lines of a text with their surroundings."""

    lines: Sequence[Line]
    around: Surroundings


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to take a line out.

    Attributes:
        name: Stands in `Removed.reason`.
        takes: Whether the rule takes line number `at` of the text.
        place: Where it may.
        longest: Words up to which a line is looked at; keeps paragraphs cheap.
    """

    name: str
    takes: Callable[[Text, int], bool]
    place: Place = Place.ANYWHERE
    longest: int = 60


def fold(text: str) -> str:
    """Words of a text without case and punctuation, joined by single spaces."""
    return " ".join(WORD.findall(text.casefold()))


def measure(text: str, marks: frozenset[str] = NO_MARKS) -> Line:
    """Measure one squeezed, non-empty line."""
    dense = 0 if text.isascii() else len(DENSE.findall(text))
    words = text.count(" ") + 1 + dense // 2
    ended = text[-1] in END_MARKS and not OPEN_END.search(text, max(0, len(text) - 6))
    return Line(
        text=text,
        folded=text.casefold(),
        words=words,
        ended=ended,
        prose=ended and len(text) + dense >= PROSE_CHARS,
        marks=marks,
    )
