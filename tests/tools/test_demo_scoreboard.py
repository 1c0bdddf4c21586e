from typing import Any

import pytest

from local.scoreboard import Score, score

TEXT = "The harbour of Marnhaven was closed on Monday after a crane fell across the quay."


def row(name: str, **changes: Any) -> dict[str, Any]:
    """A row of the truth: the last state of a page, by default a copy of item i1 about event e1."""
    return {
        "url": f"http://{name}",
        "paragraphs": [TEXT],
        "captions": [],
        "item": "i1",
        "event": "e1",
        "kind": "light",
        "until": None,
        "refused": False,
        **changes,
    }


def article(name: str, **changes: Any) -> dict[str, Any]:
    """What the index holds of the page."""
    return {"id": f"id-{name}", "text": TEXT, "family": "f1", **changes}


def scored(rows: list[dict[str, Any]], articles: dict[str, dict[str, Any]], **more: Any) -> Score:
    """The score of articles by name."""
    found = {f"http://{name}": body for name, body in articles.items()}
    return score(rows, more.get("expected", {}), found, more.get("alerts", []))


@pytest.mark.parametrize(
    ("rows", "pages"),
    [
        ([], (0, 0)),
        ([row("a"), row("b")], (2, 1)),
        ([row("a"), row("b", refused=True)], (1, 1)),
        ([row("a", until=9), row("a")], (1, 1)),
        ([row("b")], (1, 0)),
    ],
)
def test_pages_that_should_be_there(rows: list[dict[str, Any]], pages: tuple[int, int]) -> None:
    """The last state of each page that robots may fetch counts, and no other article."""
    assert scored(rows, {"a": article("a"), "z": article("z")}).pages == pages


@pytest.mark.parametrize(
    ("text", "precision", "recall"),
    [
        (TEXT, 1.0, 1.0),
        (TEXT.upper() + "\n", 1.0, 1.0),
        ("", 0.0, 0.0),
        ("Wholly other words stand here instead.", 0.0, 0.0),
        ("The harbour of Marnhaven was", 1.0, 2 / 12),
        (f"{TEXT} Read more about it here", 12 / 17, 1.0),
        (f"{TEXT} {TEXT}", 12 / 27, 1.0),
    ],
)
def test_texts_are_compared_by_shingles(text: str, precision: float, recall: float) -> None:
    """Four words at a time, case and punctuation aside, each as often as it occurs."""
    result = scored([row("a")], {"a": article("a", text=text)})
    assert (result.precision, result.recall) == pytest.approx((precision, recall))


@pytest.mark.parametrize(
    ("precision", "recall", "f1"), [(1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (0.5, 1.0, 2 / 3), (1.0, 0.0, 0.0)]
)
def test_f1_is_the_harmonic_mean(precision: float, recall: float, f1: float) -> None:
    """And 0 where nothing agrees."""
    none = (0, 0)
    result = Score(
        pages=none,
        precision=precision,
        recall=recall,
        captions=none,
        copies=none,
        joined=none,
        alerts=(0, 0, 0),
    )
    assert result.f1 == pytest.approx(f1)


def test_captions_that_stayed_are_counted() -> None:
    """A caption counts as left when its words stand in the text one after the other."""
    rows = [row("a", captions=["A crane, fallen", "Closed on Monday"])]
    assert scored(rows, {"a": article("a")}).captions == (2, 1)


@pytest.mark.parametrize(
    ("rows", "families", "copies", "joined"),
    [
        ([row("a"), row("b"), row("c")], "xxx", (3, 3), (3, 0)),
        ([row("a"), row("b"), row("c")], "xxy", (3, 1), (1, 0)),
        ([row("a"), row("b", item="i2")], "xx", (0, 0), (1, 1)),
        ([row("a"), row("b", kind="roundup")], "xx", (0, 0), (1, 1)),
        ([row("a"), row("b", kind="roundup")], "xy", (0, 0), (0, 0)),
        ([row("a", item=""), row("b", item="")], "xy", (0, 0), (0, 0)),
        ([row("a"), row("z")], "xx", (0, 0), (0, 0)),
    ],
)
def test_families_are_counted_by_pairs(
    rows: list[dict[str, Any]], families: str, copies: tuple[int, int], joined: tuple[int, int]
) -> None:
    """Pairs of one item that should be together, and pairs that are; a roundup belongs to nobody."""
    articles = {name: article(name, family=family) for name, family in zip("abc", families, strict=False)}
    result = scored(rows, articles)
    assert (result.copies, result.joined) == (copies, joined)


@pytest.mark.parametrize(
    ("rung", "alerts"),
    [
        ([], (2, 0, 0)),
        ([("t", "a"), ("t", "b")], (2, 2, 0)),
        ([("t", "a"), ("t", "a")], (2, 1, 1)),
        ([("other", "a")], (2, 0, 1)),
        ([("t", "nobody")], (2, 0, 1)),
    ],
)
def test_alerts_are_right_wrong_or_twice(rung: list[tuple[str, str]], alerts: tuple[int, int, int]) -> None:
    """A topic should ring once for each of its events."""
    result = scored(
        [row("a"), row("b", event="e2", item="i2")],
        {"a": article("a"), "b": article("b", family="f2")},
        expected={"t": ["e1", "e2"], "never": []},
        alerts=[{"topic": topic, "article": f"id-{name}"} for topic, name in rung],
    )
    assert result.alerts == alerts


def test_a_roundup_that_came_first_is_no_wrong_alert() -> None:
    """It is news when it is fetched before what it sums up, which depends on the machine; ringing twice is wrong."""
    rows = [row("a"), row("r", event="r1", kind="roundup", item="")]
    once = [{"topic": "t", "article": "id-a"}, {"topic": "t", "article": "id-r"}]
    articles = {"a": article("a"), "r": article("r")}
    assert scored(rows, articles, expected={"t": ["e1"]}, alerts=once).alerts == (1, 1, 0)
    assert scored(rows, articles, expected={"t": ["e1"]}, alerts=[*once, once[1]]).alerts == (1, 1, 1)
