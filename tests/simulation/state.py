"""All that is known at the end, in words that two runs share: one value, and one digest of it.

Left out is what says when and how often, not what: times, revisions, ids made of times, the names that stories and
families had on the way. Stories and families are told by the addresses in them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import orjson

from copydesk.adapters.archive.warc import Archive
from copydesk.index import Body, Generations, Kind
from copydesk.index.records import texts_of
from simulation.groups import families_of, odds, stories_of
from simulation.made import Made, names_of

__all__ = ["LOST", "State", "differences", "digest", "state_of"]

State: TypeAlias = dict[str, Any]

OF_ARTICLES = ("title", "checksum", "outlet", "publisher", "language", "agency", "published_at", "text")
OF_LEDGER = ("outcome", "reason", "outlet", "publisher", "quiet", "shard")
LOST = frozenset({"archive-lost", "damaged"})
"""Why a capture ends that the archive no longer gives."""
HELD = {"captured", "unchanged"}
"""Ends of an address that mean the same: we have what stands there."""


def state_of(
    index: Generations,
    archive: Archive,
    made: Made,
    *,
    rung: Mapping[str, tuple[str, str]],
    sent: Iterable[tuple[str, str]],
) -> State:
    """The whole state.

    Args:
        index: The store.
        archive: The archive.
        made: The world, for its truth.
        rung: Topic and address of every alert there ever was, by id; a takedown may have taken some away.
        sent: The channels and alerts that messages went out for.
    """
    index.refresh(*Kind)
    rows = {kind: {row.id: row.body for row in index.scan(kind)} for kind in Kind}
    names = {id_: str(body["url"]) for id_, body in rows[Kind.ARTICLES].items()}
    return {
        "articles": {names[id_]: _article(body, rows, names) for id_, body in rows[Kind.ARTICLES].items()},
        "versions": _by_url((str(b["url"]), str(b["checksum"])) for b in rows[Kind.VERSIONS].values()),
        "families": families_of(rows, names),
        "stories": stories_of(rows, names),
        "odds": odds(rows, names),
        "judged": sorted(names.get(id_, id_) for id_ in rows[Kind.JUDGEMENTS]),
        "fingerprints": sorted(names.get(id_, id_) for id_ in rows[Kind.FINGERPRINTS]),
        "captures": _captures(rows[Kind.CAPTURES].values()),
        "ledger": {str(body["url"]): _ledger(body) for body in rows[Kind.LEDGER].values()},
        "archive": _archived(archive),
        "alerts": sorted({(topic, _event(made, url)) for topic, url in rung.values()}),
        "told": sorted({(channel, _event(made, rung[alert][1])) for channel, alert in sent}),
        "noted": _noted(rows, made),
        "takedowns": sorted(str(body["target"]) for body in rows[Kind.TAKEDOWNS].values()),
        "refused": sorted(rows[Kind.REFUSED]),
    }


def digest(state: State) -> str:
    """One checksum of everything."""
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def differences(ours: Any, theirs: Any, place: str = "") -> list[str]:
    """Where two states differ, one line each."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        keys = sorted(ours.keys() | theirs.keys())
        return [
            line
            for key in keys
            for line in differences(ours.get(key), theirs.get(key), f"{place}.{key}".lstrip("."))
        ]
    return [] if ours == theirs else [f"{place}: {_short(ours)} instead of {_short(theirs)}"]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 160 else f"{text[:100]} ... {text[-50:]}"


def _noted(rows: Mapping[Kind, Mapping[str, Body]], made: Made) -> list[tuple[str, str]]:
    """Which topics are known to have been told of which events, by the texts that say so.

    Roundups are left out: one is noted where it came before all but one of its items, as a text of that one's story,
    and the disk may lose the items that would show what it is.
    """
    urls = {id_: str(body["url"]) for id_, body in rows[Kind.LEDGER].items()}
    told = [
        (str(body["topic"]), urls.get(str(body["article"]), ""))
        for body in rows[Kind.TOLD].values()
        if "alert" in body
    ]
    return sorted({(topic, _event(made, url)) for topic, url in told if "/brief-" not in url})


def _event(made: Made, url: str) -> str:
    """What an alert is about, as the truth has it."""
    page = made.pages.get(url)
    return names_of(page) if page else url


def _article(body: Body, rows: Mapping[Kind, Mapping[str, Body]], names: Mapping[str, str]) -> State:
    others = rows[Kind.ARTICLES]
    group = {
        name: sorted(names[id_] for id_, other in others.items() if other.get(name) == body.get(name))
        for name in ("family", "story")
    }
    original = str(body.get("duplicate_of") or "")
    return {
        **{name: body.get(name) for name in OF_ARTICLES},
        **group,
        "original": names.get(original, original),
        "contains": sorted(names[id_] for id_ in texts_of(body, "contains") if id_ in names),
    }


def _captures(bodies: Iterable[Body]) -> dict[str, list[list[str]]]:
    """How the captures of each address ended, without those that changed nothing or were lost.

    How many there are says how often a page was fetched. Two of the same state may both count as indexed: when the
    worker of the first died before the article was stored.
    """
    ends: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for body in bodies:
        if body.get("reason") in LOST:  # whose address may be forgotten: the law of losses counts them
            continue
        ends[str(body["url"])].add((str(body["outcome"]), str(body.get("reason") or "")))
    return {url: sorted(map(list, found - {("unchanged", "")})) for url, found in ends.items()}


def _ledger(body: Body) -> State:
    said = {name: body.get(name) for name in OF_LEDGER}
    outcome = "held" if said["outcome"] in HELD else said["outcome"]
    return {**said, "outcome": outcome, "sources": sorted(texts_of(body, "sources"))}


def _archived(archive: Archive) -> dict[str, list[str]]:
    """Which bodies of each page lie in the archive."""
    found: dict[str, set[str]] = defaultdict(set)
    for segment in archive.segments():
        for capture in archive.read(segment.name):
            if capture.kind == "page":
                found[capture.url].add(hashlib.sha256(capture.body).hexdigest()[:16])
    return {url: sorted(bodies) for url, bodies in found.items()}


def _by_url(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for url, checksum in pairs:
        found[url].append(checksum)
    return {url: sorted(checksums) for url, checksums in found.items()}
