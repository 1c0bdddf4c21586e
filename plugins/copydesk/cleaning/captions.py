"""Captions that stand as plain lines between paragraphs, recognised by several weak signs at once.

No single sign is safe: half of all captions end with a full stop, and subheads, list items and quotes do not. So
signs are added up; a line goes when they reach ENOUGH, with a head start for a neighbour of a sure caption.
"""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from copydesk.cleaning import dated, pictured, scenes
from copydesk.cleaning.dated import announces
from copydesk.cleaning.lines import Line, Text, alternatives, is_headline
from copydesk.cleaning.picture_credits import Credit, credit_of
from copydesk.cleaning.tables import any_of, read_table

__all__ = ["Known", "find"]

LISTING = re.compile(r"(?:[:;,：；]|[;,] (?:and|or|und|oder|et|ou|y|o|e))$")
"""How the line before an item of a list without bullets ends."""

ENOUGH = 3
SURE = 5
"""Points from which a caption is one even where the whole text looks like captions."""

SCATTERED = 0.2
"""Places with captions for each paragraph of prose; more means that the text is a list, a transcript or verse."""

OPENINGS = read_table("caption_openings", before="^")
OPENING = re.compile(OPENINGS.pattern)
SIDE = any_of("sides")
BRACKETED = re.compile(
    rf"\((?:(?:[Ff]rom|[Vv]on|[Pp]ictured|[Ii]m [Bb]ild|in|vorn|hinten|all) )?{SIDE}"
    r"(?:,? (?:front|back|in \w+|and \w+))?\)|\(L\)|（(?:左|右|中)[^）]{0,4}）"
)
"""A side in brackets behind a name. Papers without captions write so too, but seldom."""

PLACED = re.compile(
    alternatives(
        r"""
        \((?:pictured|above|below|top|bottom|front|back|file|in (?:red|blue|white|green|black|yellow))\)
        ,\s(?:left|right|cent(?:er|re)|second from (?:left|right)|far (?:left|right)|front row)(?:,|\.?$)
        ,\s(?:top|bottom) (?:left|right)(?:,|\.?$)
        \bfrom left(?: to right)?\b
        \b(?:left|right)[;:][ ]
        """
    )
)
SIDES = ("(", "（", ", left", ", right", ", cent", ", second", ", far", ", front", ", top", ", bottom", "from left",
         "left;", "left:", "right;", "right:")  # fmt: skip
"""One of these stands in every line with a side or a place."""
CAPITALS = r"[A-ZÀ-ÞА-Я][\w.’'-]+ "
ASIDE = r"(?:\([^()]{2,30}\) )?"
OCCASION = any_of("occasions")
AT_EVENT = re.compile(
    rf"^(?:{CAPITALS}){{2,5}}{ASIDE}(?:(?:und|y|e|et|и|og|och|en) (?:{CAPITALS}){{2,4}}{ASIDE})?{OCCASION} "
)
"""Two names and an occasion, before anything is said about them."""

TALK = re.compile(r"\b" + any_of("said") + r"\b|[?？]")
CONNECTED = re.compile(any_of("connectives") + r"\b")
PERSON = re.compile(
    r"\b(?:[Ll]et[’']s|[Ww]e|[Yy]ou|I|[Oo]ur|[Yy]our|[Mm]y|me|wir|ihr|uns|nous|vous|nosotros|noi|voi|nós|você"
    r"|мы|вы|نحن)\b|我们|您|你"
)
PERSONS = frozenset(
    "let we you i our your my me wir ihr uns nous vous nosotro noi voi nós você мы вы نحن".split()
)
"""The same as cues, which most lines have none of."""
SENTENCE_INSIDE = re.compile(r"[a-zà-ÿ\d)”\"][.!?] [A-ZÀ-Þ“\"]")
QUOTES = '"“”„«»‘「'
NAME = re.compile(r"[A-ZÀ-ÞА-Я][\w’'.-]*[^\W\d_] [A-ZÀ-ÞА-Я][\w’'-]+")
FULL_NAME = re.compile(rf"(?:(?:The|Sir|Former|Der|Die|El|La|Le) )?({NAME.pattern})")

HANGING = re.compile(any_of("hanging") + r"[.…\s\])—–-]*$")
"""A word that nothing can end with: the line was cut, and no writer fell silent."""

LONG = 13
"""Words from which a line without an end mark is no subhead: on the founding texts this alone takes 15 of 19."""
MEDIUM = 8
LONGEST_SUBHEAD = 16
LONGEST = 45
"""Words of the longest captions measured."""

SHORTEST = 9
"""Characters below which nothing is said."""

ROW = re.compile(r"[|→•✅]|[:：] ?\S")
"""Signs of a table row, or of a label with its value."""
ASKING = re.compile(
    r"\b(?:will|would|must|should|could|can|cannot|how|why|what|who|vs)\b"
    r"|[—–?!]|^\w+(?: \w+)? to (?!the\b|an?\b|its\b|his\b|her\b)[a-z]"
)
"""Signs of a headline or subhead, which looks ahead and asks."""


class Known(NamedTuple):
    """What the rest of a text says about one of its lines.

    Attributes:
        text: The line itself.
        trusted: Whether this text ends its sentences with marks.
        english: Whether it is in English.
        named: Whether the line begins with a full name that stands elsewhere too. Reports give it once.
        last: Whether it is the last line, where the agency is credited.
        leads: Whether no paragraph stands above it, as above the caption of the first picture; subheads have one.
        listed: How many lines beside it have no end mark either, as in a list; 2 for more.
    """

    text: str
    trusted: bool
    english: bool
    named: bool
    last: bool
    leads: bool
    listed: int


def find(text: Text, taken: Sequence[str | None], memory: dict[Known, int]) -> list[int]:
    """Numbers of the lines that are captions, among those not taken by a rule yet.

    `memory` keeps the points of lines from one look at a text to the next; it changes nothing but the time it takes.
    """
    lines = text.lines
    free = [at for at, reason in enumerate(taken) if reason is None]
    points = _scores(lines, free, memory)
    # a page tells its captions by markup; what is left of them as plain paragraphs needs one sign more
    enough = ENOUGH + bool(text.around.marks)
    found = {at for at, score in points.items() if score >= enough}
    found = found if _are_few(found, lines) else {at for at in found if points[at] >= SURE}
    return sorted(_with_neighbours(found, points, lines, enough))


def _with_neighbours(
    found: set[int], points: Mapping[int, int], lines: Sequence[Line], enough: int
) -> set[int]:
    """A block of captions: the neighbour of a sure one needs one sign less, a long paragraph not."""
    block = set(found)
    for at, score in points.items():
        long = lines[at].prose and lines[at].words > scenes.SHORT
        if score == enough - 1 and not long and not block.isdisjoint((at - 1, at + 1)):
            block.add(at)
    return block


def _scores(lines: Sequence[Line], free: Sequence[int], memory: dict[Known, int]) -> dict[int, int]:
    """The points of each free line; an item of a list without bullets has none."""
    trusted = _stops_matter(lines, free)
    english = _is_english(lines)
    repeated = _repeated(lines)
    points: dict[int, int] = {}
    first = next((at for at, line in enumerate(lines) if line.prose), 0)
    for at in free:
        line = lines[at]
        last = at == len(lines) - 1
        known = Known(line.text, trusted, english, repeated[at], last, at < first, _listed(lines, at))
        if known not in memory:
            memory[known] = _points(line, known)
        score = memory[known]
        points[at] = 0 if score and at and LISTING.search(lines[at - 1].text) else score
    return points


def _repeated(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it begins with a full name that another one holds."""
    firsts = [match[1] if (match := FULL_NAME.match(line.text)) else "" for line in lines]
    wanted = {*firsts} - {""}
    holders = [line.text for line in lines if any(map(line.text.__contains__, wanted))]
    names = Counter(name for text in holders for name in set(NAME.findall(text)))
    return [names[name] > 1 for name in firsts]


def _listed(lines: Sequence[Line], at: int) -> int:
    if lines[at].ended or lines[at].words >= LONGEST_SUBHEAD:
        return 0
    before = itertools.takewhile(lambda line: not line.ended, reversed(lines[max(0, at - 2) : at]))
    behind = itertools.takewhile(lambda line: not line.ended, lines[at + 1 : at + 3])
    return min(2, len([*before, *behind]))


def _are_few(found: set[int], lines: Sequence[Line]) -> bool:
    """Whether the lines stand in few places for a text of this length; scattered everywhere they are its style."""
    groups = sum(at - 1 not in found for at in found)
    return groups <= 1 + sum(line.prose for line in lines) * SCATTERED


def _stops_matter(lines: Sequence[Line], free: Sequence[int]) -> bool:
    """Whether this text ends its sentences with marks; transcripts, lists, verse and some scripts do not."""
    long = [lines[at] for at in free if lines[at].words >= MEDIUM and not lines[at].item]
    ended = sum(line.ended for line in long)
    return ended >= 3 and ended > len(long) - ended  # too few sentences to know


def _is_english(lines: Sequence[Line]) -> bool:
    prose = [line.bare for line in lines if line.prose][:12]
    return sum(map(scenes.is_english, prose)) * 3 > 2 * len(prose)


def _points(line: Line, known: Known) -> int:
    """How much speaks for a caption; 3 is enough."""
    if not _may_be_one(line):
        return 0
    credit, body = credit_of(line.text)
    explicit = _explicit(line, credit, last=known.last)
    if _is_the_papers_own(line, explicit):
        return 0
    points = explicit + _implied(line, body, known, credited=credit is not None)
    points += pictured.points(line, trusted=known.trusted, leads=known.leads)
    return points - _talk(line) if points else 0


def _may_be_one(line: Line) -> bool:
    """Whether a line has the size and place of a caption: no list item, no row of a table, no heading."""
    if line.item or "heading" in line.marks:
        return False
    return 3 <= line.words <= 80 and line.text.count("|") <= 1


def _is_the_papers_own(line: Line, explicit: int) -> bool:
    """Whether a line of few explicit points is too long for a caption, or speaks to the reader, or gives an address."""
    if not explicit and line.words > LONGEST:
        return True
    return explicit < SURE and (_speaks(line) or "http" in line.bare or "www." in line.bare)


def _implied(line: Line, body: str, known: Known, *, credited: bool) -> int:
    """Points for weak signs: no end mark where others have one, grammar or date, a full name told once more."""
    connected = bool(CONNECTED.match(line.bare))
    points = int(known.named and not connected)
    if announces(line.bare):
        return points
    if known.trusted and not credited:
        points += max(0, _unfinished(line, connected=connected) - known.listed)
    if not known.english:
        return points + dated.points(line)
    return points if connected or len(body) <= SHORTEST else points + _grammar(line, body)


def _talk(line: Line) -> int:
    """Points to take off where somebody is quoted, more of a whole sentence."""
    quoted = line.text[0] in QUOTES
    if not quoted and not TALK.search(line.bare):
        return 0
    return 2 if line.ended or quoted else 1


def _speaks(line: Line) -> bool:
    """Whether writer or reader are in a line."""
    return (line.dense or not PERSONS.isdisjoint(line.cues)) and bool(PERSON.search(line.text))


def _explicit(line: Line, credit: Credit | None, *, last: bool) -> int:
    """Points for what nothing but a caption says: whose picture, what kind of picture, who stands where."""
    bare = line.bare
    points = 3 * bool(OPENING.match(bare))
    if credit is Credit.PICTURE:
        points += 5
    elif credit is Credit.AGENCY:
        points += 1 if last else 2
    if any(map(bare.__contains__, SIDES)):
        points += 3 * bool(BRACKETED.search(line.text)) or 2 * bool(PLACED.search(bare))
    return points + 2 * bool(AT_EVENT.match(line.text))


def _grammar(line: Line, body: str) -> int:
    """Points of English grammar; headlines without an end mark have one of their own."""
    written = line.ended or not is_headline(line.text) or scenes.AT_WORK.match(body)
    return scenes.points(line, body) if written else 0


def _unfinished(line: Line, *, connected: bool) -> int:
    """Points for a missing end mark, in a text that has them elsewhere."""
    if line.words < MEDIUM or line.ended or not _begins_and_goes_on(line):
        return 0
    if connected or SENTENCE_INSIDE.search(line.text):
        return 1
    if line.cut:
        return 2 + bool(HANGING.search(line.bare))
    if is_headline(line.text):
        return 1
    loose = ROW.search(line.text) or (line.words < LONGEST_SUBHEAD and ASKING.search(line.bare))
    return 1 + (line.words >= MEDIUM + 2) + (line.words >= LONG) - bool(loose)


def _begins_and_goes_on(line: Line) -> bool:
    """Whether a line begins like a sentence, and does not announce the next one."""
    first, last = line.text[0], line.text[-1]
    return last not in ":：,;" and (first.isupper() or first.isdigit() or line.dense)
