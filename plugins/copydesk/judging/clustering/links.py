"""What two texts must have in common to be copies, to tell of the same event, or to share an item. Pure.

A link is made of measures of evidence.py and of thresholds set on made sets, the founding texts, whole pages of the
news world and handwritten texts (decisions 0010 and 0012). In doubt there is none: a false join hides a story, a
miss shows it twice.
"""

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.features import Ties

__all__ = [
    "FEWEST_SHARED",
    "LEAST_LONG_QUOTES",
    "LEAST_NAMES",
    "briefed",
    "copies",
    "forms",
    "related",
    "taken",
]

Flags = NDArray[np.bool_]

LEAST_SHARED = 3
"""Sketch hashes two texts must have in common at all: about 12 runs of three content words."""
LEAST_COVER = 0.2
"""Share of the shorter text that must stand in the other; real copies go down to .2 (dedupe.md 4a: P .973, R 1)."""
SURE_COVER = 0.5
"""Share from which on it need not be spread over a text: nobody borrows half a text as background."""
NEAR_COVER = 0.9
"""Share from which on the text itself is the same, whatever its numbers; corrected versions differ in them."""
LEAST_SPREAD = 0.5
"""Share of the parts of one of the texts that a smaller overlap must reach: borrowed background stands in one place."""
LEAST_LEAD, WEAK_LEAD, WHOLE_LEAD = 0.3, 0.1, 0.66
"""Share of the beginning of a text that stands in the other: items are cut from the end, background is not."""
LEAST_FACTS = 0.25
"""Share of names and numbers below which texts are about other things (a form, a borrowed paragraph)."""
LIKE_GIST, SAME_TITLE, LIKE_TITLE, LEAST_TOPIC = 0.4, 0.6, 0.4, 0.25
"""Shares of most frequent words and of title words from which on two texts have a topic in common."""

SOON = 12.0
"""Hours within which most copies of a text appear. A report of the next day repeats paragraphs of the day before."""
FEWEST_SHARED, SOON_COVER, SOON_FACTS, SAME_FACTS = 2, 0.28, 0.75, 0.85
"""What makes copies of texts that appear so soon after each other, wherever in them the common text stands; if nearly
all names and numbers are the same, whatever words are frequent. Less will not do: two agencies on one event have all
names in common, and with them up to .14 of a long text (two of the founding texts) and a quarter of a short one."""

HOME_TOPIC = 0.8
"""Sum of the shares of title words and most frequent words of two texts of one outlet: they share its furniture too."""
UPDATE_COVER, UPDATE_FACTS, UPDATE_GIST = 0.3, 0.75, 0.3
"""What makes an update of a text that the same outlet had a few hours before."""

LEAST_LONG_QUOTES, LEAST_QUOTES, LEAST_SPEECH, MOST_SPEECH = 3, 4, 0.5, 0.75
"""Identical quotes that make copies by themselves: in as many separate places, and half of the smaller side's."""
SPOKEN_TOPIC = 0.15
"""Share of most frequent words (or .25 of title words) beside them: speech may be borrowed like background."""

LEAST_NUMBERS, FEW_NUMBERS, FEW_NAMES, FORM_GIST = 0.6, 0.35, 4, 0.8
"""Share of numbers below which texts with few names in common (the second: whatever names) are a form."""

TAKEN, LEAST_TAKEN, LEAST_PART = 0.35, 6, 0.15
"""Share of an item, and hashes of it, that a roundup holds; the last if it holds the whole beginning."""

BRIEFED = 0.12
"""Share of a short roundup that is one of its items, told in its own first words: of ten hashes two or three, which say
little, so it names what the item names, and find_roundups asks for two such items that make up half of it."""

LEAST_NAMES, EVENT_FACTS = 4, 0.33
"""Names two accounts of an event have in common at least, and the share of names and numbers of the one with fewer."""
LEAST_LIKENESS = 0.78
"""Sum of the shares of names and numbers, of most frequent words, and half that of title words."""
HOME_LIKENESS = 1.6
"""The same for two texts of one outlet, which has its own phrases and furniture."""
HOME_NAMES, HOME_FACTS = 5, 0.5
"""Names, and share of names and numbers, that make up for it if the same numbers stand in both within hours: a
paper that carries what two agencies tell of one event. Without, such a pair rang twice until a third text came
between."""
SAME_NUMBERS, LEAST_WORDS, OTHER_NUMBERS = 0.6, 0.2, 0.4
"""Share of numbers that makes up for other words, but for one; and below which texts are about another day."""
SAID_FACTS, SAID_WORDS = 0.4, 0.08
"""What is enough when both quote the same sentence within a day."""
DAY = 24.0


def copies(ties: Ties) -> Flags:
    """[i, j]: whether two texts carry the same text or the same run of quotes; symmetric."""
    cover, lead, title = _either(ties.cover), _either(ties.lead), np.fmax(ties.title, 0)
    facts = np.where(np.isnan(ties.facts), _topic(ties), ties.facts >= LEAST_FACTS)
    facts |= (cover >= SURE_COVER) & (title >= SAME_TITLE)
    sure = (cover >= SURE_COVER) & ((lead >= LEAST_LEAD) | (ties.gist + title >= HOME_TOPIC))
    spread = _either(ties.spread) >= LEAST_SPREAD
    wide = (cover >= LEAST_COVER) & spread & (lead >= WEAK_LEAD) & _topic(ties)
    text = ((ties.shared >= LEAST_SHARED) & sure) | ((ties.shared > LEAST_SHARED) & wide) | _soon(ties)
    rivals = (ties.rivals > 0) & (cover < SURE_COVER)
    out: Flags = (text | _speech(ties)) & facts & ~forms(ties) & ~rivals & ((ties.home == 0) | _again(ties))
    np.fill_diagonal(out, val=True)
    return out


def _either(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """The larger share of the two directions."""
    return np.maximum(shares, shares.T)


def _topic(ties: Ties) -> Flags:
    out: Flags = (ties.gist >= LEAST_TOPIC) | (ties.title >= LIKE_TITLE)
    return out


def _soon(ties: Ties) -> Flags:
    """Which texts of the same hours have nearly all names and numbers in common, and text here and there, or quotes."""
    known, topic = ties.facts >= SOON_FACTS, _topic(ties)
    about = topic | ((ties.facts >= SAME_FACTS) & (ties.shared >= LEAST_SHARED))
    text = (ties.shared >= FEWEST_SHARED) & (_either(ties.cover) >= SOON_COVER) & about
    places = np.minimum(ties.places, ties.places.T)
    said = (places >= FEWEST_SHARED) & (ties.speech >= MOST_SPEECH) & (ties.names >= LEAST_NAMES) & topic
    out: Flags = (ties.gap <= SOON) & known & (text | said)
    return out


def _again(ties: Ties) -> Flags:
    """Which texts, if of one outlet, are a text and its second edition or update."""
    cover, topic = _either(ties.cover), ties.gist + np.fmax(ties.title, 0) >= HOME_TOPIC
    soon = ties.gap <= SOON
    edition = topic & (cover >= np.where(soon, SURE_COVER, NEAR_COVER))
    about = (ties.gist >= UPDATE_GIST) | (ties.title >= LIKE_TITLE)
    out: Flags = edition | (soon & (cover >= UPDATE_COVER) & (ties.facts >= UPDATE_FACTS) & about)
    return out


def _speech(ties: Ties) -> Flags:
    """Which texts share a run of quotes; everybody may have the same one statement."""
    title = np.fmax(ties.title, 0)
    more = (ties.quotes >= LEAST_QUOTES) | (
        (ties.speech >= MOST_SPEECH) & ((ties.gist >= LIKE_GIST) | (title >= LEAST_TOPIC))
    )
    about = (ties.gist >= SPOKEN_TOPIC) | (title >= LEAST_TOPIC)
    places = np.minimum(ties.places, ties.places.T)
    out: Flags = (places >= LEAST_LONG_QUOTES) & (ties.speech >= LEAST_SPEECH) & more & about
    return out


def forms(ties: Ties) -> Flags:
    """[i, j]: whether two texts are the same form filled in anew: results, tables, weather."""
    near = np.minimum(ties.cover, ties.cover.T) >= NEAR_COVER
    set_phrases = (ties.names < FEW_NAMES) | (ties.gist >= FORM_GIST)
    out: Flags = (ties.numbers < FEW_NUMBERS) | ((ties.numbers < LEAST_NUMBERS) & set_phrases & ~near)
    return out


def taken(ties: Ties) -> Flags:
    """[i, j]: whether j holds a good part of i, whatever else it holds."""
    part = (ties.shared >= LEAST_TAKEN) & (ties.cover >= TAKEN) & (ties.lead >= LEAST_LEAD) & (ties.home == 0)
    opening = (ties.shared > LEAST_SHARED) & (ties.cover >= LEAST_PART) & (ties.lead >= WHOLE_LEAD)
    out: Flags = part | opening
    return out


def briefed(ties: Ties) -> Flags:
    """[i, j]: whether j begins to tell what i tells, in i's own first words, and that is a good part of j."""
    words = (ties.shared >= FEWEST_SHARED) & (ties.cover.T >= BRIEFED) & (ties.lead >= LEAST_LEAD)
    out: Flags = words & (np.fmax(ties.facts, 0) >= EVENT_FACTS)
    return out


def related(ties: Ties) -> Flags:
    """[i, j]: whether two texts tell of the same event; symmetric."""
    facts = np.fmax(ties.facts, 0)
    words = ties.gist + np.fmax(ties.title, 0) / 2
    likeness = facts + words
    alike = (words >= LEAST_WORDS) & ((likeness >= LEAST_LIKENESS) | (ties.numbers >= SAME_NUMBERS))
    same = (
        (ties.names >= HOME_NAMES) & (facts >= HOME_FACTS) & (ties.numbers >= SAME_FACTS) & (ties.gap <= SOON)
    )
    said = (words >= SAID_WORDS) & (facts >= SAID_FACTS) & (ties.places > 0) & (ties.gap <= DAY)
    out: Flags = (
        (ties.names >= LEAST_NAMES)
        & (facts >= EVENT_FACTS)
        & (alike | said)
        & ~(ties.numbers < OTHER_NUMBERS)
        & ~forms(ties)
        & ((ties.home == 0) | (likeness >= HOME_LIKENESS) | same)
    )
    np.fill_diagonal(out, val=True)
    return out
