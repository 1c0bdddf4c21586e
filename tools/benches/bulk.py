"""Indexing articles through our loop, beside the same documents as one prepared request on the same server."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import orjson

from benches.measure import Cost, Line, spent
from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.index import Kind, Write
from copydesk.index.article import Article
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.model import Document

__all__ = ["measure"]

PREFIX = "bench-bulk-"
ROUNDS = 6


def measure(documents: Sequence[Document], url: str) -> list[Line]:
    """Documents a second on the clock, and our processor time for one, in turns."""
    index = open_index(url, prefix=PREFIX)
    index.tear_down()
    index.setup()
    ours, theirs = Cost(), Cost()
    _ours(index, documents, -1)
    name = next(iter(index.server.client.indices.get_alias(name=f"{PREFIX}{Kind.ARTICLES}")))
    stored = _sources(index, documents, -1)
    for number in range(ROUNDS):
        body = _prepared(documents, number, name, stored=stored)
        turns = [(ours, partial(_ours, index, documents, number)), (theirs, partial(_raw, index, body))]
        # who comes second meets the server busy with what the first has left
        for cost, turn in turns if number % 2 else reversed(turns):
            with spent(cost):
                turn()
    index.tear_down()
    index.close()
    count = ROUNDS * len(documents)
    return [
        Line(
            what=f"indexing, {len(documents)} articles a request",
            value=f"{count / ours.wall:.0f} documents/s",
            beside=f"prepared _bulk {count / theirs.wall:.0f}",
            ratio=theirs.wall / ours.wall,
            target=">= 0.9",
        ),
        Line(
            what="our processor time for it",
            value=f"{ours.cpu * 1000 / count:.2f} ms a document",
            beside=f"prepared _bulk {theirs.cpu * 1000 / count:.2f}",
        ),
    ]


def _id(document: Document, number: int, whose: str) -> str:
    return f"{document.id}-{number}-{whose}"


def _ours(index: ElasticIndex, documents: Sequence[Document], number: int) -> None:
    writes = []
    for document in documents:
        id_ = _id(document, number, "ours")
        judgement = Judgement(family=id_, story=id_)
        body = to_record(Article(document=replace(document, id=id_), judgement=judgement))
        writes.append(Write(kind=Kind.ARTICLES, id=id_, body=body, version=1))
    answers = index.write(writes)
    if any(answer.status != "stored" for answer in answers):
        raise ValueError(f"not stored: {next(a for a in answers if a.status != 'stored')}")


def _sources(index: ElasticIndex, documents: Sequence[Document], number: int) -> list[bytes]:
    """The documents exactly as our loop has sent them, stems and all."""
    ids = [_id(document, number, "ours") for document in documents]
    found = index.server.client.mget(index=f"{PREFIX}{Kind.ARTICLES}", ids=ids)["docs"]
    return [orjson.dumps(row["_source"]) for row in found]


def _prepared(documents: Sequence[Document], number: int, name: str, *, stored: Sequence[bytes]) -> bytes:
    lines = []
    for document, source in zip(documents, stored, strict=True):
        head = {"_index": name, "_id": _id(document, number, "raw"), "version": 1, "version_type": "external"}
        lines += [orjson.dumps({"index": head}), source]
    return b"\n".join(lines) + b"\n"


def _raw(index: ElasticIndex, body: bytes) -> None:
    headers = {"accept": "application/json", "content-type": "application/x-ndjson"}
    answer = index.server.client.perform_request("POST", "/_bulk", headers=headers, body=body)
    if answer.body["errors"]:
        raise ValueError("the prepared request was not taken whole")
