"""A page's tree as HTML → the lines of the article: trafilatura, in its fast mode where that is enough. Pure.

Fast mode leaves out the comparison with readability and costs a third less. On 318 pages it gave the same text
but for 17, and on those it had found next to nothing; so the full run is asked when the text is thin for its page.
"""

import trafilatura
from lxml import etree, html

from copydesk.reading.layout import PLACEHOLDER
from copydesk.reading.parts import join

__all__ = ["extract", "extract_fast", "warm"]

OF_PARAGRAPHS = 0.7
OF_PAGE = 0.35
"""Shares of the characters in paragraphs, and of all visible ones, below which a text is thin: 12 of the 17 pages
and 40 of the other 301 lie below."""

OF_WHOLE = 0.8
"""Share of the characters in paragraphs below which a text may be one piece of several."""

OVER = 2.5
"""How much longer than its paragraphs a text may be; beyond it the page has few, and the whole of it may be taken."""


PARSER = etree.HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
# trafilatura's own asks a function of Python for the class of every element, which costs a tenth of an extraction
PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))

NO_TEXT = ("meta", "link", "source")
"""Elements that hold no text and that nothing counts: every tenth, and all are copied and walked many times."""

CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])
NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
"""What references such as &#1; bring into a page, and no tree of lxml may hold."""


def warm() -> None:
    """Have the full run load its lists of words, before a process forks: a tenth of a second."""
    _run(_parsed("<p>Mill opens</p>"), "", fast=False)


def extract(page: str, url: str, *, paragraphs: int, visible: int) -> str:
    """The main text, one paragraph a line; "" when there is none.

    Args:
        page: The stripped page, as HTML.
        url: Where it stands.
        paragraphs: Characters in its p elements.
        visible: Characters of all its text.
    """
    tree = _parsed(page)
    least, most = max(OF_PARAGRAPHS * paragraphs, OF_PAGE * visible), OVER * paragraphs
    # where every text would be thin or too long, the fast one is not waited for
    quick = _run(tree, url, fast=True) if least <= most else ""
    if least <= len(quick) <= most:
        return quick
    text = _run(tree, url, fast=False) or quick or _run(tree, url, fast=True)
    if text and len(text) < OF_WHOLE * paragraphs and (joined := join(page, text)):
        return max(_run(_parsed(joined), url, fast=True), text, key=len)
    return text


def extract_fast(page: str, url: str) -> str:
    """The main text of a page whose article element is known to be the right one; "" when there is none."""
    return _run(_parsed(page), url, fast=True)


def _parsed(page: str) -> html.HtmlElement | None:
    """A page as trafilatura takes it; None where there is nothing in it."""
    body = page.encode().translate(None, CONTROLS)
    for char in NONCHARACTERS:
        body = body.replace(char, b"")
    try:
        tree = html.document_fromstring(body, parser=PARSER)
    except etree.LxmlError:
        return None
    etree.strip_elements(tree, *NO_TEXT, with_tail=False)
    return tree


def _run(tree: html.HtmlElement | None, url: str, *, fast: bool) -> str:
    # it works on a copy. deduplicate stays off: it remembers paragraphs of earlier pages, and the result would depend
    # on them
    found = (
        None
        if tree is None
        else trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=fast)
    )
    text = str(getattr(found, "text", "") or "")
    return text.replace(f"\n{PLACEHOLDER}", "")
