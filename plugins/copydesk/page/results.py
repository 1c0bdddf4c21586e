"""Search results: one row a story, and under it who carried it."""

from collections.abc import Mapping
from dataclasses import asdict

from copydesk.alerting.backtesting import asking_for
from copydesk.errors import ConfigError
from copydesk.fetching.sight import sight_of
from copydesk.index import Body, Index, Json, Order
from copydesk.index.records import to_record
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.page.tokens import token_of
from copydesk.query.terms import Clock
from copydesk.topic import Topic
from copydesk.views.articles import title_of
from copydesk.views.facets import bracketed, facets_of, narrowed
from copydesk.views.search import Found, Result, counted, search
from copydesk.views.spelling import Meant, meant
from copydesk.views.stories import Coverage, coverage_of, holdings, sizes

__all__ = ["MOST", "found_by", "results"]

PER_PAGE, MOST = 20, 1000
LONGEST_NUMBER = 5


def results(desk: Desk, asked: Asked) -> Shown:
    """What a query finds; the newest for an empty one."""
    query, limit = asked.get("q", ""), limit_of(asked.get("limit", ""))
    with desk.index() as index:
        held = holdings(index)
        found = found_by(index, desk, asked, limit)
        coverage = coverage_of(index, {one.article.judgement.story for one in found.results})
        facets = facets_of(index, found.tree, query)
        other = None if found.stories else _meant(index, desk, asked)
        seen = "" if found.stories else sight_of(index, desk.sources(), desk.now()).line
    return Shown(
        "results",
        {
            "q": query,
            "limit": limit,
            "sort": order_of(asked),
            "sorts": list(Order) if query else [Order.NEWEST, Order.CARRIED],
            "outlet": asked.get("outlet", ""),
            "language": asked.get("language", ""),
            "outlets": held.outlets,
            "languages": held.languages,
            "count": counted(found),
            "stories": found.stories,
            "articles": found.articles,
            "more": found.is_cut and limit < MOST,
            "meant": asdict(other) if other else None,
            "seen": seen,
            "facets": asdict(facets),
            "exported": min(found.stories, MOST),
            "wish": wish_of(asked),
            **_feeds(desk, asked),
            "results": [_row(one, coverage) for one in found.results],
        },
    )


def found_by(index: Index, desk: Desk, asked: Asked, limit: int) -> Found:
    """What an address asks for. Raises QueryError for a query that has no meaning."""
    return search(
        index,
        asked.get("q", ""),
        Clock(desk.now()),
        outlet=asked.get("outlet", ""),
        language=asked.get("language", ""),
        order=Order(order_of(asked)),
        limit=limit,
    )


def wish_of(asked: Asked) -> str:
    """What an address asks for as one query, if a topic can ask for it; else "". Pure."""
    query = asked.get("q", "").strip()
    for name, value in (("outlet", asked.get("outlet", "")), ("lang", asked.get("language", ""))):
        query = narrowed(bracketed(query), name, value) if value and query else query
    try:
        return asking_for(Topic(name="query"), query).query if query else ""
    except ConfigError:  # a topic has no since:
        return ""


def order_of(asked: Asked) -> str:
    """The order that an address asks for; nonsense for best first, or of everything newest. Pure."""
    fitting = Order.BEST if asked.get("q", "").strip() else Order.NEWEST
    return asked["sort"] if asked.get("sort") in list(Order) else fitting


def _meant(index: Index, desk: Desk, asked: Asked) -> Meant | None:
    query, outlet, language = (asked.get(name, "") for name in ("q", "outlet", "language"))
    return meant(index, query, Clock(desk.now()), outlet=outlet, language=language)


def limit_of(text: str) -> int:
    """How many stories are wanted; nonsense wants a page. Pure."""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return min(max(int(text), 1), MOST) if is_number else PER_PAGE


def _feeds(desk: Desk, asked: Asked) -> Body:
    """Whether the query is there as a feed, and what its address has to bear."""
    key = desk.key()
    return {"feeds": desk.is_open or bool(key), "token": token_of(key, asked) if key else ""}


def _row(result: Result, coverage: Mapping[str, Coverage]) -> Body:
    document, judgement = result.article.document, result.article.judgement
    told = coverage.get(judgement.story)
    originals = {family.original for family in told.families} if told else set()
    carriers: list[Json] = [
        {**to_record(carrier), "original": carrier.article in originals}
        for carrier in (told.carriers if told else ())
    ]
    return {
        "id": document.id,
        "url": document.url,
        "title": title_of(result.article),
        "outlet": document.outlet,
        "language": document.language,
        "agency": document.agency,
        "form": list(document.form),
        "published_at": to_record(document).get("published_at"),
        "first_seen_at": to_record(document)["first_seen_at"],
        "title_marks": result.title_marks,
        "snippet": result.snippet,
        "snippet_marks": result.snippet_marks,
        "story": judgement.story,
        "found": result.copies,
        **sizes(told, judgement.family),
        "carriers": carriers,
    }
