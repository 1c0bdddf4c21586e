"""A page's tree as HTML → the lines of the article: trafilatura, in its fast mode where that is enough. Pure.

Fast mode leaves out the comparison with readability and costs a third less. On 318 pages it gave the same text
but for 17, and on those it had found next to nothing; so the full run is asked when the text is thin for its page.
"""

import trafilatura

from copydesk.reading.layout import PLACEHOLDER
from copydesk.reading.parts import join

__all__ = ["extract", "extract_fast"]

OF_PARAGRAPHS = 0.7
OF_PAGE = 0.35
"""Shares of the characters in paragraphs, and of all visible ones, below which a text is thin: 12 of the 17 pages
and 40 of the other 301 lie below."""

OF_WHOLE = 0.8
"""Share of the characters in paragraphs below which a text may be one piece of several."""

OVER = 2.5
"""How much longer than its paragraphs a text may be; beyond it the page has few, and the whole of it may be taken."""


def extract(html: str, url: str, *, paragraphs: int, visible: int) -> str:
    """The main text, one paragraph a line; "" when there is none.

    Args:
        html: The stripped page.
        url: Where it stands.
        paragraphs: Characters in its p elements.
        visible: Characters of all its text.
    """
    text = _run(html, url, fast=True)
    if max(OF_PARAGRAPHS * paragraphs, OF_PAGE * visible) <= len(text) <= OVER * paragraphs:
        return text
    text = _run(html, url, fast=False) or text
    if text and len(text) < OF_WHOLE * paragraphs and (joined := join(html, text)):
        return max(_run(joined, url, fast=True), text, key=len)
    return text


def extract_fast(html: str, url: str) -> str:
    """The main text of a page whose article element is known to be the right one; "" when there is none."""
    return _run(html, url, fast=True)


def _run(html: str, url: str, *, fast: bool) -> str:
    # deduplicate stays off: it remembers paragraphs of earlier pages, and the result would depend on them
    found = trafilatura.bare_extraction(html, url=url, include_comments=False, fast=fast)
    text = str(getattr(found, "text", "") or "")
    return text.replace(f"\n{PLACEHOLDER}", "")
