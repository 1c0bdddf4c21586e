"""The Index: documents by kind and id, real-time by id, searchable after refresh; and the values that cross it.

`adapters/elastic.py` is the real one, `adapters/memory.py` keeps everything in this process.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

from copydesk.query.tree import Node

__all__ = [
    "DERIVED",
    "FIND_MOST",
    "TALLIED",
    "Body",
    "Found",
    "Generations",
    "Hit",
    "Index",
    "Json",
    "Kind",
    "Order",
    "Probe",
    "Range",
    "Results",
    "Spread",
    "Stored",
    "Where",
    "Without",
    "Write",
]

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"


Body: TypeAlias = Mapping[str, Json]


class Kind(StrEnum):
    """What is kept in Elasticsearch. The derived kinds are rebuilt by replay, the others never touched by it."""

    ARTICLES = "articles"
    VERSIONS = "versions"
    CAPTURES = "captures"
    FINGERPRINTS = "fingerprints"
    JUDGEMENTS = "judgements"
    FAMILIES = "families"
    STORIES = "stories"
    # not derivable, backed up beside the archive
    LEDGER = "ledger"
    SEGMENTS = "segments"
    POLLS = "polls"
    ALERTS = "alerts"
    TOLD = "told"
    DELIVERIES = "deliveries"
    TAKEDOWNS = "takedowns"
    RULINGS = "rulings"
    REFUSED = "refused"
    HOSTS = "hosts"


DERIVED = (
    Kind.ARTICLES,
    Kind.VERSIONS,
    Kind.CAPTURES,
    Kind.FINGERPRINTS,
    Kind.JUDGEMENTS,
    Kind.FAMILIES,
    Kind.STORIES,
)
"""What replay rebuilds. All other kinds are state, which nothing can rebuild."""


FIND_MOST = 10_000
"""Documents that `find` gives at most: Elasticsearch's limit for one answer (index.max_result_window)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stored document with what guards its next write: sequence number and primary term, and its version."""

    id: str
    body: Body
    seq: int
    term: int
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One document to be written, whole.

    At most one guard is given; without any the write always wins.

    Attributes:
        body: The new document; None deletes it.
        create: Only if there is none of that id yet.
        seen: Only if the stored one is still the one found.
        version: External version: only if the stored one has a lower one.
    """

    kind: Kind
    id: str
    body: Body | None
    create: bool = False
    seen: Found | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a Write: "conflict" when its guard did not hold, "refused" when the server will never take it."""

    status: Literal["stored", "conflict", "refused"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """An open range for `find`: `gte` and `lt` compare ISO times or numbers; None leaves a side open.

    Attributes:
        or_absent: Whether documents without the field fit as well.
    """

    gte: str | int | None = None
    lt: str | int | None = None
    or_absent: bool = False


@dataclass(frozen=True, slots=True)
class Without:
    """None of these values; a document without the field fits."""

    values: Sequence[str]


Where: TypeAlias = Mapping[str, "str | int | bool | Sequence[str] | Sequence[int] | Range | Without | None"]


@dataclass(frozen=True, slots=True)
class Probe:
    """A look-up of stored fingerprints that share enough with a text.

    Attributes:
        groups: Keyword field -> (values, least number of values shared). One satisfied group suffices.
        since, until: Bounds (ISO times, inclusive, exclusive) of the candidates' `first_seen_at`.
        without: Ids never returned (the text itself).
    """

    groups: Mapping[str, tuple[Sequence[str], int]]
    since: str
    until: str
    without: Sequence[str] = ()


class Order(StrEnum):
    """Which stories a search gives first."""

    BEST = "best"
    NEWEST = "newest"
    CARRIED = "carried"  # by most outlets among what is found


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A search result, one per story: the article's id and body, how many articles of the story were found."""

    id: str
    body: Body
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a search found: the best of it, and how many stories and articles there are in all.

    Of more than 40,000 stories the number is near the truth; that of articles is exact.
    """

    hits: Sequence[Hit]
    stories: int
    articles: int


TALLIED = 20
"""Values that `tally` gives of a field that is no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How `spread` chooses.

    Attributes:
        by: The keyword field; documents without it count as one value.
        sort: Which values come first, by their first document in this order.
        within: The order of the documents of a value.
        most: Documents of a value; Elasticsearch gives no more than 100.
        values: Values at most.
    """

    by: str
    sort: str
    within: str
    most: int
    values: int


class Index(Protocol):
    """Documents by kind and id. Decide by `get` and guarded `write`; `find` and friends only find work.

    Every method may raise an IndexUnavailable: IndexUnreachable when the server gives no answer within its patience,
    IndexRefused when it never will, IndexNotSetUp when its indices are missing.
    """

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        """The documents that exist, real-time, by id; unknown ids are absent."""

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Write all, each on its own; answers in the same order. Sending the same writes again is harmless."""

    def refresh(self, *kinds: Kind) -> None:
        """Make what was written visible to `find`, `count`, `candidates` and `search`; all kinds if none is named."""

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        """Documents whose fields fit `where` (value, any of a list, Range, or None for absent), `FIND_MOST` at most.

        Sorted by `sort` ("-f" descends), by the least of several values or the greatest, those without any last;
        equals by id where the kind keeps it as a field.
        """

    def spread(self, kind: Kind, where: Where, how: Spread) -> list[Found]:
        """As `find`, but of each value of a keyword field only the first few documents."""

    def scan(self, kind: Kind) -> Iterator[Found]:
        """Every document of a kind, in no particular order."""

    def count(self, kind: Kind, *by: str) -> dict[tuple[str, ...], int]:
        """Documents per combination of keyword fields; an absent field counts as ""."""

    def candidates(self, probes: Sequence[Probe], *, limit: int = 50) -> list[list[str]]:
        """For each probe the ids of fitting fingerprints: most shared values in satisfied groups, then earliest."""

    def search(
        self, query: Node, *, where: Where | None = None, order: Order = Order.BEST, limit: int = 10
    ) -> Results:
        """Articles that hold what a query asks for, one per story, in an order; for everything the best are the newest.

        Equals come by id, those of most outlets by the id of the story, never as they arrived.
        """

    def tally(self, query: Node, *by: str) -> dict[str, dict[str, int]]:
        """Articles that a query finds, by field and value: the TALLIED values of most articles, then in their order.

        Those of a date are all its days in UTC, "2026-11-20", in order. An absent field counts for nothing.
        """

    def frozen(self, *kinds: Kind) -> AbstractContextManager["Index"]:
        """These kinds as searches see them now, `get` too, whatever is written meanwhile; other kinds stay as they are.

        Of one moment each, for a few minutes from one question to the next; writing to it is a mistake (TypeError).
        """

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        """For words as they are compared, which no article has, the nearest in spelling that one has.

        Absent where none is near. It is a hint for people: of several as near the server may choose another.
        """


class Generations(Index, Protocol):
    """An Index whose derived kinds can be rebuilt beside the live ones, and thinned by age."""

    @property
    def number(self) -> int:
        """The generation this index reads and writes."""

    def begin_generation(self) -> "Generations":
        """A new, empty generation of the derived kinds; the state is shared."""

    def swap(self, to: int) -> None:
        """Make a generation live and delete the one before, in one atomic step."""

    def drop_older_than(self, kind: Kind, month: str) -> list[str]:
        """Delete what of a kind was first seen before a month ("2026.01"); the names of the indices deleted."""

    def days_older_than(self, kind: Kind, month: str) -> dict[str, int]:
        """What `drop_older_than` would delete: documents by the day (UTC) on which they were first seen, in order."""

    def compact(self, kind: Kind, day: date) -> list[str]:
        """Make reading spans of a kind that ended before a day cheap; the names of the indices touched."""
