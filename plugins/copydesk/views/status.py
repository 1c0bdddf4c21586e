"""Status: the funnel, per source, and whether it balances. Reads only."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from copydesk.index import Index, Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord, SegmentRecord
from copydesk.index.unreadable import field_of
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.views.deliveries import ChannelState, channel_states

__all__ = ["Funnel", "funnel"]


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of everything, pending included.

    Attributes:
        entries: Per source how many addresses ended how.
        captures: Per source how many captures ended how.
        reasons: Per reason how many entries or captures left the street.
        registered: How many captures the registered segments hold.
        articles: How many articles the index holds; `originals` of them point to no other.
        stories: How many stories the articles tell.
        alerts: How many have rung.
        waiting: Refused documents that wait to be sent again.
        failing: What of the sources has something to tell, by name: sources, parts of indexes and files of inboxes that
            failed, and those that were read but for what was left out (their `failures` are 0); none of paused ones.
        polls: The cursor of each source that was ever polled, by name.
        resting: The segments with a trouble, by name: those that rest until `retry_at`, and those that were given up.
        channels: How the deliveries of each channel stand.
        unrung: Per topic and reason how many articles met it and were not told of.
    """

    entries: dict[str, Counter[EntryOutcome]]
    captures: dict[str, Counter[CaptureOutcome]]
    reasons: Counter[str]
    registered: int
    articles: int
    originals: int
    stories: int
    alerts: int
    waiting: int
    failing: tuple[PollRecord, ...] = ()
    polls: tuple[PollRecord, ...] = ()
    resting: tuple[SegmentRecord, ...] = ()
    channels: dict[str, ChannelState] = field(default_factory=dict)
    unrung: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def sources(self) -> list[str]:
        """Names of the sources of which there is an entry or a capture."""
        return sorted(self.entries.keys() | self.captures.keys())

    @property
    def totals(self) -> dict[str, int]:
        """How much there is of what, and how much was lost."""
        return {
            "articles": self.articles,
            "originals": self.originals,
            "stories": self.stories,
            "alerts": self.alerts,
            "waiting": self.waiting,
            "imbalance": self.imbalance,
        }

    def outcomes(self, source: str) -> dict[str, dict[str, int]]:
        """How many "entries" and "captures" of a source ended how, every outcome by name."""
        entries = self.entries.get(source, Counter[EntryOutcome]())
        captures = self.captures.get(source, Counter[CaptureOutcome]())
        return {
            "entries": {str(outcome): entries[outcome] for outcome in EntryOutcome},
            "captures": {str(outcome): captures[outcome] for outcome in CaptureOutcome},
        }

    @property
    def imbalance(self) -> int:
        """Registered captures less those with an outcome, pending included: 0 unless something was lost."""
        return self.registered - sum(counts.total() for counts in self.captures.values())


def funnel(index: Index, sources: Collection[str] | None = None) -> Funnel:
    """The funnel as it stands now; with `sources`, of the cursors those of the sources that are still asked."""
    index.refresh(*Kind)
    entries: dict[str, Counter[EntryOutcome]] = {}
    for (source, outcome), number in index.count(Kind.LEDGER, "source", "outcome").items():
        entries.setdefault(source, Counter())[EntryOutcome(outcome)] += number
    captures: dict[str, Counter[CaptureOutcome]] = {}
    for (source, outcome), number in index.count(Kind.CAPTURES, "source", "outcome").items():
        captures.setdefault(source, Counter())[CaptureOutcome(outcome)] += number
    reasons: Counter[str] = Counter()
    for kind in (Kind.LEDGER, Kind.CAPTURES):
        reasons.update({reason: n for (reason,), n in index.count(kind, "reason").items() if reason})
    segments = list(index.scan(Kind.SEGMENTS))
    troubled = (row for row in segments if field_of(row, "reason") is not None)
    polls = _cursors(index, sources)
    paused = {record.source for record in polls if record.paused_at is not None}
    unrung = index.count(Kind.TOLD, "topic", "reason")
    duplicates = index.count(Kind.ARTICLES, "duplicate_of")
    return Funnel(
        entries=entries,
        captures=captures,
        reasons=reasons,
        registered=sum(int(str(field_of(row, "captures"))) for row in segments),
        articles=sum(duplicates.values()),
        originals=duplicates.get(("",), 0),
        stories=len(index.count(Kind.ARTICLES, "story")),
        alerts=sum(index.count(Kind.ALERTS, "topic").values()),
        waiting=sum(index.count(Kind.REFUSED, "kind").values()),
        failing=tuple(
            record for record in polls if record.reason is not None and record.source not in paused
        ),
        polls=tuple(record for record in polls if record.parent is None),
        resting=tuple(
            sorted(
                (from_record(SegmentRecord, row.body) for row in troubled),
                key=lambda record: record.name,
            ),
        ),
        channels=channel_states(index),
        unrung=Counter({(topic, reason): n for (topic, reason), n in unrung.items() if reason}),
    )


def _cursors(index: Index, sources: Collection[str] | None) -> list[PollRecord]:
    """What pollers remember of these sources and their parts, or of all, by name."""
    rows = (row for row in index.scan(Kind.POLLS) if field_of(row, "next_poll_at") is not None)
    records = (from_record(PollRecord, row.body) for row in rows)
    return sorted(
        (record for record in records if sources is None or record.source in sources),
        key=lambda record: (record.source, record.parent is not None, record.url or ""),
    )
