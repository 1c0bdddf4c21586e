"""What the commands print of one made index, compared with a kept file character by character.

After a change that is meant: COPYDESK_TEST_KEEP=1 with this test writes tests/data/outputs.txt anew; read the diff.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.index import Body, Kind
from copydesk.index.records import to_record
from copydesk.index.state import Delivery, DeliveryState, PollRecord, SegmentRecord, Told
from copydesk.judging.applying import judge
from copydesk.model import Document
from copydesk.storing.settling import settle
from copydesk.storing.versions import plan
from copydesk.storing.writing import store
from copydesk.urls import url_key
from local.processes import ROOT
from made import days
from made.commands import call
from made.documents import NOVEMBER, put
from made.texts import document, paragraphs

KEPT = ROOT / "tests/data/outputs.txt"
WIRE = paragraphs(3, 5)
OTHER = paragraphs(4, 5)
RETOLD = [*OTHER[:1], *paragraphs(5, 3)]
TIMES = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00)?|\d\d-\d\d \d\d:\d\d")
TOPICS = f"""
channels:
  desk: {{kind: atom, path: feed.xml}}
topics:
  - {{name: harbours, title: "The [port]", any: [{OTHER[0].split()[1]}], none: [zzz], channels: [desk]}}
  - {{name: nothing, any: [qqqq]}}
"""


def documents() -> list[Document]:
    """A wire with three copies, one of them long; another text, and a roundup of the two."""
    made = [
        document("wire", WIRE, outlet="one", agency="DPN", title="The [bridge] closed"),
        document("cut", WIRE[:3], outlet="two", minutes=30),
        document("whole", WIRE, outlet="three", minutes=40),
        document("other", OTHER, outlet="three", minutes=60),
        document("retold", RETOLD, outlet="four", minutes=70),
        document("brief", [*WIRE[:2], *OTHER[:2]], outlet="five", minutes=90, title="News in brief"),
        document("untitled", paragraphs(9, 2), outlet="six", minutes=95),
    ]
    made[-1] = replace(made[-1], title="")
    return [replace(one, id=url_key(one.url)) for one in made]


def fill(index: ElasticIndex) -> None:
    """Articles, and a record of each kind that `status` tells of."""
    index.setup()
    made = documents()
    plans = plan(index, made)
    changed = judge(index, made)
    store(index, plans, made[0].fetched_at)
    settle(index, changed)
    put(index, Kind.LEDGER, {url_key(one.url): _entry(one, number) for number, one in enumerate(made)})
    put(index, Kind.CAPTURES, {f"c{number}": _capture(one, number) for number, one in enumerate(made)})
    at = days.TODAY - timedelta(hours=1)
    read = PollRecord(source="one", url="https://one.example/f", next_poll_at=at, polled_at=at, read_at=at)
    failed = replace(read, source="two", reason="status", detail="status 500", failures=2, read_at=None)
    part = replace(failed, parent="https://two.example/i", url="https://two.example/p")
    put(index, Kind.POLLS, {f"p{n}": to_record(one) for n, one in enumerate((read, failed, part))})
    segment = SegmentRecord(name="s1.warc.gz", captures=len(made) + 1, registered_at=at, attempts=1)
    resting = replace(
        segment, name="s2.warc.gz", captures=0, retry_at=at, reason="internal", detail="a fault"
    )
    put(index, Kind.SEGMENTS, {one.name: to_record(one) for one in (segment, resting)})
    dead = Delivery(id="d", alert="a", channel="desk", created_at=at, state=DeliveryState.DEAD, detail="gone")
    sent = replace(dead, id="e", state=DeliveryState.SENT, detail="")
    put(index, Kind.DELIVERIES, {one.id: to_record(one) for one in (dead, sent)})
    told = Told(topic="harbours", article=made[0].id, at=at, reason="too-old")
    put(index, Kind.TOLD, {"t": to_record(told)})
    put(index, Kind.ALERTS, {"a": {"topic": "harbours", "story": made[0].id}})
    index.refresh()


def _entry(one: Document, number: int) -> Body:
    ended = (
        {"outcome": "captured"} if number else {"outcome": "failed", "reason": "gone", "detail": "status 404"}
    )
    seen: Body = {"url": one.url, "first_seen_at": NOVEMBER, "host": f"{one.outlet}.example", "shard": 0}
    where: Body = {
        "source": one.outlet,
        "sources": [one.outlet],
        "outlet": one.outlet,
        "publisher": one.outlet,
    }
    return {**seen, **where, **ended}


def _capture(one: Document, number: int) -> Body:
    ended: Body = {"outcome": "indexed", "article": one.id}
    if number == 1:
        ended = {"outcome": "rejected", "reason": "no-text"}
    where: Body = {"id": f"c{number}", "outlet": one.outlet, "source": one.outlet, "segment": "s1.warc.gz"}
    return {"url": one.url, "first_seen_at": NOVEMBER, **where, **ended}


def calls(folder: Path) -> list[tuple[str, ...]]:
    """What is asked, in this order."""
    wire, cut, whole, other, retold, brief, untitled = (one.url for one in documents())
    words = OTHER[0].split()
    (folder / "topics.yml").write_text(TOPICS)
    for name, lines in (
        ("a.txt", WIRE),
        ("b.txt", WIRE[:3]),
        ("c.txt", [*WIRE[:2], *OTHER[:2]]),
        ("d.txt", OTHER),
    ):
        (folder / name).write_text("\n".join(lines))
    asked = [
        *(("why-same", one, two) for one, two in ((wire, cut), (cut, wire), (cut, whole), (brief, wire))),
        *(("why-same", one, two) for one, two in ((other, brief), (other, retold), (wire, untitled))),
        *(("family", one) for one in (cut, other, brief)),
        *(("why", one) for one in (cut, "https://nowhere.example/")),
        ("search", words[1], words[2]),
        ("search", "qqqq"),
        ("search", "--outlet", "six"),
        ("search", "--language", "en", "--limit", "2", WIRE[0].split()[1]),
        ("topics",),
        ("topics", "harbours"),
        ("topics", "nothing"),
        ("status",),
        ("split", cut),
        ("why-same", wire, cut),
        ("join", cut, wire),
        ("family", wire),
        ("join", "--story", wire, other),
        ("why-same", wire, other),
        ("judge", "a.txt", "b.txt", "c.txt", "d.txt"),
        ("audit", "pairs.jsonl"),
    ]
    exported = ("export", "--format", "ndjson", words[1])
    return [exported, *(one for words in asked for one in (words, (*words, "--json")))]


def outputs(capsys: pytest.CaptureFixture[str], folder: Path, hidden: dict[str, str]) -> Iterator[str]:
    """Each call with what it printed; what changes from run to run is replaced by what it is."""
    for asked in calls(folder):
        called = call(capsys, *asked)
        text = f"$ copydesk {' '.join(asked)}\n{called.out}{called.err}exit {called.code}\n\n"
        for value, name in hidden.items():
            text = text.replace(value, name)
        yield re.sub(" +$", "", TIMES.sub("<time>", text), flags=re.MULTILINE)


@pytest.mark.elasticsearch
def test_outputs_stay(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    prefix: str,
    elasticsearch_url: str,
    tmp_path: Path,
) -> None:
    """Nothing a command prints of this index changes unseen."""
    fill(open_index(elasticsearch_url, prefix=prefix))
    monkeypatch.chdir(tmp_path)
    hidden = {str(tmp_path): "<folder>", prefix: "<prefix>", elasticsearch_url: "<server>"}
    printed = "".join(outputs(capsys, tmp_path, hidden))
    if os.environ.get("COPYDESK_TEST_KEEP"):
        KEPT.write_text(printed, encoding="utf-8")
    assert printed == KEPT.read_text(encoding="utf-8")
