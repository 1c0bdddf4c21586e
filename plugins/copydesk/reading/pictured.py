"""Blocks directly behind or before a picture that no figure holds together with it.

Called by `labels`. The place is one witness, and a mark is no verdict: prose stands behind pictures too, so
`cleaning.captions` asks for one of another kind. Told here as well is a block that is marked unlike the page's prose.
"""

from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.reading.facts import squeeze
from copydesk.reading.nodes import around

__all__ = ["pictured"]

MOST = 100
"""Pictures that are looked at; a page with more of them is a gallery, and its texts stand beside no prose."""

LONGEST = 300
"""Characters of the longest block that may be a caption."""

IMAGES = "img,amp-img"
HOLDERS = frozenset(["p", "div", "span", "em", "i", "small", "center", "td", "font", "cite", "a"])
INLINE = frozenset(["span", "em", "i", "small", "font", "cite", "a"])
HEADS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "button", "label"])
OTHERS = (
    "b,strong,[class*=bold i],[class*=head i],[class*=title i],h1,h2,h3,h4,h5,h6,ul,ol,table,"
    "input,button,video,iframe"
)
"""What holds one of these is a subhead, a list or a box."""

TEXTS = "p,div,section,td,span,font,blockquote"
PROSE = 60
"""Characters of a paragraph's own, links in it aside, from which it shows how the page marks its prose."""

USUAL = 0.1
"""Share of the prose from which a way to mark it is a usual one."""

KNOWN = 0.5
"""Share of the prose that has to be marked in usual ways, or the page marks every paragraph otherwise."""

Kind = tuple[str, ...]
"""Names and classes of a block and of the element around it."""


def pictured(tree: LexborHTMLParser) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Text of each block beside a picture, with its marks.

    "pictured" are those behind a picture, "above" those before one; "unlike" those that are marked otherwise than
    the prose of the page, and "own" of these those whose kind stands behind several pictures.
    """
    blocks: dict[int, tuple[LexborNode, bool]] = {}
    for image in tree.css(IMAGES)[:MOST]:
        box = _alone(image)
        for block, behind in ((_beside(box, behind=True), True), (_beside(box, behind=False), False)):
            if block is not None and (behind or block.mem_id not in blocks):
                blocks[block.mem_id] = block, behind
    if not blocks:
        return
    kinds = {id_: _kind(block) for id_, (block, _) in blocks.items()}
    beside = Counter(kinds[id_] for id_, (_, behind) in blocks.items() if behind)
    usual = _usual(tree, frozenset(blocks))
    for id_, (block, behind) in blocks.items():
        unlike = bool(usual) and kinds[id_] not in usual
        own = unlike and behind and beside[kinds[id_]] > 1
        if behind or unlike:
            place = "pictured" if behind else "above"
            yield block.text(deep=True), (place, *["unlike"] * unlike, *["own"] * own)


def _alone(image: LexborNode) -> LexborNode:
    """The widest element around a picture that holds no text."""
    box = image
    for above in around(image):
        if above.tag in {"body", "html"} or _says(above):
            break
        box = above
    return box


def _says(node: LexborNode) -> bool:
    """Whether there is text in a node."""
    return any(
        part.is_text_node and (part.text_content or "").strip() for part in node.traverse(include_text=True)
    )


def _beside(box: LexborNode, *, behind: bool) -> LexborNode | None:
    """The block directly beside a picture, or around both, if it is a short and single one."""
    node = box.next if behind else box.prev
    while node is not None and not _says(node):
        if node.is_element_node and (
            node.tag in {"img", "amp-img", "hr"} or node.css_first(IMAGES) is not None
        ):
            return None
        node = node.next if behind else node.prev
    if node is None:
        return None
    block = box.parent if node.is_text_node else node
    if block is None or block.tag not in HOLDERS or len(block.css(IMAGES)) > node.is_text_node:
        return None
    if block.css_first(OTHERS) is not None or not 0 < len(squeeze(block.text(deep=True))) <= LONGEST:
        return None
    if _goes_on(block) or any(above.tag in HEADS for above in around(block)):
        return None
    return _innermost(block)


def _goes_on(block: LexborNode) -> bool:
    """Whether a part of a line is followed by more of it."""
    if block.tag not in INLINE:
        return False
    following = block.next
    while following is not None and not _says(following):
        following = following.next
    return following is not None and (following.is_text_node or following.tag in INLINE)


def _innermost(block: LexborNode) -> LexborNode | None:
    """The element that holds all of a block's text; None where several blocks do."""
    while True:
        saying = [child for child in block.iter(include_text=True) if _says(child)]
        if len(saying) != 1 or not saying[0].is_element_node:
            break
        block = saying[0]
    parts = [child for child in block.iter() if child.tag in {"p", "div", "li", "section"} and _says(child)]
    return None if parts else block


def _kind(block: LexborNode) -> Kind:
    above = block.parent
    return tuple(
        f"{node.tag}.{node.attributes.get('class') or ''}" for node in (block, above) if node is not None
    )


def _usual(tree: LexborHTMLParser, but: frozenset[int]) -> frozenset[Kind]:
    """How the page marks its prose; empty where it does so in many ways."""
    prose: Counter[Kind] = Counter()
    for node in tree.css(TEXTS):
        text = node.text(deep=False)
        if len(text) < PROSE or node.mem_id in but:
            continue
        own = len(squeeze(text))
        if own >= PROSE:
            prose[_kind(node)] += own
    usual = {kind: size for kind, size in prose.items() if size >= USUAL * prose.total()}
    return frozenset(usual) if sum(usual.values()) >= KNOWN * prose.total() else frozenset()
