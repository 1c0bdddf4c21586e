"""Ways through the tree of a page that selectolax does not have."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

__all__ = ["around", "move_children"]


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
        target.insert_child(child)
        child = following
