"""What a kind of record takes in an index, once the server has merged it."""

import time
from typing import Any

from benches.figures import note
from copydesk.adapters.elastic.index import ElasticIndex
from copydesk.index import Kind

__all__ = ["TARGET", "merged_bytes"]

TARGET = "<= 1200"
"""Bytes of a fingerprint."""
LEASES, POLL = 60, 0.5


def merged_bytes(index: ElasticIndex, kind: Kind) -> int:
    """Bytes of all segments, each index merged to one: before merges what was replaced and is kept is counted too."""
    indices, name = index.server.client.options(request_timeout=600).indices, f"{index.prefix}{kind}-*"
    # A merge drops what is kept for the recovery of copies only once it is flushed and no lease holds it.
    indices.flush(index=name)
    _wait_for_leases(indices, name)
    indices.forcemerge(index=name, max_num_segments=1)
    indices.flush(index=name)
    return sum(
        segment["size_in_bytes"]
        for one in indices.segments(index=name)["indices"].values()
        for shards in one["shards"].values()
        for segment in shards[0]["segments"].values()
    )


def _wait_for_leases(indices: Any, name: str) -> None:
    """Until no lease holds an operation of these indices, or for a minute; then the figure is too high."""
    until = time.monotonic() + LEASES
    while time.monotonic() < until:
        told = indices.stats(index=name, level="shards")["indices"].values()
        shards = [shard for one in told for copies in one["shards"].values() for shard in copies]
        if all(
            lease["retaining_seq_no"] > shard["seq_no"]["max_seq_no"]
            for shard in shards
            for lease in shard["retention_leases"]["leases"]
        ):
            return
        time.sleep(POLL)
    note(f"leases held after {LEASES} s: state in the index is too high")
