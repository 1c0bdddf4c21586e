"""What two texts must have in common to be copies, or to tell of the same event. Pure.

In doubt there is no link: a false join hides a story, a miss shows it twice. Where each threshold stands, and what
moves when it is a fifth lower or higher, is in decision 0026.

A wire text is A. B prints its first half under another title: all of B stands in A, so A and B are copies. C tells the
same event in its own words, with the same names and the same quotes: what it shares with A is what everybody has, and
weighs little. D is next month's release of the same firm: all of A stands in it but the subject, so they are apart.
"""

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.features import Features
from copydesk.judging.clustering.graph import Links
from copydesk.judging.clustering.pairs import Flags, Floats

__all__ = [
    "APART_FIRST",
    "APART_THEN",
    "FLASH",
    "after_flashes",
    "apart",
    "copies",
    "events",
    "may_be_apart",
    "may_be_copies",
    "may_be_versions",
    "may_tell_of_one_event",
    "reports",
    "soon",
    "versions",
]

NEAR, FAR, SOON, LATER = 0.5, 1.1, 14.0, 0.04
"""Sum of the share of the shorter text that stands in the other and of the likeness of their terms: NEAR for texts of
the same half day, rising by LATER an hour after SOON hours up to FAR. A report of the next day repeats paragraphs."""
VERSION = 1.4
"""How alike what two texts of one outlet tell of must be (see `telling`) that they are versions of one running report.
Its other reports on the event share paragraphs of background, but not what comes first and often."""
REPORT, SOONER, ANEW = 0.12, 0.02, 8.0
"""How alike they must be, likeness of terms times share of facts, that they are versions though hardly a sentence is
left; and by how much more for each hour that they come sooner than ANEW hours after each other, for then more is."""
FLASH, FLASH_TOLD = 40, 0.8
"""Runs of words up to which a text on an agency's own page may be a flash; and how alike what it tells of must be to
the version that comes within ANEW hours."""
NEXT = 2.0
"""Hours within which a version of a running report is expected to be linked with the ones before and after it."""
LEAST_SHARED, LEAST_HELD = 2, 0.15
"""Runs of words, and share of the shorter text, without which likeness counts nothing."""
LIKE, LEAST_OF_LIKE = 0.55, 0.05
"""Likeness of terms from which on a smaller share will do: a copy in which many single words were changed."""
SURE = 0.8
"""Share from which on the agencies named do not matter: nobody borrows as much of a rival's text."""
SAID, SAID_SHARE, SAID_FACTS, SAID_LIKE = 3, 0.75, 0.4, 0.3
"""What makes copies of texts of the same half day that have hardly a sentence in common, for one was rewritten: quoted
sentences in common, their share, the share of facts, and likeness of terms."""
FORM, FORM_NUMBERS, FORM_FACTS, FORM_TITLE = 0.6, 0.35, 0.86, 0.8
"""What makes two texts the same form filled in anew: so much of both in common, and few numbers; or, at one outlet,
another title and not all the same names and numbers."""
OTHER_FACTS, OTHER_NUMBERS, OTHER_TITLE, OTHER_HELD = 0.25, 0.2, 0.5, 0.5
"""Shares of facts, of numbers and of title words below which two texts are about different things; with so few facts or
numbers in common they are copies if much of one stands in the other."""
TABLE_NUMBERS, TABLE_SHARE = 6, 0.5
"""Numbers of the side with fewer that the other lacks, from which on, and share of numbers, below which two texts may
be a table filled in anew (weather, results, prices) and are not linked, unless OTHER_HELD of one stands in the other.
Two versions of a running report may look so too: so they are not apart, and are joined by those between them."""
ABOUT, SAME_FACTS = 0.85, 0.65
"""How alike what two texts tell of must be (see `telling`), or their share of facts, if less than OTHER_HELD of one
stands in the other: texts of one desk share their last lines whatever they are about."""
FACTS, FEW_FACTS = 0.5, 0.3
"""What the share of facts counts beside `telling` for events; and what it is taken for where there are few."""
EVENT, HOME = 0.8, 0.15
"""Sum of these two from which on two texts may tell of one event, see stories.py; and what is taken from it for those
of one outlet, which share its own phrases too."""
MOST_HELD = 0.35
"""Share of the shorter text from which on two texts do not link the stories of their families: they are a form, or one
of them holds a part of the other wire."""


ROUNDING = 1e-4
"""What sums in another order may differ by."""
APART_FIRST, APART_THEN = ("weighed", "facts"), ("numbers", "title")
"""The features that must be known to tell whether texts may be apart, beside outlets and agencies; and whether they
are."""


def copies(features: Features) -> Links:
    """Which texts carry the same text, and which are apart; strength is from 0 to 2."""
    held, strength = _held(features), _strength(features)
    least = np.where((features.home > 0) & ~versions(features), FAR, _least(features.gap - SOON))
    enough = (held >= LEAST_HELD) | ((features.cosine >= LIKE) & (held >= LEAST_OF_LIKE))
    other = (features.facts < OTHER_FACTS) | (features.numbers < OTHER_NUMBERS)
    about = (~other & _alike(features) & ~_tables(features)) | (held >= OTHER_HELD)
    linked = (features.shared >= LEAST_SHARED) & enough & about & (strength >= least)
    said = (
        (features.quotes >= SAID)
        & (features.speech >= SAID_SHARE)
        & (features.facts >= SAID_FACTS)
        & (features.cosine >= SAID_LIKE)
        & (features.gap <= SOON)
        & (features.home == 0)
    )
    apart_ = apart(features)
    linked = (linked | said) & ~apart_
    return Links(np.where(linked, strength, np.float32(0)), apart_, linked | soon(features.gap))


def may_be_copies(features: Features) -> Flags:
    """Which texts may be linked as copies, if the features that are not among likely.KNOWN say so."""
    held = _held(features)
    linked = (features.shared >= LEAST_SHARED) & (held >= LEAST_OF_LIKE)
    linked &= (~(features.facts < OTHER_FACTS) & _alike(features)) | (held >= OTHER_HELD)
    said = (features.quotes >= SAID) & (features.facts >= SAID_FACTS) & (features.gap <= SOON)
    return (linked | said) & ~((features.rivals > 0) & (held < SURE))


def apart(features: Features) -> Flags:
    """Which texts are no copies, whatever links them; only APART_FIRST and APART_THEN are looked at."""
    held, both = _held(features), np.minimum(features.weighed, features.weighed_back)
    title = np.fmin(features.title, features.title_back)
    form = (both >= FORM) & (
        (features.numbers < FORM_NUMBERS)
        | ((features.home > 0) & (title < FORM_TITLE) & (features.facts < FORM_FACTS))
    )
    other = (features.facts < OTHER_FACTS) & (title < OTHER_TITLE)
    return form | other | ((features.rivals > 0) & (held < SURE))


def may_be_apart(features: Features) -> Flags:
    """The same if title and numbers, which are not looked at, say so."""
    held, both = _held(features), np.minimum(features.weighed, features.weighed_back)
    out: Flags = (both >= FORM) | (features.facts < OTHER_FACTS) | ((features.rivals > 0) & (held < SURE))
    return out


def versions(features: Features) -> Flags:
    """Which linked texts are versions of one running report: in part written anew, else they are a form or the same.

    An agency has no page that all its texts share phrases with, so its own need only be as alike as copies are,
    and more so from NEXT hours on.
    """
    both = np.minimum(features.weighed, features.weighed_back)
    near = (features.home > 0) & (features.gap <= SOON)
    like = (features.wire > 0) & (_strength(features) >= _least(features.gap - NEXT))
    same = (features.telling >= VERSION) | (like & (features.telling >= ABOUT))
    out: Flags = near & same & (both < FORM) & ~(features.facts < SAID_FACTS)
    return out


def may_be_versions(features: Features) -> Flags:
    """Which texts one outlet had within half a day."""
    out: Flags = (features.home > 0) & (features.gap <= SOON)
    return out


def reports(features: Features) -> Floats:
    """How alike texts of one wire are that may be versions of one running report, written anew; else 0."""
    both = np.minimum(features.weighed, features.weighed_back)
    alike = features.cosine * np.nan_to_num(features.facts, nan=FEW_FACTS)
    same = _anew(features) & (alike >= REPORT + SOONER * (ANEW - features.gap))
    return np.where(same & (features.telling >= ABOUT) & (both < FORM), alike, np.float32(0))


def after_flashes(features: Features) -> Floats:
    """How alike what texts of one wire tell of is, if one may be a flash and the other what follows it; else 0."""
    told = _anew(features) & (features.telling >= FLASH_TOLD) & ~(features.facts < SAID_FACTS)
    return np.where(told, features.telling, np.float32(0))


def _anew(features: Features) -> Flags:
    """Which texts an agency has on its own page so soon one after the other that it may have written them anew."""
    return (features.wire > 0) & (features.gap <= ANEW) & ~apart(features)


def events(features: Features) -> Links:
    """Which texts may tell of the same event in other words; strength is from 0 to 2.5."""
    facts = np.nan_to_num(features.facts, nan=FEW_FACTS)
    strength = features.telling + FACTS * facts - HOME * features.home
    linked = (strength >= EVENT) & (_held(features) < MOST_HELD) & ~_tables(features)
    never = np.zeros(linked.shape, np.bool_)
    return Links(np.where(linked, strength, np.float32(0)), never, ~never)


def may_tell_of_one_event(telling: NDArray[np.floating], facts: NDArray[np.floating]) -> Flags:
    """Whether texts may be linked as accounts of one event, by what they tell of and their share of facts."""
    out: Flags = telling + FACTS * np.nan_to_num(facts, nan=FEW_FACTS) >= EVENT - ROUNDING
    return out


def _tables(features: Features) -> Flags:
    """Which texts are tables filled in anew."""
    out: Flags = (features.differing >= TABLE_NUMBERS) & (features.numbers < TABLE_SHARE)
    return out


def _alike(features: Features) -> Flags:
    """Which texts are about the same."""
    out: Flags = (features.telling >= ABOUT) | (features.facts >= SAME_FACTS)
    return out


def soon(gap: Floats) -> Flags:
    """Which texts came near to each other."""
    return gap <= NEXT


def _strength(features: Features) -> Floats:
    """How strong a link between texts would be."""
    return _held(features) + features.cosine


def _least(late: Floats) -> Floats:
    """How strong links of copies must be, so many hours later than is usual."""
    out: Floats = np.clip(NEAR + LATER * late, NEAR, FAR)
    return out


def _held(features: Features) -> Floats:
    """The share of the one text that stands in the other, the larger of the two."""
    return np.maximum(features.weighed, features.weighed_back)
