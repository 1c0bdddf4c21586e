"""What a line looks like among the lines of its text, as numbers: what `opinion` learns from. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from benches.places import Place
from copydesk.cleaning.lines import Line, Text

__all__ = ["FEATURES", "looks"]

DEPTHS = (1, 2, 3, 4)
"""Elements of a trail that make a kind of block: with four most pages have one kind for their prose."""

FARTHEST = 20
LONGEST = 60
MOST = 8
MARKS = (
    "link", "links", "box", "aside", "related", "heading", "embed", "pictured", "above", "unlike", "own",
)  # fmt: skip
SENTENCE_END = re.compile(r"[.!?] ")
NOWHERE = Place((), (), 0.0)

OF_PLACE = (
    "before",
    "prose before",
    "from start",
    "from end",
    "head",
    "tail",
    "behind",
    "more before",
    "more behind",
)
OF_FORM = (
    "length", "words", "ended", "prose", "item", "cut", "capitals", "digits", "commas", "asks", "calls", "opens",
    "bars", "quotes", "upper", "sentences", "address", "copyright", "small", "repeated", "declared",
)  # fmt: skip
OF_TREE = (
    "linked", "paragraph", "up", "in parent", "in next",
    *(f"like {depth}" for depth in DEPTHS),
    *(f"number {depth}" for depth in DEPTHS),
)  # fmt: skip
OF_NEIGHBOUR = ("ended", "prose", "length", "link", "heading", "item", "same")
FEATURES: tuple[str, ...] = (
    *OF_PLACE,
    *OF_FORM,
    *OF_TREE,
    *MARKS,
    *(f"{name} {side}" for side in ("above", "below") for name in OF_NEIGHBOUR),
)
"""Names of the numbers of a line, in their order."""


class Whole(NamedTuple):
    """What is counted once a text.

    Attributes:
        sizes: Characters of each line, twice as many in scripts without spaces; `prose` those of its prose alone.
        sized: Characters of lines before each line; `prosed` those of prose.
        first: Number of the first line of prose, and the `last` one.
        places: Place of each line.
        like: Kind of block of each depth -> its characters of prose; `many` its lines.
        held: Element -> its characters of prose.
        repeated: Folded line -> how many there are.
    """

    sizes: list[int]
    prose: list[int]
    sized: list[int]
    prosed: list[int]
    first: int
    last: int
    places: list[Place]
    like: Counter[tuple[str, ...]]
    many: Counter[tuple[str, ...]]
    held: Counter[int]
    repeated: Counter[str]


def looks(text: Text, places: Mapping[str, Place]) -> list[list[float]]:
    """For each line of a text its FEATURES."""
    whole = _counted(text, places)
    return [
        [
            *_of_place(whole, at),
            *_of_form(text, whole, line),
            *_of_tree(whole, at),
            *[float(mark in line.marks) for mark in MARKS],
            *_of_neighbour(text, whole, at, at - 1),
            *_of_neighbour(text, whole, at, at + 1),
        ]
        for at, line in enumerate(text.lines)
    ]


def _counted(text: Text, known: Mapping[str, Place]) -> Whole:
    lines = text.lines
    sizes = [len(line.text) * (2 if line.dense else 1) for line in lines]
    prose = [len(line.text) if line.prose else 0 for line in lines]
    numbers = [at for at, size in enumerate(prose) if size]
    places = [known.get(line.letters, NOWHERE) for line in lines]
    like: Counter[tuple[str, ...]] = Counter()
    many: Counter[tuple[str, ...]] = Counter()
    held: Counter[int] = Counter()
    for place, size in zip(places, prose, strict=True):
        for depth in DEPTHS:
            like[place.kinds[:depth]] += size
            many[place.kinds[:depth]] += 1
        for id_ in place.ids if size else ():
            held[id_] += size
    return Whole(
        sizes, prose, _before(sizes), _before(prose), numbers[0] if numbers else 0,
        numbers[-1] if numbers else len(lines) - 1, places, like, many, held, Counter(line.letters for line in lines),
    )  # fmt: skip


def _before(sizes: Sequence[int]) -> list[int]:
    return [0, *accumulate(sizes)]


def _of_place(whole: Whole, at: int) -> tuple[float, ...]:
    count = len(whole.sizes)
    return (
        whole.sized[at] / max(whole.sized[-1], 1),
        whole.prosed[at] / max(whole.prosed[-1], 1),
        min(at, FARTHEST),
        min(count - 1 - at, FARTHEST),
        at < whole.first,
        at > whole.last,
        min(max(at - whole.last, 0), MOST),
        math.log1p(whole.prosed[at]),
        math.log1p(whole.prosed[-1] - whole.prosed[at + 1]),
    )


def _of_form(text: Text, whole: Whole, line: Line) -> tuple[float, ...]:
    said = line.text
    words = said.split()
    return (
        math.log1p(len(said) * (2 if line.dense else 1)),
        min(line.words, LONGEST),
        line.ended,
        line.prose,
        line.item,
        line.cut,
        sum(word[0].isupper() for word in words) / len(words),
        sum(char.isdigit() for char in said) / len(said),
        said.count(",") / len(words),
        said[-1] in "?\uff1f",
        said[-1] in "!\uff01",
        said[-1] in ":\uff1a",
        "|" in said,
        any(mark in said for mark in '"“”„«»'),
        said.isupper(),
        min(len(SENTENCE_END.findall(said)), MOST),
        "http" in said or "www." in said or "@" in said,
        "©" in said,
        said[0].islower(),
        whole.repeated[line.letters] > 1,
        -1 if not text.around.body else line.letters in text.around.body,
    )


def _of_tree(whole: Whole, at: int) -> tuple[float, ...]:
    place, own = whole.places[at], whole.prose[at]
    total = max(whole.prosed[-1], 1)
    others = max(whole.prosed[-1] - own, 1)
    half = (step for step, id_ in enumerate(place.ids) if whole.held[id_] * 2 >= total)
    return (
        place.linked,
        place.kinds[0].startswith("p.") if place.kinds else 0,
        min(next(half, MOST), MOST),
        *(whole.held[place.ids[step]] / total if len(place.ids) > step else 0 for step in (1, 2)),
        *((whole.like[place.kinds[:depth]] - own) / others for depth in DEPTHS),
        *(math.log(whole.many[place.kinds[:depth]]) for depth in DEPTHS),
    )


def _of_neighbour(text: Text, whole: Whole, at: int, other: int) -> tuple[float, ...]:
    if not 0 <= other < len(text.lines):
        return (0, 0, -1, 0, 0, 0, 0)
    line = text.lines[other]
    return (
        line.ended,
        line.prose,
        math.log1p(whole.sizes[other]),
        "link" in line.marks or "links" in line.marks,
        "heading" in line.marks,
        line.item,
        whole.places[at].kinds[:3] == whole.places[other].kinds[:3],
    )
