"""Addresses entered and captured in a world of fakes."""

from datetime import timedelta

from copydesk import urls
from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import enter
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord
from copydesk.model import Capture, Entry
from copydesk.ports import Fetched, Wanted
from made.world import START, Shelf, World, source

LEASE = timedelta(minutes=1)
ALL = range(16)


def entered(world: World, *names: str, host: str = "one.example") -> list[str]:
    addresses = [f"https://{host}/{name}" for name in names]
    enter(world.index, source(), [Entry(url=url, source="one") for url in addresses], world.clock.now())
    return addresses


def ledger(world: World, url: str) -> LedgerRecord:
    key = urls.url_key(url)
    return from_record(LedgerRecord, world.index.get(Kind.LEDGER, [key])[key].body)


def run(world: World, box: timedelta = timedelta(seconds=45)) -> dict[str, int]:
    until = world.clock.now() + box
    world.clock.wait(timedelta(milliseconds=1))
    return dict(capture(world.ports, shards=ALL, lease=LEASE, until=until))


def fetched(wanted: Wanted) -> Fetched:
    return Fetched(
        wanted=wanted, final_url=wanted.url, status=200, content_type="text/html", body=b"x", fetched_at=START
    )


class Strict(Shelf):
    """An Archive that takes only what UTF-8 can write, as the real one does."""

    def append(self, capture: Capture) -> None:
        capture.final_url.encode()
        super().append(capture)
