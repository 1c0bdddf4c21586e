"""Two articles side by side: the passages that both have, and why they were judged to be copies or not."""

from copydesk.index import Body
from copydesk.index.records import to_record
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.views.articles import title_of
from copydesk.views.pairs import Side, compare
from copydesk.views.verdicts import reasons, verdict

__all__ = ["pair"]


def pair(desk: Desk, asked: Asked) -> Shown:
    """The articles of two ids or addresses. Raises ConfigError as `compare`."""
    with desk.index() as index:
        found = compare(index, asked.get("one", ""), asked.get("other", ""))
    return Shown(
        "pair",
        {
            "verdict": verdict(found),
            "reasons": list(reasons(found)),
            "sides": [_side(found.left), _side(found.right)],
        },
    )


def _side(side: Side) -> Body:
    document = side.article.document
    return {
        "id": document.id,
        "url": document.url,
        "title": title_of(side.article),
        "outlet": document.outlet,
        "language": document.language,
        "published_at": to_record(document).get("published_at"),
        "text": document.text,
        "marks": side.spans,
        "share": side.share,
    }
