"""What two texts must have in common to be copies, to tell of the same event, or to share an item. Pure.

A link is made of features (features.py) and of thresholds set on made sets, the founding texts, whole pages of the
news world and handwritten texts (decisions 0010 and 0012). In doubt there is none: a false join hides a story, a
miss shows it twice.

A wire text is A. B prints its first half under another title: half of B's sketch and its whole beginning stand in A, so
A and B are copies. C tells the same event in its own words, with the same five names and the same figures: C is related
to A, no copy of it. D prints one background paragraph of A at its end: the common part is small, stands in one place
and not at the beginning, so D is neither.
"""

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.features import Features

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
"""Sketch hashes two texts must have in common at all: about 12 times three content words in a row."""
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
paper that carries what two agencies tell of one event. Without, such a pair made two alerts until a third text came
between."""
SAME_NUMBERS, LEAST_WORDS, OTHER_NUMBERS = 0.6, 0.2, 0.4
"""Share of numbers that makes up for other words, but for one; and below which texts are about another day."""
SAID_FACTS, SAID_WORDS = 0.4, 0.08
"""What is enough when both quote the same sentence within a day."""
DAY = 24.0


def copies(features: Features) -> Flags:
    """[i, j]: whether two texts carry the same text or the same quotes; symmetric."""
    cover, lead, title = _either(features.cover), _either(features.lead), np.fmax(features.title, 0)
    facts = np.where(np.isnan(features.facts), _topic(features), features.facts >= LEAST_FACTS)
    facts |= (cover >= SURE_COVER) & (title >= SAME_TITLE)
    sure = (cover >= SURE_COVER) & ((lead >= LEAST_LEAD) | (features.gist + title >= HOME_TOPIC))
    spread = _either(features.spread) >= LEAST_SPREAD
    wide = (cover >= LEAST_COVER) & spread & (lead >= WEAK_LEAD) & _topic(features)
    text = (
        ((features.shared >= LEAST_SHARED) & sure)
        | ((features.shared > LEAST_SHARED) & wide)
        | _soon(features)
    )
    rivals = (features.rivals > 0) & (cover < SURE_COVER)
    out: Flags = (
        (text | _speech(features))
        & facts
        & ~forms(features)
        & ~rivals
        & ((features.home == 0) | _again(features))
    )
    np.fill_diagonal(out, val=True)
    return out


def _either(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """The larger share of the two directions."""
    return np.maximum(shares, shares.T)


def _topic(features: Features) -> Flags:
    out: Flags = (features.gist >= LEAST_TOPIC) | (features.title >= LIKE_TITLE)
    return out


def _soon(features: Features) -> Flags:
    """Which texts of the same hours have nearly all names and numbers in common, and text here and there, or quotes."""
    known, topic = features.facts >= SOON_FACTS, _topic(features)
    about = topic | ((features.facts >= SAME_FACTS) & (features.shared >= LEAST_SHARED))
    text = (features.shared >= FEWEST_SHARED) & (_either(features.cover) >= SOON_COVER) & about
    statements = np.minimum(features.statements, features.statements.T)
    said = (
        (statements >= FEWEST_SHARED)
        & (features.speech >= MOST_SPEECH)
        & (features.names >= LEAST_NAMES)
        & topic
    )
    out: Flags = (features.gap <= SOON) & known & (text | said)
    return out


def _again(features: Features) -> Flags:
    """Which texts, if of one outlet, are a text and its second edition or update."""
    cover, topic = _either(features.cover), features.gist + np.fmax(features.title, 0) >= HOME_TOPIC
    soon = features.gap <= SOON
    edition = topic & (cover >= np.where(soon, SURE_COVER, NEAR_COVER))
    about = (features.gist >= UPDATE_GIST) | (features.title >= LIKE_TITLE)
    out: Flags = edition | (soon & (cover >= UPDATE_COVER) & (features.facts >= UPDATE_FACTS) & about)
    return out


def _speech(features: Features) -> Flags:
    """Which texts share several quotes; everybody may have the same one statement."""
    title = np.fmax(features.title, 0)
    more = (features.quotes >= LEAST_QUOTES) | (
        (features.speech >= MOST_SPEECH) & ((features.gist >= LIKE_GIST) | (title >= LEAST_TOPIC))
    )
    about = (features.gist >= SPOKEN_TOPIC) | (title >= LEAST_TOPIC)
    statements = np.minimum(features.statements, features.statements.T)
    out: Flags = (statements >= LEAST_LONG_QUOTES) & (features.speech >= LEAST_SPEECH) & more & about
    return out


def forms(features: Features) -> Flags:
    """[i, j]: whether two texts are the same form filled in anew: results, tables, weather."""
    near = np.minimum(features.cover, features.cover.T) >= NEAR_COVER
    set_phrases = (features.names < FEW_NAMES) | (features.gist >= FORM_GIST)
    out: Flags = (features.numbers < FEW_NUMBERS) | ((features.numbers < LEAST_NUMBERS) & set_phrases & ~near)
    return out


def taken(features: Features) -> Flags:
    """[i, j]: whether j holds a good part of i, whatever else it holds."""
    part = (
        (features.shared >= LEAST_TAKEN)
        & (features.cover >= TAKEN)
        & (features.lead >= LEAST_LEAD)
        & (features.home == 0)
    )
    opening = (
        (features.shared > LEAST_SHARED) & (features.cover >= LEAST_PART) & (features.lead >= WHOLE_LEAD)
    )
    out: Flags = part | opening
    return out


def briefed(features: Features) -> Flags:
    """[i, j]: whether j begins to tell what i tells, in i's own first words, and that is a good part of j."""
    words = (features.shared >= FEWEST_SHARED) & (features.cover.T >= BRIEFED) & (features.lead >= LEAST_LEAD)
    out: Flags = words & (np.fmax(features.facts, 0) >= EVENT_FACTS)
    return out


def related(features: Features) -> Flags:
    """[i, j]: whether two texts tell of the same event; symmetric."""
    facts = np.fmax(features.facts, 0)
    words = features.gist + np.fmax(features.title, 0) / 2
    likeness = facts + words
    alike = (words >= LEAST_WORDS) & ((likeness >= LEAST_LIKENESS) | (features.numbers >= SAME_NUMBERS))
    same = (
        (features.names >= HOME_NAMES)
        & (facts >= HOME_FACTS)
        & (features.numbers >= SAME_FACTS)
        & (features.gap <= SOON)
    )
    said = (words >= SAID_WORDS) & (facts >= SAID_FACTS) & (features.statements > 0) & (features.gap <= DAY)
    out: Flags = (
        (features.names >= LEAST_NAMES)
        & (facts >= EVENT_FACTS)
        & (alike | said)
        & ~(features.numbers < OTHER_NUMBERS)
        & ~forms(features)
        & ((features.home == 0) | (likeness >= HOME_LIKENESS) | same)
    )
    np.fill_diagonal(out, val=True)
    return out
