"""What is known of its outlet when a page is read: selectors, furniture, addresses that are not to be believed.

The furniture is that of its capture; the addresses are those known now, so that a replay brings back what was filed
under them.
"""

from collections.abc import Callable, Sequence
from functools import cache

from copydesk.model import NO_PROFILE, Capture, Profile, Source
from copydesk.outlets import snapshots
from copydesk.outlets.addresses import shared_keys
from copydesk.ports import Archive

__all__ = ["profiles_of"]


def profiles_of(archive: Archive, sources: Sequence[Source]) -> Callable[[Capture], Profile]:
    """A function that gives the profile of a capture's outlet; it reads each snapshot once.

    Selectors hold for all pages of the outlet, whichever of its sources announced them first; so does the zone, and
    that of the page's own source comes first. The function raises
    ArchiveError for a snapshot that is missing or broken.
    """
    snapshot = cache(lambda number: snapshots.load(archive, number))
    shared = shared_keys(archive)

    @cache
    def profile(source: str, outlet: str, number: int | None) -> Profile:
        ours = [one for one in sources if source == one.name or outlet == one.outlet]
        return Profile(
            furniture=snapshot(number).get(outlet, NO_PROFILE.furniture) if number else NO_PROFILE.furniture,
            remove=tuple(dict.fromkeys(selector for one in ours for selector in one.remove)),
            keep=tuple(dict.fromkeys(selector for one in ours for selector in one.keep)),
            shared=shared,
            zone=next((one.zone for one in sorted(ours, key=lambda one: one.name != source) if one.zone), ""),
            permitted=any(one.permission for one in ours),
        )

    return lambda capture: profile(capture.source, capture.outlet, capture.furniture)
