"""WebSub: hubs are asked to tell us what is new in a feed, and what they send makes the feed's next poll due.

Nothing that a hub sends is read: it is a reason to ask the source itself, which goes on to be asked as often as its
`every` demands. So a hub that lies, or is silent, costs requests or time, and no page.
"""

import hmac
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from copydesk.index import FIND_MOST, Index, Kind, Range
from copydesk.index.guarded import change
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.ports import Callback, Fetched, Ports, Unfetched, Wanted
from copydesk.sources.hubs import Hub

__all__ = [
    "confirm",
    "deny",
    "is_told",
    "offered",
    "push",
    "pushed_again",
    "secret_of",
    "subscribe",
    "token_of",
]

log = logging.getLogger(__name__)

WISHED = timedelta(days=10)
"""For how long a hub is asked to tell us; it decides."""
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=30)
"""For how long a hub is believed that it tells us, whatever it says."""

AGAIN = timedelta(days=1)
"""When a hub is asked again that did not confirm, or refused."""

MOST = 5
TAKES = timedelta(seconds=10)
"""How many hubs are asked together, and for how long no page is fetched because of them: one hub serves many feeds,
and all its requests wait for one another."""

MOST_SAID = 500
"""Characters of why a hub does not tell us."""

NEXT = timedelta(seconds=10)
"""The least time between two polls of a source, however often its hub rings."""


def subscribe(ports: Ports, sources: Sequence[Source], *, until: datetime) -> Counter[str]:
    """Ask the hubs of these sources that are due to tell us what is new, a few; counts of asked and failed.

    A hub that takes the request confirms it at our address (`confirm`). None is asked where hubs cannot reach us.
    """
    counts: Counter[str] = Counter()
    if ports.callback is None:
        return counts
    now = ports.now()
    due = _due(ports.index, {source.name for source in sources}, now)
    wanted = [_wanted(record, ports.callback) for record in due]
    for answer in ports.fetcher.fetch(wanted, until=min(until, now + TAKES)) if wanted else ():
        if answer is None:
            continue
        counts["hubs_asked" if isinstance(answer, Fetched) else "hubs_failed"] += 1
        decide = partial(_asked, answer, ports.now())
        change(ports.index, Kind.POLLS, PollRecord, {answer.wanted.key: decide})
    return counts


def _due(index: Index, names: set[str], now: datetime) -> list[PollRecord]:
    index.refresh(Kind.POLLS)
    until_now = Range(lt=(now + timedelta(milliseconds=1)).isoformat())
    where = {"hub_at": until_now, "paused_at": None}
    rows = index.find(Kind.POLLS, where, sort="hub_at", limit=FIND_MOST)
    records = (from_record(PollRecord, row.body) for row in rows)
    return [record for record in records if record.source in names and record.hub][:MOST]


def _wanted(record: PollRecord, callback: Callback) -> Wanted:
    address = {"source": record.source, "token": token_of(callback.key, record.source)}
    form = {
        "hub.mode": "subscribe",
        "hub.topic": record.hub_topic,
        "hub.callback": f"{callback.address}/hub?{urlencode(address)}",
        "hub.lease_seconds": str(int(WISHED.total_seconds())),
        "hub.secret": secret_of(callback.key, record.source),
    }
    return Wanted(key=record.source, url=record.hub, kind="hub", form=tuple(form.items()))


def _asked(answer: Fetched | Unfetched, now: datetime, old: PollRecord | None) -> PollRecord | None:
    """The cursor after its hub was asked: it has a day to confirm. Pure."""
    if old is None or old.hub != answer.wanted.url:
        return None
    if isinstance(answer, Fetched):
        return replace(old, hub_at=max(old.hub_at or now, now + AGAIN), hub_said="")
    said = f"{answer.reason} {answer.detail}".strip()
    log.warning("hub of source=%s failed reason=%s", answer.wanted.key, said)
    return replace(old, hub_at=now + AGAIN, hub_said=said)


def confirm(index: Index, name: str, topic: str, seconds: str, now: datetime) -> bool:
    """Note that a hub will tell us of a document for so many seconds; False when we never asked for that one.

    Half of that time later it is asked again.
    """
    said = re.fullmatch(r"\d{1,9}", seconds, re.ASCII)
    lease = min(max(timedelta(seconds=int(seconds)) if said else WISHED, SHORTEST), LONGEST)

    def decide(old: PollRecord | None) -> PollRecord | None:
        if old is None or not _is_of(old, topic):
            return None
        return replace(old, hub_at=now + lease / 2, hub_until=now + lease, hub_said="")

    return bool(change(index, Kind.POLLS, PollRecord, {name: decide}))


def deny(index: Index, name: str, topic: str, why: str, now: datetime) -> None:
    """Note that a hub does not tell us of a document, or no more."""

    def decide(old: PollRecord | None) -> PollRecord | None:
        if old is None or not _is_of(old, topic):
            return None
        return replace(old, hub_at=now + AGAIN, hub_until=None, hub_said=f"refused {why}".strip()[:MOST_SAID])

    change(index, Kind.POLLS, PollRecord, {name: decide})


def push(index: Index, name: str, now: datetime) -> bool:
    """Have a source asked at once, for its hub says that there is something new; False when it is not to be asked.

    One that fails keeps its pause, which its server may have named.
    """

    def decide(old: PollRecord | None) -> PollRecord | None:
        if old is None or old.failures or old.paused_at is not None or not old.hub:
            return None
        soon = max(now, (old.polled_at or now - NEXT) + NEXT)
        return replace(old, pushed_at=now, next_poll_at=min(old.next_poll_at, soon))

    return bool(change(index, Kind.POLLS, PollRecord, {name: decide}))


def offered(record: PollRecord, hub: Hub | None, now: datetime) -> PollRecord:
    """The cursor of a document that names this hub now: another one is still to be asked. Pure."""
    url, topic = (hub.url, hub.topic) if hub else ("", "")
    if (record.hub, record.hub_topic) == (url, topic):
        return record
    at = now if hub else None
    return replace(record, hub=url, hub_topic=topic, hub_at=at, hub_until=None, hub_said="")


def pushed_again(record: PollRecord, now: datetime) -> PollRecord:
    """The cursor after a poll: when the hub rang while that went on, the next one is due. Pure."""
    if record.pushed_at is None:
        return record
    return replace(record, next_poll_at=min(record.next_poll_at, now + NEXT))


def is_told(record: PollRecord, now: datetime) -> bool:
    """Whether a hub tells us of what is new, so that polls only make sure of it. Pure."""
    return record.hub_until is not None and record.hub_until > now


def token_of(key: str, source: str) -> str:
    """What the address that a hub is given bears, so that nobody else can guess it. Pure."""
    return hmac.digest(key.encode(), f"hub {source}".encode(), "sha256").hex()[:32]


def secret_of(key: str, source: str) -> str:
    """What a hub signs by what it sends us of a source. Pure."""
    return hmac.digest(key.encode(), f"hub secret {source}".encode(), "sha256").hex()


def _is_of(record: PollRecord, topic: str) -> bool:
    return bool(record.hub) and record.hub_topic == topic
