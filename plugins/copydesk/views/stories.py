"""Stories: who told of them, when, and how much of each text is the wire; and what there is to choose stories by."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from copydesk.index import Body, Index, Kind
from copydesk.index.records import load
from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord, resolve

__all__ = ["Coverage", "Holdings", "Size", "coverage_of", "holdings", "size_of", "sizes"]


@dataclass(frozen=True, slots=True)
class Size:
    """Who carried a text or told of a story: how many articles, outlets, and publishers of these."""

    articles: int
    outlets: int
    publishers: int


ALONE = Size(1, 1, 1)


def size_of(carriers: Collection[Carrier]) -> Size:
    """How many carriers there are. Pure."""
    outlets = {carrier.outlet for carrier in carriers}
    return Size(len(carriers), len(outlets), len({carrier.publisher for carrier in carriers}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A story as it is stored, with its families, the oldest first."""

    record: StoryRecord
    families: tuple[FamilyRecord, ...]

    @property
    def carriers(self) -> tuple[Carrier, ...]:
        """Who told of it, the first one first."""
        return tuple(sorted(carrier for family in self.families for carrier in family.carriers))

    @property
    def size(self) -> Size:
        """How many told of it."""
        return size_of(self.carriers)


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many articles the index holds of each outlet and in each language, the most first."""

    outlets: dict[str, int]
    languages: dict[str, int]


def coverage_of(index: Index, stories: Iterable[str]) -> dict[str, Coverage]:
    """The coverage of stories, by the ids given, mergers followed; absent where a story has no record."""
    records = resolve(index, stories)
    ids = sorted({family for record in records.values() for family in record.families})
    families = load(index, Kind.FAMILIES, FamilyRecord, ids)
    return {
        id_: Coverage(
            record=record, families=tuple(families[one] for one in record.families if one in families)
        )
        for id_, record in records.items()
    }


def sizes(told: Coverage | None, family: str) -> Body:
    """How many carried a text, by the id of its family, and told of its story; one each while that is not judged."""
    families = {one.id: one for one in told.families} if told else {}
    carried = size_of(families[family].carriers) if family in families else ALONE
    return {"carried_by": asdict(carried), "size": asdict(told.size if told else ALONE)}


def holdings(index: Index) -> Holdings:
    """What the index holds, of each outlet and in each language."""
    return Holdings(_counted(index, "outlet"), _counted(index, "language"))


def _counted(index: Index, field: str) -> dict[str, int]:
    counts = {value: number for (value,), number in index.count(Kind.ARTICLES, field).items() if value}
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
