"""Text in elements that mostly hold none: shadow roots, buttons in sentences, dialogs, what is shown without scripts.

Called by `page` before it strips these elements: what holds text of the article becomes an ordinary element.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.reading.nodes import around, move_children

__all__ = ["open_containers", "open_shadow_roots"]

TEMPLATE = re.compile(r"<(/?)template\b([^>]*)>", re.IGNORECASE)

WRAPPERS = "noscript,dialog,[role=dialog],[role=alertdialog],[role=contentinfo]"
"""What holds an article only where a page is built oddly: then nearly all of its paragraphs are in it."""

TEXT = "p,li,td,dd,h2,h3"
MOSTLY = 0.7
"""Share of the page's paragraphs and items from which such an element holds the article."""

LEAST = 400
"""Characters that an article in such an element has; a notice has fewer."""

BLOCKS = frozenset(["p", "li", "dd", "dt", "td", "blockquote", "h2", "h3", "h4", "h5", "h6", "summary"])
HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6", "dt", "summary"])
INLINE = frozenset(["a", "span", "strong", "em", "b", "i", "u", "small", "mark", "abbr", "dfn", "q", "cite"])

ANSWER = 60
"""Characters in paragraphs behind a button that make it the question of an answer."""

HIDDEN = (
    ":is(span,small,em,i):is([class*=sr-only i],[class*=visually-hidden i],[class*=visuallyhidden i],"
    "[class*=screen-reader i],[class*=screenreader i],[class*=offscreen i],[class*=a11y-hidden i],[hidden],"
    "[style*='display:none' i],[style*='display: none' i],[style*='visibility:hidden' i])"
)
"""Inline elements that are read aloud, or not even that."""

MOST = 300
"""Elements of a kind that are looked at; a page with more of them is a catalogue or an attack."""


def open_shadow_roots(html: str) -> str:
    """The page with declarative shadow roots as divisions. The parser would keep their content apart, out of reach."""
    if "shadowroot" not in html:
        return html
    opened: list[bool] = []

    def tag(found: re.Match[str]) -> str:
        if not found[1]:
            opened.append("shadowroot" in found[2].lower())
            return "<div>" if opened[-1] else found[0]
        return "</div>" if opened and opened.pop() else found[0]

    return TEMPLATE.sub(tag, html)


def open_containers(tree: LexborHTMLParser) -> None:
    """Change a tree in place so that nothing of the article stands in an element that will be stripped."""
    _open_wrappers(tree)
    _open_buttons(tree)
    _drop_hidden(tree)


def _open_wrappers(tree: LexborHTMLParser) -> None:
    wrappers = tree.css(WRAPPERS)[:MOST]
    held = {node.mem_id: _paragraphs(node.css(TEXT)) for node in wrappers}
    whole = _paragraphs(tree.css(TEXT)) if max(held.values(), default=0) > LEAST else 0
    for node in wrappers:
        if held[node.mem_id] > max(LEAST, MOSTLY * whole):
            _rename(tree, node, "div")


def _open_buttons(tree: LexborHTMLParser) -> None:
    for button in tree.css("button")[:MOST]:
        if _is_question(button):
            _rename(tree, button, "h3")
        elif _is_in_heading(button) or _is_in_sentence(button):
            _rename(tree, button, "span")


def _is_question(button: LexborNode) -> bool:
    """Whether the button opens an answer that stands behind it."""
    if "aria-expanded" not in button.attributes or any(above.tag in BLOCKS for above in around(button)):
        return False
    answer = next(_following(button), None)
    return answer is not None and _paragraphs([*answer.css("p"), *answer.css("li")]) >= ANSWER


def _is_in_heading(button: LexborNode) -> bool:
    """Whether the button is all that a heading says, as in accordions."""
    block = _block(button)
    return (
        block is not None
        and block.tag in HEADINGS
        and len(_text(button)) > len(_text(block)) / 2
        and bool(_text(button))
    )


def _is_in_sentence(button: LexborNode) -> bool:
    """Whether words of a sentence stand on both sides of the button."""
    block = _block(button)
    return block is not None and bool(_text(button)) and _goes_on(button, before=True) and _goes_on(button)


def _goes_on(button: LexborNode, *, before: bool = False) -> bool:
    """Whether text stands right beside a button, in its line and in no other button."""
    node: LexborNode | None = button
    while node is not None and node.tag in {"button", *INLINE}:
        beside = node.prev if before else node.next
        while beside is not None and not _text(beside):
            beside = beside.prev if before else beside.next
        if beside is not None:
            return beside.is_text_node or (beside.tag in INLINE and beside.css_first("button") is None)
        node = node.parent
    return False


def _drop_hidden(tree: LexborHTMLParser) -> None:
    """Take out of sentences what nobody sees of them: "(opens in a new window)"."""
    for node in tree.css(HIDDEN)[:MOST]:
        block = _block(node)
        if block is not None and len(_text(node)) < len(_text(block)) / 2:
            node.remove()


def _block(node: LexborNode) -> LexborNode | None:
    """The block that an inline element stands in, through inline ones only."""
    inline = list(takewhile(lambda above: above.tag in INLINE, around(node)))
    block = inline[-1].parent if inline else node.parent
    return block if block is not None and block.tag in BLOCKS else None


def _following(node: LexborNode) -> Iterator[LexborNode]:
    following = node.next
    while following is not None:
        if following.is_element_node:
            yield following
        following = following.next


def _rename(tree: LexborHTMLParser, node: LexborNode, tag: str) -> None:
    other = tree.create_node(tag)
    move_children(node, other)
    node.replace_with(other)


def _text(node: LexborNode) -> str:
    return node.text(deep=True).strip()


def _paragraphs(nodes: list[LexborNode]) -> int:
    return sum(len(_text(node)) for node in nodes)
