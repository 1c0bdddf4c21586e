"""The sheet of an export: the same for the same, and what it says when something is otherwise."""

from hypothesis import given
from hypothesis import strategies as st

from copydesk.index.served import Health
from copydesk.query.terms import Clock
from copydesk.views.exports import unfolded
from copydesk.views.search import search
from copydesk.views.sheets import Sheet, changes_since, sheet_of
from copydesk.views.sources import source_reports
from made.desks import carried
from made.world import World, source

SERVER = Health(status="green", version="9.5.0", generation=3, mapping=6)
TEXTS = st.dictionaries(st.text(max_size=2), st.text(max_size=1))


def made(world: World, query: str) -> Sheet:
    now = world.clock.now()
    sources = [source(name) for name in ("one", "two", "three", "four")]
    found = search(world.index, query, Clock(now))
    rows = list(unfolded(world.index, found))
    reports = source_reports(world.index, sources, now)
    return sheet_of(world.index, query, found, rows, server=SERVER, sources=reports, now=now)


def test_a_sheet_says_what_was_asked_and_what_was_found() -> None:
    """Query, time, versions, numbers, a checksum of the rows and of each text, and who could not be read."""
    world = carried()
    sheet = made(world, "outlet:two")
    assert (sheet.query, sheet.elasticsearch, sheet.generation, sheet.mapping) == (
        "outlet:two",
        "9.5.0",
        3,
        6,
    )
    assert (sheet.stories, sheet.articles, sheet.rows, len(sheet.texts)) == (1, 1, 2, 2)
    assert [(gap.source, gap.read_at) for gap in sheet.gaps] == [("four", None)]
    assert "was never asked" in sheet.gaps[0].reason
    assert made(world, "outlet:two") == sheet
    assert made(world, "outlet:three").sha256 != sheet.sha256


@given(TEXTS, TEXTS)
def test_every_difference_of_two_sheets_is_told_once(before: dict[str, str], now: dict[str, str]) -> None:
    """What is new, gone or changed brings one sheet to the other; of equal ones nothing is told."""
    told = changes_since(before, now)
    mended = {id_: text for id_, text in before.items() if id_ not in told.gone}
    mended |= {id_: now[id_] for id_ in (*told.new, *told.changed)}
    assert mended == now
    assert len({*told.new, *told.gone, *told.changed}) == len(told.new + told.gone + told.changed)
    assert changes_since(now, now) == changes_since({}, {})
