"""Captures and prose that the reading tests share."""

from datetime import UTC, datetime

from copydesk.model import Capture

__all__ = ["FETCHED", "PROSE", "capture", "page"]

FETCHED = datetime(2031, 6, 4, 12, 0, tzinfo=UTC)

PROSE = (
    (
        "The river authority said on Monday that the lower gate would stay shut until engineers had tested "
        "every bolt of it."
    ),
    (
        "Residents of the valley have asked for a timetable since the spring flood, when two bridges were "
        "carried away at night."
    ),
    "“We were told to wait, and we have waited,” said Marta Lindqvist, who runs the mill below the second bridge.",
    "The council is due to vote on an emergency fund of four million crowns next week, its finance committee said.",
    "Work on a new bridge could begin in the autumn if the ground survey finds firm rock on the northern bank.",
)
"""Five paragraphs of an ordinary report."""


def page(*blocks: str, head: str = "", title: str = "Gate stays shut until tested") -> str:
    """A page with these blocks among the paragraphs of PROSE: the first after the third, the others at the end."""
    paragraphs = [f"<p>{text}</p>" for text in PROSE]
    body = [*paragraphs[:3], *blocks[:1], *paragraphs[3:], *blocks[1:]]
    return (
        f"<html lang=en><head><title>{title} - Aldervik Post</title>{head}</head><body><nav><a href=/>Home</a></nav>"
        f"<main><article><h1>{title}</h1>{''.join(body)}</article></main><footer>Imprint</footer></body></html>"
    )


def capture(
    body: str | bytes, content_type: str = "text/html; charset=utf-8", url: str = "https://post.example/gate"
) -> Capture:
    """A capture of this body."""
    return Capture(
        id="c1",
        url=url,
        final_url=url,
        source="post",
        outlet="Aldervik Post",
        publisher="Aldervik Post",
        fetched_at=FETCHED,
        first_seen_at=FETCHED,
        content_type=content_type,
        body=body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"),
    )
