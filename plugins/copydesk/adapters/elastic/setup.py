"""Templates, state indices, generations and retention: what changes which indices exist.

Touches the server. Everything is idempotent and may run twice at once: whoever comes second finds the work
done.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

import orjson
from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from copydesk.adapters.elastic.client import Server, one_line
from copydesk.adapters.elastic.layout import Layout, generation_index, read_layout
from copydesk.adapters.elastic.partitions import PARTITIONS, labels_before, month_begin
from copydesk.adapters.elastic.template import index_template
from copydesk.errors import IndexContended, IndexRefused
from copydesk.index import DERIVED, Kind
from copydesk.index.mapping import MAPPING_VERSION
from copydesk.index.served import Health

__all__ = [
    "compact",
    "create_index",
    "days_older_than",
    "drop",
    "drop_older_than",
    "health",
    "open_generation",
    "set_up",
    "swap",
    "tear_down",
]

PRIORITY = 500
MERGE_TIMEOUT = 600.0
"""Seconds; half a million fingerprints take some thirty."""
LAST = list(Kind)[-1]
UNSPLIT = tuple(kind for kind in DERIVED if kind not in PARTITIONS)

logger = logging.getLogger(__name__)


BLOCK = "index.blocks.read_only_allow_delete"
"""What the server sets on every index when its disk is fuller than the flood stage, and takes away when it is not."""


def set_up(server: Server, prefix: str) -> None:
    """Make templates, state indices and a first generation; give existing indices the fields they lack.

    Cheap when all is as it should be. Raises IndexRefused when a state kind's field changed its type:
    that takes a numbered migration.
    """
    templates = {kind: index_template(kind) for kind in Kind}
    digest = hashlib.sha256(orjson.dumps(list(templates.values()), option=orjson.OPT_SORT_KEYS)).hexdigest()
    if server.ask(lambda client: _is_set_up(client, prefix, digest)):
        return
    for kind, template in templates.items():
        # The digest of the whole stands in every template; that of the last kind says that all are done.
        _set_up_kind(server, prefix, kind, template, {"digest": digest})
    if not server.ask(lambda client: read_layout(client, prefix)).live:
        _create_unsplit(server, prefix, 1, live=True)


def _is_set_up(client: Elasticsearch, prefix: str, digest: str) -> bool:
    done = _template(client, f"{prefix}{LAST}").get("_meta", {}).get("digest") == digest
    return (
        done
        and bool(client.indices.exists(index=[f"{prefix}{kind}" for kind in Kind if kind not in DERIVED]))
        and read_layout(client, prefix).live > 0
    )


def tear_down(server: Server, prefix: str) -> None:
    """Delete what `set_up` and writing made, state included."""
    found = server.ask(lambda client: read_layout(client, prefix))
    names = [name for generation in found.indices for _, name in _names(found, prefix, generation)]
    _delete(server, [*names, *(f"{prefix}{kind}" for kind in Kind if kind not in DERIVED)])
    for kind in Kind:
        server.ask(partial(_forget_template, f"{prefix}{kind}"))


def health(server: Server, prefix: str) -> Health:
    """How the server is now."""
    status = server.ask(lambda client: client.cluster.health(timeout="1s"))["status"]
    found = server.ask(lambda client: read_layout(client, prefix))
    settings = server.ask(
        lambda client: client.indices.get_settings(index=f"{prefix}*", name=BLOCK, flat_settings=True)
    )
    blocked = (name for name, held in settings.items() if held["settings"].get(BLOCK) == "true")
    return Health(
        status=status,
        version=_version(server),
        generation=found.live,
        mapping=server.ask(partial(_oldest_mapping, prefix, found)),
        blocked=tuple(sorted(blocked)),
    )


def create_index(server: Server, name: str, *, alias: str = "") -> None:
    """Create an index from its template, unless it is there already."""

    def create(client: Elasticsearch) -> None:
        try:
            client.indices.create(index=name, aliases={alias: {}} if alias else {})
        except BadRequestError as exc:
            if exc.error != "resource_already_exists_exception":
                raise

    server.ask(create)


def open_generation(server: Server, prefix: str) -> int:
    """Create the next generation beside the live one, delete those that were given up; its number."""
    found = server.ask(lambda client: read_layout(client, prefix))
    for given_up in set(found.indices) - {found.live}:
        drop(server, prefix, given_up)
    number = max(found.indices, default=0) + 1
    _create_unsplit(server, prefix, number, live=False)
    return number


def swap(server: Server, prefix: str, to: int) -> None:
    """Make a generation the live one and delete the one before, in one atomic step.

    A worker that still writes to the old one finds it missing and looks again. Raises IndexContended when
    there is no such generation: another replay has deleted it.
    """
    found = server.ask(lambda client: read_layout(client, prefix))
    if to not in found.indices:
        raise IndexContended(
            f"generation {to} of {prefix}* does not exist; there are {sorted(found.indices)}"
        )
    if to == found.live:
        return
    actions: list[Mapping[str, Any]] = [
        {"add": {"index": name, "alias": f"{prefix}{kind}"}} for kind, name in _names(found, prefix, to)
    ]
    actions += [{"remove_index": {"index": name}} for _, name in _names(found, prefix, found.live)]
    server.ask(lambda client: client.indices.update_aliases(actions=actions))
    logger.info("swap prefix=%s from=%d to=%d", prefix, found.live, to)


def drop(server: Server, prefix: str, generation: int) -> None:
    """Delete a generation that is not live, if there is one. Raises IndexRefused for the live one."""
    found = server.ask(lambda client: read_layout(client, prefix))
    if generation == found.live:
        raise IndexRefused(f"generation {generation} of {prefix}* is live and cannot be dropped")
    _delete(server, [name for _, name in _names(found, prefix, generation)])


def drop_older_than(server: Server, prefix: str, kind: Kind, month: str) -> list[str]:
    """Delete the live partitions of a kind that end before a month ("2026.01") begins; their names."""
    found = server.ask(lambda client: read_layout(client, prefix))
    names = _partitions_before(found, prefix, kind, month_begin(month))
    _delete(server, names)
    return names


def days_older_than(server: Server, prefix: str, kind: Kind, month: str) -> dict[str, int]:
    """Documents in the partitions that `drop_older_than` would delete, by day, in order."""
    found = server.ask(lambda client: read_layout(client, prefix))
    days: Counter[str] = Counter()
    for name in _partitions_before(found, prefix, kind, month_begin(month)):
        days.update(server.ask(partial(_days_in, name)))
    return dict(sorted(days.items()))


def _days_in(name: str, client: Elasticsearch) -> dict[str, int]:
    by_day = {
        "field": "first_seen_at",
        "calendar_interval": "day",
        "format": "yyyy-MM-dd",
        "min_doc_count": 1,
    }
    answer = client.search(index=name, size=0, aggs={"days": {"date_histogram": by_day}})
    return {one["key_as_string"]: one["doc_count"] for one in answer["aggregations"]["days"]["buckets"]}


def compact(server: Server, prefix: str, kind: Kind, day: date) -> list[str]:
    """Merge each live partition of a kind that ended before a day into one segment; those that had more."""
    found = server.ask(lambda client: read_layout(client, prefix))
    names = _partitions_before(found, prefix, kind, day)
    return [name for name in names if server.ask(partial(_compact_one, name))]


def _partitions_before(found: Layout, prefix: str, kind: Kind, day: date) -> list[str]:
    labels = labels_before(found.labels(kind, found.live), day) if kind in PARTITIONS else []
    return [generation_index(prefix, kind, found.live, label) for label in labels]


def _compact_one(name: str, client: Elasticsearch) -> bool:
    stats = client.indices.stats(index=name, metric="segments")
    if stats["_all"]["primaries"]["segments"]["count"] <= 1:
        return False
    client.options(request_timeout=MERGE_TIMEOUT).indices.forcemerge(index=name, max_num_segments=1)
    return True


def _set_up_kind(
    server: Server,
    prefix: str,
    kind: Kind,
    template: Mapping[str, Any],
    meta: Mapping[str, Any],
) -> None:
    pattern = f"{prefix}{kind}" + ("-g*" if kind in DERIVED else "")
    server.ask(lambda client: _extend(client, kind, pattern, template["mappings"]))
    server.ask(
        lambda client: client.indices.put_index_template(
            name=f"{prefix}{kind}",
            index_patterns=[pattern],
            priority=PRIORITY,
            # Otherwise a late write to a deleted generation would bring its index back, without its alias.
            allow_auto_create=False,
            template=template,
            meta=meta,
        ),
    )
    if kind not in DERIVED:
        create_index(server, f"{prefix}{kind}")


def _extend(client: Elasticsearch, kind: Kind, pattern: str, mappings: Mapping[str, Any]) -> None:
    try:
        client.indices.put_mapping(index=pattern, properties=mappings["properties"])
    except NotFoundError:
        return
    except BadRequestError as exc:
        if kind not in DERIVED:
            raise
        logger.warning("%s keep their old mapping until a replay: %s", pattern, one_line(exc))


def _create_unsplit(server: Server, prefix: str, number: int, *, live: bool) -> None:
    # The alias of STORIES, the last of them, is what makes a generation the live one.
    for kind in UNSPLIT:
        name = generation_index(prefix, kind, number)
        create_index(server, name, alias=f"{prefix}{kind}" if live else "")


def _names(found: Layout, prefix: str, generation: int) -> list[tuple[Kind, str]]:
    return [
        (kind, generation_index(prefix, kind, generation, label))
        for kind in DERIVED
        for label in sorted(found.labels(kind, generation))
    ]


def _oldest_mapping(prefix: str, found: Layout, client: Elasticsearch) -> int:
    """Under which version the oldest of the live indices was made; one that says none counts as 1."""
    names = [name for _, name in _names(found, prefix, found.live)]
    if not names:
        return MAPPING_VERSION
    pattern = [f"{prefix}{kind}-g{found.live}*" for kind in DERIVED]
    answer = client.indices.get_mapping(index=pattern, filter_path="*.mappings._meta.version")
    made = {name: held["mappings"]["_meta"]["version"] for name, held in answer.body.items()}
    return min(int(made.get(name, 1)) for name in names)


def _delete(server: Server, names: Iterable[str]) -> None:
    # One by one: a list of a year's partitions would not fit into an address.
    for name in names:
        server.ask(partial(_delete_one, name))


def _delete_one(name: str, client: Elasticsearch) -> None:
    client.indices.delete(index=name, ignore_unavailable=True)


def _forget_template(name: str, client: Elasticsearch) -> None:
    try:
        client.indices.delete_index_template(name=name)
    except NotFoundError:
        return


def _template(client: Elasticsearch, name: str) -> dict[str, Any]:
    try:
        answer = client.indices.get_index_template(name=name)
    except NotFoundError:
        return {}
    return dict(answer["index_templates"][0]["index_template"])


def _version(server: Server) -> str:
    """Version of the server, of the oldest of its nodes."""
    nodes = server.ask(lambda client: client.nodes.info(metric="plugins"))["nodes"].values()
    return min(str(node["version"]) for node in nodes)
