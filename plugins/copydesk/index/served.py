"""An Index that stands on a server: what may be asked of it besides its documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from copydesk.index import Generations
from copydesk.index.mapping import MAPPING_VERSION

__all__ = ["Disk", "Health", "Served", "Vitals"]


@dataclass(frozen=True, slots=True)
class Health:
    """How the server is.

    Attributes:
        status: green, yellow or red.
        generation: The live generation; 0 before `setup`.
        mapping: The version of the mapping under which the oldest live index of articles and the like was made.
        blocked: The indices of ours that take no documents, as when the server's disk is too full.
    """

    status: str
    version: str
    generation: int
    mapping: int = MAPPING_VERSION
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A disk of a server, in bytes.

    Attributes:
        crowded, stops: With less than so much free the server moves data away, and takes no more; 0 where it goes by
            no such limit.
    """

    node: str
    free: int
    total: int
    crowded: int = 0
    stops: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What an operator asks about a server.

    Attributes:
        now: Its clock.
        disks: The fullest first.
        lacking: What our login may not do there, and has to; nothing where nobody logs in.
    """

    now: datetime
    disks: tuple[Disk, ...] = ()
    lacking: tuple[str, ...] = ()


class Served(Generations, Protocol):
    """An Index on a server, which is to be closed."""

    def setup(self) -> None:
        """Make what the server lacks, or bring it up to date. Idempotent."""

    def health(self) -> Health:
        """How the server is, asked once."""

    def vitals(self) -> Vitals:
        """What an operator asks about the server, asked once."""

    def close(self) -> None:
        """Let go of the server."""
