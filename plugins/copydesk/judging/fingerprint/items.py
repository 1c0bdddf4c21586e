"""Title and text → where the items of a digest, or the entries of a live thread, begin. Pure.

A page of several items is told by the wording of its title, by marks with which its items begin (datelines, labels,
times, numbers, bullets, headings, lines that part them), and by names of one item that the others do not have. A
title of that wording needs some structure, or paragraphs whose names do not run through the text; a text without it
needs much more: most texts with subheadings, lists or times in them are ordinary reports.
"""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median

from copydesk.cleaning.tables import read_table
from copydesk.judging.fingerprint.marks import (
    Line,
    Mark,
    minutes_of,
    names_in,
    read_lines,
    share_names,
    stem_of,
)

__all__ = ["Shape", "is_thread", "items_of", "shape_of"]

LEAST_WORDS = 15
"""Words of an item; what is shorter is a teaser, and a digest may hold some of these too."""

SHORTEST = 8
"""Words of a piece that is set apart from the item before it, once a text is known to be a digest or a live thread."""

TITLE, FIRST_LINE = 200, 400
"""Characters of either that are looked at for wordings."""

FEW, MANY = 2, 3
"""Items that make a digest, where the title says so and where it does not."""

COVER, MOST_HEAD = 0.75, 12
"""Share of the words that stand in items; and words before the first one, where the title says nothing."""

STAMP = 24
"""Characters of a line on which nothing but a time stands."""

MOST_ON_TOP, MOST_PARAGRAPHS = 2, 1.5
"""Lines of headings over a mark; and paragraphs an item has where the title says nothing, on average."""

SHARED, SHARED_IF_SAID = 0.2, 0.34
"""Share of an item's names that stand in others too, up to which they tell of different matters; the median of them.
The second where the title says that they do.
"""

MOST = 0.5
"""Share of the paragraphs in which a name may stand where no marks part the items; in two it may always."""

FOLDER = Path(__file__).with_name("wordings")
START, END = r"(?:^|[^\w\s,/'\u2019][\s+]*)", r"(?!\w)"
"""A wording begins a title, or stands in it behind a sign that parts it."""

DIGESTS = read_table(FOLDER / "digests.txt", before=START, behind=END)
THREADS = read_table(FOLDER / "threads.txt", before=START, behind=END)
OPENINGS = read_table(FOLDER / "digest_openings.txt")
DIGEST, THREAD, OPENING = (re.compile(table.pattern) for table in (DIGESTS, THREADS, OPENINGS))

LABELS = frozenset({Mark.DATELINE, Mark.CAPITALS, Mark.LABEL})
SETS = tuple(map(frozenset, ({Mark.RULE}, LABELS, {Mark.NUMBER}, {Mark.BULLET}, {Mark.TIME}, {Mark.HEADING})))
"""Marks of which any may begin the items of one digest."""

BARE = (
    (frozenset({Mark.DATELINE, Mark.CAPITALS}), 3),
    (frozenset({Mark.RULE}), 3),
    (frozenset({Mark.LABEL}), 4),
)
"""The same where the title says nothing, and how many items are the least."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text in pieces: the first line of each piece, how many words each has, and how many stand before them."""

    firsts: list[int]
    sizes: list[int]
    head: int

    @property
    def items(self) -> int:
        """How many of the pieces are as long as items."""
        return sum(size >= LEAST_WORDS for size in self.sizes)


@dataclass(frozen=True, slots=True)
class Shape:
    """What `items_of` and `is_thread` say of a page."""

    items: tuple[int, ...] = ()
    thread: bool = False


def items_of(title: str, text: str) -> tuple[int, ...]:
    """Offsets into the text at which its items begin, each with its heading or mark; none for an ordinary report.

    Lines are paragraphs. What stands before the first offset introduces the page.
    """
    return shape_of(title, text).items


def is_thread(title: str, text: str) -> bool:
    """Whether the items of a page are the entries of a live thread: times stand before them, or the title says so."""
    return shape_of(title, text).thread


def shape_of(title: str, text: str) -> Shape:
    """Where the items of a page begin and whether they are entries of a live thread, at the cost of one of the two."""
    lines = read_lines(text)
    if len(lines) < FEW:
        return Shape()
    named = title[:TITLE].lower()
    live = THREAD.search(named) is not None
    if cut := _thread(lines, live=live):
        return Shape(_offsets(cut, lines), thread=True)
    digest = DIGEST.search(named) or OPENING.search(lines[0].text[:FIRST_LINE].lower())
    cut = _digest(lines) if digest else _bare_digest(lines)
    return Shape(_offsets(cut, lines)) if cut else Shape()


def _thread(lines: Sequence[Line], *, live: bool) -> _Cut | None:
    """The entries of a live thread: times stand before them."""
    cut = _cut(lines, {Mark.TIME})
    several = cut.items >= FEW or (live and len(cut.firsts) >= MANY)
    if several and median(cut.sizes) >= (SHORTEST if live else LEAST_WORDS):
        stamps = [lines[first].text for first in cut.firsts]
        alone = max(map(len, stamps)) <= STAMP
        whole = _with_opening(lines, cut) if live or alone else cut
        sure = live or (whole.items >= MANY and _falls(stamps) and _covers(whole, lines))
        return whole if sure else None
    if not live:
        return None
    cuts = [_cut(lines, marks) for marks in ({Mark.RULE}, {Mark.BULLET})]
    return next((cut for cut in cuts if cut.items >= MANY and _covers(cut, lines)), None)


def _falls(stamped: Sequence[str]) -> bool:
    """Whether the times in these lines run backwards, as in a live thread; those of a chronicle run forwards."""
    steps = [later - earlier for earlier, later in pairwise(map(minutes_of, stamped))]
    return sum(step < 0 for step in steps) > sum(step > 0 for step in steps)


def _digest(lines: Sequence[Line]) -> _Cut | None:
    """The items of a text whose title says that it has some: cut where that gives most of them."""
    cuts = [cut for marks in SETS if (cut := _cut(lines, marks)).items >= FEW]
    whole = [cut for cut in cuts if _covers(cut, lines)] or [_with_opening(lines, cut) for cut in cuts]
    if whole:
        return max(whole, key=lambda cut: (cut.items, -cut.head))
    return _unmarked(lines)


def _unmarked(lines: Sequence[Line]) -> _Cut | None:
    """The items of a text that has no marks: one begins with a paragraph that names nothing from the one before."""
    long = [place for place, line in enumerate(lines) if line.words >= LEAST_WORDS]
    if len(long) < MANY or _is_one_matter([lines[place] for place in long]):
        return None
    new = [at for before, at in pairwise(long) if not share_names(lines[before].text, lines[at].text)]
    cuts = (_cut_at(lines, places) for places in ([long[0], *new], long))
    return next((cut for cut in cuts if cut.items >= MANY and _apart(lines, cut, SHARED_IF_SAID)), None)


def _is_one_matter(paragraphs: Sequence[Line]) -> bool:
    """Whether a name stands in most of them, as in a report on one matter."""
    counts = Counter(name for line in paragraphs for name in set(names_in(line.text)))
    return max(counts.values(), default=0) >= max(MANY, len(paragraphs) * MOST + 0.5)


def _bare_digest(lines: Sequence[Line]) -> _Cut | None:
    """The items of a text whose title does not say that it has any."""
    for marks, least in BARE:
        if sum(line.mark in marks for line in lines) + (Mark.RULE in marks) >= least:
            cut = _cut(lines, marks)
            if (
                cut.items >= least
                and cut.head <= MOST_HEAD
                and _brief(lines, cut)
                and _apart(lines, cut, SHARED)
            ):
                return cut
    return None


def _cut(lines: Sequence[Line], marks: AbstractSet[Mark]) -> _Cut:
    """A text cut before the lines with one of these marks, and before headings that stand on top of them."""
    firsts = [_top(lines, place, marks) for place in range(len(lines)) if _begins(lines, place, marks)]
    capitals = [place for place in firsts if lines[place].text.isupper()]
    if Mark.HEADING in marks and len(capitals) >= FEW and capitals[0] == firsts[0]:
        firsts = capitals  # the others are subheadings of these
    cut = _cut_at(lines, firsts)
    if Mark.RULE in marks and cut.firsts and cut.firsts[0] == 0 and lines[0].text.endswith(":"):
        return _cut_at(lines, cut.firsts[1:])
    return cut


def _begins(lines: Sequence[Line], place: int, marks: AbstractSet[Mark]) -> bool:
    """Whether a line begins an item: it has one of the marks, or follows a rule where rules part items."""
    mark, before = lines[place].mark, lines[place - 1].mark if place else Mark.RULE
    if Mark.RULE in marks:
        return before is Mark.RULE and mark is not Mark.RULE
    return mark in marks and not (mark is Mark.HEADING and before is Mark.HEADING)


def _top(lines: Sequence[Line], place: int, marks: AbstractSet[Mark]) -> int:
    """Where the headings on top of a line begin."""
    top = place
    while marks <= LABELS and top and lines[top - 1].mark is Mark.HEADING and place - top < MOST_ON_TOP:
        top -= 1
    return top


def _cut_at(lines: Sequence[Line], firsts: Sequence[int]) -> _Cut:
    """A text cut at these lines; what is too short is left with the piece before it."""
    sums = list(accumulate((line.words for line in lines), initial=0))
    kept = [
        (first, sums[end] - sums[first])
        for first, end in pairwise((*firsts, len(lines)))
        if sums[end] - sums[first] >= SHORTEST
    ]
    places = [first for first, _ in kept]
    return _Cut(places, [size for _, size in kept], sums[places[0]] if places else sums[-1])


def _with_opening(lines: Sequence[Line], cut: _Cut) -> _Cut:
    """The same with what stands before the first time: cleaning may have taken the time of the first entry."""
    head = lines[: cut.firsts[0]]
    opening = max((place + 1 for place, line in enumerate(head) if line.text.endswith(":")), default=0)
    if sum(line.words for line in head[opening:]) < LEAST_WORDS:
        return cut
    return _cut_at(lines, [opening, *cut.firsts])


def _brief(lines: Sequence[Line], cut: _Cut) -> bool:
    """Whether most paragraphs begin an item, and all items begin in ways of their own: no interview, no long text."""
    paragraphs = sum(line.words >= LEAST_WORDS for line in lines)
    begun = {stem_of(lines[first].text) for first in cut.firsts}
    return paragraphs <= MOST_PARAGRAPHS * len(cut.firsts) and len(begun) == len(cut.firsts)


def _apart(lines: Sequence[Line], cut: _Cut, most: float) -> bool:
    """Whether the names of an item are mostly its own."""
    names = [
        {name for line in lines[first:end] for name in names_in(line.text)}
        for first, end in pairwise((*cut.firsts, len(lines)))
    ]
    counts = Counter(name for own in names for name in own)
    shares = [sum(counts[name] > 1 for name in own) / len(own) for own in names if own]
    return len(shares) >= FEW and median(shares) <= most


def _covers(cut: _Cut, lines: Sequence[Line]) -> bool:
    """Whether nearly all of the words stand in the pieces."""
    return sum(cut.sizes) >= COVER * sum(line.words for line in lines)


def _offsets(cut: _Cut, lines: Sequence[Line]) -> tuple[int, ...]:
    return tuple(lines[first].start for first in cut.firsts)
