"""What rang is found again on every Index, by topic, time, words and story, with what became of it."""

from datetime import UTC, datetime, timedelta

from copydesk.alerting.matching import match
from copydesk.index import Index, Kind
from copydesk.query.parser import parse
from copydesk.topic import Topic
from copydesk.views.alerts import ringing, rung_since
from made.documents import article_record, put

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FERRIES = Topic(name="ferries", any=("ferry",), channels=("log", "desk"))
BOATS = Topic(name="boats", query="ferry", channels=("log",))


def test_what_rang_is_found(index: Index) -> None:
    """Each alert once, the newest first, with the deliveries of its story, also those that another topic's names."""
    for number in range(3):
        id_ = f"a{number}"
        text = f"The ferry number {number} came late."
        put(index, Kind.ARTICLES, {id_: article_record(id_, story=id_, text=text, title=f"Late {number}")})
        match(index, [FERRIES, BOATS][: 1 + number % 2], [id_], NOW + timedelta(hours=number))
    index.refresh()
    found = ringing(index)
    assert [(one.alert.topic, one.alert.article) for one in found.rung if one.alert.topic == "ferries"] == [
        ("ferries", "a2"),
        ("ferries", "a1"),
        ("ferries", "a0"),
    ]
    assert {one.alert.topic: [told.channel for told in one.deliveries] for one in found.rung} == {
        "ferries": ["desk", "log"],
        "boats": ["log"],
    }
    assert (found.number, found.is_cut) == (4, False)
    within = ringing(index, since=NOW + timedelta(hours=1), until=NOW + timedelta(hours=2))
    assert {one.alert.article for one in within.rung} == {"a1"}
    assert [one.alert.article for one in ringing(index, words=parse("title:late 2")).rung] == ["a2"]
    assert {one.alert.topic for one in ringing(index, story="a1").rung} == {"ferries", "boats"}
    assert ringing(index, given_up=True).number == 0
    assert rung_since(index, NOW + timedelta(hours=1)) == {"ferries": 2, "boats": 1}
