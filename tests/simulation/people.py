"""What else a worker holds: the reader, and the way out for messages."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from copydesk.errors import ReaderError
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.ports import Message, Sent
from copydesk.reading.documents import read
from simulation.faults import Hold

__all__ = ["Mailing", "Mails", "Reading"]

READ: dict[tuple[Any, ...], Document | Rejection] = {}
"""Pages read before, by all that a reading depends on; most runs meet the same ones."""


@dataclass(eq=False)
class Reading:
    """A Reader in this process, of which the child may fail to start."""

    hold: Hold

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        """As the port says."""
        if self.hold.touch("no reader"):
            raise ReaderError("the child does not start, as drawn")
        for capture in captures:
            yield _read(capture, profile(capture))


def _read(capture: Capture, profile: Profile) -> Document | Rejection:
    key = (
        capture.url, capture.final_url, sha256(capture.body).digest(), capture.content_type, capture.language,
        capture.entry_title, capture.entry_published_at, capture.outlet, profile,
    )  # fmt: skip
    if key not in READ:
        READ[key] = read(capture, profile)
    known = READ[key]
    if isinstance(known, Rejection):
        return replace(known, capture_id=capture.id)
    return replace(
        known,
        capture_id=capture.id,
        sources=(capture.source,),
        fetched_at=capture.fetched_at,
        first_seen_at=capture.first_seen_at,
    )


@dataclass(eq=False)
class Mails:
    """All that receivers got, by the id of the message: who sent it, and whether the sender knows."""

    got: dict[str, list[tuple[Hold, bool]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(eq=False)
class Mailing:
    """A Notifier: the receiver may be down, or its answer be lost."""

    mails: Mails
    hold: Hold

    def send(self, message: Message) -> Sent:
        """As the port says."""
        how = self.hold.write("send", "receiver down", "receiver's answer lost")
        if how == "receiver down":
            return Sent("retry", "status 503")
        self.mails.got[message.id].append((self.hold, how != "receiver's answer lost"))
        self.hold.survive(how)
        return Sent("retry", "no answer") if how else Sent("sent")
