"""Isolate: a step over many items at once → what it gave, and the items it fails on, each found by itself.

One poison among two hundred costs some sixteen runs of the step over ever smaller parts, all others are done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from copydesk.border import Border, contained
from copydesk.errors import ArchiveError, IndexRefused
from copydesk.outcomes import Reason

__all__ = ["Trouble", "isolate"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an item could not be worked on.

    Attributes:
        reason: `internal`, `index-refused` (a record of it), or `unreadable` when a file of the archive is out
            of reach.
    """

    reason: Reason
    detail: str


def isolate(
    together: Sequence[Sequence[str]],
    step: Callable[[Sequence[str], bool], R],
    *,
    border: Border = Border.PAGE,
) -> tuple[list[R], dict[str, Trouble]]:
    """Run the step over each of the parts, and where it fails over halves of it, until what fails stands alone.

    The step is told whether it ran over its items before, and left off somewhere. What makes all work impossible
    (no index, no reading child, an index that refuses whatever it is asked) is raised.
    """
    results: list[R] = []
    troubles: dict[str, Trouble] = {}
    refusal: IndexRefused | None = None
    parts = [(part, False) for part in reversed(together) if part]
    while parts:
        part, again = parts.pop()
        trouble = None
        try:
            with contained(border, _name(part), alone=len(part) == 1) as caught:
                results.append(step(part, again))
            trouble = caught.fault and Trouble(Reason.INTERNAL, str(caught.fault))
        except IndexRefused as exc:
            trouble, refusal = Trouble(Reason.INDEX_REFUSED, str(exc)), exc
        except ArchiveError as exc:
            trouble = Trouble(Reason.UNREADABLE, str(exc))
        if trouble and len(part) == 1:
            troubles[part[0]] = trouble
        elif trouble:
            half = len(part) // 2
            parts += [(part[half:], True), (part[:half], True)]
    refused = sum(trouble.reason is Reason.INDEX_REFUSED for trouble in troubles.values())
    if refusal and refused == sum(map(len, together)) > 1:
        raise refusal
    return results, troubles


def _name(part: Sequence[str]) -> str:
    return part[0] if len(part) == 1 else f"{part[0]} and {len(part) - 1} more"
