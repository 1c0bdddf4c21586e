"""What must hold at the end of a run, whatever went wrong in it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from copydesk import urls
from copydesk.index import Kind
from copydesk.views.status import funnel
from simulation.made import STOCK, names_of
from simulation.state import LOST, State, differences
from simulation.street import Street

__all__ = ["LAWS", "Breach", "broken"]


KIN = frozenset({"family", "story", "original", "contains"})
"""Of an article: what it has to do with others."""


@dataclass(frozen=True)
class Breach:
    """A law that did not hold, and where."""

    law: str
    detail: str


Law: TypeAlias = Callable[[Street, State, State], Iterator[str]]
"""Of the run, its state, and that of the undisturbed run: a line for each breach."""


def broken(street: Street, state: State, expected: State) -> list[Breach]:
    """All breaches of all laws."""
    return [Breach(name, detail) for name, law in LAWS.items() for detail in law(street, state, expected)]


def _nothing_escapes(street: Street, _: State, __: State) -> Iterator[str]:
    """A step ends well, or by an error that is raised on purpose."""
    yield from street.escaped


def _all_ends(street: Street, _: State, __: State) -> Iterator[str]:
    """When faults have stopped, nothing is left to do before long."""
    yield from street.stuck


def _archive_first(street: Street, _: State, __: State) -> Iterator[str]:
    """Nobody hears of a segment that is not on disk."""
    yield from (f"{name} was registered before it was closed" for name in street.unarchived)


def _one_outcome(street: Street, state: State, _: State) -> Iterator[str]:
    """Every archived page has one record with an end, and every record its page."""
    archived = Counter(
        capture.id
        for segment in street.archive.segments()
        for capture in street.archive.read(segment.name)
        if capture.kind == "page"
    )
    rows = {row.id: row.body for row in street.index.scan(Kind.CAPTURES)}
    yield from (f"archived {number} times: {id_}" for id_, number in archived.items() if number > 1)
    yield from (f"no outcome: {id_}" for id_ in sorted(archived.keys() - rows.keys()))
    for id_ in sorted(rows.keys() - archived.keys()):
        if rows[id_].get("reason") not in {"taken-down", *LOST}:
            yield f"not in the archive: {rows[id_]['url']}"
    yield from (f"pending: {body['url']}" for body in rows.values() if body["outcome"] == "pending")
    yield from (f"pending: {url}" for url, said in state["ledger"].items() if said["outcome"] == "pending")


def _balance(street: Street, _: State, __: State) -> Iterator[str]:
    """Registered captures are as many as those with an outcome."""
    imbalance = funnel(street.index).imbalance
    if imbalance:
        yield f"imbalance={imbalance}"


def _lost_by_name(street: Street, _: State, __: State) -> Iterator[str]:
    """Of a registered segment the captures that the disk lost end as lost, as many as they are, and no others.

    Those whose names were lost with the server are counted without. What nobody registered nobody misses.
    """
    rotting = street.rotting
    doomed: dict[str, set[str]] = defaultdict(set)
    for id_, segment in rotting.lost.items():
        doomed[segment].add(id_)
    ended: dict[str, set[str]] = defaultdict(set)
    erased: set[str] = set()
    for row in street.index.scan(Kind.CAPTURES):
        segment, reason = str(row.body["segment"]), row.body.get("reason")
        if reason == "taken-down":
            erased.add(row.id)
        elif reason in LOST:
            ended[segment].add(row.id)
            if row.id not in doomed[segment] and not row.id.startswith(f"{segment}-"):
                yield f"{reason}, although it was not: {row.id} {row.body['url']}"
            if (reason == "archive-lost") != (segment in rotting.gone):
                yield f"{segment}: {reason}, but its file is {'gone' if segment in rotting.gone else 'there'}"
    for row in street.index.scan(Kind.SEGMENTS):
        ours, wanted = len(ended[row.id]), len(doomed[row.id] - erased)
        if ours != wanted:
            yield f"{row.id}: {ours} instead of {wanted} captures ended as lost"


def _nothing_lost(street: Street, state: State, expected: State) -> Iterator[str]:
    """Whatever the undisturbed run knows is known; what is forgotten may never have been known."""
    gone = _gone(street)
    for part in ("articles", "ledger", "captures", "judged", "fingerprints"):
        yield from (f"{part}: no {url}" for url in sorted({*expected[part]} - {*state[part]} - gone))
    for part in ("versions", "archive"):
        yield from _less(part, expected[part], state[part], gone)


def _nothing_doubled(street: Street, state: State, expected: State) -> Iterator[str]:
    """And nothing else, and nothing more often."""
    gone = _gone(street)
    for part in ("articles", "ledger", "judged", "fingerprints"):
        yield from (f"{part}: {url}" for url in sorted({*state[part]} - {*expected[part]} - gone))
    for part in ("versions", "archive"):
        yield from _less(part, state[part], expected[part], gone)


def _same_families(_: Street, state: State, expected: State) -> Iterator[str]:
    """Copies, originals, stories and roundups are those of the undisturbed run."""
    for url in sorted(state["articles"].keys() & expected["articles"].keys()):
        ours, theirs = state["articles"][url], expected["articles"][url]
        for name in sorted(KIN):
            yield from differences(ours[name], theirs[name], f"{url} {name}")
    known = state["articles"].keys() & expected["articles"].keys()
    for part in ("families", "stories"):
        ours, theirs = (
            {key: item for key, item in one[part].items() if known.issuperset(key.split())}
            for one in (state, expected)
        )
        yield from differences(ours, theirs, part)


def _records_agree(_: Street, state: State, __: State) -> Iterator[str]:
    """Articles, their judgements and fingerprints, and the records of their families and stories say the same."""
    yield from state["odds"]


def _same_texts(street: Street, state: State, expected: State) -> Iterator[str]:
    """Articles say what the undisturbed run has them say; addresses ended as they did there."""
    for url in sorted(state["articles"].keys() & expected["articles"].keys()):
        ours, theirs = (
            {name: item for name, item in one["articles"][url].items() if name not in KIN}
            for one in (state, expected)
        )
        yield from differences(ours, theirs, url)
    for part in ("ledger",) if street.faults.counts["refused"] else ("ledger", "captures"):
        for url in sorted(state[part].keys() & expected[part].keys()):
            yield from differences(state[part][url], expected[part][url], f"{part} {url}")
    for part in ("takedowns", "refused"):
        yield from differences(state[part], expected[part], part)


def _told_once(street: Street, state: State, expected: State) -> Iterator[str]:
    """Each channel hears of each event once, and of as many as in the undisturbed run.

    Once more if the disk lost every text that it was told of: then nobody can know.
    """
    faded = _faded(street)
    ids: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for id_, sendings in street.mails.got.items():
        channel, alert = street.deliveries[id_]
        topic, url = street.alerts[alert]
        page = street.made.pages.get(url)
        if alert not in faded:
            ids[channel, topic, names_of(page) if page else url].add(id_)
        for (sender, is_known), _next in pairwise(sendings):
            if is_known and not sender.over:
                yield f"{channel} {topic}: {id_} was sent again although its sender lived on"
    yield from (f"{' '.join(key)}: told under {len(some)} ids" for key, some in ids.items() if len(some) > 1)
    yield from (
        f"{' '.join(map(str, one))}: never told" for one in expected["told"] if one not in state["told"]
    )
    yield from (
        f"{' '.join(map(str, one))}: told, unlike there"
        for one in state["told"]
        if one not in expected["told"]
    )
    for part in ("alerts", "noted"):
        yield from differences(state[part], expected[part], part)


def _faded(street: Street) -> set[str]:
    """The alerts of whose texts none is left in the archive."""
    url_of = {urls.url_key(url): url for url in street.made.pages}
    told = {alert: {url} for alert, (_, url) in street.alerts.items()}
    for row in street.index.scan(Kind.TOLD):
        told.setdefault(str(row.body["alert"]), set()).add(url_of.get(str(row.body["article"]), ""))
    return {alert for alert, texts in told.items() if texts <= street.rotting.addresses}


def _quiet(street: Street, _: State, __: State) -> Iterator[str]:
    """What was there before anybody looked rings nothing."""
    loud: dict[str, bool] = defaultdict(bool)
    for page in street.made.pages.values():
        for event in page.events:
            loud[event] |= page.states[0].since > STOCK or page.outlet == "dogwood"
    for topic, url in street.alerts.values():
        shown = street.made.pages.get(url)
        if shown and shown.events and not any(loud[event] for event in shown.events):
            yield f"{topic} rang for {url}, which the first poll found"


def _forgotten(street: Street, state: State, _: State) -> Iterator[str]:
    """Of what was taken down nothing is left, in index and archive."""
    gone = _gone(street)
    for part in ("articles", "versions", "archive", "fingerprints"):
        yield from (f"{part}: {url}" for url in sorted(gone & {*state[part]}))
    for url in sorted(gone & state["captures"].keys()):
        if state["captures"][url] != [["rejected", "taken-down"]]:
            yield f"captures: {url} {state['captures'][url]}"


def _gone(street: Street) -> set[str]:
    """The addresses that are forgotten in the end."""
    return {url for url, page in street.made.pages.items() if street.made.is_forgotten(page)}


def _less(
    part: str, wanted: Mapping[str, list[str]], there: Mapping[str, list[str]], gone: set[str]
) -> Iterator[str]:
    for url, some in wanted.items():
        missing = Counter(some if url not in gone else ()) - Counter(there.get(url, ()))
        if missing:
            yield f"{part}: {url} {', '.join(sorted(missing))}"


LAWS: Mapping[str, Law] = {
    "nothing escapes": _nothing_escapes,
    "all ends": _all_ends,
    "archive first": _archive_first,
    "one outcome": _one_outcome,
    "balance": _balance,
    "lost by name": _lost_by_name,
    "nothing lost": _nothing_lost,
    "nothing doubled": _nothing_doubled,
    "same families": _same_families,
    "records agree": _records_agree,
    "same texts": _same_texts,
    "told once": _told_once,
    "quiet": _quiet,
    "forgotten": _forgotten,
}
