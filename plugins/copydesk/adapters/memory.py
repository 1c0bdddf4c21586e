"""An Index that lives in this process: exact, unordered, gone at exit.

Touches nothing. Serves `copydesk judge --jsonl` and the tests; every document is visible at once, unless
`lag` holds the newest writes back from the searching methods until `refresh`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from copydesk.model import Topic
from copydesk.ports import Body, Found, Hit, Json, Kind, Match, Probe, Range, Stored, Where, Write
from copydesk.topics import match_article

__all__ = ["MemoryIndex"]

INVERTED = {Kind.FINGERPRINTS: ("terms", "quotes", "names")}
"""Keyword fields that `candidates` looks up; only these are worth an inverted list."""


@dataclass(slots=True)
class MemoryIndex:
    """All documents by kind and id.

    Attributes:
        lag: Whether written documents stay invisible to searching methods until `refresh`, as on a server.
    """

    lag: bool = False
    _rows: dict[Kind, dict[str, Found]] = field(default_factory=lambda: defaultdict(dict))
    _seen: dict[Kind, dict[str, Found]] = field(default_factory=lambda: defaultdict(dict))
    _lists: dict[tuple[str, str], dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _waiting: dict[Kind, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _seq: int = 0

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        rows = self._rows[kind]
        return {id_: rows[id_] for id_ in ids if id_ in rows}

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        return [self._write(write) for write in writes]

    def _write(self, write: Write) -> Stored:
        rows = self._rows[write.kind]
        old = rows.get(write.id)
        if conflict(write, old):
            return Stored("conflict")
        self._seq += 1
        if write.body is None:
            rows.pop(write.id, None)
        else:
            version = write.version if write.version is not None else (old.version + 1 if old else 1)
            rows[write.id] = Found(write.id, write.body, self._seq, 1, version)
        self._waiting[write.kind][write.id] = None
        if not self.lag:
            self.refresh(write.kind)
        return Stored("stored")

    def refresh(self, *kinds: Kind) -> None:
        for kind in kinds:
            waiting, self._waiting[kind] = self._waiting[kind], {}
            for id_ in waiting:
                self._show(kind, id_)

    def _show(self, kind: Kind, id_: str) -> None:
        old, new = self._seen[kind].pop(id_, None), self._rows[kind].get(id_)
        for name in INVERTED.get(kind, ()):
            for value in values(old, name):
                self._lists[name, value].pop(id_, None)
            for value in values(new, name):
                self._lists[name, value][id_] = None
        if new is not None:
            self._seen[kind][id_] = new

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        rows = [row for row in self._seen[kind].values() if fits(row.body, where)]
        if sort:
            name = sort.lstrip("-")
            rows.sort(key=lambda row: str(row.body.get(name) or ""), reverse=sort.startswith("-"))
        return rows[:limit]

    def scan(self, kind: Kind) -> Iterator[Found]:
        yield from list(self._seen[kind].values())

    def count(self, kind: Kind, *by: str) -> dict[tuple[str, ...], int]:
        return dict(
            Counter(
                tuple(str(row.body.get(name) or "") for name in by) for row in self._seen[kind].values()
            ),
        )

    def candidates(self, probes: Sequence[Probe], *, limit: int = 50) -> list[list[str]]:
        return [self._candidates(probe)[:limit] for probe in probes]

    def _candidates(self, probe: Probe) -> list[str]:
        shared: Counter[str] = Counter()
        enough: set[str] = set()
        for name, (wanted, least) in probe.groups.items():
            group = Counter(id_ for value in wanted for id_ in self._lists.get((name, value), ()))
            enough.update(id_ for id_, times in group.items() if times >= least)
            shared.update(group)
        rows = self._seen[Kind.FINGERPRINTS]
        within = [
            id_
            for id_ in enough.difference(probe.without)
            if probe.since <= str(rows[id_].body["first_seen_at"]) < probe.until
        ]
        return sorted(within, key=lambda id_: (-shared[id_], id_))

    def match(self, topics: Sequence[Topic], articles: Sequence[str]) -> list[Match]:
        rows = self._seen[Kind.ARTICLES]
        found = (match_article(topic, id_, rows[id_].body) for topic in topics for id_ in articles if id_ in rows)
        return [match for match in found if match is not None]

    def search(self, query: str, *, where: Where | None = None, limit: int = 10) -> list[Hit]:
        words = query.lower().split()
        stories: dict[str, list[Found]] = defaultdict(list)
        for row in self.find(Kind.ARTICLES, where or {}, sort="-published_at", limit=10**9):
            text = f"{row.body.get('title')} {row.body.get('text')}".lower()
            if all(word in text for word in words):
                stories[str(row.body.get("story") or row.id)].append(row)
        return [
            Hit(id=rows[0].id, body=rows[0].body, snippet=str(rows[0].body["text"])[:160], copies=len(rows))
            for rows in list(stories.values())[:limit]
        ]


def conflict(write: Write, old: Found | None) -> bool:
    """Whether the guard of a write does not hold against the stored document. Pure."""
    if write.create:
        return old is not None
    if write.seen is not None:
        return old is None or old.seq != write.seen.seq
    return write.version is not None and old is not None and old.version >= write.version


def values(row: Found | None, name: str) -> Sequence[str]:
    """The values of a multi-valued keyword field; empty when absent."""
    item = row.body.get(name) if row else None
    return [str(value) for value in item] if isinstance(item, Sequence) and not isinstance(item, str) else ()


def fits(body: Body, where: Where) -> bool:
    """Whether a document fulfils every condition. Pure."""
    return all(_fits(body.get(name), wanted) for name, wanted in where.items())


def _fits(item: Json, wanted: object) -> bool:
    if isinstance(wanted, Range):
        text = str(item)
        return (
            item is not None
            and (wanted.gte is None or text >= str(wanted.gte))
            and (wanted.lt is None or text < str(wanted.lt))
        )
    if wanted is None:
        return item is None
    allowed = list(wanted) if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    items = item if isinstance(item, Sequence) and not isinstance(item, str) else [item]
    return any(value in allowed for value in items)
