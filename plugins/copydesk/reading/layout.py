"""The layout of a page set right: tables that are no tables, other articles, cards in sentences.

Called by `page`, on the stripped tree and before images are taken and blocks are marked.
"""

from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.reading.nodes import around, move_children

__all__ = ["PLACEHOLDER", "straighten"]

PLACEHOLDER = "copydesk-end-of-part"
"""Stands behind a heading that nothing follows, which extraction would cut; `extracting` takes it out again."""

MOST = 300
"""Elements of a kind that are looked at; a page with more of them is a catalogue or an attack."""

HALF = 0.5
"""Share of the page's paragraph text from which a table is the page's layout and not a part of the article."""

LEAST = 200
"""Characters in paragraphs that an article element with the headline needs, or its text stands elsewhere."""

CELL = 400
"""Characters from which a cell of a table is a part of the page."""

RUN = 3
"""Paragraphs beside a heading that make it one of the article's."""

OTHER = "h2 a[href],h3 a[href],a[rel~=bookmark]"
"""What article elements of other articles hold: a linked headline, or a link marked as their address."""


def straighten(tree: LexborHTMLParser) -> None:
    """Change a tree in place so that the article is where extraction looks for it, and nothing else is in it."""
    _open_tables(tree)
    _open_lists_in_cells(tree)
    _drop_other_articles(tree)
    _drop_cards(tree)
    _hold_last_headings(tree)


def _open_tables(tree: LexborHTMLParser) -> None:
    """Make divisions of the tables that hold the page, or the whole article becomes one row."""
    tables = tree.css("table")[:MOST]
    if not tables:
        return
    half = HALF * _letters(tree.css("p"))
    for table in tables:
        if table.css_first("h1") or (half and _letters(table.css("p")) > half):
            parts = [node for node in table.css("td,th,tr,tbody,thead,tfoot") if _is_part(node, table)]
            for node in (*reversed(parts), table):
                division = tree.create_node("div")
                move_children(node, division)
                node.replace_with(division)


def _open_lists_in_cells(tree: LexborHTMLParser) -> None:
    """Make divisions of the lists in cells of a table, where extraction leaves them out; a long one is no cell's."""
    cells = [cell for cell in tree.css("td:has(li),th:has(li)")[:MOST] if len(cell.text(deep=True)) < CELL]
    for cell in cells:
        for node in (*cell.css("li"), *cell.css("ul,ol")[::-1]):
            division = tree.create_node("div")
            move_children(node, division)
            node.replace_with(division)


def _is_part(node: LexborNode, table: LexborNode) -> bool:
    """Whether a cell or row is one of this table, not of a table in it."""
    nearest = next((above for above in around(node) if above.tag == "table"), None)
    return nearest is not None and nearest.mem_id == table.mem_id


def _drop_other_articles(tree: LexborHTMLParser) -> None:
    """Take out other articles below or beside the one with the headline: endless scrolling, cards, comments."""
    main = next((node for node in tree.css("article:has(h1)")[:1]), None)
    if main is None or _letters(main.css("p")) < LEAST:
        return
    inside = {node.mem_id for node in main.css("article")}
    for node in tree.css("article:not(:has(h1))")[:MOST]:
        if node.mem_id not in inside and node.css_first(OTHER):
            node.remove()


def _drop_cards(tree: LexborHTMLParser) -> None:
    """Take out cards that open when the mouse rests on a name in a sentence: an image and links in one span."""
    for image in tree.css("p span img")[:MOST]:
        spans = takewhile(lambda above: above.tag == "span", around(image))
        card = next((span for span in spans if len(span.css("a[href]")) > 1), None)
        if card is not None:
            card.remove()


def _hold_last_headings(tree: LexborHTMLParser) -> None:
    """Put a paragraph behind every heading that ends a run of paragraphs."""
    for heading in tree.css("p ~ h2:last-child,p ~ h3:last-child,p ~ h4:last-child")[:MOST]:
        if heading.parent is not None and len(heading.parent.css("p")) >= RUN:
            paragraph = tree.create_node("p")
            paragraph.insert_child(PLACEHOLDER)
            heading.insert_after(paragraph)


def _letters(nodes: list[LexborNode]) -> int:
    return sum(len(node.text(deep=True)) for node in nodes)
