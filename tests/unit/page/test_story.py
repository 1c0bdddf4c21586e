"""The page of a story: how it grew, and who took its text from whom."""

from fastapi.testclient import TestClient

from copydesk.page.app import make_app
from made.desks import desk_of, grown, read, said


def test_a_story_says_how_it_grew_and_by_whom() -> None:
    """By the hour, drawn and in numbers; below the original who took it, below a copy who took its own words."""
    client = TestClient(make_app(desk_of(grown())))
    page = read(client, "/story?id=a0")
    assert [row.css("td")[2].text() for row in page.css("#growth ~ details tbody tr")] == [
        *map(str, range(1, 10))
    ]
    assert len(page.css("#growth ~ svg g")) == 9
    twin = client.get("/story?id=a0&format=json").json()
    assert twin["size"] == {"articles": 9, "outlets": 9, "publishers": 9}
    assert (twin["growth"]["by"], twin["growth"]["steps"][-1]["articles"]) == ("hour", 9)
    (text,) = twin["provenance"]
    assert [copy["outlet"] for copy in text["copies"]] == ["a1", "a2", *(f"a{hour}" for hour in range(4, 9))]
    (copy,) = text["copies"][1]["copies"]
    assert (copy["outlet"], copy["share"], copy["copies"]) == ("a3", 1.0, [])
    assert "dpa’s text" in said(page, ".provenance")
    assert "100% a3" in said(page, ".provenance ul ul")
    assert "with what the original lacks" in said(page, ".provenance ul ul")
