"""One worker's view of the index: unreachable, torn, late, refusing and conflicting as drawn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from copydesk.errors import IndexUnavailable
from copydesk.index import Generations, Kind, Stored, Write
from simulation.faults import Hold

__all__ = ["Records"]

READS = frozenset({"get", "find", "spread", "count", "candidates", "match", "search", "tally", "refresh"})
OF_DOCUMENTS = frozenset({Kind.ARTICLES, Kind.VERSIONS})
"""Kinds of which single documents may be refused: what the mapping says of texts; records of ours always fit."""

Watch = Callable[[Sequence[Write]], None]


@dataclass(eq=False)
class Records:
    """An Index for one worker.

    Attributes:
        watch: Sees every write on its way; where laws look for what no end state shows.
    """

    index: Generations
    hold: Hold
    watch: Watch

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.index, name)
        if name not in READS:
            return method

        def touched(*given: Any, **named: Any) -> Any:
            if self.hold.touch("unreachable"):
                raise IndexUnavailable(f"{name}: unreachable, as drawn")
            return method(*given, **named)

        return touched

    def scan(self, kind: Kind) -> Iterator[Any]:
        """All documents of a kind."""
        if self.hold.touch("unreachable"):
            raise IndexUnavailable("scan: unreachable, as drawn")
        yield from self.index.scan(kind)

    def begin_generation(self) -> Generations:
        """A new generation, seen in the same way."""
        how = self.hold.write("index.begin_generation")
        fresh = self.index.begin_generation()
        self.hold.survive(how)
        return cast("Generations", Records(fresh, self.hold, self.watch))

    def swap(self, to: int) -> None:
        """Swap, whole or not at all."""
        how = self.hold.write("index.swap", "late")
        if how == "middle":
            self.hold.die()
        self.index.swap(to)
        self.hold.survive(how)
        if how == "late":
            raise IndexUnavailable("swap: the answer is lost, as drawn")

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Write: nothing, half, all, or all but one of it; and perhaps nobody hears of it."""
        if not writes:
            return []
        self.watch(writes)
        names = "+".join(sorted({write.kind.value for write in writes}))
        how = self.hold.write(f"index.write {names}", "unreachable", "torn", "late", "conflicting", "refused")
        if how == "unreachable":
            raise IndexUnavailable("write: unreachable, as drawn")
        if how in {"torn", "middle"}:
            self.index.write(writes[: len(writes) // 2])
            self.hold.survive(how)
            raise IndexUnavailable("write: torn, as drawn")
        if how == "conflicting":
            # somebody else was faster, and wrote again what was there
            self.index.write(
                [replace(one, body=one.seen.body, seen=None) for one in writes if one.seen is not None]
            )
        answers = self._refused(writes) if how == "refused" else self.index.write(writes)
        self.hold.survive(how)
        if how == "late":
            raise IndexUnavailable("write: the answer is lost, as drawn")
        return answers

    def _is_new(self, one: Write) -> bool:
        """Whether the text of a document is not in the index yet: one that was taken once is taken again."""
        found = self.index.get(one.kind, [one.id]).get(one.id)
        said = one.body and one.body.get("checksum")
        return one.body is not None and (found is None or found.body.get("checksum") != said)

    def _refused(self, writes: Sequence[Write]) -> list[Stored]:
        """All are written but the first document whose text the server does not take."""
        poor = next((one for one in writes if one.kind in OF_DOCUMENTS and self._is_new(one)), None)
        answers = iter(self.index.write([one for one in writes if one is not poor]))
        return [Stored("refused", "as drawn") if one is poor else next(answers) for one in writes]
