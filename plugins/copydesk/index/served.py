"""An Index that stands on a server: what may be asked of it besides its documents."""

from dataclasses import dataclass
from typing import Protocol

from copydesk.index import Generations
from copydesk.index.mapping import MAPPING_VERSION

__all__ = ["Health", "Served"]


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


class Served(Generations, Protocol):
    """An Index on a server, which is to be closed."""

    def setup(self) -> None:
        """Make what the server lacks, or bring it up to date. Idempotent."""

    def health(self) -> Health:
        """How the server is, asked once."""

    def close(self) -> None:
        """Let go of the server."""
