"""An index in memory that counts what a server would be asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Found, Kind, Spread, Stored, Where, Write

__all__ = ["Counting"]


@dataclass
class Counting(MemoryIndex):
    """Counts requests by what they are and of which kind."""

    asked: Counter[str] = field(default_factory=Counter)

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        """As the port says."""
        self.asked[f"get {kind}"] += bool(ids)
        return super().get(kind, ids)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """As the port says."""
        kinds = sorted({str(one.kind) for one in writes})
        self.asked[" ".join(["write", *kinds])] += bool(writes)
        return super().write(writes)

    def refresh(self, *kinds: Kind) -> None:
        """As the port says."""
        self.asked["refresh"] += 1
        super().refresh(*kinds)

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        """As the port says."""
        self.asked[f"find {kind}"] += 1
        return super().find(kind, where, sort=sort, limit=limit)

    def spread(self, kind: Kind, where: Where, how: Spread) -> list[Found]:
        """As the port says."""
        self.asked[f"spread {kind}"] += 1
        return super().spread(kind, where, how)
