"""What a page says to machines besides robots.txt: X-Robots-Tag, meta elements, the TDM Reservation Protocol. Pure.

`noindex` asks not to be found by a search, `noarchive` that no copy be kept, `tdm` reserves text and data mining.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from copydesk.outcomes import Reason

__all__ = ["AGENT", "SIGNALS", "first_of", "in_headers", "in_page"]

AGENT = "copydesk"
"""Our product token: rules and signals may name it."""

SIGNALS = (Reason.NOINDEX, Reason.NOARCHIVE, Reason.TDM)

MEANS: Mapping[str, tuple[Reason, ...]] = {
    "noindex": (Reason.NOINDEX,),
    "none": (Reason.NOINDEX,),
    "noarchive": (Reason.NOARCHIVE,),
    "nocache": (Reason.NOARCHIVE,),
}
"""Directives that concern us; `none` is noindex with nofollow, `nocache` what Bing calls noarchive."""

NAMED = re.compile(r"\s*([A-Za-z][\w-]*)\s*:(.*)", re.DOTALL)
"""A directive with a name before it: of an agent, whose directives follow, or of a value such as max-snippet: 20."""

VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


def in_headers(robots: Iterable[str], reservation: str | None) -> frozenset[Reason]:
    """What a response says by its X-Robots-Tag headers, one after the other, and by its tdm-reservation."""
    found = {reason for line in robots for word in _ours(line) for reason in MEANS.get(word, ())}
    return frozenset(found | _reserved(reservation))


def in_page(meta: Mapping[str, Sequence[str]]) -> frozenset[Reason]:
    """What a page says by its meta elements, to all robots or to ours: contents by lower-case name."""
    said = (content for name in ("robots", AGENT) for content in meta.get(name, ()))
    words = (word.strip().lower() for content in said for word in content.split(","))
    found = {reason for word in words for reason in MEANS.get(word, ())}
    return frozenset(found | _reserved(next(iter(meta.get("tdm-reservation", ())), None)))


def first_of(found: Collection[Reason]) -> Reason | None:
    """The signal that is told of several."""
    return next((signal for signal in SIGNALS if signal in found), None)


def _ours(line: str) -> Iterator[str]:
    """The directives of a header that are for all agents, or for ours: a name holds until the next one."""
    agent = ""
    for part in line.split(","):
        word, named = part, NAMED.fullmatch(part)
        if named and named[1].lower() not in VALUED:
            agent, word = named[1].lower(), named[2]
        if agent in {"", AGENT}:
            yield word.strip().lower()


def _reserved(value: str | None) -> set[Reason]:
    return {Reason.TDM} if value is not None and value.strip() == "1" else set()
