"""An article in several containers, joined into one: between adverts, beside galleries, as cards of a section. Pure.

Called by `extracting` when what it found is short of the page's paragraphs.

Extraction takes the container that holds most and leaves its equals. Of 491 pages three are built so and lost half
of their text; on none of the others anything is joined.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.cleaning.lines import END_MARKS, fold
from copydesk.reading.facts import squeeze
from copydesk.reading.nodes import around, move_children

__all__ = ["join"]

PARAGRAPH = 60
"""Characters from which a p element counts as a paragraph, if it ends like one."""

ABOVE = 3
"""Elements above a paragraph whose names and classes tell its kind."""

MISSING = 0.25
"""How much text must be missing, beside that found in containers of the same kind."""

ELSEWHERE = ("comment", "reply", "teaser", "card", "related")
"""Class words of containers that are equals of one another, but hold no part of the article."""

Kind = tuple[str, ...]


def join(html: str, text: str) -> str:
    """The page with the containers of the article made one, if its text so far lacks some of them; else "".

    Args:
        html: The stripped page.
        text: What extraction found in it.
    """
    tree = LexborHTMLParser(html)
    got = fold(text)
    found: dict[Kind, int] = defaultdict(int)
    missing: dict[Kind, int] = defaultdict(int)
    parents: dict[Kind, dict[int, LexborNode]] = defaultdict(dict)
    for node in tree.css("p"):
        paragraph = squeeze(node.text(deep=True))
        if len(paragraph) < PARAGRAPH or paragraph[-1] not in END_MARKS or node.parent is None:
            continue
        kind = _kind(node)
        (found if fold(paragraph) in got else missing)[kind] += len(paragraph)
        parents[kind][node.parent.mem_id] = node.parent
    if not found:
        return ""
    kind = max(found, key=lambda kind: found[kind])
    if missing[kind] < MISSING * sum(found.values()) or any(
        word in "".join(kind).lower() for word in ELSEWHERE
    ):
        return ""
    return (tree.html or "") if _joined(parents[kind].values()) else ""


def _kind(node: LexborNode) -> Kind:
    return tuple(
        f"{above.tag}.{above.attributes.get('class') or ''}" for above in islice(around(node), ABOVE)
    )


def _joined(containers: Iterable[LexborNode]) -> bool:
    """Move what the other containers hold into the first one; whether there are others."""
    first, *others = containers
    for other in others:
        move_children(other, first)
    return bool(others)
