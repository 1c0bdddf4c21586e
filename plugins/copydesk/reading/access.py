"""Whether a page gives its whole article, or a teaser before a paywall. Pure."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from copydesk.cleaning import Cleaned
from copydesk.cleaning.tables import read_table
from copydesk.reading.facts import Facts, Node, strings

__all__ = ["OFFER", "is_locked", "is_partial"]

OFFERS = read_table(Path(__file__).with_name("wordings") / "offers.txt")
OFFER = re.compile(OFFERS.pattern, re.IGNORECASE)

FEW, SHORT = 4, 1_500
"""Paragraphs and characters up to which a text can be a teaser; whole articles before an offer are longer."""

OPEN = 2_500
"""Characters of a text that is whole although the page calls itself locked: many send all of it and hide it."""

HELD = 200
"""Characters in a locked part of a page that holds the rest of the text."""

FALSE = frozenset(["false", "no", "0", "http://schema.org/false", "https://schema.org/false"])


def is_locked(tree: LexborHTMLParser, facts: Facts) -> bool:
    """Whether a page says that it is not free to read, and does not hold what it locks."""
    if not any(
        _is_closed(node) for node in facts.nodes if "WebPageElement" not in strings(node.get("@type"))
    ):
        return False
    parts = [part for node in facts.nodes for part in _parts(node) if _is_closed(part)]
    selectors = [selector for part in parts for selector in strings(part.get("cssSelector"))]
    return not any(len(node.text(deep=True)) > HELD for node in _selected(tree, selectors))


def _is_closed(node: Node) -> bool:
    said = node.get("isAccessibleForFree")
    return said is False or (isinstance(said, str) and said.strip().lower() in FALSE)


def _parts(node: Node) -> Iterable[Node]:
    parts = node.get("hasPart")
    return [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)]


def _selected(tree: LexborHTMLParser, selectors: Sequence[str]) -> Iterable[LexborNode]:
    for selector in selectors[:9]:
        try:
            yield from tree.css(selector)
        except (SelectolaxError, UnicodeEncodeError):
            continue


def is_partial(cleaned: Cleaned, *, locked: bool) -> bool:
    """Whether the text is a teaser: of a locked page and short, or with an offer behind its first paragraphs."""
    letters = sum(map(len, cleaned.kept))
    if locked:
        return letters < OPEN
    behind = (line.text for line in cleaned.removed if line.place == len(cleaned.kept))
    return len(cleaned.kept) <= FEW and letters < SHORT and any(OFFER.search(line) for line in behind)
