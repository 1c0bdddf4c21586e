"""News agencies: whose own page a text stands on. Pure."""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from copydesk.judging.clustering.pairs import Flags, Floats64, Ints, Linked
from copydesk.judging.fingerprint import Fingerprint

__all__ = ["is_own_page", "on_wires", "sources"]

WORD = re.compile(r"[^\W_]+")
OF_A_WIRE = 3
"""Texts of an outlet that name an agency, or that others print later, from which on it may be that agency's page."""


def is_own_page(text: Fingerprint) -> bool:
    """Whether the outlet or its publisher is the agency that wrote the text.

    That is so when one of its words is the agency's name or initials, alone or before "news" (AP: apnews.com), or
    when its own initials are (DPN: Delta Press Network).
    """
    if text.agency is None:
        return False
    names = {name for name in ("".join(_words(text.agency)), _initials(text.agency)) if len(name) > 1}
    signs = names | {f"{name}news" for name in names}
    return any(
        signs & {*_words(name), "".join(_words(name)), _initials(name)}
        for name in (text.outlet, text.publisher)
    )


def on_wires(texts: Sequence[Fingerprint]) -> list[bool]:
    """Which texts an agency has on its own page: that of an outlet most of whose texts name it, and none another.

    "Delta Press English Service" is no other than "Delta Press": an agency's services stand on its page.
    """
    of_outlet = defaultdict(list)
    for text in texts:
        of_outlet[text.outlet].append(text.agency and text.agency.casefold())
    wires = {outlet for outlet, names in of_outlet.items() if _of_one(names)}
    return [text.agency is not None and text.outlet in wires for text in texts]


def sources(outlets: Ints, at: Floats64, copies: Linked) -> Flags:
    """Which texts stand at an outlet that others have their texts from, whatever it calls itself.

    More than half of its texts, and OF_A_WIRE at least, are copies of a later text of another outlet, and of no earlier
    one. Each text has the number of its outlet, and when it appeared.
    """
    ones, others, _ = copies
    which = np.flatnonzero((outlets[ones] != outlets[others]) & (at[ones] != at[others]))
    ones, others = ones[which], others[which]
    before = at[ones] < at[others]
    first = np.zeros(len(outlets), np.bool_)
    first[np.where(before, ones, others)] = True
    first[np.where(before, others, ones)] = False
    leading, every = np.bincount(outlets, first), np.bincount(outlets)
    out: Flags = ((leading >= OF_A_WIRE) & (2 * leading > every))[outlets]
    return out


def _of_one(names: Sequence[str | None]) -> bool:
    named = [name for name in names if name]
    if len(named) < OF_A_WIRE or len(named) <= len(names) / 2:
        return False
    shortest = min(named, key=len)
    return all(f"{name} ".startswith(f"{shortest} ") for name in named)


def _words(name: str) -> list[str]:
    return WORD.findall(name.casefold())


def _initials(name: str) -> str:
    words = _words(name)
    return "".join(word[0] for word in words) if len(words) > 1 else ""
