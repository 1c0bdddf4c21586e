"""Reading: by id in real time, and by content after a refresh.

Touches the server. Functions of a `Routing`, which knows the server and which index answers for a kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch import Elasticsearch

from copydesk.adapters.elastic import queries
from copydesk.adapters.elastic.client import PASSING, NotYet
from copydesk.adapters.elastic.partitions import PARTITIONS, labels_within
from copydesk.adapters.elastic.points import KEEP_ALIVE, at_point
from copydesk.adapters.elastic.routing import Routing
from copydesk.errors import IndexNotSetUp, IndexRefused
from copydesk.index import FIND_MOST, Found, Hit, Kind, Order, Probe, Results, Spread, Where
from copydesk.index.accepted import id_refusal
from copydesk.query.tree import Node

__all__ = [
    "at_point",
    "candidates",
    "count",
    "find",
    "get",
    "refresh",
    "scan",
    "search",
    "spread",
    "suggest",
    "tally",
]

AT_ONCE = 1000
"""Documents asked for by id, or groups counted, in one request."""
PAGE = 500
"""Whole documents in one answer: some 3 MB of articles."""
SEARCHES = 50
INNER_MOST = 100
"""Documents of one value in one answer: index.max_inner_result_window."""


def get(routing: Routing, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
    """The documents that exist, by id, also in a partition that another worker has only just made."""
    if kind in routing.points:
        return _get_of_then(routing, kind, ids)
    indices = routing.indices(kind)
    found = _get(routing, indices, ids)
    if found is None or (kind in PARTITIONS and len(found) < len(set(ids))):
        routing.forget()
        anew = routing.indices(kind)
        if found is None or anew != indices:
            found = _get(routing, anew, ids)
    if found is None:
        raise IndexNotSetUp(f"index {routing.all_of(kind)} is missing: set it up first")
    return found


def _get_of_then(routing: Routing, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
    """The documents that existed at a point in time: asking by id knows of none, so they are searched for."""
    possible = [id_ for id_ in dict.fromkeys(ids) if not id_refusal(id_)]
    found: dict[str, Found] = {}
    for at in range(0, len(possible), PAGE):
        body = {
            **queries.find_body({}, sort="", limit=PAGE),
            "query": {"ids": {"values": possible[at : at + PAGE]}},
        }
        found.update((hit["_id"], _found(hit)) for hit in _ask_search(routing, kind, body)["hits"]["hits"])
    return found


def _get(routing: Routing, indices: Sequence[str], ids: Sequence[str]) -> dict[str, Found] | None:
    """What exists in these indices; None when one of them is missing."""
    possible = [id_ for id_ in dict.fromkeys(ids) if not id_refusal(id_)]
    wanted = [{"_index": index, "_id": id_} for id_ in possible for index in indices]
    found: dict[str, Found] = {}
    for at in range(0, len(wanted), AT_ONCE):
        docs = _ask_mget(routing, wanted[at : at + AT_ONCE])
        if any("error" in doc for doc in docs):
            return None
        found.update((doc["_id"], _found(doc)) for doc in docs if doc["found"])
    return found


def _ask_mget(routing: Routing, wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    def ask(client: Elasticsearch) -> list[dict[str, Any]]:
        docs: list[dict[str, Any]] = client.mget(docs=wanted)["docs"]
        for doc in docs:
            if "error" in doc and doc["error"]["type"] != "index_not_found_exception":
                # for instance the shard of a partition that another worker has only just made
                raise NotYet(f"{doc['error']['type']}: {doc['error']['reason']}")
        return docs

    return routing.server.ask(ask)


def find(routing: Routing, kind: Kind, where: Where, *, sort: str, limit: int) -> list[Found]:
    """Documents that fit, 10,000 at most."""
    body = queries.find_body(where, sort=sort, limit=min(limit, FIND_MOST))
    return [_found(hit) for hit in _ask_search(routing, kind, body)["hits"]["hits"]]


def spread(routing: Routing, kind: Kind, where: Where, how: Spread) -> list[Found]:
    """The first documents of each value of a field; of 100 of a value, the server's limit for inner hits, at most."""
    how = replace(how, most=min(how.most, INNER_MOST), values=min(how.values, FIND_MOST))
    body = queries.spread_body(where, how)
    values = _ask_search(routing, kind, body)["hits"]["hits"]
    return [_found(hit) for value in values for hit in value["inner_hits"][queries.INNER]["hits"]["hits"]]


def _ask_search(routing: Routing, kind: Kind, body: Mapping[str, Any]) -> Mapping[str, Any]:
    if point := routing.points.get(kind):
        at_point = {**body, "pit": {"id": point, "keep_alive": KEEP_ALIVE}}
        then: Mapping[str, Any] = routing.server.ask(
            lambda client: client.search(body=at_point, allow_partial_search_results=False)
        ).body
        return then
    index, may_be_empty = routing.all_of(kind), kind in PARTITIONS
    answer: Mapping[str, Any] = routing.server.ask(
        lambda client: client.search(
            index=index,
            ignore_unavailable=may_be_empty,
            allow_partial_search_results=False,
            body=dict(body),
        ),
    ).body
    return answer


def scan(routing: Routing, kind: Kind) -> Iterator[Found]:
    """Every document of a kind, as of now."""
    with at_point(routing, kind) as pit:
        after: list[Any] = []
        while hits := _page(routing, pit, after):
            yield from map(_found, hits)
            after = hits[-1]["sort"]


def _page(routing: Routing, pit: str, after: list[Any]) -> list[dict[str, Any]]:
    body = {
        **queries.find_body({}, sort="", limit=PAGE),
        "sort": ["_shard_doc"],
        "pit": {"id": pit, "keep_alive": KEEP_ALIVE},
        **({"search_after": after} if after else {}),
    }
    answer = routing.server.ask(lambda client: client.search(body=body, allow_partial_search_results=False))
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    return hits


def count(routing: Routing, kind: Kind, by: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Documents per combination of keyword fields."""
    if not by:
        body = {"size": 0, "track_total_hits": True}
        total = _ask_search(routing, kind, body)["hits"]["total"]["value"]
        return {(): total} if total else {}
    counts: dict[tuple[str, ...], int] = {}
    after: Mapping[str, Any] | None = {}
    while after is not None:
        answer = _ask_search(routing, kind, queries.count_body(by, after=after, limit=AT_ONCE))
        groups = answer.get("aggregations", {}).get("groups", {"buckets": []})
        for bucket in groups["buckets"]:
            key = tuple("" if bucket["key"][name] is None else str(bucket["key"][name]) for name in by)
            counts[key] = counts.get(key, 0) + bucket["doc_count"]
        after = groups.get("after_key")
    return counts


def refresh(routing: Routing, names: Sequence[str]) -> None:
    """Make indices searchable as they are written; all their shards, or it is asked again."""

    def ask(client: Elasticsearch) -> None:
        # a shard that failed is only counted, with status 200
        shards = client.indices.refresh(index=names, ignore_unavailable=True)["_shards"]
        if shards["failed"]:
            raise NotYet(f"{shards['failed']} of {shards['total']} shards could not be refreshed")

    routing.server.ask(ask)


def candidates(routing: Routing, probes: Sequence[Probe], *, limit: int) -> list[list[str]]:
    """For each probe the ids of fingerprints that fit; only the weeks it can touch are asked."""
    labels = routing.labels(Kind.FINGERPRINTS)
    searches = [
        (
            [
                routing.partition(Kind.FINGERPRINTS, label)
                for label in labels_within(labels, probe.since, probe.until)
            ],
            queries.candidates_body(probe, limit=limit),
        )
        for probe in probes
    ]
    return [
        [hit["fields"]["id"][0] for hit in sorted(hits, key=_most_shared)]
        for hits in _searches(routing, searches)
    ]


def _most_shared(hit: Mapping[str, Any]) -> tuple[float, int, str]:
    score, first_seen_at = hit["sort"]
    return -score, first_seen_at, hit["fields"]["id"][0]


def _searches(
    routing: Routing,
    searches: Sequence[tuple[list[str], dict[str, Any]]],
) -> Iterator[list[dict[str, Any]]]:
    """The hits of each search (indices, body); one without any index finds nothing."""
    for at in range(0, len(searches), SEARCHES):
        batch = searches[at : at + SEARCHES]
        answers = iter(_ask_msearch(routing, [search for search in batch if search[0]]))
        yield from (next(answers) if indices else [] for indices, _ in batch)


def _ask_msearch(
    routing: Routing,
    searches: Sequence[tuple[list[str], dict[str, Any]]],
) -> list[list[dict[str, Any]]]:
    lines: list[dict[str, Any]] = []
    for indices, body in searches:
        head = {"index": indices, "ignore_unavailable": True, "allow_partial_search_results": False}
        lines += [head, body]

    def ask(client: Elasticsearch) -> list[list[dict[str, Any]]]:
        answers = client.msearch(searches=lines)["responses"]
        for answer in answers:
            if "error" in answer:
                reason = f"{answer['error']['type']}: {answer['error']['reason']}"
                raise NotYet(reason) if answer["status"] in PASSING else IndexRefused(reason)
        return [answer["hits"]["hits"] for answer in answers]

    return routing.server.ask(ask) if searches else []


def search(routing: Routing, query: Node, where: Where, *, order: Order, limit: int) -> Results:
    """Articles for a person's query, one per story, and how many there are in all."""
    if order == Order.CARRIED:
        return _search_carried(routing, query, where, limit)
    answer = _ask_search(routing, Kind.ARTICLES, queries.search_body(query, where, order=order, limit=limit))
    hits = [
        Hit(
            id=hit["_id"],
            body=hit["_source"],
            copies=hit["inner_hits"]["copies"]["hits"]["total"]["value"],
        )
        for hit in answer["hits"]["hits"]
    ]
    stories = answer.get("aggregations", {}).get("stories", {"value": 0})["value"]
    return Results(hits=hits, stories=max(stories, len(hits)), articles=answer["hits"]["total"]["value"])


def _search_carried(routing: Routing, query: Node, where: Where, limit: int) -> Results:
    """The stories of most outlets, and of each what holds the query best: the server orders by one or the other."""
    answer = _ask_search(routing, Kind.ARTICLES, queries.carried_body(query, where, limit=limit))
    counted = answer.get("aggregations", {"stories": {"value": 0}, "carried": {"buckets": []}})
    place = {bucket["key"]: at for at, bucket in enumerate(counted["carried"]["buckets"])}
    within = {**where, "story": list(place)}
    found = search(routing, query, within, order=Order.BEST, limit=limit).hits if place else ()
    hits = sorted(found, key=lambda hit: place[hit.body["story"]])
    return Results(hits=hits, stories=counted["stories"]["value"], articles=answer["hits"]["total"]["value"])


def tally(routing: Routing, query: Node, by: Sequence[str]) -> dict[str, dict[str, int]]:
    """Articles by field and value."""
    answer = _ask_search(routing, Kind.ARTICLES, queries.tally_body(query, by))
    counted = answer.get("aggregations", {})
    return {
        name: {
            str(bucket.get("key_as_string", bucket["key"])): bucket["doc_count"]
            for bucket in counted.get(name, {"buckets": []})["buckets"]
        }
        for name in by
    }


def suggest(routing: Routing, words: Sequence[str]) -> dict[str, str]:
    """Words that are near in spelling."""
    answer = _ask_search(routing, Kind.ARTICLES, queries.suggest_body(words)) if words else {}
    suggested = answer.get("suggest", {})
    return {
        word: option["text"]
        for name, word in queries.suggest_names(words).items()
        for found in suggested.get(name, ())  # none of what holds no word
        for option in found["options"]
    }


def _found(hit: Mapping[str, Any]) -> Found:
    return Found(hit["_id"], hit["_source"], hit["_seq_no"], hit["_primary_term"], hit["_version"])
