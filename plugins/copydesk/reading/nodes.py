"""Ways through the tree of a page that selectolax does not have."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["around", "move_children", "named", "names"]

NAMES = ("class", "id", "aria-label")
NAMED = re.compile(rf"\[(?:{'|'.join(NAMES)})\*?=([\w-]+)")


def around(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, the nearest first."""
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def move_children(source: LexborNode, target: LexborNode) -> None:
    """Move all children of a node behind those of another one."""
    child = source.first_child
    while child is not None:
        following = child.next
        target.insert_child(child, move=True)
        child = following


def names(tree: LexborHTMLParser) -> str:
    """What the elements of a page are called by their authors, in lower case: for `named`."""
    found: set[str] = set()
    for node in tree.css("[class],[id],[aria-label]"):
        attributes = node.attributes
        found.update(attributes.get(name) or "" for name in NAMES)
    return "\n".join(found).lower()


def named(tree: LexborHTMLParser, selectors: str, said: str) -> list[LexborNode]:
    """What any of the selectors finds; those whose word a page says nowhere are not asked, which are most of many.

    Args:
        tree: The page.
        selectors: With commas between them, and in none of them.
        said: Its `names`.
    """
    asked = [
        one for one in selectors.split(",") if not (word := NAMED.search(one)) or word[1].lower() in said
    ]
    return tree.css(",".join(asked)) if asked else []
