"""Pages of which one breaks a step of the street, and the street that takes them in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Generations, Kind
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord, SegmentRecord
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.pipeline import process
from copydesk.ports import Archive, Ports
from copydesk.urls import url_key
from made.races import LEASE, TOPICS, Newsroom, capture
from made.texts import paragraphs
from made.world import Desk, Shelf

GOOD = [f"good{number}.example/news" for number in range(12)]


POISON = "poison.example/news"


BRIDGE = ["The bridge is closed."]  # which rings


ARTICLE = url_key(f"https://{POISON}")


@dataclass
class Poisoned:
    """An Index on which one method fails when it meets the poisonous article, in the given kind if any."""

    index: Generations
    method: str
    kind: Kind | None = None
    error: Exception = field(default_factory=lambda: KeyError("nobody thought of it"))
    met: str = ARTICLE

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.index, name)
        return self._failing(method) if name == self.method else method

    def _failing(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def fail(*given: Any, **named: Any) -> Any:
            kinds = (
                {given[0]} if isinstance(given[0], Kind) else {getattr(one, "kind", None) for one in given[0]}
            )
            if (self.kind is None or self.kind in kinds) and self.met in repr(given):
                raise self.error
            return method(*given, **named)

        return fail


@dataclass
class Unwritable:
    """An Archive that fails on what is written down of the poisonous page when it is about to ring."""

    archive: Archive

    def __getattr__(self, name: str) -> Any:
        return getattr(self.archive, name)

    def save(self, name: str, content: bytes) -> None:
        if b"poison.example" in content and not name.startswith("working/"):
            raise KeyError(name)
        self.archive.save(name, content)

    def create(self, name: str, content: bytes) -> bool:
        if b"poison.example" in content:
            raise KeyError(name)
        return self.archive.create(name, content)


class Reading(Desk):
    """A Reader that fails as a whole when it meets the poisonous page."""

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        for one in captures:
            if POISON in one.url:
                raise MemoryError
            yield from super().read([one], profile)


STEPS: dict[str, Callable[[Ports], Ports]] = {
    "read": lambda ports: replace(ports, reader=Reading()),
    "plan": lambda ports: _on(ports, "get", Kind.ARTICLES),
    "judge": lambda ports: _on(ports, "write", Kind.FINGERPRINTS),
    "families": lambda ports: _on(ports, "write", Kind.JUDGEMENTS),
    "store": lambda ports: _on(ports, "write", Kind.ARTICLES),
    "ring": lambda ports: replace(ports, archive=cast("Shelf", Unwritable(ports.archive))),
}


def _on(ports: Ports, method: str, kind: Kind) -> Ports:
    return replace(ports, index=cast("Generations", Poisoned(ports.index, method, kind)))


def published(segments: int) -> Newsroom:
    """Thirteen pages, one of them poisonous, in as many segments."""
    room = Newsroom(MemoryIndex(lag=True))
    addresses = [*GOOD[:6], POISON, *GOOD[6:]]
    made = [
        capture(address, [*BRIDGE[: address == POISON], *paragraphs(number, 4)], seen=room.clock.time)
        for number, address in enumerate(addresses)
    ]
    for at in range(segments):
        room.clock.wait(timedelta(milliseconds=1))
        room.publish(*made[at::segments])
    return room


def run(room: Newsroom, ports: Ports) -> dict[str, int]:
    return dict(process(ports, TOPICS, lease=LEASE, until=room.clock.now() + LEASE))


def captures(room: Newsroom) -> dict[str, CaptureRecord]:
    room.index.refresh()
    rows = [from_record(CaptureRecord, row.body) for row in room.index.scan(Kind.CAPTURES)]
    return {record.url.removeprefix("https://"): record for record in rows}


def segments(room: Newsroom) -> list[SegmentRecord]:
    room.index.refresh()
    return [from_record(SegmentRecord, row.body) for row in room.index.scan(Kind.SEGMENTS)]
