"""What is known of its outlet when a page is read: the desk's selectors, and the furniture as known at its capture."""

from collections.abc import Callable, Sequence
from functools import cache

from copydesk.model import NO_HABITS, Capture, Habits, Source
from copydesk.outlets import snapshots
from copydesk.ports import Archive

__all__ = ["habits_of"]


def habits_of(archive: Archive, sources: Sequence[Source]) -> Callable[[Capture], Habits]:
    """A function that tells the habits of a capture's outlet; it reads each snapshot once.

    Selectors hold for all pages of the outlet, whichever of its sources announced them first. The function raises
    ArchiveError for a snapshot that is missing or broken.
    """
    snapshot = cache(lambda number: snapshots.load(archive, number))

    @cache
    def told(source: str, outlet: str, number: int | None) -> Habits:
        ours = [one for one in sources if source == one.name or outlet == one.outlet]
        return Habits(
            furniture=snapshot(number).get(outlet, NO_HABITS.furniture) if number else NO_HABITS.furniture,
            remove=tuple(dict.fromkeys(selector for one in ours for selector in one.remove)),
            keep=tuple(dict.fromkeys(selector for one in ours for selector in one.keep)),
        )

    return lambda capture: told(capture.source, capture.outlet, capture.furniture)
