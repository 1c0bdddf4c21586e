"""The cursors of parts and files hold in either index as they do in memory."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from copydesk.fetching.inboxes import poll_inboxes
from copydesk.fetching.polling import poll
from copydesk.fetching.sitemaps import parts_of
from copydesk.index import Generations, Kind
from copydesk.outcomes import Reason
from copydesk.ports import Untaken
from copydesk.views.status import funnel
from made.world import World, source

LEASE = timedelta(minutes=1)
HOST = "https://one.example"
SITE = source(kind="sitemap", url=f"{HOST}/index.xml", ring_first=False)


def sitemap_of(name: str, *urls: str) -> bytes:
    outer, inner = ("sitemapindex", "sitemap") if name == "index" else ("urlset", "url")
    inside = "".join(f"<{inner}><loc>{HOST}/{url}</loc></{inner}>" for url in urls)
    return f"<{outer}>{inside}</{outer}>".encode()


def test_parts(index: Generations) -> None:
    """More parts than one poll may read are all read, one that fails is named, and those named no more are gone."""
    world, names = World(index=cast("Any", index)), [f"{number:02}.xml" for number in range(60)]
    world.web.pages = {f"{HOST}/{name}": sitemap_of(name, name[:2]) for name in names}
    world.web.pages |= {f"{HOST}/07.xml": Reason.STATUS, SITE.url: sitemap_of("index", *names)}
    for _ in range(3):
        poll(world.ports, [SITE], lease=LEASE)
        world.clock.wait(SITE.every)
    told = funnel(index)
    assert sum(told.entries["one"].values()) == 59
    assert [(record.parts, record.unread, record.quiet) for record in told.polls] == [(60, 1, True)]
    assert [(record.url, record.reason) for record in told.failing] == [(f"{HOST}/07.xml", "status")]
    assert all(row.body["quiet"] for row in index.scan(Kind.LEDGER))
    world.web.pages[SITE.url] = sitemap_of("index", "01.xml")
    poll(world.ports, [SITE], lease=LEASE)
    assert [part.url for part in parts_of(index, "one").values()] == [f"{HOST}/01.xml"]


def test_files(index: Generations) -> None:
    """A file that cannot be read has a cursor, and has none when it is mended."""
    world, desk = World(index=cast("Any", index)), source("desk", kind="inbox", url="/srv/inbox")
    found = [Untaken(name="\\udcff.txt", reason=Reason.UNREADABLE, detail="cannot be read", passes=True)]
    for expected in (["\\udcff.txt"], []):
        poll_inboxes(replace(world.ports, inbox=lambda _source, _since: iter(found)), [desk], lease=LEASE)
        assert [file.url for file in parts_of(index, "desk").values()] == expected
        found.clear()
        world.clock.wait(timedelta(hours=1))
