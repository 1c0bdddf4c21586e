"""Why is this address not here? Or why it is, and the way it came."""

from copydesk.index import Body
from copydesk.index.records import to_record
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.views.ways import Way, way_of

__all__ = ["way_values", "why"]


def why(desk: Desk, asked: Asked) -> Shown:
    """The way of any address that somebody pastes; without one only the question."""
    url = asked.get("url", "").strip()
    if not url:
        return Shown("why", {"url": "", "way": None})
    with desk.index() as index:
        return Shown("why", {"url": url, "way": way_values(way_of(index, url))})


def way_values(way: Way) -> Body:
    """A way as plain values: in words, and what they were made of. Pure."""
    return {
        "url": way.url,
        "end": way.end,
        "article": way.article.document.id if way.article else None,
        "taken_out": way.taken_out,
        "steps": [{"what": step.what, "at": step.at.isoformat() if step.at else None} for step in way.steps],
        "announced": to_record(way.announced) if way.announced else None,
        "captures": [to_record(one) for one in way.captures],
        "told": [to_record(one) for one in way.told],
    }
