"""`/metrics`: the funnel for Prometheus, as of the request. All are gauges: replays and takedowns lower them."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from copydesk.page.desk import Desk
from copydesk.views.status import Funnel, funnel

__all__ = ["metrics"]

TOTALS: Mapping[str, str] = {
    "articles": "Articles in the index.",
    "originals": "Articles that copy no other.",
    "stories": "Stories that the articles tell.",
    "alerts": "Alerts that have rung.",
    "waiting": "Refused documents that wait to be sent again.",
    "imbalance": "Registered captures without any outcome; not 0 means that something was lost.",
}


def metrics(desk: Desk) -> bytes:
    """What `status` counts, in Prometheus' text format; sources that are no longer asked have no times."""
    with desk.index() as index:
        seen = funnel(index, {source.name for source in desk.sources()})
    registry = CollectorRegistry()
    for name, says in TOTALS.items():
        Gauge(f"copydesk_{name}", says, registry=registry).set(seen.totals[name])
    _measure_flow(registry, seen)
    _measure_sources(registry, seen)
    return generate_latest(registry)


def _measure_flow(registry: CollectorRegistry, seen: Funnel) -> None:
    labels = ["source", "outcome"]
    ended = {
        "entries": Gauge("copydesk_entries", "Addresses announced, by outcome.", labels, registry=registry),
        "captures": Gauge("copydesk_captures", "Pages archived, by outcome.", labels, registry=registry),
    }
    for source in seen.sources:
        for what, counts in seen.outcomes(source).items():
            for outcome, number in counts.items():
                ended[what].labels(source, outcome).set(number)
    left = Gauge("copydesk_left", "What left the street, by reason.", ["reason"], registry=registry)
    for reason, number in seen.reasons.items():
        left.labels(reason).set(number)
    sent = Gauge("copydesk_deliveries", "Deliveries, by state.", ["channel", "state"], registry=registry)
    for channel, states in seen.channels.items():
        for state, number in states.by_state.items():
            sent.labels(channel, state).set(number)


def _measure_sources(registry: CollectorRegistry, seen: Funnel) -> None:
    failures = Gauge(
        "copydesk_source_failures", "How often in a row it could not be read.", ["source"], registry=registry
    )
    times = Gauge(
        "copydesk_source_seconds",
        "When it was last asked, read, or brought something new, in Unix time.",
        ["source", "when"],
        registry=registry,
    )
    for cursor in seen.polls:
        failures.labels(cursor.source).set(cursor.failures)
        for when, at in (("asked", cursor.polled_at), ("read", cursor.read_at), ("new", cursor.new_at)):
            if at is not None:
                times.labels(cursor.source, when).set(at.timestamp())
