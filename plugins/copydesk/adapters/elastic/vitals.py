"""What an operator asks about a server: its clock, the room on its disks, what our login may not do there.

Touches the server. Nothing here is asked by the street.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch

from copydesk.adapters.elastic.client import Server
from copydesk.index.served import Disk, Vitals

__all__ = ["needed", "vitals"]

CLUSTER = ("monitor", "manage_index_templates")
INDICES = ("read", "write", "manage")
"""What `config/elasticsearch/roles/copydesk_ingest.json` grants."""

DISK = "cluster.routing.allocation.disk"
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(b|kb|mb|gb|tb|pb)?", re.IGNORECASE)
UNITS = ("b", "kb", "mb", "gb", "tb", "pb")


def vitals(server: Server, prefix: str) -> Vitals:
    """What the server says of itself now."""
    stats = server.ask(
        lambda client: client.nodes.stats(
            metric="fs", filter_path="nodes.*.timestamp,nodes.*.name,nodes.*.fs.total"
        )
    )["nodes"].values()
    limits = _limits(server)
    disks = (
        Disk(
            node=str(node["name"]),
            free=int(total["available_in_bytes"]),
            total=int(total["total_in_bytes"]),
            crowded=needed(limits, "high", int(total["total_in_bytes"])),
            stops=needed(limits, "flood_stage", int(total["total_in_bytes"])),
        )
        for node in stats
        if (total := node.get("fs", {}).get("total"))
    )
    return Vitals(
        now=max(datetime.fromtimestamp(node["timestamp"] / 1000, UTC) for node in stats),
        disks=tuple(sorted(disks, key=lambda disk: disk.free / max(disk.total, 1))),
        lacking=server.ask(lambda client: _lacking(client, prefix)),
    )


def needed(limits: Mapping[str, str], stage: str, total: int) -> int:
    """Bytes that have to be free on a disk for a watermark not to be passed; 0 where none is in force. Pure.

    A watermark is how much may be used, as a share or a ratio, of a large disk no more than a headroom may be kept
    free; or it is how many bytes have to be free.
    """
    if limits.get("threshold_enabled") == "false":
        return 0
    said = limits.get(f"watermark.{stage}", "")
    share = float(said[:-1]) / 100 if said.endswith("%") else float(said) if _is_ratio(said) else None
    if share is None:
        return _bytes(said)
    headroom = _bytes(limits.get(f"watermark.{stage}.max_headroom", ""))
    free = round(total * (1 - share))
    return min(free, headroom) if headroom else free


def _is_ratio(said: str) -> bool:
    return re.fullmatch(r"0?\.\d+|1(\.0+)?", said) is not None


def _bytes(said: str) -> int:
    found = SIZE.fullmatch(said.strip())
    return round(float(found[1]) * 1024 ** UNITS.index((found[2] or "b").lower())) if found else 0


def _limits(server: Server) -> dict[str, str]:
    """The settings on disks that are in force, without what all their names begin with."""
    given = server.ask(lambda client: client.cluster.get_settings(include_defaults=True, flat_settings=True))
    found: dict[str, str] = {}
    for level in ("defaults", "persistent", "transient"):
        some: Mapping[str, Any] = given.get(level, {})
        found |= {
            name.removeprefix(f"{DISK}."): str(value)
            for name, value in some.items()
            if name.startswith(f"{DISK}.")
        }
    return found


def _lacking(client: Elasticsearch, prefix: str) -> tuple[str, ...]:
    """The privileges that our login lacks; none where nobody has to log in."""
    try:
        said = client.security.has_privileges(
            cluster=list(CLUSTER), index=[{"names": [f"{prefix}*"], "privileges": list(INDICES)}]
        )
    except BadRequestError as exc:
        if "no handler found" in str(exc):  # security is off
            return ()
        raise
    except ApiError as exc:
        if exc.meta.status in {405, 410, 500, 501} and "ecurity" in str(exc):
            return ()
        raise
    cluster: Mapping[str, bool] = said["cluster"]
    indices: Mapping[str, Mapping[str, bool]] = said["index"]
    return tuple(
        [name for name, granted in cluster.items() if not granted]
        + [
            f"{name} on {index}"
            for index, all_ in indices.items()
            for name, granted in all_.items()
            if not granted
        ]
    )
