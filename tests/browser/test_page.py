"""The page as readers have it before them: in Chromium, with its script, its style and its policy."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import Depends, FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.exceptions import HTTPException

from copydesk.index import Kind
from copydesk.page.app import make_app
from made.days import TODAY
from made.desks import BROWSERS, EMPTY, app_served, carried, desk_of, grown, rung
from made.documents import article_record, put
from made.servers import serving
from made.world import World, source

NAMES = ("one", "two", "three")
SOURCES = [source(name) for name in NAMES]
SCHEMES = ("light", "dark")
PAGES = (
    "",
    f"article?id=https://{NAMES[1]}.example/story&removed=1&q=crane",
    f"pair?one=https://{NAMES[0]}.example/story&other=https://{NAMES[1]}.example/story",
    f"why?url={EMPTY}",
    "why",
    "sources",
    "alerts",
    "alerts?dead=1&topic=harbour",
    "alerts?words=(",
    "topics",
    "topic?name=harbour",
    "topic?q=Marnhaven&name=ports",
    "topic?q=Marnhaven&name=No+name",
    "topic?q=Marnhaven",
    "topic?q=qqq",
    "?q=(ferry",
    "?q=qqq",
)
NARROW = 360
PATIENCE = 60_000
"""Milliseconds, for machines that are slow; what is right is there at once."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, f"none of {', '.join(BROWSERS)} is on this machine: apt-get install chromium"
    with sync_playwright() as started:
        yield started.chromium.launch(executable_path=found, args=["--no-sandbox"])


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window that may reach nothing but our page, and in which no mistake of the script or the policy goes unseen."""
    context = browser.new_context(**getattr(request, "param", {}))
    context.set_default_timeout(PATIENCE)
    window, wrong = context.new_page(), list[str]()
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    window.on("request", lambda asked: None if "//127.0.0.1:" in asked.url else wrong.append(asked.url))
    yield window
    context.close()
    assert wrong == []


@contextmanager
def shown(app: FastAPI) -> Iterator[str]:
    """Where an app stands below a prefix, as behind a proxy."""
    front = FastAPI()
    front.mount("/desk/copydesk", app)
    with serving(app_served(front)) as port:
        yield f"http://127.0.0.1:{port}/desk/copydesk/"


@pytest.fixture(scope="module")
def desk() -> Iterator[str]:
    """A story that two outlets carry and that rang, and a third outlet's own."""
    with shown(make_app(desk_of(rung(), *SOURCES, writes=True))) as address:
        yield address


@cache
def week() -> World:
    """An article a day, of two outlets in turn."""
    world = World()
    for day in range(7):
        at = (TODAY - timedelta(days=day)).isoformat()
        body = article_record(f"a{day}", outlet=NAMES[day % 2], published_at=at)
        put(world.index, Kind.ARTICLES, {f"a{day}": body})
    return world


def test_a_reader_searches_unfolds_and_reads(page: Page, desk: str) -> None:
    """From a word typed to the article and to the story; the address at the end is enough to be there again."""
    page.goto(desk)
    page.keyboard.press("/")
    page.keyboard.type("happened")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=happened*")
    expect(page.locator(".count")).to_contain_text("2 stories, 3 articles in all")
    page.locator("summary", has_text="carried by").click()
    expect(page.get_by_role("link", name="The story from its beginning")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("says what happened")
    there, title = page.url, page.locator("h1").inner_text()
    page.goto(desk)
    page.goto(there)
    expect(page.locator("h1")).to_have_text(title)


def test_a_span_is_chosen_by_dragging(page: Page) -> None:
    """From one bar to another, in either direction; a single bar is a link; a facet narrows further."""
    with shown(make_app(desk_of(week()))) as address:
        page.goto(address)
        bars = page.locator(".spans a")
        expect(bars).to_have_count(7)
        _drag(page, 5, 3)
        first, last = (f"{TODAY - timedelta(days=day):%Y-%m-%d}" for day in (3, 1))
        expect(page.locator("#q")).to_have_value(f"since:{first} until:{last}")
        expect(page.locator(".count")).to_contain_text("3 articles in all")
        page.locator(".facets summary").click()
        page.locator(".facets a", has_text=NAMES[1]).click()
        expect(page.locator(".count")).to_contain_text("2 articles in all")
        _drag(page, 0, 0)
        expect(page.locator(".count")).to_contain_text("1 article in all")


def _drag(page: Page, start: int, end: int) -> None:
    box = page.locator(".spans").bounding_box()
    assert box is not None
    wide = box["width"] / page.locator(".spans a").count()
    page.mouse.move(box["x"] + wide * (start + 0.5), box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + wide * (end + 0.5), box["y"] + 20, steps=4)
    page.mouse.up()


def test_results_are_saved_as_a_file(page: Page, desk: str, tmp_path: Path) -> None:
    """What the link gives is a table of all articles of the stories found."""
    page.goto(f"{desk}?q=Marnhaven")
    with page.expect_download() as saving:
        page.get_by_role("link", name="CSV", exact=True).click()
    saving.value.save_as(tmp_path / "saved.csv")
    assert len((tmp_path / "saved.csv").read_text().splitlines()) == 3


def test_without_a_login_the_way_to_it_is_shown(page: Page) -> None:
    """No article shows through, and the link leads back to what was asked for."""

    def refuse() -> None:
        raise HTTPException(401, "who are you?")

    app = make_app(desk_of(carried()), readers=[Depends(refuse)], login="../login")
    with shown(app) as address:
        page.goto(f"{address}?q=Marnhaven")
        link = page.locator("main a").get_attribute("href")
    assert "says what happened" not in page.content()
    assert link == "../login?next=%2Fdesk%2Fcopydesk%2F%3Fq%3DMarnhaven"


def test_who_may_only_read_cannot_have_a_source_asked(page: Page) -> None:
    """The button is refused, in words, and nothing is fetched."""

    def refuse() -> None:
        raise HTTPException(403, "you may only read")

    world = carried()
    before = len(world.web.asked)
    with shown(make_app(desk_of(world, *SOURCES, writes=True), writers=[Depends(refuse)])) as address:
        page.goto(f"{address}sources")
        page.locator("main button").first.click()
        expect(page.locator("[role=alert]")).to_contain_text("you may only read")
    assert len(world.web.asked) == before


def test_a_foreign_page_sends_nothing_in_our_name(page: Page) -> None:
    """A form of another site is refused by what the browser itself says; our own is taken."""
    world = carried()
    before = len(world.web.asked)
    with shown(make_app(desk_of(world, *SOURCES, writes=True))) as address:
        page.route(
            "http://127.0.0.1:1/", lambda route: route.fulfill(body=_form(address), content_type="text/html")
        )
        page.goto("http://127.0.0.1:1/")
        page.get_by_role("button").click()
        expect(page.locator("body")).to_contain_text("was not sent from a page of Copydesk")
        assert len(world.web.asked) == before
        page.goto(f"{address}sources")
        page.locator("main button").first.click()
        expect(page.locator("main")).to_contain_text("was asked just now")
    assert len(world.web.asked) == before + 1


def test_what_was_given_up_is_sent_again(page: Page) -> None:
    """From the story to what it rang, and from there, asked once more, to the delivery that is due again."""
    with shown(make_app(desk_of(rung(), *SOURCES, writes=True))) as address:
        page.goto(f"{address}?q=Marnhaven")
        page.get_by_role("link", name="The story from its beginning").click()
        page.get_by_role("link", name="1 alert").click()
        expect(page.locator(".deliveries .dead")).to_contain_text("hook: given up, 9 attempts")
        page.locator("summary", has_text="Send again").click()
        page.get_by_role("button", name="Yes, send").click()
        expect(page.locator("[role=status]").first).to_contain_text("hook is due again")
        expect(page.locator(".deliveries .dead")).to_have_count(0)


def test_a_query_is_tried_as_a_topic(page: Page, desk: str) -> None:
    """From the list of topics: typed, sent by the key, and narrowed; the address is enough to be there again."""
    page.goto(f"{desk}topics")
    page.get_by_label("What a query would have rung for").fill("Marnhaven")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("1 story")
    page.get_by_label("What a query would have rung for").fill("Marnhaven -crane")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("[role=status]")).to_contain_text("0 stories")
    assert "topic?q=Marnhaven+-crane" in page.url


def test_a_search_becomes_a_topic(page: Page, tmp_path: Path) -> None:
    """From what was found to the lines that are written, to the topic, which is muted and heard again."""
    file = tmp_path / "topics.yml"
    with shown(make_app(desk_of(rung(), *SOURCES, writes=True, topics=file))) as address:
        page.goto(f"{address}?q=Marnhaven")
        page.get_by_role("link", name="what a topic of it would ring for").click()
        page.locator("summary", has_text="Save it as a topic").click()
        page.get_by_label("Name").fill("Our ports")
        page.get_by_role("button", name="See what is written").click()
        expect(page.locator("[role=alert]")).to_contain_text("small letters")
        page.get_by_label("Name").fill("our-ports")
        page.get_by_role("button", name="See what is written").click()
        expect(page.locator("pre")).to_contain_text("query: Marnhaven")
        assert not file.exists()
        page.get_by_role("button", name="Write it into topics.yml").click()
        expect(page.locator("h1")).to_have_text("our-ports")
        page.locator("summary", has_text="Mute it").click()
        page.get_by_role("button", name="Mute for 7 days").click()
        expect(page.locator(".why")).to_contain_text("It is muted")
        page.locator("summary", has_text="Hear it again").click()
        page.get_by_role("button", name="Hear it again now").click()
        expect(page.locator("summary", has_text="Mute it")).to_be_visible()
    assert file.read_text(encoding="utf-8") == "topics:\n  - name: our-ports\n    query: Marnhaven\n"


def _form(address: str) -> str:
    return f'<form method="post" action="{address}poll?source=two"><button>Win</button></form>'


@pytest.mark.parametrize("page", [{"color_scheme": scheme} for scheme in SCHEMES], indirect=True, ids=SCHEMES)
def test_pages_are_read_aloud_and_seen_by_everybody(page: Page, desk: str) -> None:
    """axe-core finds nothing on any page, light or dark: names, roles, order, contrast."""
    for address in PAGES:
        page.goto(f"{desk}{address}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": NARROW, "height": 700}}], indirect=True, ids=["narrow"]
)
def test_no_page_is_wider_than_a_telephone(page: Page, desk: str) -> None:
    for address in PAGES:
        page.goto(f"{desk}{address}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, address


@pytest.mark.parametrize(
    "page",
    [{"color_scheme": scheme, "viewport": {"width": NARROW, "height": 700}} for scheme in SCHEMES],
    indirect=True,
    ids=SCHEMES,
)
def test_a_long_story_is_for_everybody(page: Page) -> None:
    """Its growth, drawn and in numbers, and who took it from whom: axe-core finds nothing, nothing is too wide."""
    with shown(make_app(desk_of(grown()))) as address:
        page.goto(f"{address}story?id=a0")
        page.locator("summary", has_text="In numbers").click()
        expect(page.locator("#growth ~ svg rect")).to_have_count(18)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
