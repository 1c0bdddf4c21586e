"""History: what came of the stories that meet a topic, as it came: the states of their articles, batch by batch.

Live, a segment's pages are worked on together, and what may ring of them is matched at once. The states that an article
had are its versions and the article; which segment brought each, its capture says.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from copydesk.index import FIND_MOST, Found, Index, Kind, Order, Range, Where
from copydesk.index.article import Article, Version, articles_of
from copydesk.index.records import from_record, load
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.model import Document
from copydesk.query.evaluator import find_matches, tree_of
from copydesk.query.holding import cost_of
from copydesk.query.parser import MOST_CLAUSES
from copydesk.query.tree import EVERYTHING, Node, leaves
from copydesk.topic import Topic
from copydesk.urls import url_key

__all__ = ["Batch", "history_of", "quietly"]

CHUNK = 500
"""Documents that are read at once."""
LEAST = timedelta(milliseconds=1)
"""The shortest stretch of time that is looked through by itself: times are kept in whole milliseconds."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was worked on together: when, the articles as they were then, and which of them may ring."""

    at: datetime
    articles: tuple[Article, ...]
    ringing: tuple[str, ...]

    @property
    def quiet(self) -> tuple[str, ...]:
        """The articles that a first poll or a person brought, and which therefore ring nothing."""
        return tuple(one.document.id for one in self.articles if one.document.id not in set(self.ringing))


def history_of(index: Index, topic: Topic, since: datetime, until: datetime) -> list[Batch]:
    """All batches with articles of the stories that meet a topic within a time, also what came of them before.

    Each article bears the judgement it has now: stories are those that are known now. What was taken down is not there.
    """
    index.refresh(Kind.ARTICLES, Kind.VERSIONS, Kind.CAPTURES)
    stories = _met_within(index, topic, since, until)
    articles = _articles_of(index, stories)
    # a roundup rings where none of the stories it holds did
    items = {item for one in articles.values() for item in one.judgement.contains} - articles.keys()
    held = {one.judgement.story for one in articles_of(index, sorted(items)).values()}
    articles |= _articles_of(index, held - stories)
    return list(_batches(index, [one for one in _states(index, articles) if one.document.fetched_at < until]))


def _met_within(index: Index, topic: Topic, since: datetime, until: datetime) -> set[str]:
    """The stories of which a state that came within a time may meet a topic: all that do are among them."""
    tree = _asked_of_server(topic)

    def current(within: Where, limit: int) -> list[Found]:
        hits = index.search(tree, where=within, order=Order.NEWEST, limit=limit).hits
        return [Found(hit.id, hit.body, 0, 0) for hit in hits]

    def earlier(within: Where, limit: int) -> list[Found]:
        return index.find(Kind.VERSIONS, within, limit=limit)

    stories = {from_record(Article, row.body).judgement.story for row in _within(current, since, until)}
    rows = {row.id: row for row in _within(earlier, since, until)}
    versions = {id_: from_record(Version, row.body) for id_, row in rows.items()}
    matches, _ = find_matches([topic], {id_: one.document for id_, one in versions.items()})
    changed = articles_of(index, sorted({versions[one.article].article for one in matches}))
    return stories | {one.judgement.story for one in changed.values()}


def _asked_of_server(topic: Topic) -> Node:
    """What the server is asked for: what the topic is, or everything where that is too much for a small one."""
    tree = tree_of(topic)
    return tree if sum(map(cost_of, leaves(tree))) <= MOST_CLAUSES else EVERYTHING


def _within(ask: Callable[[Where, int], list[Found]], since: datetime, until: datetime) -> Iterator[Found]:
    """What was fetched within a time, by halves of it where there is more than comes at once."""
    shortest = until - since <= LEAST
    within: Where = {"fetched_at": Range(gte=since.isoformat(), lt=until.isoformat())}
    rows = ask(within, FIND_MOST if shortest else CHUNK)
    if len(rows) < CHUNK or shortest:
        yield from rows
        return
    middle = since + (until - since) / 2
    yield from _within(ask, since, middle)
    yield from _within(ask, middle, until)


def _articles_of(index: Index, stories: Collection[str]) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for some in _chunks(stories):
        rows = index.find(Kind.ARTICLES, {"story": some}, limit=FIND_MOST)
        found |= {row.id: from_record(Article, row.body) for row in rows}
    return found


def _states(index: Index, articles: Mapping[str, Article]) -> Iterator[Article]:
    """The articles in all states they had."""
    yield from articles.values()
    for some in _chunks(articles):
        for row in index.find(Kind.VERSIONS, {"article": some}, limit=FIND_MOST):
            version = from_record(Version, row.body)
            yield replace(articles[version.article], document=version.document)


def _batches(index: Index, states: Sequence[Article]) -> Iterator[Batch]:
    """The states by the segment that brought them, of several of an article in one the last; in their order."""
    ids = sorted({one.document.capture_id for one in states})
    captures = load(index, Kind.CAPTURES, CaptureRecord, ids)
    quiet = quietly(index, captures)
    groups: dict[str, list[Article]] = defaultdict(list)
    for one in sorted(states, key=lambda one: _order(one.document)):
        id_ = one.document.capture_id
        groups[captures[id_].segment if id_ in captures else f"{id_} alone"].append(one)
    made = [{one.document.id: one for one in group} for group in groups.values()]
    for last in sorted(made, key=lambda last: max(_order(one.document) for one in last.values())):
        yield Batch(
            max(one.document.fetched_at for one in last.values()),
            tuple(last.values()),
            tuple(id_ for id_, one in last.items() if not quiet.get(one.document.capture_id)),
        )


def _order(document: Document) -> tuple[datetime, datetime, str]:
    return document.fetched_at, document.first_seen_at, document.capture_id


def quietly(index: Index, captures: Mapping[str, CaptureRecord]) -> dict[str, bool]:
    """Whether the address of a capture was brought by a first poll or a person; of those that the ledger knows."""
    keys = {id_: url_key(one.url) for id_, one in captures.items()}
    known = load(index, Kind.LEDGER, LedgerRecord, sorted(set(keys.values())))
    return {id_: known[key].quiet for id_, key in keys.items() if key in known}


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """So few stories or articles that what belongs to them comes at once."""
    rest = iter(sorted(ids))
    while some := list(islice(rest, CHUNK // 10)):
        yield some
