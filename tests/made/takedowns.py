"""Outlets with a page that is to be forgotten, and what must hold when it is."""

from datetime import timedelta

import orjson

from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.model import Source
from copydesk.operating.replaying import replay
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.takedowns import target_of
from copydesk.views.status import funnel
from made.published import WIRE, articles, run
from made.published import published as announced
from made.world import START, World, page

ONE = "https://one.example/story"
TARGETS = (ONE, "one")
TITLE = "one says what happened"

DATED = (
    f'<head><meta property="article:published_time" content="{START - timedelta(hours=1):%FT%TZ}">'.encode()
)


def published(world: World) -> list[Source]:
    """Three outlets, two of them with the same text; what rings for it shows the page that is to be forgotten."""
    sources = announced(world)
    world.web.pages[ONE] = page(TITLE, *WIRE).replace(b"<head>", DATED)
    return sources


def is_gone(world: World) -> None:
    """Nothing of the target is anywhere, its addresses and captures say why, and the counts balance."""
    world.index.refresh()
    assert "one" not in articles(world)
    left = {row.id: row.body for row in world.index.scan(Kind.ARTICLES)}
    assert {body["duplicate_of"] for body in left.values() if body.get("duplicate_of")} <= left.keys()
    held = [made for made_in in world.archive.closed.values() for made in made_in if made.kind == "page"]
    assert ONE not in {made.url for made in held}
    rows = world.index.get(Kind.LEDGER, [target_of(ONE).key])
    (ledger,) = (from_record(LedgerRecord, row.body) for row in rows.values())
    assert (ledger.outcome, ledger.reason) == (EntryOutcome.REFUSED, Reason.TAKEN_DOWN)
    assert ledger.entry_title is None
    captures = [from_record(CaptureRecord, row.body) for row in world.index.scan(Kind.CAPTURES)]
    ends = {(record.outcome, record.reason) for record in captures if record.url == ONE}
    assert ends <= {(CaptureOutcome.REJECTED, Reason.TAKEN_DOWN)}
    kinds = (Kind.ALERTS, Kind.VERSIONS, Kind.REFUSED, Kind.LEDGER, Kind.ARTICLES)
    assert TITLE.encode() not in b"".join(
        orjson.dumps(row.body) for kind in kinds for row in world.index.scan(kind)
    )
    beside = [content for name, content in world.archive.files.items() if name.startswith("journal/")]
    assert TITLE.encode() not in b"".join(beside)
    assert funnel(world.index).imbalance == 0


def lasts(world: World) -> None:
    """It is gone, and stays so when everything is announced, worked on and rebuilt once more."""
    is_gone(world)
    sent = len(world.post.sent)
    run(world, published(world))
    is_gone(world)
    replay(world.ports)
    is_gone(world)
    assert set(articles(world)) == {"two", "three"}
    assert not any(TITLE.encode() in message.body for message in world.post.sent[sent:])
