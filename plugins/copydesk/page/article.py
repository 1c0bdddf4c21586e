"""An article: its text, what was removed, who else carried it, its earlier states and its way."""

from collections.abc import Sequence
from itertools import pairwise

from copydesk.errors import ConfigError
from copydesk.index import Body, Index, Json
from copydesk.index.article import Article
from copydesk.index.records import to_record
from copydesk.model import Document
from copydesk.operating.previewing import in_order
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.page.why import way_values
from copydesk.query.parser import parse
from copydesk.query.snippets import marks_in
from copydesk.query.terms import Clock
from copydesk.query.tree import wanted
from copydesk.storing.versions import versions_of
from copydesk.views.articles import title_of
from copydesk.views.changes import changes
from copydesk.views.families import Family, family_at
from copydesk.views.ways import way_of

__all__ = ["article"]


def article(desk: Desk, asked: Asked) -> Shown:
    """The article of an id, or of an address, with the words marked that a query asks for.

    Raises ConfigError when there is none, QueryError for a query that has no meaning.
    """
    terms = tuple(wanted(parse(asked.get("q", ""), Clock(desk.now()))))
    with desk.index() as index:
        way = way_of(index, asked.get("id", ""))
        if way.article is None:
            raise ConfigError(f"no article has the address or id {asked.get('id', '')}")
        document = way.article.document
        earlier = versions_of(index, document.id)
        family = _family(index, document.id)
    lines = in_order(document.text.split("\n"), document.removed)
    title, within = title_of(way.article), [term for term in terms if not term.title]
    return Shown(
        "article",
        {
            "title": title,
            "title_marks": marks_in(title, document.language, terms),
            "article": _whole(way.article),
            "removed": len(document.removed),
            "lines": [
                {
                    "text": text,
                    "rule": rule,
                    "marks": [] if rule else marks_in(text, document.language, within),
                }
                for text, rule in lines
            ],
            "earlier": _changed([document, *sorted(earlier, key=lambda one: one.fetched_at, reverse=True)]),
            "family": _carried(family) if family else None,
            "way": way_values(way),
        },
    )


def _whole(found: Article) -> Body:
    """All its fields; those that nobody knows are None here, and not left out."""
    empty: dict[str, Json] = dict.fromkeys(
        (
            *("published_at", "modified_at", "agency", "dateline", "section", "standfirst", "duplicate_of"),
            *("authors", "images", "doubts", "evidence", "form"),
        ),
    )
    return {**empty, **to_record(found)}


def _changed(states: Sequence[Document]) -> list[Json]:
    """The states of an article but the newest, which comes first: each whole, and what the next newer one changed."""
    return [
        {
            **to_record(state),
            "changes": [
                {"text": line.text, "change": line.change} for line in changes(state.text, newer.text)
            ],
        }
        for newer, state in pairwise(states)
    ]


def _family(index: Index, id_: str) -> Family | None:
    """Its copies; None while it is not judged."""
    try:
        return family_at(index, id_)
    except ConfigError:
        return None


def _carried(family: Family) -> Body:
    return {
        "id": family.record.id,
        "original": family.record.original,
        "agency": family.record.agency,
        "publishers": family.record.publishers,
        "carriers": [
            {
                **to_record(one.carrier),
                "original": one.carrier.article == family.record.original,
                "url": one.url,
                "evidence": to_record(one.evidence) if one.evidence else None,
            }
            for one in family.carried
        ],
        "former": [to_record(one) for one in family.former],
    }
