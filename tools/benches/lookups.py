"""Looking up copies among many texts: the production query, on made fingerprints in a real Elasticsearch.

The made texts are as hard to look up as news. Their terms follow the frequencies of names, frequent words and
title words in 609 news texts, where the most common one stands in a quarter of the texts; one run of words in
fifty is a phrase that many use; and they come as stories of several families of one text or more.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from typing import Any, TypeAlias, cast

import numpy as np
from elasticsearch import Elasticsearch
from numpy.typing import NDArray

from benches.measure import Line
from benches.state import TARGET, merged_bytes
from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.index import Kind, Write
from copydesk.judging.candidates import find_candidates
from copydesk.judging.fingerprint import COUNT_AT, FULL, NAME, WINDOW, Fingerprint, Section, to_body
from copydesk.judging.fingerprint.words import mix

__all__ = ["fill", "look_up", "made", "measure"]

Hashes: TypeAlias = NDArray[np.uint32]

PREFIX = "bench-lookups-"
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
CHUNK = 2000
PROBES, WARM = 3000, 2000
MERGES, POLL = 120, 0.5
SKETCH, TERMS, NAMES, QUOTES = 96, 80, 22, 6
"""Of a text: kept runs of words; terms, and how many of them are names; most quoted sentences."""
PHRASES, PHRASE_SHARE = 3000, 0.02
VOCABULARY, FLATTER, STEEPNESS = 28_000, 3, 0.85
"""The term of a rank is as frequent as 1 / (rank + FLATTER) ** STEEPNESS; fitted."""
FAMILIES, COPIES = 2, 0.6
"""Families of a story, and the chance that a family has one more text, after each."""
KINDS: Mapping[str, tuple[float, float, float]] = {
    "whole": (0.95, 0.9, 1.0),
    "cut": (0.4, 0.6, 0.5),
    "expanded": (0.5, 0.5, 1.0),
    "reworded": (0.04, 0.7, 0.8),
}
"""Kind of copy -> shares of the family's runs of words, terms and quotes that it has."""


@dataclass(frozen=True, slots=True)
class Made:
    """A made text: the family it is in, and what kind of copy it is there ("" for the first)."""

    text: Fingerprint
    family: int
    kind: str


@dataclass(slots=True)
class Clocked:
    """A client that notes how long the server says each look-up took: for copies, for names, for both; milliseconds."""

    client: Elasticsearch
    took: list[tuple[int, int, int]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def msearch(self, **request: Any) -> Any:
        """As the client does."""
        answer = self.client.msearch(**request)
        copies, names = (one["took"] for one in answer["responses"])
        self.took.append((copies, names, answer["took"]))
        return answer


def measure(url: str, texts: int) -> list[Line]:
    """Fill an index, look texts up in it, delete it."""
    index = open_index(url, prefix=PREFIX)
    index.tear_down()
    index.setup()
    start = time.perf_counter()
    sample = fill(index, texts)
    rate = texts / (time.perf_counter() - start)
    written = Line(what=f"fingerprints written, {texts:,} texts", value=f"{rate:.0f} texts/s")
    lines = [written, *look_up(index, sample, texts)]
    index.tear_down()
    index.close()
    return lines


def fill(index: ElasticIndex, texts: int) -> list[Made]:
    """Store made texts, while the server merges as it likes, and do the housekeeping; a sample, whole families."""
    stream, every = made(texts), max(1, texts // (2 * (PROBES + WARM)))
    sample: list[Made] = []
    while some := list(islice(stream, CHUNK)):
        writes = [Write(kind=Kind.FINGERPRINTS, id=one.text.id, body=to_body(one.text)) for one in some]
        if any(answer.status != "stored" for answer in index.write(writes)):
            raise ValueError("not everything was stored")
        sample += [one for one in some if one.family % every == 0]
    index.refresh(Kind.FINGERPRINTS)
    index.compact(Kind.FINGERPRINTS, NOW.date())
    _wait_for_merges(index)
    return sample[: WARM + PROBES]


def _wait_for_merges(index: ElasticIndex) -> None:
    """Until the server has merged what was written at once, or for two minutes: in life it comes over days."""
    until = time.monotonic() + MERGES
    while time.monotonic() < until:
        stats = index.server.client.indices.stats(index=f"{index.prefix}fingerprints-*", metric="merge")
        if not stats["_all"]["primaries"]["merges"]["current"]:
            return
        time.sleep(POLL)


def look_up(index: ElasticIndex, sample: Sequence[Made], texts: int) -> list[Line]:
    """Look stored texts up one by one, after some that warm the server up.

    Beside the server's time, whether copies find another of their family.
    """
    clocked = Clocked(index.server.client)
    asked = ElasticIndex(replace(index.server, client=cast("Elasticsearch", clocked)), index.prefix)
    families: defaultdict[int, set[str]] = defaultdict(set)
    for one in sample:
        families[one.family].add(one.text.id)
    sought, missed, hits = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0), 0
    for one in sample[:WARM]:
        find_candidates(index, {one.text.id: one.text})
    start = time.perf_counter()
    for one in sample[WARM:]:
        near = find_candidates(asked, {one.text.id: one.text})[one.text.id]
        hits += len(near)
        if one.kind:
            sought[one.kind] += 1
            missed[one.kind] += not (families[one.family] - {one.text.id}) & near.keys()
    seconds = time.perf_counter() - start
    segments = index.server.client.indices.stats(index=f"{index.prefix}fingerprints-*", metric="segments")
    return [
        *(
            Line(
                what=f"look-up among {texts:,}, server time, {what}",
                value="p50 {:.0f}  p95 {:.0f}  p99 {:.0f} ms".format(*np.percentile(took, [50, 95, 99])),
                target="p99 <= 10",
            )
            for what, took in zip(("copies", "names", "both"), zip(*clocked.took, strict=True), strict=True)
        ),
        Line(what="machine", value=f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"),
        Line(
            what="look-ups",
            value=f"{len(sample[WARM:]) / seconds:.0f}/s, {hits / len(sample[WARM:]):.1f} candidates each",
        ),
        Line(
            what="copies that found their family",
            value="  ".join(f"{kind} {1 - missed[kind] / max(1, n):.4f}" for kind, n in sought.items()),
            beside=f"of {sum(sought.values())}",
        ),
        Line(
            what="state in the index",
            value=f"{merged_bytes(index, Kind.FINGERPRINTS) / texts:.0f} bytes a text",
            beside=f"merged; looked up in {segments['_all']['primaries']['segments']['count']} segments",
            target=TARGET,
        ),
    ]


def made(texts: int, seed: int = 1) -> Iterator[Made]:
    """So many made texts, the same in every run, family by family."""
    rng = np.random.default_rng(seed)
    number = family = 0
    while number < texts:
        story = _terms(rng, TERMS)
        for _ in range(int(rng.geometric(1 / FAMILIES))):
            item = _sketch(rng), _mixed(rng, _terms(rng, TERMS), story, 0.35), _quotes(rng)
            kind = ""
            family += 1
            begun = NOW + (rng.random() * 2 - 1) * (WINDOW - timedelta(days=1))
            while number < texts:
                yield Made(_text(f"t{number}", begun, _copied(rng, item, kind)), family, kind)
                number += 1
                if rng.random() > COPIES:
                    break
                kind = list(KINDS)[int(rng.integers(len(KINDS)))]
                begun += timedelta(hours=float(rng.exponential(3)))


def _sketch(rng: np.random.Generator) -> Hashes:
    own = rng.integers(0, FULL, SKETCH, dtype=np.uint32)
    phrases = _short(FULL + (PHRASES * rng.random(SKETCH) ** 2).astype(np.uint64))
    return np.where(rng.random(SKETCH) < PHRASE_SHARE, phrases, own).astype(np.uint32)


def _terms(rng: np.random.Generator, count: int) -> Hashes:
    # the inverse of the sum of frequencies up to a rank
    flat, rest = FLATTER, 1 - STEEPNESS
    top = (VOCABULARY + flat) ** rest - (1 + flat) ** rest
    ranks = ((1 + flat) ** rest + rng.random(count) * top) ** (1 / rest) - flat
    return _short(ranks.astype(np.uint64))


def _quotes(rng: np.random.Generator) -> Hashes:
    return rng.integers(0, FULL, int(rng.integers(0, QUOTES + 1)), dtype=np.uint32)


def _short(values: NDArray[np.uint64]) -> Hashes:
    return (mix(values) % np.uint64(FULL)).astype(np.uint32)


def _mixed(rng: np.random.Generator, own: Hashes, taken: Hashes, share: float) -> Hashes:
    """Some of what is taken, in its places, else what is one's own."""
    return np.where(rng.random(len(own)) < share, taken, own).astype(np.uint32)


def _copied(
    rng: np.random.Generator, item: tuple[Hashes, Hashes, Hashes], kind: str
) -> tuple[Hashes, Hashes, Hashes]:
    if not kind:
        return item
    sketch, terms, quotes = item
    words, known, spoken = KINDS[kind]
    return (
        _mixed(rng, _sketch(rng), sketch, words),
        _mixed(rng, _terms(rng, TERMS), terms, known),
        quotes[: round(spoken * len(quotes))],
    )


def _text(id_: str, at: datetime, item: tuple[Hashes, Hashes, Hashes]) -> Fingerprint:
    sketch, terms, quotes = item
    # the first ones are names, also where they come again further on
    distinct = list(dict.fromkeys(terms.tolist()))
    names = set(terms[:NAMES].tolist())
    marks = [1 << COUNT_AT | (NAME if term in names else 0) for term in distinct]
    sections = {
        Section.SKETCH: list(dict.fromkeys(sketch.tolist())),
        Section.TERMS: distinct,
        Section.SPEECH: list(dict.fromkeys(quotes.tolist())),
    }
    hashes = [hash_ | (section << 24) for section in Section for hash_ in sections[section]]
    return Fingerprint(
        id=id_,
        outlet="outlet.example",
        publisher="outlet.example",
        agency=None,
        first_seen_at=at,
        published_at=at,
        checksum=f"sha256:{id_:0>64}",
        size=4 * SKETCH,
        halvings=0,
        items=0,
        hashes=np.array(hashes, np.uint32),
        bounds=(0, *accumulate(len(sections[section]) for section in Section)),
        marks=np.array(marks, np.uint8),
    )
