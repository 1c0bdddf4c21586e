"""What Prometheus reads: the counts of `status`, in its own format."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from copydesk.errors import IndexUnreachable
from copydesk.index import Index
from copydesk.page.app import make_app
from copydesk.views.status import funnel
from made.desks import carried, desk_of
from made.world import World, source

NAMES = ("one", "two", "three")
LABELS = ("reason", "channel", "source", "outcome", "state", "when")


def measured(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Values by the labels of each family, as the library's own parser reads them."""
    return {
        family.name.removeprefix("copydesk_"): {
            tuple(sample.labels[name] for name in LABELS if name in sample.labels): sample.value
            for sample in family.samples
        }
        for family in text_string_to_metric_families(text)
    }


def test_metrics_say_what_status_says() -> None:
    """Totals, and every entry and capture by source and outcome; the source's times are those of its cursor."""
    world = carried()
    answer = TestClient(make_app(desk_of(world, *map(source, NAMES)))).get("/metrics")
    seen, found = funnel(world.index, NAMES), measured(answer.text)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert {name: found[name][()] for name in seen.totals} == seen.totals
    for name in seen.sources:
        for what, counts in seen.outcomes(name).items():
            assert {outcome: found[what][name, outcome] for outcome in counts} == counts
    assert found["left"] == {(reason,): number for reason, number in seen.reasons.items()}
    read = {one.source: one.read_at.timestamp() for one in seen.polls if one.read_at}
    assert {name: found["source_seconds"][name, "read"] for name in NAMES} == read
    assert set(found["source_failures"]) == {(name,) for name in NAMES}


def test_a_server_that_is_away_is_no_success() -> None:
    """So that whoever scrapes sees an outage, not zeros; in one line."""

    @contextmanager
    def away() -> Iterator[Index]:
        raise IndexUnreachable("nobody answers")
        yield

    answer = TestClient(make_app(replace(desk_of(World()), index=away))).get("/metrics")
    assert (answer.status_code, answer.text) == (503, "nobody answers\n")
