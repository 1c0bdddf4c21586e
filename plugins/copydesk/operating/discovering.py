"""Try: what an address would bring if it were a source, or what the site behind it offers. Writes nothing.

Asks as politely as a poll does; the reader shows whether a page that is announced becomes an article.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urljoin

from copydesk import urls
from copydesk.fetching.archiving import feed_capture
from copydesk.model import LONGEST_NAME, Document, Entry, Rejection, Source
from copydesk.outcomes import Reason
from copydesk.ports import Fetched, Fetcher, Reader, Unfetched, Wanted
from copydesk.sources import Announced, NotAFeed, kind_of, parse
from copydesk.sources.offers import named_by_page, named_by_robots, usual

__all__ = ["Trial", "find", "try_source"]

ENOUGH = 6
"""Sources of one site that are shown; the usual places are looked at only while there is none."""

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What an address would bring.

    Attributes:
        kind: Of what kind of source the document is; "" when it is none.
        trouble: Why it would bring nothing, when that is so.
        page: What became of one page that it announces; None when none was read.
    """

    url: str
    kind: str = ""
    announced: Announced = field(default_factory=Announced)
    trouble: str = ""
    page: Document | Rejection | Unfetched | None = None


def try_source(fetcher: Fetcher, reader: Reader, source: Source) -> Trial:
    """What a source of the file would bring now."""
    answer = _ask(fetcher, source.url, "feed")
    if isinstance(answer, Unfetched):
        return Trial(url=source.url, kind=source.kind, trouble=_words(answer))
    try:
        announced = parse(source, answer.body, answer.content_type, answer.final_url)
    except NotAFeed as exc:
        return Trial(url=source.url, kind=source.kind, trouble=f"{Reason.NOT_A_FEED} {exc}")
    return _with_page(fetcher, reader, source, Trial(url=source.url, kind=source.kind, announced=announced))


def find(fetcher: Fetcher, reader: Reader, url: str) -> list[Trial]:
    """What an address would bring; when it is a web page, what its site offers, of each one page read."""
    answer = _ask(fetcher, url, "feed")
    if isinstance(answer, Unfetched):
        return [Trial(url=url, trouble=_words(answer))]
    found = _trial(answer)
    trials = [found] if found else list(_offered(fetcher, answer))
    if not trials:
        return [Trial(url=url, trouble="neither a feed nor a sitemap, and its site names none")]
    return [_with_page(fetcher, reader, _made_of(trial), trial) for trial in trials]


def _offered(fetcher: Fetcher, page: Fetched) -> list[Trial]:
    """What the page and robots.txt name, or what lies where it usually does; each once, and what holds something."""
    robots = _ask(fetcher, urljoin(page.final_url, "/robots.txt"), "feed")
    told = named_by_robots(robots.body, page.final_url) if isinstance(robots, Fetched) else ()
    named = named_by_page(page.body, page.content_type, page.final_url)
    found: dict[str, Trial] = {}
    for most, addresses in ((ENOUGH, (*named, *told)), (1, usual(page.final_url))):
        for address in dict.fromkeys(addresses):
            answer = _ask(fetcher, address, "feed") if len(found) < most else None
            trial = _trial(answer) if isinstance(answer, Fetched) else None
            if trial is not None and (trial.announced.entries or trial.announced.more):
                found.setdefault(trial.url, trial)
    return list(found.values())


def _trial(answer: Fetched) -> Trial | None:
    told = kind_of(answer.body, answer.content_type, answer.final_url)
    return Trial(url=answer.final_url, kind=told[0], announced=told[1]) if told else None


def _made_of(trial: Trial) -> Source:
    outlet = urls.host(trial.url)[:LONGEST_NAME]
    return Source.model_validate({"name": "tried", "kind": trial.kind, "url": trial.url, "outlet": outlet})


def _with_page(fetcher: Fetcher, reader: Reader, source: Source, trial: Trial) -> Trial:
    """The trial with the newest of its entries read."""
    entry = max(trial.announced.entries, key=_time, default=None)
    if entry is None:
        return trial
    answer = _ask(fetcher, entry.url, "page") if entry.body is None else _delivered(entry)
    if isinstance(answer, Unfetched):
        return replace(trial, page=answer)
    capture = replace(feed_capture(answer, source), kind="page", entry_title=entry.title)
    return replace(trial, page=next(iter(reader.read([capture]))))


def _time(entry: Entry) -> datetime:
    return entry.updated_at or entry.published_at or NEVER


def _delivered(entry: Entry) -> Fetched:
    return Fetched(
        wanted=Wanted(key=entry.url, url=entry.url, kind="page"),
        final_url=entry.url,
        status=200,
        content_type=entry.content_type,
        body=entry.body or b"",
        fetched_at=_time(entry),
    )


def _ask(fetcher: Fetcher, url: str, kind: Literal["page", "feed"]) -> Fetched | Unfetched:
    wanted = Wanted(key=url, url=url, kind=kind)
    return next(answer for answer in fetcher.fetch([wanted]) if answer is not None)


def _words(answer: Unfetched) -> str:
    return f"{answer.reason} {answer.detail}".strip()
