"""Which index a document lives in. Pure, but for `read_layout`, which asks the server.

State kinds live in `<prefix><kind>`. Derived kinds live in generations: replay fills `<prefix><kind>-g<N+1>`
beside the live `-g<N>`, then the alias `<prefix><kind>` moves over. Some are split further by time:
`-g1-2026.11` by month, `-g1-2026-w47` by ISO week.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from elasticsearch import Elasticsearch

from copydesk.mapping import DERIVED, PARTITIONS
from copydesk.ports import Json, Kind

__all__ = ["Layout", "generation_index", "label_of", "labels_within", "parse_time", "read_layout", "span"]

NAME = re.compile(r"(?P<kind>[a-z]+)-g(?P<generation>[0-9]+)(-(?P<label>[0-9]{4}(\.[0-9]{2}|-w[0-9]{2})))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """The derived indices of a prefix.

    Attributes:
        live: The generation behind the aliases; 0 when there is none yet.
        indices: Generation -> kind -> labels of its partitions ("" for a kind that is not split).
    """

    live: int = 0
    indices: Mapping[int, Mapping[Kind, frozenset[str]]] = field(default_factory=dict)

    def labels(self, kind: Kind, generation: int) -> frozenset[str]:
        """The partitions of a kind in a generation."""
        return self.indices.get(generation, {}).get(kind, frozenset())


def generation_index(prefix: str, kind: Kind, generation: int, label: str = "") -> str:
    """Name of a derived index, or of one of its partitions."""
    return f"{prefix}{kind}-g{generation}" + (f"-{label}" if label else "")


def parse_time(value: Json) -> datetime | None:
    """An ISO time as UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def label_of(kind: Kind, first_seen_at: Json) -> str | None:
    """The partition for a first-seen time: "" for a kind that is not split, None when the time is no time."""
    if kind not in PARTITIONS:
        return ""
    moment = parse_time(first_seen_at)
    if moment is None:
        return None
    day = moment.astimezone(UTC)
    if PARTITIONS[kind] == "month":
        return f"{day:%Y.%m}"
    week = day.isocalendar()
    return f"{week.year:04}-w{week.week:02}"


def span(label: str) -> tuple[date, date]:
    """First day of a partition and first day after it."""
    if "w" in label:
        monday = date.fromisocalendar(int(label[:4]), int(label[-2:]), 1)
        return monday, monday + timedelta(days=7)
    first = date(int(label[:4]), int(label[5:]), 1)
    return first, (first + timedelta(days=31)).replace(day=1)


def labels_within(labels: Iterable[str], since: str, until: str) -> list[str]:
    """Those partitions that can hold something seen from `since` and before `until`; all if a time is none."""
    begin, end = parse_time(since), parse_time(until)
    if begin is None or end is None:
        return sorted(labels)
    first, last = begin.astimezone(UTC).date(), end.astimezone(UTC).date()
    return sorted(label for label in labels if span(label)[0] <= last and span(label)[1] > first)


def read_layout(client: Elasticsearch, prefix: str) -> Layout:
    """What exists on the server under a prefix."""
    answer = client.indices.get_alias(index=f"{prefix}*-g*", expand_wildcards="all")
    live, indices = 0, dict[int, dict[Kind, set[str]]]()
    for name, entry in answer.items():
        match = NAME.fullmatch(name.removeprefix(prefix))
        if match is None or match["kind"] not in set(DERIVED):
            continue
        generation = int(match["generation"])
        indices.setdefault(generation, {}).setdefault(Kind(match["kind"]), set()).add(match["label"] or "")
        if match["kind"] == Kind.STORIES and f"{prefix}{Kind.STORIES}" in entry["aliases"]:
            live = generation
    return Layout(
        live,
        {
            number: {kind: frozenset(labels) for kind, labels in kinds.items()}
            for number, kinds in indices.items()
        },
    )
