"""A hub on loopback, the real fetcher and the page: from the feed that names it to the poll that it rings for."""

import hmac
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from fastapi.testclient import TestClient

from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.fetching.hubs import subscribe
from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.page.app import make_app
from copydesk.ports import Callback, Fetched, Wanted
from made.desks import desk_of
from made.sites import LOOPBACK, Handler, Site, failure, fetch, page
from made.world import World, feed, source

KEY = "k" * 32
FORM = (("hub.mode", "subscribe"), ("hub.topic", "https://one.example/ü?a=1&b=2"))


def asking(address: str) -> Wanted:
    return Wanted(key="one", url=address, kind="hub", form=FORM)


def noting(forms: list[dict[str, str]], status: int = 202) -> Handler:
    """A hub that keeps what it is sent."""

    async def handler(request: web.Request) -> web.Response:
        forms.append(
            {"method": request.method, **{name: str(value) for name, value in (await request.post()).items()}}
        )
        return web.Response(status=status)

    return handler


def test_a_hub_is_sent_a_form(site: Site) -> None:
    """By POST, also where its redirect says so, and without a look at robots.txt: it was named to be asked."""
    forms: list[dict[str, str]] = []
    site.pages |= {"/secret/hub": noting(forms), "/old": page(b"", 307, Location="/secret/hub")}
    with HttpFetcher(delay=0, allow=LOOPBACK) as fetcher:
        answers = fetch(fetcher, asking(site.url("/secret/hub")), asking(site.url("/old")))
    assert all(isinstance(answer, Fetched) and answer.status == 202 for answer in answers)
    assert forms == 2 * [{"method": "POST", **dict(FORM)}]
    assert not any("robots" in path for path in site.asked)


@pytest.mark.parametrize("status", [302, 303, 400, 404, 503])
def test_a_hub_that_takes_nothing_is_no_success(site: Site, status: int) -> None:
    """Nor is one that sends us on by GET: that would lose the form."""
    site.pages["/hub"] = page(b"", status, Location="/elsewhere")
    with HttpFetcher(delay=0, allow=LOOPBACK) as fetcher:
        outcome, reason = failure(fetch(fetcher, asking(site.url("/hub")))[0])
    assert outcome is EntryOutcome.FAILED
    assert reason in {Reason.STATUS, Reason.GONE}


def test_no_hub_leads_us_into_our_own_network(site: Site) -> None:
    site.pages["/hub"] = noting([])
    with HttpFetcher(delay=0, contact="desk@example.com") as fetcher:
        assert failure(fetch(fetcher, asking(f"http://127.0.0.1:{site.port}/hub"))[0])[1] is Reason.ADDRESS


def test_a_hub_rings_and_the_feed_is_asked(site: Site) -> None:
    """Named by the feed, asked by us, confirmed by its own request, ringing with what it signed: the poll is due."""
    forms: list[dict[str, str]] = []
    one = source(url=site.url("/feed"), every="1h")
    site.pages["/hub"] = noting(forms)
    site.pages["/feed"] = page(feed("https://one.example/a"), Link=f'<{site.url("/hub")}>; rel="hub"')
    world = World()
    with HttpFetcher(delay=0, allow=LOOPBACK, now=world.clock.now) as fetcher:
        ports = replace(world.ports, fetcher=fetcher, callback=Callback("https://desk.example/copydesk", KEY))
        poll(ports, [one], lease=timedelta(minutes=1))
        subscribe(ports, [one], until=world.clock.now() + timedelta(minutes=1))
        (form,) = forms
        desk = TestClient(make_app(replace(desk_of(world, one, writes=True), key=lambda: KEY)))
        back = urlsplit(form["hub.callback"])
        here = f"/hub?{back.query}"
        said = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "c"}
        assert desk.get(f"{here}&{'&'.join(f'{name}={value}' for name, value in said.items())}").text == "c"
        world.clock.wait(timedelta(minutes=2))
        site.pages["/feed"] = page(feed("https://one.example/b", "https://one.example/a"))
        assert not poll(ports, [one], lease=timedelta(minutes=1))
        told = hmac.new(form["hub.secret"].encode(), b"<rss/>", "sha256").hexdigest()
        desk.post(here, content=b"<rss/>", headers={"X-Hub-Signature": f"sha256={told}"})
        assert poll(ports, [one], lease=timedelta(minutes=1))["new"] == 1
    record = from_record(PollRecord, world.index.get(Kind.POLLS, ["one"])["one"].body)
    assert record.hub == ""  # the last answer named none
