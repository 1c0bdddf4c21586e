"""The pages of an article, and of two side by side, asked in this process over a world in memory."""

import pytest
from fastapi.testclient import TestClient

from copydesk.index import Kind
from copydesk.page.app import make_app
from made.desks import carried, desk_of, element, read, said
from made.documents import article_record, put
from made.world import World, source

STORY = "https://two.example/story"


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The page over a story that three outlets carry."""
    return TestClient(make_app(desk_of(carried(), *map(source, ("one", "two", "three")))))


def test_an_article_shows_what_was_removed_on_demand(client: TestClient) -> None:
    """Its text, who else carries it, the way it came; with `removed` each line that was taken, and its rule."""
    page = read(client, f"/article?id={STORY}")
    assert said(page, "h1") == "two says what happened"
    assert page.css(".gone") == []
    assert "announced by two" in said(page, ".steps")
    assert {link.text() for link in page.css("section td:nth-child(2) a")} == {"one", "two"}
    assert [
        element(line, "small").text() for line in read(client, f"/article?id={STORY}&removed=1").css(".gone")
    ]


def test_an_article_is_read_with_what_was_asked_for_marked(client: TestClient) -> None:
    """In its title and its lines, as in the results; a word of the title alone is marked nowhere else."""
    page = read(client, f"/article?id={STORY}&q=crane+title:happened")
    assert [mark.text() for mark in page.css("h1 mark")] == ["happened"]
    assert {mark.text() for mark in page.css(".text mark")} == {"crane"}
    assert read(client, f"/article?id={STORY}").css("mark") == []


def test_two_articles_stand_side_by_side(client: TestClient) -> None:
    """Each carrier leads beside the article that is read: what both have is marked, and why it is a copy is said."""
    article = read(client, f"/article?id={STORY}")
    link = next(one for one in article.css("section td a") if one.text() == "side by side")
    page = read(client, f"/{link.attributes['href']}")
    assert said(page, "h1").startswith("One family: ")
    sides = page.css(".whole")
    assert [len(" ".join(mark.text() for mark in side.css("mark")).split()) > 20 for side in sides] == [
        True
    ] * 2
    assert "words in runs of five and more" in said(page, "section")
    same = client.get(f"/pair?one={STORY}&other={STORY}&format=json")
    assert (same.status_code, "are one article" in same.json()["what"]) == (404, True)


def test_an_article_shows_what_it_said_before() -> None:
    """An earlier state unfolds: what went out of it, and what came in."""
    world = World()
    put(world.index, Kind.ARTICLES, {"a": article_record("a", text="One.\nTwo, mended.\nThree.")})
    put(world.index, Kind.VERSIONS, {"v": {**article_record("a", text="One.\nTwo.\nThree."), "article": "a"}})
    shown = read(TestClient(make_app(desk_of(world))), "/article?id=a")
    assert [one.text() for one in shown.css("details del")] == ["Two."]
    assert [one.text() for one in shown.css("details ins")] == ["Two, mended."]


@pytest.mark.parametrize(
    ("form", "said_of_it"), [("partial", "a teaser before a paywall"), ("live", "a live blog")]
)
def test_what_is_no_whole_report_says_so(form: str, said_of_it: str) -> None:
    """Among the results and on its page; a whole report has no such word."""
    world = World()
    put(world.index, Kind.ARTICLES, {"a": article_record("a", form=[form]), "b": article_record("b")})
    client = TestClient(make_app(desk_of(world)))
    facts = [row.text() for row in read(client, "/").css(".results .facts")]
    assert sorted(said_of_it in one for one in facts) == [False, True]
    assert [said_of_it in said(read(client, f"/article?id={one}"), ".facts") for one in "ab"] == [True, False]
