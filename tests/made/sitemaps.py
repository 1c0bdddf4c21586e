"""A site of sitemaps and indexes of them, and a world that polls it."""

from collections.abc import Mapping
from datetime import timedelta

from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.outcomes import Reason
from made.world import World

LEASE = timedelta(minutes=1)
INDEX = "https://one.example/index.xml"


def index_of(*parts: str, changed: str = "") -> bytes:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    inside = "".join(f"<sitemap><loc>https://one.example/{part}</loc>{lastmod}</sitemap>" for part in parts)
    return f"<sitemapindex>{inside}</sitemapindex>".encode()


def sitemap(*pages: str) -> bytes:
    inside = "".join(f"<url><loc>https://one.example/{page}</loc></url>" for page in pages)
    return f"<urlset>{inside}</urlset>".encode()


def site(world: World, pages: Mapping[str, bytes | Reason]) -> None:
    world.web.pages = {f"https://one.example/{name}": body for name, body in pages.items()}


def polls(world: World, one: Source, times: int) -> None:
    for _ in range(times):
        poll(world.ports, [one], lease=LEASE)
        world.clock.wait(one.every)


def known(world: World) -> dict[str, bool]:
    """The pages in the ledger, and whether they are quiet."""
    world.index.refresh(Kind.LEDGER)
    return {
        str(row.body["url"]).rpartition("/")[2]: bool(row.body["quiet"])
        for row in world.index.scan(Kind.LEDGER)
    }


def cursor(world: World) -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, ["one"])["one"].body)
