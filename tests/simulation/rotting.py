"""What the disk loses of finished segments: bits flip, sectors come back empty, records or whole files are gone.

Whose captures it loses is part of the world, not of the run: so under whatever else goes wrong a run ends as the
undisturbed one in which the same was lost.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from random import Random
from typing import TypeAlias

from fsspec.core import url_to_fs

from copydesk.adapters.archive.names import path_of
from copydesk.adapters.archive.record import stretches
from copydesk.model import Capture, Segment
from simulation.made import Made, Page

__all__ = ["LOSSES", "Rotting", "doomed_in"]

LOSSES = ("bit flipped", "sector empty", "record gone", "segment gone", "document damaged")
"""How it rots, as counted."""

Doomed: TypeAlias = frozenset[tuple[str, int]]
"""States of pages, each by its address and the phase it stands since, of which no capture stays readable."""

HEADER = 10
"""Bytes a gzip member begins with, most of which mean nothing."""
SPARED = 9
"""The byte so far from a member's end holds the last bits of its content, and some that mean nothing."""
OF_DOCUMENTS = 1 / 4
"""How often a feed document rots, whose loss changes nothing."""


def doomed_in(made: Made, chance: Random) -> Doomed:
    """Some states here and there; every other time all of an outlet besides, so that whole files may go. Pure."""
    pages = list(made.pages.values())
    states = [(page.url, state.since) for page in pages for state in page.states]
    some = set(chance.sample(states, chance.randrange(1, 5)))
    if chance.random() < 1 / 2:
        outlet = chance.choice([page.outlet for page in pages])
        some |= {(url, since) for url, since in states if made.pages[url].outlet == outlet}
    return frozenset(some)


@dataclass(eq=False)
class Rotting:
    """The losses of one run, while `on`.

    Attributes:
        lost: Every capture that is lost, with its segment.
        gone: The segments whose file is gone.
    """

    address: str
    made: Made
    doomed: Doomed
    chance: Random
    counts: Counter[str]
    on: bool = False
    lost: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    @property
    def addresses(self) -> set[str]:
        """Those that have a doomed state, while it rots."""
        return {url for url, _ in self.doomed} if self.on else set()

    def strike(self, segments: Iterable[Segment]) -> None:
        """Take of finished segments what is doomed."""
        for segment in segments:
            if self.on:
                self._strike(segment.name)

    def _strike(self, segment: str) -> None:
        files, root = url_to_fs(self.address)
        path = f"{root}/{path_of(segment)}"
        pieces = list(stretches(segment, files.cat_file(path)))
        pages = [held for _, held in pieces if isinstance(held, Capture) and held.kind == "page"]
        taken = {page.id for page in pages if self._is_doomed(page)}
        self.lost |= dict.fromkeys(taken, segment)
        if taken and len(taken) == len(pages) and self.chance.random() < 1 / 2:
            self.counts["segment gone"] += 1
            self.gone.add(segment)
            files.rm_file(path)
            return
        rotten = [
            self._rotten(packed, held) if isinstance(held, Capture) and self._rots(held, taken) else packed
            for packed, held in pieces
        ]
        if rotten != [packed for packed, _ in pieces]:
            files.pipe_file(path, b"".join(rotten))

    def _is_doomed(self, page: Capture) -> bool:
        known = self.made.pages[page.url]
        return (known.url, _since(known, page.body.decode())) in self.doomed

    def _rots(self, held: Capture, taken: set[str]) -> bool:
        return held.id in taken if held.kind == "page" else self.chance.random() < OF_DOCUMENTS

    def _rotten(self, packed: bytes, held: Capture) -> bytes:
        how = self.chance.choice(LOSSES[:3])
        self.counts[how if held.kind == "page" else "document damaged"] += 1
        if how == "record gone":
            return b""
        if how == "sector empty":
            return packed[:HEADER] + bytes(len(packed) - HEADER)
        at = self.chance.choice(
            [*range(HEADER, len(packed) - SPARED), *range(len(packed) - SPARED + 1, len(packed))]
        )
        return packed[:at] + bytes([packed[at] ^ 1 << self.chance.randrange(8)]) + packed[at + 1 :]


def _since(page: Page, body: str) -> int:
    """Since when the state of a page has stood that was captured: later states have a line more."""
    shown = [s for s in page.states if s.lines[-1] in body or escape(s.lines[-1]) in body]
    return (shown or page.states)[-1].since
