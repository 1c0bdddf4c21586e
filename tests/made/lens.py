"""What Kibana would ask Elasticsearch for the panels of our dashboards: Lens columns → aggregations.

Only what our panels use; anything else is an error, so that nothing passes unasked.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Panel", "aggregations", "fields_of", "panels", "query_of", "values"]

Json = Any
KQL = re.compile(
    r"(?P<negated>NOT )?(?P<field>[a-z_]+) : (?:(?P<one>[a-z-]+)|(?P<any>\*)|\((?P<of>[a-z -]+)\))"
)
METRICS = {"unique_count": "cardinality", "max": "max", "sum": "sum", "median": "percentiles"}
RECORDS = "___records___"


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of a dashboard: what it asks of which data view."""

    dashboard: str
    id: str
    grid: Mapping[str, int]
    view: str
    query: str
    columns: Mapping[str, Json]
    order: Sequence[str]


def panels(dashboard: Json) -> Iterator[Panel]:
    """The panels of a saved dashboard, each of one layer."""
    for panel in json.loads(dashboard["attributes"]["panelsJSON"]):
        assert panel["type"] == "lens"
        attributes = panel["embeddableConfig"]["attributes"]
        ((layer_id, layer),) = attributes["state"]["datasourceStates"]["formBased"]["layers"].items()
        name = f"indexpattern-datasource-layer-{layer_id}"
        (view,) = [one["id"] for one in attributes["references"] if one["name"] == name]
        assert not attributes["state"]["filters"]
        yield Panel(
            dashboard["id"],
            panel["panelIndex"],
            panel["gridData"],
            view,
            attributes["state"]["query"]["query"],
            layer["columns"],
            layer["columnOrder"],
        )


def fields_of(panel: Panel) -> Iterator[tuple[str, str]]:
    """Fields that a panel uses, and for what."""
    for column in panel.columns.values():
        operation = column["operationType"]
        if operation == "filters":
            for one in column["params"]["filters"]:
                yield from _asked(one["input"]["query"])
        elif column["sourceField"] != RECORDS:
            yield column["sourceField"], operation
    yield from _asked(panel.query)


def _asked(kql: str) -> Iterator[tuple[str, str]]:
    if kql:
        yield _parsed(kql)["field"], "query"


def query_of(kql: str) -> Json:
    """A query in Kibana's language as Elasticsearch takes it."""
    if not kql:
        return {"match_all": {}}
    found = _parsed(kql)
    if found["any"]:
        made: Json = {"exists": {"field": found["field"]}}
    else:
        words = [found["one"]] if found["one"] else found["of"].split(" or ")
        made = {"terms": {found["field"]: words}}
    return {"bool": {"must_not": [made]}} if found["negated"] else made


def _parsed(kql: str) -> re.Match[str]:
    found = KQL.fullmatch(kql)
    assert found, kql
    return found


def aggregations(panel: Panel) -> Json:
    """What a panel aggregates: its buckets, one within the other, in the innermost its metrics."""
    buckets = [name for name in panel.order if panel.columns[name]["isBucketed"]]
    metrics = {name: panel.columns[name] for name in panel.order if name not in buckets}
    made = {name: _metric(column) for name, column in metrics.items() if column["operationType"] != "count"}
    for name in reversed(buckets):
        # terms are sorted by a metric, which has to stand beside what is below them
        beside = {metric: asked for metric, asked in made.items() if metric in metrics}
        made = {name: {**_bucket(panel.columns[name], metrics), "aggs": {**beside, **made}}}
        made |= {metric: _metric(metrics[metric]) for metric in beside}
    return made


def _metric(column: Json) -> Json:
    asked: Json = {"field": column["sourceField"]}
    if column["operationType"] == "median":
        asked["percents"] = [50]
    return {METRICS[column["operationType"]]: asked}


def _bucket(column: Json, metrics: Mapping[str, Json]) -> Json:
    operation, params = column["operationType"], column["params"]
    if operation == "filters":
        named = {one["label"]: query_of(one["input"]["query"]) for one in params["filters"]}
        return {"filters": {"filters": named}}
    field = column["sourceField"]
    if operation == "date_histogram":
        assert params["interval"] == "auto"
        return {"date_histogram": {"field": field, "fixed_interval": "1h", "min_doc_count": 1}}
    if operation == "range":
        ends = [{end: one[end] for end in ("from", "to") if one[end] is not None} for one in params["ranges"]]
        return {"range": {"field": field, "ranges": ends}}
    assert operation == "terms", operation
    by = params["orderBy"]["columnId"]
    order = "_count" if metrics[by]["operationType"] == "count" else by
    missing = {"missing": "-"} if params["missingBucket"] else {}
    return {
        "terms": {
            "field": field,
            "size": params["size"],
            "order": {
                order if metrics[by]["operationType"] != "median" else f"{by}.50": params["orderDirection"]
            },
            **missing,
        }
    }


def values(panel: Panel, answer: Json) -> list[float]:
    """The numbers that a panel shows, of all its buckets."""
    return list(_values(panel, answer.get("aggregations", {}), answer["hits"]["total"]["value"]))


def _values(panel: Panel, found: Json, count: int) -> Iterator[float]:
    inner = next((name for name in panel.order if name in found and "buckets" in found[name]), None)
    if inner is not None:
        buckets = found[inner]["buckets"]
        for bucket in buckets.values() if isinstance(buckets, dict) else buckets:
            if bucket["doc_count"]:
                yield from _values(panel, bucket, bucket["doc_count"])
        return
    for name in panel.order:
        column = panel.columns[name]
        if column["isBucketed"]:
            continue
        if column["operationType"] == "count":
            yield count
        else:
            value = found[name].get("value", found[name].get("values", {}).get("50.0"))
            yield 0 if value is None else value
