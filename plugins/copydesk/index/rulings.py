"""How the index keeps what people decided about pairs of texts: with each text the rulings about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.judgement import Ruling, Verdict
from copydesk.index.records import from_record

__all__ = ["RulingsRecord", "find_rulings", "keep_rulings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingsRecord:
    """All rulings about the text `id`; of those with the same verdict on the same pair the last one."""

    id: str
    pairs: tuple[Ruling, ...] = ()


def find_rulings(index: Index, ids: Iterable[str]) -> list[Ruling]:
    """The rulings about texts, each once; also those about one of them and a text that is not among them."""
    rows = index.get(Kind.RULINGS, sorted(ids))
    found = (ruling for row in rows.values() for ruling in from_record(RulingsRecord, row.body).pairs)
    return list(dict.fromkeys(found))


def keep_rulings(index: Index, rulings: Sequence[Ruling]) -> None:
    """Bring rulings into the index. Idempotent, in any order."""
    about: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        about.setdefault(ruling.one, []).append(ruling)
        about.setdefault(ruling.other, []).append(ruling)

    decide = {id_: partial(_extended, id_=id_, by=some) for id_, some in about.items()}
    change(index, Kind.RULINGS, RulingsRecord, decide)


def _extended(old: RulingsRecord | None, *, id_: str, by: Sequence[Ruling]) -> RulingsRecord | None:
    pairs = _latest([*(old.pairs if old else ()), *by])
    return RulingsRecord(id=id_, pairs=pairs) if old is None or pairs != old.pairs else None


def _latest(rulings: Iterable[Ruling]) -> tuple[Ruling, ...]:
    latest: dict[tuple[str, str, Verdict], Ruling] = {}
    for ruling in sorted(rulings, key=lambda ruling: ruling.at):
        latest[ruling.one, ruling.other, ruling.verdict] = ruling
    return tuple(latest[key] for key in sorted(latest))
