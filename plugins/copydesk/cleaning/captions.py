"""Captions that stand as plain lines between paragraphs, recognised by several weak signs at once.

No single sign is safe: half of all captions end with a full stop, and subheads, list items and quotes do not. So
signs are added up; a line goes when they reach ENOUGH, with a head start for a neighbour of a sure caption.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from copydesk.cleaning import scenes
from copydesk.cleaning.bylines import DATE
from copydesk.cleaning.lines import Line, Text, alternatives
from copydesk.cleaning.picture_credits import Credit, credit_of

__all__ = ["Known", "find"]

LISTING = re.compile(r"(?:[:;,：；]|[;,] (?:and|or|und|oder|et|ou|y|o|e))$")
"""How the line before an item of a list without bullets ends."""

ENOUGH = 3
SURE = 5
"""Points from which a caption is one even where the whole text looks like captions."""

SCATTERED = 0.2
"""Places with captions for each paragraph of prose; more means that the text is a list, a transcript or verse."""

OPENING = re.compile(
    alternatives(
        r"""
        (?:file|archive|undated|handout|stock|representat\w+|illustrat\w+)(?: \w+)?(?: -|:| image| photo| picture| photograph| pic\b)
        file\s*[-–—:]
        (?:an? |this |the )?(?:file|undated|handout|archive|aerial|combination|satellite|general|representational|screen ?grab|still|video grab|drone|composite)\s?(?:view|image|photo|picture|photograph|combo|file|handout|shot|grab|of|from)\b
        pictured(?: above| below| here| left| right)?\b | above[:,] | left[:,] | right[:,] | top[:,]
        below[:,] | clockwise | (?:from )?left(?: to right)?: | from (?:left|right)(?: to \w+)?, (?!all)
        l-r\b | \(?l to r\b | screen ?(?:shot|grab) | (?:an? )?artist.s (?:impression|rendering|concept)
        photos?(?: courtesy| illustration)?: | image: | picture: | (?:map|portrait|poster) of[ ]
        a (?:general|aerial|close-?up|bird.s.eye|file|screen|still) (?:view|photo|image|shot|grab)
        an (?:aerial|undated|exterior|image|archive)\b.{0,12}(?:view|photo|image|picture|shot)
        this .{0,30}\bfile (?:photo|image|picture)
        in this (?:\w+ ){0,3}(?:photo|image|picture|file|frame|still|illustration|grab)
        """,
        r"""
        (?:das )?(?:symbol|archiv|fahndungs)(?:bild|foto) | im bild | bild: | foto: | auf dem (?:bild|foto)
        das (?:foto|bild) zeigt | blick (?:auf|in|über) | photo d.(?:archives?|illustration)
        image d.(?:archives?|illustration) | sur cette (?:photo|image)
        (?:imagen|foto|fotografía) (?:de archivo|de recurso|de ) | en la (?:imagen|foto)
        na (?:imagem|foto) | (?:imagem|foto) (?:de arquivo|ilustrativa) | nella foto
        (?:foto|immagine) d.archivio | на (?:фото|снимке|фотографии) | архивное фото | иллюстративное
        صورة (?:أرشيفية|من|توضيحية) | 资料(?:图|照) | 資料(?:圖|照) | 图为 | 圖為 | 图片说明 | 图说 | 写真(?:は|：) | foto arsip
        ilustrasi | arkivbild | arkivfoto | illustrasjonsfoto | genrebild
        """,
    )
)
SIDE = (
    r"left|right|cent(?:er|re)|middle|(?:far|second|second from|2nd|third from|top|bottom|front|back) (?:left|right|row)|links|rechts|mitte|"
    r"[lrcm]\.?|v\. ?l\.|v\. ?r\.|v\. ?l\. ?n\. ?r\.|vlnr|à gauche|à droite|au centre|izq\.?|izda\.?|dcha\.?|der\.?|izquierda|derecha|centro|"
    r"a sinistra|a destra|al centro|à esquerda|à direita|слева|справа|в центре|til venstre|til høyre|t\.v\.|t\.h\.|يسار|يمين|左|右|中"
)
BRACKETED = re.compile(
    rf"\((?:(?:[Ff]rom|[Vv]on|[Pp]ictured|[Ii]m [Bb]ild|in|vorn|hinten|all) )?(?:{SIDE})(?:,? (?:front|back|in \w+|and \w+))?\)|\(L\)|（(?:左|右|中)[^）]{{0,4}}）"
)
"""A side in brackets behind a name. Papers without captions write so too, but seldom."""

PLACED = re.compile(
    r"\((?:pictured|above|below|top|bottom|front|back|file|in (?:red|blue|white|green|black|yellow))\)"
    r"|,\s(?:left|right|cent(?:er|re)|second from (?:left|right)|far (?:left|right)|front row|top (?:left|right)|bottom (?:left|right))(?:,|\.?$)"
    r"|\bfrom left(?: to right)?\b|\b(?:left|right)[;:] "
)
SIDES = ("(", "（", ", left", ", right", ", cent", ", second", ", far", ", front", ", top", ", bottom", "from left",
         "left;", "left:", "right;", "right:")  # fmt: skip
"""One of these stands in every line with a side or a place."""
AT_EVENT = re.compile(
    r"^(?:[A-ZÀ-ÞА-Я][\w.’'-]+ ){2,5}(?:\([^()]{2,30}\) )?(?:(?:und|y|e|et|и|og|och|en) (?:[A-ZÀ-ÞА-Я][\w.’'-]+ ){2,4}(?:\([^()]{2,30}\) )?)?"
    r"(?:bei|beim|während|nach seiner?|nach ihrer?|im (?:Gespräch|Zweikampf|Duell|Interview|Einsatz)|durante|en un acto|lors d[eu]s?|pendant|durant|во время|na|under|tijdens|podczas) "
)
"""Two names and an occasion, before anything is said about them."""

MONTH_YEAR = re.compile(rf"{DATE}(?<=\d\d\d\d)[^.\d]{{0,40}}(?:\.|\))*$")
TOLD = re.compile(
    r"(?:ó|aron|ieron|aban|arán|erán|irán|ará|erá|irá|ou|aram|eram|iram)\b|\b(?:fue|ha|han|había|era|foi|tem|está|están|a été|ont|est|sont|sera|è|sono|hanno|sarà|"
    r"wird|werden|wurde|wurden|war|waren|hat|haben|soll|sollen|will|kann|ist|sind|starb|kam|kamen|ging|gingen|stand|lag|fand|gab|nahm|begann|blieb|fiel|\w{2,}[^\Wnr]ten?|began|died|was|is|are|were|has|have|will)\b"
)
TALK = re.compile(
    r"\b(?:said|says|told|tells|according to|added|sagte|sagt|erklärte|laut|déclaré|selon|dit|dijo|según|afirmó|ha detto|secondo|disse|segundo|afirmou|сказал|заявил|сообщил|قال|وقال|أكد|说|表示|称|指出|said:)\b|[?？]"
)
CONNECTED = re.compile(
    alternatives(
        r"""
        he | she | it | they | we | i | you | but | and | however | also | then | that | this | these
        those | there | here | his | her | their | its | our | my | if | when | while | as | so | because
        since | although | though | meanwhile | instead | still | yet | for | in | on | at | after | before
        by | with | from | to | what | why | how | who | where | not | no | yes | er | sie | es | wir | ich
        aber | und | doch | denn | auch | das | dies | dort | dann | wenn | weil | il | elle | ils | nous
        mais | et | car | ce | cette | él | ella | pero | también | esto | esta | este | lui | lei | ma
        anche | questo | ele | ela | mas | também | isso | он | она | они | но | это | также | и | а
        """
    )
    + r"\b"
)
PERSON = re.compile(
    r"\b(?:[Ll]et[’']s|[Ww]e|[Yy]ou|I|[Oo]ur|[Yy]our|[Mm]y|me|wir|ihr|uns|nous|vous|nosotros|noi|voi|nós|você|мы|вы|نحن)\b|我们|您|你"
)
PERSONS = frozenset(
    "let we you i our your my me wir ihr uns nous vous nosotro noi voi nós você мы вы نحن".split()
)
"""The same as cues, which most lines have none of."""
SENTENCE_INSIDE = re.compile(r"[a-zà-ÿ\d)”\"][.!?] [A-ZÀ-Þ“\"]")
QUOTES = '"“”„«»‘「'
NAME = re.compile(r"[A-ZÀ-ÞА-Я][\w’'.-]*[^\W\d_] [A-ZÀ-ÞА-Я][\w’'-]+")
FULL_NAME = re.compile(rf"(?:(?:The|Sir|Former|Der|Die|El|La|Le) )?({NAME.pattern})")

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
    r"\b(?:will|would|must|should|could|can|cannot|how|why|what|who|vs)\b|[—–?!]|^\w+(?: \w+)? to (?!the\b|an?\b|its\b|his\b|her\b)[a-z]"
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
        listed: How many lines beside it have no end mark either, as in a list; 2 for more.
    """

    text: str
    trusted: bool
    english: bool
    named: bool
    last: bool
    listed: int


def find(text: Text, taken: Sequence[str | None], memory: dict[Known, int]) -> list[int]:
    """Numbers of the lines that are captions, among those not taken by a rule yet.

    `memory` keeps the points of lines from one look at a text to the next; it changes nothing but the time it takes.
    """
    lines = text.lines
    free = [at for at, reason in enumerate(taken) if reason is None]
    trusted = _stops_matter(lines, free)
    english = _is_english(lines)
    repeated = _repeated(lines)
    # a page tells its captions by markup; what is left of them as plain paragraphs needs one sign more
    enough = ENOUGH + bool(text.around.marks)
    points: dict[int, int] = {}
    for at in free:
        line = lines[at]
        last = at == len(lines) - 1
        known = Known(line.text, trusted, english, repeated[at], last, _listed(lines, at))
        if known not in memory:
            memory[known] = _points(line, known)
        score = memory[known]
        points[at] = 0 if score and at and LISTING.search(lines[at - 1].text) else score
    found = {at for at, score in points.items() if score >= enough}
    found = found if _are_few(found, lines) else {at for at in found if points[at] >= SURE}
    # a block of captions: the neighbour of a sure one needs one sign less, a long paragraph not
    for at in free:
        beside = at - 1 in found or at + 1 in found
        long = lines[at].prose and lines[at].words > scenes.SHORT
        if beside and points[at] == enough - 1 and not long:
            found.add(at)
    return sorted(found)


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
    runs = sum(at - 1 not in found for at in found)
    return runs <= 1 + sum(line.prose for line in lines) * SCATTERED


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
    if line.words > 80 or line.words < 3 or line.item or line.text.count("|") > 1 or "heading" in line.marks:
        return 0
    credit, body = credit_of(line.text)
    points = _explicit(line, credit, last=known.last)
    if not points and line.words > LONGEST:
        return 0
    if points < SURE and (_speaks(line) or "http" in line.bare or "www." in line.bare):
        return 0
    connected = bool(CONNECTED.match(line.bare))
    if known.trusted and not credit:
        points += max(0, _unfinished(line, connected=connected) - known.listed)
    if not known.english:
        points += _dated(line.bare)
    elif not connected and len(body) > SHORTEST:
        points += _grammar(line, body)
    points += known.named and not connected
    if not points:
        return 0
    talks = line.text[0] in QUOTES or bool(TALK.search(line.bare))
    return points - (2 if line.ended or line.text[0] in QUOTES else 1) if talks else points


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
    written = line.ended or not _is_headline(line.text) or scenes.AT_WORK.match(body)
    return scenes.points(line, body) if written else 0


def _dated(bare: str) -> int:
    """Points for a whole date behind a line in which nothing is told of the past or the future."""
    return 3 * (
        scenes.DIGIT.search(bare) is not None and bool(MONTH_YEAR.search(bare)) and not TOLD.search(bare)
    )


def _unfinished(line: Line, *, connected: bool) -> int:
    """Points for a missing end mark, in a text that has them elsewhere."""
    text = line.text
    if line.ended or text[-1] in ":：,;" or not (text[0].isupper() or text[0].isdigit() or line.dense):
        return 0
    if connected or SENTENCE_INSIDE.search(text):
        return int(line.words >= MEDIUM)
    if line.cut and line.words >= MEDIUM:
        return 3
    if line.words < MEDIUM or _is_headline(text):
        return int(line.words >= MEDIUM)
    loose = ROW.search(text) or (line.words < LONGEST_SUBHEAD and ASKING.search(line.bare))
    return (3 if line.words >= LONG else 2 if line.words >= MEDIUM + 2 else 1) - bool(loose)


def _is_headline(text: str) -> bool:
    """Whether most of the words of a line are capitalised, as in the headlines and subheads of many papers."""
    words = [word for word in text.split()[1:] if word[0].isalpha()]
    return sum(word[0].isupper() for word in words) > 0.6 * len(words)
