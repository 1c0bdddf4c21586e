"""A page as a tree: declarations out, what never holds prose off, the rest as HTML for extraction. Pure."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from copydesk.facts import Facts, gather

__all__ = ["Page", "parse"]

NEVER_PROSE = "script,style,svg,noscript,iframe,template,nav,footer,button,canvas"
"""Stripped before extraction. Never `form`: server-side page frameworks wrap the whole article in one."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is left of a page before extraction: its declarations and the stripped HTML."""

    facts: Facts
    html: str


def parse(html: str) -> Page:
    """Take a page apart. Any text is a page; an empty one has no declarations and no HTML worth extracting."""
    tree = LexborHTMLParser(html)
    facts = gather(tree)
    for node in tree.css(NEVER_PROSE):
        node.remove()
    return Page(facts=facts, html=tree.html or "")
