"""The way of an address: announced, fetched, read, indexed, told of, or where it ended and why. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from copydesk.errors import ConfigError
from copydesk.index import Index, Kind
from copydesk.index.article import Article, articles_of
from copydesk.index.records import from_record, load
from copydesk.index.state import CaptureRecord, LedgerRecord, Told
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.urls import canonicalize, url_key
from copydesk.views.articles import articles_at, is_taken_out, title_of

__all__ = ["Step", "Way", "way_of"]

LONGEST = 8000
"""Characters of an address beyond which nothing is kept by it: a server takes terms of 32,766 bytes."""

MOST = 100
"""Captures, and topics, of an address that are looked at; a page that was fetched more often is a live page."""

READ = {
    CaptureOutcome.PENDING: "fetched, and waits to be read",
    CaptureOutcome.INDEXED: "read, and put into the index",
    CaptureOutcome.VERSION: "fetched again with another text: the older one is kept as a version",
    CaptureOutcome.UNCHANGED: "fetched again with the same text",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an address, in words for a person; `at` is None where nobody wrote down when."""

    what: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What is known of an address.

    Attributes:
        url: Its canonical form.
        announced: What the ledger has of it, or of the address its article was fetched from; None if no source named
            it.
        captures: What became of its captures.
        article: What it became, or None.
        original: The address of its original if it is a copy, else "".
        told: Which topics were told of the article, or were not, and why.
        taken_out: Whether a takedown is of it.
    """

    url: str
    announced: LedgerRecord | None
    captures: tuple[CaptureRecord, ...]
    article: Article | None
    original: str
    told: tuple[Told, ...]
    taken_out: bool

    @property
    def steps(self) -> tuple[Step, ...]:
        """All of it in words, in the order of the street; never empty."""
        return tuple(_steps(self))

    @property
    def end(self) -> str:
        """Where it stands now, in one line."""
        if self.article is not None:
            return f"It is here: {title_of(self.article)}"
        return f"It is not here: {self.steps[-1].what}."


def way_of(index: Index, address: str) -> Way:
    """The way of an address, or of the article that has it as its id. Reads only; any text has one."""
    address = address[:LONGEST]
    url = canonicalize(address)
    article = _article(index, address)
    captures = _captures(index, {"url": sorted({address, url})})
    if article is not None:
        captures |= _captures(index, {"article": article.document.id})
    keys = list(dict.fromkeys([url_key(url), *(url_key(one.url) for one in captures.values())]))
    ledger = load(index, Kind.LEDGER, LedgerRecord, keys)
    told = index.find(Kind.TOLD, {"article": article.document.id}, limit=MOST) if article else []
    return Way(
        url=article.document.url if article else url,
        announced=next((ledger[key] for key in keys if key in ledger), None),
        captures=tuple(captures.values()),
        article=article,
        original=_original(index, article),
        told=tuple(from_record(Told, row.body) for row in told),
        taken_out=article is None and is_taken_out(index, keys),
    )


def _article(index: Index, address: str) -> Article | None:
    try:
        return articles_at(index, [address])[0]
    except ConfigError:
        return None


def _original(index: Index, article: Article | None) -> str:
    """Its address, or its id when it is no longer kept."""
    id_ = article.judgement.duplicate_of if article is not None else None
    if id_ is None:
        return ""
    found = articles_of(index, [id_])
    return found[id_].document.url if id_ in found else id_


def _captures(index: Index, where: dict[str, str | list[str]]) -> dict[str, CaptureRecord]:
    rows = index.find(Kind.CAPTURES, where, sort="first_seen_at", limit=MOST)
    return {row.id: from_record(CaptureRecord, row.body) for row in rows}


def _steps(way: Way) -> Iterator[Step]:
    if way.announced is not None:
        yield from _announced(way.announced)
    elif not way.captures and way.article is None and not way.taken_out:
        yield Step("no source has announced this address, and nobody has ingested it by hand")
    yield from map(_read, way.captures)
    if way.taken_out:
        yield Step("it was taken out with `copydesk forget`")
    if way.article is not None:
        yield Step(f"judged to be a copy of {way.original}" if way.original else "judged to be an original")
        yield from (_heard(told) for told in way.told)


def _announced(record: LedgerRecord) -> Iterator[Step]:
    quiet = ", by its first poll or by hand, so that it rings no alert" if record.quiet else ""
    yield Step(f"announced by {', '.join(record.sources)}{quiet}", record.first_seen_at)
    why = _why(record.reason, record.detail)
    again = f"; tried again at {record.retry_at:%Y-%m-%d %H:%M} UTC" if record.retry_at else ""
    match record.outcome:
        case EntryOutcome.PENDING:
            once_more = " again" if record.fetched_at or record.attempts else ""
            yield Step(f"waits to be fetched{once_more}{f', after {why}' if why else ''}")
        case EntryOutcome.REFUSED:
            yield Step(f"was not fetched: {why}{again}")
        case EntryOutcome.FAILED:
            tries = "1 try" if record.attempts == 1 else f"{record.attempts} tries"
            yield Step(f"could not be fetched, after {tries}: {why}{again}")
        case _:
            look = f", looked at again at {record.retry_at:%Y-%m-%d %H:%M} UTC" if record.retry_at else ""
            yield Step(f"fetched{look}", record.fetched_at)


def _read(record: CaptureRecord) -> Step:
    if record.outcome is CaptureOutcome.REJECTED:
        return Step(f"rejected by {record.step or 'work'}: {_why(record.reason, record.detail)}".rstrip(": "))
    return Step(READ[record.outcome])


def _heard(told: Told) -> Step:
    if told.alert is not None:
        return Step(f"the topic {told.topic} was told of its story", told.at)
    return Step(f"the topic {told.topic} is met and was not told: {_why(told.reason, told.detail)}", told.at)


def _why(reason: str | None, detail: str) -> str:
    """A reason with what was said of it, which may begin with the same word."""
    return detail if reason and detail.startswith(reason) else f"{reason or ''} {detail}".strip()
