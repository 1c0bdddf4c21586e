"""Points in time: what the server keeps as searches see it just now, whatever is written meanwhile.

Touches the server.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from copydesk.adapters.elastic.partitions import PARTITIONS
from copydesk.adapters.elastic.routing import Routing
from copydesk.errors import IndexUnavailable
from copydesk.index import Kind

__all__ = ["KEEP_ALIVE", "at_point"]

KEEP_ALIVE = "5m"
"""How long from one question to the next."""

logger = logging.getLogger(__name__)


@contextmanager
def at_point(routing: Routing, kind: Kind) -> Iterator[str]:
    """The id of a point in time, which the server keeps while it is asked of it; that of the routing if it has one."""
    if kind in routing.points:
        yield routing.points[kind]
        return
    index, may_be_empty = routing.all_of(kind), kind in PARTITIONS
    pit = routing.server.ask(
        lambda client: client.open_point_in_time(
            index=index,
            keep_alive=KEEP_ALIVE,
            ignore_unavailable=may_be_empty,
        ),
    )["id"]
    try:
        yield pit
    finally:
        _close(routing, pit)


def _close(routing: Routing, pit: str) -> None:
    try:
        routing.server.hasty().ask(lambda client: client.close_point_in_time(id=pit))
    except IndexUnavailable as exc:
        # It runs out by itself, and the trouble that ended the scan matters more.
        logger.debug("point in time left open: %s", exc)
