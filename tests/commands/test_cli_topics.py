"""`topics` shows on a real server what would have rung, what would have been sent, and what a change would change."""

from pathlib import Path

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.judging.applying import judge
from copydesk.model import Document
from copydesk.storing.settling import settle
from copydesk.storing.versions import plan
from copydesk.storing.writing import store
from made.commands import call
from made.texts import START, document, paragraphs

pytestmark = pytest.mark.elasticsearch

WIRE, OTHER = paragraphs(3, 5), paragraphs(4, 5)
WORD = "bergamot"
TOPICS = f"""
topics:
  - {{name: harbours, any: [{WORD}], expect: 1/d}}
  - {{name: copies, any: [{WORD}], outlets: [two]}}
"""


def kept(index: ElasticIndex, *documents: Document) -> None:
    """Articles as they are stored, one batch after the other."""
    for one in documents:
        changed = judge(index, [one])
        store(index, plan(index, [one]), one.fetched_at)
        index.refresh()
        settle(index, changed)
        index.refresh()


@pytest.fixture
def files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: str, elasticsearch_url: str
) -> ElasticIndex:
    """Two topics, and two stories that meet them, of which one has a copy."""
    (tmp_path / "topics.yml").write_text(TOPICS)
    monkeypatch.setenv("COPYDESK_TOPICS", str(tmp_path / "topics.yml"))
    index = open_index(elasticsearch_url, prefix=prefix)
    index.setup()
    wire = [f"{WORD.title()} is here.", *WIRE]
    kept(
        index,
        document("wire", wire, outlet="one", title="The [port] closed"),
        document("copy", wire, outlet="two", minutes=30, title="Port closed"),
        document("other", [f"No {WORD}.", *OTHER], outlet="three", minutes=60, title="Other"),
    )
    return index


@pytest.mark.usefixtures("files")
def test_a_topic_shows_what_it_would_have_rung_for(capsys: pytest.CaptureFixture[str]) -> None:
    """The newest first, with who had it and the text around the words; as JSON with the fields of the article too."""
    since = f"{START:%Y-%m-%d}"
    printed = call(capsys, "topics", "harbours", "--since", since).out
    lines = printed.splitlines()
    assert lines[0].startswith(f"harbours since {since} 00:00 UTC: 2 stories would have rung, ")
    assert lines[0].endswith("carried by 3 outlets")
    assert [line for line in lines[1:] if not line.startswith(" ")] == [
        "Other  three",
        "The [port] closed  one",
    ]
    assert f"  No {WORD}." in printed
    rows = call(capsys, "topics", "harbours", "--since", since, "--json").rows
    assert [(row["id"], row["matched"], row["rings"]) for row in rows] == [
        ("wire", [WORD], True),
        ("other", [WORD], True),
    ]
    start, end = rows[1]["snippet_marks"][0]  # type: ignore[index,misc]
    assert str(rows[1]["snippet"])[int(str(start)) : int(str(end))] == WORD
    (copied,) = call(capsys, "topics", "copies", "--since", since, "--json").rows
    assert copied["id"] == "copy"
    assert call(capsys, "topics", "harbours", "--since", since, "--limit", "0").out == f"{lines[0]}\n"
    assert call(capsys, "topics", "harbours", "--since", "2100-01-01").out.endswith("carried by 0 outlets\n")


@pytest.mark.usefixtures("files")
def test_a_backtest_says_what_would_have_been_sent(capsys: pytest.CaptureFixture[str]) -> None:
    """By cadence and limit, of a topic or of a query that is none yet; and what another query would change."""
    since = ("--since", f"{START:%Y-%m-%d}")
    rows = call(capsys, "topics", "backtest", f'"no {WORD}"', *since, "--json").rows
    assert [row["id"] for row in rows[:-1]] == ["other"]
    assert (rows[-1]["topic"], rows[-1]["alerts"], rows[-1]["outlets"]) == ("query", 1, 1)
    printed = call(capsys, "topics", "backtest", "harbours", *since).out
    told = {line[:16].strip(): line[16:].split() for line in printed.splitlines() if line[-1:].isdigit()}
    assert told["as it is"] == told["now"] == ["2", "2", "0", "0"]
    assert told["daily"] == ["1", "0", "1", "2"]
    assert told["now, limit 1/h"][0] == "2"
    compared = call(capsys, "topics", "harbours", *since, "--query", f"title:other -{WIRE[1].split()[0]}xyz")
    assert "instead of 2 stories: 0 more, 1 no more\n- The [port] closed  one\n" in compared.out
    rows = call(capsys, "topics", "harbours", *since, "--query", "title:other", "--json").rows
    assert rows[-1] == {"added": [], "lost": ["wire"]}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backtest", "(ferry"), "this bracket is not closed"),
        (("backtest", "NOT", "ferry"), "would be met by everything"),
        (("harbours", "--query", "*"), "character 1"),
        (("harbours", "--since", "soon"), "--since soon: must be a duration such as 7d"),
        (("backtest",), "backtest: no such topic"),
    ],
)
@pytest.mark.usefixtures("files")
def test_what_is_asked_wrongly_is_one_line(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    """With exit code 2."""
    called = call(capsys, "topics", *words)
    assert (called.code, len(called.err.strip().splitlines())) == (2, 1)
    assert said in called.err


def test_a_topic_that_rings_more_often_than_it_expects_is_worth_a_look(
    capsys: pytest.CaptureFixture[str], files: ElasticIndex
) -> None:
    """check-config asks the server about topics that say what they expect; those that keep to it are not named."""
    for number in range(8):
        text = [f"{WORD} {number}", *paragraphs(20 + number, 5)]
        kept(files, document(f"n{number}", text))
    said = call(capsys, "check-config").err
    loud = [line for line in said.splitlines() if "expects" in line]
    assert len(loud) == 1
    assert "topic harbours expects 1 alerts a day and would have rung 1.4 times a day" in loud[0]
