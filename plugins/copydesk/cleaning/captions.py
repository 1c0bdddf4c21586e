"""Captions that stand as plain lines between paragraphs, recognised by several weak signs at once.

No single sign is safe: half of all captions end with a full stop, and subheads, list items and quotes do not. So
signs are added up; a line goes when they reach ENOUGH, with a head start for a neighbour of a sure caption.
"""

import itertools
import re
from collections.abc import Sequence

from copydesk.cleaning.bylines import DATE
from copydesk.cleaning.lines import Line, Text, alternatives
from copydesk.cleaning.picture_credits import ends_with_credit

__all__ = ["find"]

LISTING = re.compile(r"(?:[:;,：；]|[;,] (?:and|or|und|oder|et|ou|y|o|e))$")
"""How the line before an item of a list without bullets ends."""

ENOUGH = 3
SURE = 5
"""Points from which a caption is one even where the whole text looks like captions."""

SCATTERED = 0.2
"""Places with captions for each paragraph of prose; more means that the text is a list, a transcript or verse."""

OPENING = re.compile(
    alternatives(
        r"(?:file|archive|undated|handout|stock|representat\w+|illustrat\w+)(?: \w+)?(?: -|:| image| photo| picture| photograph| pic\b)|file\s*[-–—:]|(?:an? |this |the )?(?:file|undated|handout|archive|aerial|combination|satellite|general|representational|screen ?grab|still|video grab|drone|composite)\s?(?:view|image|photo|picture|photograph|combo|file|handout|shot|grab|of|from)\b|pictured(?: above| below| here| left| right)?\b|above[:,]|left[:,]|right[:,]|top[:,]|below[:,]|clockwise|from left|from right|l-r\b|\(?l to r\b|screen ?(?:shot|grab)|artist.s (?:impression|rendering|concept)|"
        r"photos?(?: courtesy| illustration)?:|image:|picture:|a (?:general|aerial|close-?up|file|screen|still) (?:view|photo|image|shot|grab)|an (?:aerial|undated|exterior|image|archive)\b.{0,12}(?:view|photo|image|picture|shot)|in this (?:\w+ ){0,3}(?:photo|image|picture|file|frame|still|illustration|grab)",
        r"(?:das )?(?:symbol|archiv|fahndungs)(?:bild|foto)|im bild|bild:|foto:|auf dem (?:bild|foto)|das (?:foto|bild) zeigt|blick (?:auf|in|über)|photo d.(?:archives?|illustration)|image d.(?:archives?|illustration)|sur cette (?:photo|image)|(?:imagen|foto|fotografía) (?:de archivo|de recurso|de )|en la (?:imagen|foto)|na (?:imagem|foto)|(?:imagem|foto) (?:de arquivo|ilustrativa)|nella foto|(?:foto|immagine) d.archivio|"
        r"на (?:фото|снимке|фотографии)|архивное фото|иллюстративное|صورة (?:أرشيفية|من|توضيحية)|资料(?:图|照)|資料(?:圖|照)|图为|圖為|图片说明|图说|写真(?:は|：)|foto arsip|ilustrasi|arkivbild|arkivfoto|illustrasjonsfoto|genrebild",
    )
    + r"",
)
SIDES = re.compile(
    r"\(|, (?:left|right|cent|second|far|front|top|bottom)|from left|from right|left[;:]|right[;:]"
)
PLACES = re.compile(
    r"\((?:left|right|cent(?:er|re)|middle|l|r|c|pictured|pictured (?:above|left|right)|above|below|top|bottom|front|back|far left|far right|second (?:from )?(?:left|right)|2nd [lrc]|in (?:red|blue|white|green|black|yellow)|file|à gauche|à droite|au centre|links|rechts|mitte|l\.|r\.|m\.|izq\.?|izda\.?|dcha\.?|der\.?|izquierda|derecha|centro|a sinistra|a destra|al centro|à esquerda|à direita|слева|справа|в центре|v\.l\.|v\.l\.n\.r\.|til venstre|til høyre|t\.v\.|t\.h\.|vlnr|يسار|يمين|左|右|中)\)"
    r"|,\s(?:left|right|center|centre|second from (?:left|right)|far (?:left|right)|front row|top (?:left|right)|bottom (?:left|right))(?:,|\.?$)|\bfrom left(?: to right)?\b|\b(?:left|right)[;:] "
)
SHOWN = re.compile(
    r"\b(?:is|are|was|were|can be|being) (?:pictured|seen|shown|photographed|depicted)\b|\b(?:poses?|posing|posed) (?:for|with|at|in|on|next|during|alongside|outside|after|beside)\b|\b(?:shakes?|shaking) hands\b|\b(?:is|are) (?:sein|zu sehen|abgebildet)\b|\b(?:ist|sind) (?:zu sehen|auf dem)\b|\bshow(?:s|ing)? (?:the|an?) (?:damage|scene|aftermath|moment|site)\b"
)
SCENE = frozenset(
    (
        "attend speak wave walk arrive stand hold look sit greet gesture celebrate react address inspect ride carry shovel listen sign "
        "smile embrace kiss hug participate leave visit watch cheer perform deliver prepare gather queue protest march chant talk warm "
        "train drive cross pass tend read help play work answer receive return take sport light lay burn rise fly fire throw pull push "
        "display wear pose stare enter exit board salute pray mourn weep cast vote collect search clear survey patrol guard escort lift "
        "raise sell buy cook harvest swim run jump dance sing paint build repair"
    ).split()
)
"""Verbs of captions in the present tense; the third person is made by `_base`."""

PARTICIPLE = re.compile(
    r"^[A-Z][\w.’'-]*(?: (?:and|of|the|de|van|von|[A-Z][\w.’'-]*)){0,6} (?:being |pictured |seen |speaking |wearing |walking |arriving |attending |holding |posing |celebrating |leaving |supporting |standing |sitting |talking |playing |working |performing |during |at |with |in |on |outside |after )"
)
FINITE = frozenset(
    (
        "is are was were be been am has have had do does did will would can could may might must shall should says said told goes went gets "
        "got makes made comes came takes took gives gave finds found knows knew thinks thought sees saw became began led left lost won held "
        "kept felt put set ran rose fell grew drew spoke wrote met sent paid cost meant let cut hit lies lay needs wants remains becomes "
        "seems includes follows shows means isn aren wasn weren don doesn didn hasn haven hadn won wouldn couldn can't it's that's there's "
        "he's she's"
    ).split()
)
DETERMINERS = frozenset(
    ("the a an this that these those its his her their to and of for in on with as s’ is was has").split()
)
TAGGED = ("ed", "n't", "n’t")
NOUN_START = re.compile(r"(?:An?|The|One of|Two|Three|[A-Z][\w’'.-]+(?:’s|'s)|[A-Z][a-z]+(?<!ing) [a-z]+s) ")
TALK = re.compile(
    r"\b(?:said|says|told|tells|according to|added|sagte|sagt|erklärte|laut|déclaré|selon|dit|dijo|según|afirmó|ha detto|secondo|disse|segundo|afirmou|сказал|заявил|сообщил|قال|وقال|أكد|说|表示|称|指出|said:)\b|[?？]"
)
CONNECTED = re.compile(
    r"(?:he|she|it|they|we|i|you|but|and|however|also|then|that|this|these|those|there|here|his|her|their|its|our|my|if|when|while|as|so|because|since|although|though|meanwhile|instead|still|yet|for|in|on|at|after|before|by|with|from|to|what|why|how|who|where|not|no|yes|er|sie|es|wir|ich|aber|und|doch|denn|auch|das|dies|dort|dann|wenn|weil|il|elle|ils|nous|mais|et|car|ce|cette|él|ella|pero|también|esto|esta|este|lui|lei|ma|anche|questo|ele|ela|mas|também|isso|он|она|они|но|это|также|и|а)\b"
)
WORDS = re.compile(r"[\w'’]+")
DATED_END = re.compile(
    rf"(?:{DATE}|\b(?:19|20)\d\d|\b(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: night| evening| morning| afternoon)?)[\s.)\]]*$"
)
YEAR_END = re.compile(rf"(?:{DATE}|,? (?:19|20)\d\d)[\s.)\]]*$")
PERSON = re.compile(
    r"\b(?:[Ww]e|[Yy]ou|I|[Oo]ur|[Yy]our|[Mm]y|me|wir|ihr|uns|nous|vous|nosotros|noi|voi|nós|você|мы|вы|نحن)\b|我们|您|你"
)
CLAUSE = re.compile(r"[“”\"„«:;]|\b(?:but|which|because|that|if)\b")
PAST = re.compile(r"\b(?:had|will|would|has been|have been|was|were)\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SENTENCE_INSIDE = re.compile(r"[a-zà-ÿ\d)”\"][.!?] [A-ZÀ-Þ“\"]")
QUOTES = '"“”„«»‘「'

LONG = 13
"""Words from which a line without an end mark is no subhead: on the founding texts this alone takes 15 of 19."""
MEDIUM = 8


def find(text: Text, taken: Sequence[str | None], memory: dict[tuple[str, bool, bool], int]) -> list[int]:
    """Numbers of the lines that are captions, among those not taken by a rule yet.

    `memory` keeps the points of lines from one look at a text to the next; it changes nothing but the time it takes.
    """
    lines = text.lines
    free = [at for at, reason in enumerate(taken) if reason is None]
    trusted = _stops_matter(lines, free)
    english = _is_english(lines)
    # a page tells its captions by markup; what is left of them as plain paragraphs needs one sign more
    enough = ENOUGH + bool(text.around.marks)
    points: dict[int, int] = {}
    for at in free:
        key = (lines[at].text, trusted, english)
        if key not in memory:
            memory[key] = _points(lines[at], trusted=trusted, english=english)
        score = memory[key]
        points[at] = 0 if score and at and LISTING.search(lines[at - 1].text) else score
    found = {at for at, score in points.items() if score >= enough}
    found = found if _are_few(found, lines) else {at for at in found if points[at] >= SURE}
    # a block of captions: the neighbour of a sure one needs one sign less
    for at in free:
        beside = at - 1 in found or at + 1 in found
        if beside and points[at] == enough - 1:
            found.add(at)
    return sorted(found)


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
    """Whether most paragraphs hold English function words, without which the grammar below means nothing."""
    prose = [line.bare for line in lines if line.prose][:12]
    return sum(" the " in bare or " of " in bare or " and " in bare for bare in prose) * 3 > 2 * len(prose)


def _points(line: Line, *, trusted: bool, english: bool) -> int:
    """How much speaks for a caption; 3 is enough."""
    if line.words > 60 or line.words < 3 or line.item or line.text.startswith("|") or "heading" in line.marks:
        return 0
    bare, text = line.bare, line.text
    points = (
        3 * bool(OPENING.match(bare))
        + 3 * ends_with_credit(text)
        + 2 * bool(SIDES.search(bare) and PLACES.search(bare))
    )
    if not points and (line.words > 45 or (line.ended and not english)):  # longest captions measured
        return 0
    connected = bool(CONNECTED.match(bare))
    if trusted:
        points += _unfinished(line, connected=connected)
    if english and not connected:
        points += _english(line)
    if not points or PERSON.search(text) or "http" in bare or "www." in bare:
        return 0
    talks = text[0] in QUOTES or bool(TALK.search(bare))
    return points - (2 if line.ended or text[0] in QUOTES else 1) if talks else points


def _unfinished(line: Line, *, connected: bool) -> int:
    """Points for a missing end mark, in a text that has them elsewhere."""
    if (
        line.ended
        or line.text[-1] in ":：,;"
        or not (line.text[0].isupper() or line.text[0].isdigit() or line.dense)
    ):
        return 0
    if SENTENCE_INSIDE.search(line.text):
        return 1
    if line.words >= LONG:
        return 3 if not connected else 1
    if line.words >= MEDIUM:
        return (
            3
            if line.cut and not connected
            else 2
            if line.words >= MEDIUM + 2 and not _is_headline(line.text)
            else 1
        )
    return 0


def _is_headline(text: str) -> bool:
    """Whether most of the words of a line are capitalised, as in the headlines and subheads of many papers."""
    words = [word for word in text.split()[1:] if word[0].isalpha()]
    return sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _english(line: Line) -> int:
    """Points for the grammar of English captions: a scene in the present tense, a thing without a verb, a date behind."""
    tail = line.bare[-40:]
    dated = ("day" in tail or any(char.isdigit() for char in tail)) and bool(DATED_END.search(tail))
    short = line.words <= 30  # longer ones have verbs
    if not dated and not short:
        return int(bool(SHOWN.search(line.bare)))
    words = WORDS.findall(line.bare)
    finite = not FINITE.isdisjoint(words) or any(word.endswith(TAGGED) for word in words)
    points = dated + bool(SHOWN.search(line.bare))
    if _shows_scene(words[:16]) and not PAST.search(line.bare):
        return points + (2 if YEAR.search(line.bare) else 1)
    if (
        not finite
        and line.words <= 20
        and not CLAUSE.search(line.bare)
        and (NOUN_START.match(line.text) or PARTICIPLE.match(line.text))
    ):
        points += (
            3 if line.words >= 4 and line.text[-1] == "." else 2 if not line.ended else 0
        )  # fewer words are an exclamation
    return points


def _shows_scene(words: list[str]) -> bool:
    """Whether somebody does something in the present tense: "walks", or "leave" behind a plural."""
    for before, word in itertools.pairwise(words):
        if word.endswith("s") and _base(word) in SCENE and before not in DETERMINERS:
            return True
        if word in SCENE and before.endswith("s") and len(before) > 3 and before not in DETERMINERS:
            return True
    return False


def _base(word: str) -> str:
    """The base form of an English verb in the third person: carries, watches, speaks."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word.removesuffix("s")
