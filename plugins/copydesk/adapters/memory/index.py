"""An Index that lives in this process: exact, unordered, gone at exit.

Touches nothing. Serves `copydesk judge --jsonl` and the tests; every document is visible at once, unless
`lag` holds the newest writes back from the searching methods until `refresh`. It refuses what Elasticsearch
would refuse for its mapping, so that a forgotten field is found without a server.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, product
from itertools import count as numbers
from typing import Any

from copydesk.adapters.elastic.partitions import PARTITIONS, label_of, labels_before, month_begin, parse_time
from copydesk.adapters.memory.emulation import conflict, fits, kept, nearest, outlets_of, tallied, values
from copydesk.index import (
    DERIVED,
    FIND_MOST,
    Found,
    Hit,
    Json,
    Kind,
    Order,
    Probe,
    Results,
    Spread,
    Stored,
    Where,
    Write,
)
from copydesk.index.accepted import milliseconds
from copydesk.index.mapping import UNKEPT
from copydesk.query import tree as asked
from copydesk.query.holding import first_place, meets
from copydesk.query.seen import see

__all__ = ["MemoryIndex"]

INVERTED = {Kind.FINGERPRINTS: UNKEPT[Kind.FINGERPRINTS], Kind.ARTICLES: ("story",)}
"""Keyword fields that `candidates` looks up, and by which articles are found one story at a time: worth a list each."""

Rows = dict[str, Found]
Lists = dict[tuple[str, str], dict[str, None]]


@dataclass(slots=True)
class MemoryIndex:
    """All documents by kind and id.

    Attributes:
        lag: Whether written documents stay invisible to searching methods until `refresh`, as on a server.
        number: The generation of the derived kinds.
    """

    lag: bool = False
    number: int = 1
    is_frozen: bool = False
    _rows: dict[Kind, Rows] = field(default_factory=lambda: {kind: {} for kind in Kind})
    _seen: dict[Kind, Rows] = field(default_factory=lambda: {kind: {} for kind in Kind})
    _lists: Lists = field(default_factory=lambda: defaultdict(dict))
    _waiting: dict[Kind, dict[str, None]] = field(default_factory=lambda: {kind: {} for kind in Kind})
    _numbers: Iterator[int] = field(default_factory=numbers)
    _generations: dict[int, "MemoryIndex"] = field(default_factory=dict)

    def begin_generation(self) -> "MemoryIndex":
        """Empty derived kinds beside these; the state kinds are the very same."""
        self._generations[self.number] = self
        number = max(self._generations) + 1
        for given_up in set(self._generations) - {self.number}:
            del self._generations[given_up]
        self._generations[number] = MemoryIndex(
            lag=self.lag,
            number=number,
            _rows={kind: {} if kind in DERIVED else rows for kind, rows in self._rows.items()},
            _seen={kind: {} if kind in DERIVED else rows for kind, rows in self._seen.items()},
            _waiting={kind: {} if kind in DERIVED else ids for kind, ids in self._waiting.items()},
            _numbers=self._numbers,
            _generations=self._generations,
        )
        return self._generations[number]

    def swap(self, to: int) -> None:
        """Take over the derived kinds of that generation, which go on being shared with it."""
        self.number, (self._rows, self._seen, self._waiting, self._lists) = (
            to,
            self._generations[to].documents(),
        )
        for old in set(self._generations) - {to}:
            del self._generations[old]

    def documents(self) -> tuple[dict[Kind, Rows], dict[Kind, Rows], dict[Kind, dict[str, None]], Lists]:
        """All that is kept: written, visible, waiting to be visible, looked up by value."""
        return self._rows, self._seen, self._waiting, self._lists

    def drop_older_than(self, kind: Kind, month: str) -> list[str]:
        """Delete the months or weeks of a kind that end before a month begins; their names."""
        old = self._older_than(kind, month)
        for id_ in old:
            del self._rows[kind][id_]
            self._show(kind, id_)
        return [f"{kind}-{label}" for label in sorted(set(old.values()))]

    def days_older_than(self, kind: Kind, month: str) -> dict[str, int]:
        """As the port says."""
        times = (self._rows[kind][id_].body["first_seen_at"] for id_ in self._older_than(kind, month))
        return dict(sorted(Counter(f"{parse_time(time):%Y-%m-%d}" for time in times).items()))

    def _older_than(self, kind: Kind, month: str) -> dict[str, str]:
        """The documents of the months or weeks of a kind that end before a month begins, and in which each lies."""
        if kind not in PARTITIONS:
            return {}
        labels = {
            id_: label_of(kind, row.body.get("first_seen_at")) or "" for id_, row in self._rows[kind].items()
        }
        old = labels_before(set(labels.values()), month_begin(month))
        return {id_: label for id_, label in labels.items() if label in old}

    def compact(self, kind: Kind, day: date) -> list[str]:  # noqa: ARG002 (the port's)
        """As the port says: nothing to do here."""
        return []

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        """As the port says."""
        rows = self._rows[kind]
        return {id_: _given(kind, rows[id_]) for id_ in ids if id_ in rows}

    @contextmanager
    def frozen(self, *kinds: Kind) -> Iterator["MemoryIndex"]:
        """As the port says."""
        seen = {kind: {**rows} if kind in kinds else rows for kind, rows in self._seen.items()}
        rows = {kind: seen[kind] if kind in kinds else rows for kind, rows in self._rows.items()}
        yield replace(self, is_frozen=True, _rows=rows, _seen=seen)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """As the port says, one after the other."""
        if self.is_frozen:
            raise TypeError("a frozen index is only read")
        return [self._write(write) for write in writes]

    def _write(self, write: Write) -> Stored:
        rows = self._rows[write.kind]
        old = rows.get(write.id)
        body = kept(write)
        if isinstance(body, str):
            return Stored("refused", body)
        if conflict(write, old):
            return Stored("conflict")
        if body is None:
            rows.pop(write.id, None)
        else:
            version = write.version if write.version is not None else (old.version + 1 if old else 1)
            rows[write.id] = Found(write.id, body, next(self._numbers), 1, version)
        self._waiting[write.kind][write.id] = None
        if not self.lag:
            self.refresh(write.kind)
        return Stored("stored")

    def refresh(self, *kinds: Kind) -> None:
        """As the port says; all kinds when none is named."""
        for kind in kinds or Kind:
            waiting = list(self._waiting[kind])
            self._waiting[kind].clear()
            for id_ in waiting:
                self._show(kind, id_)

    def _show(self, kind: Kind, id_: str) -> None:
        old, new = self._seen[kind].pop(id_, None), self._rows[kind].get(id_)
        for name in INVERTED.get(kind, ()):
            for value in values(kind, old.body if old else {}, name):
                self._lists[name, value].pop(id_, None)
            for value in values(kind, new.body if new else {}, name):
                self._lists[name, value][id_] = None
        if new is not None:
            self._seen[kind][id_] = new

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        """As the port says."""
        rows = self._fitting(kind, where, sort)
        return [_given(kind, row) for row in rows[: min(limit, FIND_MOST)]]

    def spread(self, kind: Kind, where: Where, how: Spread) -> list[Found]:
        """As the port says."""
        rows = self._fitting(kind, where, how.sort)
        names = list(dict.fromkeys(_value_of(kind, row, how.by) for row in rows))[: how.values]
        groups: dict[str, list[Found]] = {name: [] for name in names}
        for row in self._fitting(kind, where, how.within):
            groups.get(_value_of(kind, row, how.by), []).append(row)
        return [_given(kind, row) for group in groups.values() for row in group[: how.most]]

    def _fitting(self, kind: Kind, where: Where, sort: str) -> list[Found]:
        rows = [row for row in self._possible(kind, where) if fits(kind, row.body, where)]
        if not sort:
            return rows
        rows.sort(key=lambda row: row.id)
        descends, name = sort.startswith("-"), sort.lstrip("-")
        present = [(found, row) for row in rows if (found := values(kind, row.body, name))]
        absent = [row for row in rows if not values(kind, row.body, name)]
        present.sort(key=lambda pair: (max if descends else min)(pair[0]), reverse=descends)
        return [row for _, row in present] + absent

    def _possible(self, kind: Kind, where: Where) -> Iterable[Found]:
        """All that may fit, as far as lists tell."""
        rows = self._seen[kind]
        for name in INVERTED.get(kind, ()):
            wanted = where.get(name)
            if not self.is_frozen and isinstance(wanted, str | Sequence):
                listed = (self._lists.get((name, one), {}) for one in values(kind, {name: wanted}, name))
                found = set(chain.from_iterable(listed))
                return [row for id_, row in rows.items() if id_ in found]
        return rows.values()

    def scan(self, kind: Kind) -> Iterator[Found]:
        """As the port says, as of one moment."""
        yield from [_given(kind, row) for row in self._seen[kind].values()]

    def count(self, kind: Kind, *by: str) -> dict[tuple[str, ...], int]:
        """As the port says; a document with several values counts for each."""
        rows = self._seen[kind].values()
        return dict(
            Counter(
                group
                for row in rows
                for group in product(*(map(str, values(kind, row.body, name) or [""]) for name in by))
            )
        )

    def candidates(self, probes: Sequence[Probe], *, limit: int = 50) -> list[list[str]]:
        """As the port says; among equals the earliest seen first."""
        return [self._candidates(probe)[:limit] for probe in probes]

    def _candidates(self, probe: Probe) -> list[str]:
        shared: Counter[str] = Counter()
        for name, (wanted, least) in probe.groups.items():
            lists = [self._lists[name, value] for value in set(wanted) if (name, value) in self._lists]
            group = Counter(chain.from_iterable(lists))
            shared.update({id_: times for id_, times in group.items() if times >= least})
        rows = self._seen[Kind.FINGERPRINTS]
        seen = {
            id_: _milliseconds(rows[id_].body["first_seen_at"])
            for id_ in set(shared).difference(probe.without)
        }
        since, until = _milliseconds(probe.since), _milliseconds(probe.until)
        within = [id_ for id_, seen_at in seen.items() if since <= seen_at < until]
        return sorted(within, key=lambda id_: (-shared[id_], seen[id_], id_))

    def search(
        self, query: asked.Node, *, where: Where | None = None, order: Order = Order.BEST, limit: int = 10
    ) -> Results:
        """As the port says; what stands in a title counts more."""
        rows = self._fitting(Kind.ARTICLES, where or {}, "-published_at")
        found = [(row, seen) for row in rows if meets(query, seen := see(row.body))]
        terms = [] if order == Order.NEWEST else list(asked.wanted(query))
        found.sort(key=lambda pair: -sum(first_place(pair[1].title, term) is not None for term in terms))
        stories: dict[str, list[Found]] = defaultdict(list)
        for row, _ in found:
            stories[str(row.body.get("story") or row.id)].append(row)
        if order == Order.CARRIED:
            stories = dict(sorted(stories.items(), key=lambda story: (-outlets_of(story[1]), story[0])))
        firsts = list(stories.values())[:limit]
        hits = [Hit(id=copies[0].id, body=copies[0].body, copies=len(copies)) for copies in firsts]
        return Results(hits=hits, stories=len(stories), articles=len(found))

    def tally(self, query: asked.Node, *by: str) -> dict[str, dict[str, int]]:
        """As the port says."""
        counts: dict[str, Counter[Any]] = {name: Counter() for name in by}
        for row in self._seen[Kind.ARTICLES].values():
            if meets(query, seen := see(row.body)):
                dated_at = seen.dated_at.isoformat() if seen.dated_at else None
                for name, counter in counts.items():
                    counter.update(values(Kind.ARTICLES, {**row.body, "dated_at": dated_at}, name))
        return {name: tallied(name, counter) for name, counter in counts.items()}

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        """As the port says."""
        rows = self._seen[Kind.ARTICLES].values()
        known = {word for row in rows for body in see(row.body).body for word in body.words}
        near = {word: nearest(word, known) for word in words if word not in known}
        return {word: other for word, other in near.items() if other}


def _milliseconds(value: Json) -> int:
    return milliseconds(value) or 0


def _value_of(kind: Kind, row: Found, name: str) -> str:
    return str(next(iter(values(kind, row.body, name)), ""))


def _given(kind: Kind, row: Found) -> Found:
    """A document as it is given back."""
    if kind not in UNKEPT:
        return row
    return replace(row, body={name: item for name, item in row.body.items() if name not in UNKEPT[kind]})
