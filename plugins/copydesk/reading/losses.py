"""What extraction put in the wrong place, and what of the article it lost without a trace. Pure.

Called by `documents` on both sides of cleaning. A line that stands behind the whole article and was put before it is
somebody else's: extraction looks for a container by its name, and finds that of the comments. A block of the article's
container that stands neither in the text nor among the removed lines is lost; nobody sees it unless it is told.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.cleaning.lines import fold
from copydesk.reading.facts import squeeze
from copydesk.reading.layout import PLACEHOLDER
from copydesk.reading.nodes import around, move_children

__all__ = ["Lost", "is_back", "is_much", "lost", "misplaced", "wrapped"]

FIRST = 3
"""Lines at the beginning that may come from elsewhere."""

BLOCKS = "p,li,dd,dt,blockquote,h2,h3,h4"
HOLDING = 0.8
"""Share of the text that the article's container holds."""

TELLING = 12
"""Letters from which a block is looked for; the others stand anywhere by accident."""

SAMPLE = 60
MOST = 2_000
"""Blocks that are looked at."""

ASIDE = frozenset(["aside", "nav", "footer", "form", "figure", "menu"])
SUBHEADS = frozenset(["h2", "h3", "h4"])

MUCH = 0.3
"""Share of the text from which what is lost beside it is looked for otherwise."""

AS_MUCH, HEADLINE = 1.5, 100
"""How much of what was missing may come back with lost subheads, and letters beside it: the headline comes along, and
cleaning takes it. Of 20 pages eleven gain .6 to 1.3 of it and are right; nine gain 2 to 870 times as much, and that is
all there is around the article."""


class Lost(NamedTuple):
    """Letters that are lost, the beginning of the longest block of them, and whether subheads are among them."""

    letters: int = 0
    sample: str = ""
    subheads: bool = False


def misplaced(lines: Sequence[str], text: str) -> int:
    """How many of the first lines stand behind all the others in a page of this text."""
    if len(lines) < 2 or _is_in_order(lines, text):  # noqa: PLR2004 (nothing can stand behind itself)
        return 0
    letters = fold(text)
    first, last = letters.find(fold(lines[0])), letters.find(fold(lines[-1]))
    if first < 0 or first < last:
        return 0
    places = [letters.find(fold(line)) for line in lines]
    for number in range(1, min(FIRST, len(lines) - 1) + 1):
        head, rest = places[:number], [place for place in places[number:] if place >= 0]
        in_order = sum(one <= other for one, other in pairwise(rest))
        if rest and min(head) > max(rest) and in_order >= 0.9 * (len(rest) - 1):
            return number
    return 0


def _is_in_order(lines: Sequence[str], text: str) -> bool:
    """Whether the first line stands before the last, as on nearly all pages: then none is misplaced."""
    letters = "".join(text.split())
    first, last = (letters.find("".join(line.split())) for line in (lines[0], lines[-1]))
    return 0 <= first < last


def lost(tree: LexborHTMLParser, marks: frozenset[str], told: str, lines: Sequence[str]) -> Lost:
    """What stands in the container of an article and nowhere in its lines.

    Args:
        tree: The stripped page.
        marks: Folded blocks that are boxes or links by the page's own word.
        told: All lines of the document, kept, removed and titles, folded.
        lines: Its lines as they are; most blocks are one of them, and need not be looked for.
    """
    found: list[tuple[LexborNode, int]] = []
    absent: list[tuple[LexborNode, str, str]] = []
    same = set(lines)
    for node in tree.css(BLOCKS)[:MOST]:
        shown = squeeze(node.text(deep=True))
        if shown in same:
            found.append((node, len(shown)))
        elif len(shown) >= TELLING and len(text := fold(shown)) >= TELLING:
            if text in told:
                found.append((node, len(shown)))
            else:
                absent.append((node, text, shown))
    container = _container(found) if absent else None
    if container is None:
        return Lost()
    end = fold(PLACEHOLDER)
    missing = [
        (len(text), shown, node.tag in SUBHEADS)
        for node, text, shown in absent
        if text not in marks
        and text != end
        and _is_inside(node, container)
        and len(node.css(BLOCKS)) == 1  # itself
        and not _is_told_in_part(node, told)
    ]
    return Lost(
        letters=sum(size for size, _, _ in missing),
        sample=max(missing)[1][:SAMPLE] if missing else "",
        subheads=any(heads for _, _, heads in missing),
    )


def is_much(missing: Lost, text: str) -> bool:
    """Whether what is missing beside a folded text is worth another look: much of it, or subheads."""
    return missing.subheads or missing.letters > MUCH * len(text)


def is_back(missing: Lost, left: Lost, text: str, other: str) -> bool:
    """Whether another folded text has what the first one misses, and of lost subheads not much besides."""
    most = AS_MUCH * missing.letters + HEADLINE
    bounded = missing.letters > MUCH * len(text) or len(other) - len(text) <= most
    return bounded and left.letters < missing.letters / 2


def wrapped(html: str, told: str) -> LexborHTMLParser | None:
    """The page with the container of an article as an article element, so that extraction takes all of it."""
    tree = LexborHTMLParser(html)
    blocks = [(node, fold(node.text(deep=True))) for node in tree.css(BLOCKS)[:MOST]]
    container = _container([(node, len(text)) for node, text in blocks if text and text in told])
    if container is None or container.tag in {"html", "article", "table", "tr", "tbody"}:
        return None
    article = tree.create_node("article")
    move_children(container, article)
    container.insert_child(article, move=True)
    return tree


def _container(found: list[tuple[LexborNode, int]]) -> LexborNode | None:
    """The smallest element that holds most of the text."""
    whole = sum(size for _, size in found)
    beside: Counter[int] = Counter()  # paragraphs stand beside one another, and their way up is gone once
    parents: dict[int, LexborNode] = {}
    for node, size in found:
        if (parent := node.parent) is not None:
            parents[parent.mem_id] = parent
            beside[parent.mem_id] += size
    held: Counter[int] = Counter()
    nodes: dict[int, LexborNode] = {}
    for id_, parent in parents.items():
        for above in (parent, *around(parent)):
            held[above.mem_id] += beside[id_]
            nodes[above.mem_id] = above
    depth = {id_: sum(1 for _ in around(node)) for id_, node in nodes.items() if held[id_] >= HOLDING * whole}
    return nodes[max(depth, key=lambda id_: depth[id_])] if depth else None


def _is_inside(node: LexborNode, container: LexborNode) -> bool:
    """Whether a block stands in the container, and in nothing of it that is no part of an article."""
    for above in around(node):
        if above.mem_id == container.mem_id:
            return True
        if above.tag in ASIDE:
            return False
    return False


def _is_told_in_part(node: LexborNode, told: str) -> bool:
    """Whether the parts of a block stand among the lines one by one, as where breaks part them."""
    parts = [fold(part) for part in node.text(deep=True, separator="\x00").split("\x00")]
    return all(part in told for part in parts if len(part) >= TELLING)
