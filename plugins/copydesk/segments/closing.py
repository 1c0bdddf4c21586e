"""Close: segments that were worked on → done, given up with their captures, or at rest until they are tried again."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from copydesk.index import Index
from copydesk.index.state import SegmentRecord
from copydesk.isolating import Trouble
from copydesk.segments import finish, record, rest, worn
from copydesk.segments.contents import Contents, failures, losses

__all__ = ["close"]


def close(
    index: Index,
    segments: Sequence[SegmentRecord],
    contents: Contents,
    troubles: Mapping[str, Trouble],
    cut: Callable[[Collection[str]], None],
    now: datetime,
) -> Counter[str]:
    """End what the archive has lost and what failed too often; the rest of what failed rests. Counts of outcomes.

    Args:
        index: Where the records are.
        segments: Those that were claimed.
        contents: What the archive gave of them.
        troubles: What failed, by the id of the capture.
        cut: Marks what takedowns have cut out of segments, before it is counted as lost.
        now: When they were worked on.
    """
    registered = {segment.name: segment.captures for segment in segments}
    lost = losses(index, registered, contents, cut)
    held = {contents.pages[id_].segment: trouble for id_, trouble in troubles.items()} | contents.unread
    given_up = {name: held[name] for name in worn(segments, held)}
    failed = failures(index, given_up, contents, troubles)
    ended = record(index, lost[0] | failed[0], lost[1] | failed[1])
    rest(index, {name: held[name] for name in held.keys() - given_up.keys()}, now)
    done = [segment.name for segment in segments if segment.name not in held or segment.name in given_up]
    finish(index, done, now, given_up=given_up)
    return Counter(ended.values()) + Counter(resting=len(held) - len(given_up))
