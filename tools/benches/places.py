"""Where each block of a page stands in its tree: in which elements, and how much of it is links; for `looks`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.cleaning.lines import fold

__all__ = ["Place", "places"]

BLOCKS = "p,li,h1,h2,h3,h4,h5,h6,dt,dd,td,th,blockquote,pre,figcaption"
LOOSE = "div,section,article,aside,span"
"""What holds blocks mostly, and is one itself where text stands directly in it."""

MOST = 2_000
"""Elements of a kind that are looked at."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands in the tree of its page.

    Attributes:
        kinds: Names and classes of its element and of those around it, the nearest first.
        ids: What tells these elements from others of the same kind.
        linked: Share of its characters inside links.
    """

    kinds: tuple[str, ...]
    ids: tuple[int, ...]
    linked: float


Trail = tuple[tuple[str, int], ...]
"""Elements around a block, the nearest first: name with classes, and identity."""


def places(tree: LexborHTMLParser) -> Mapping[str, Place]:
    """Folded text of a block -> its place; the first of several with one text."""
    found: dict[str, Place] = {}
    trails: dict[int, Trail] = {}
    loose = (node for node in tree.css(LOOSE)[:MOST] if _speaks(node))
    for node in (*tree.css(BLOCKS)[:MOST], *loose):
        text = node.text(deep=True)
        letters = fold(text)
        if letters and letters not in found:
            trail = _trail(node, trails)
            linked = sum(len(link.text(deep=True)) for link in node.css("a[href]"))
            found[letters] = Place(
                kinds=tuple(kind for kind, _ in trail),
                ids=tuple(id_ for _, id_ in trail),
                linked=linked / len(text),
            )
    return found


def _speaks(node: LexborNode) -> bool:
    """Whether text stands directly in an element that is no part of a line."""
    if node.tag == "span" and (
        node.parent is None or node.parent.tag not in {"div", "section", "article", "td"}
    ):
        return False
    return bool(node.text(deep=False).strip())


def _trail(node: LexborNode, known: dict[int, Trail]) -> Trail:
    if node.mem_id not in known:
        above = node.parent
        here = (f"{node.tag}.{node.attributes.get('class') or ''}", node.mem_id)
        rest = () if above is None or above.tag in {"body", "html"} else _trail(above, known)
        known[node.mem_id] = (here, *rest)
    return known[node.mem_id]
