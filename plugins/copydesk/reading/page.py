"""A page as a tree: declarations out, what never holds prose off, the rest as HTML for extraction. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from copydesk.model import Image
from copydesk.reading import images
from copydesk.reading.access import is_locked
from copydesk.reading.containers import open_containers, open_shadow_roots
from copydesk.reading.facts import Facts, gather, squeeze
from copydesk.reading.labels import LINKED_HEADINGS, mark
from copydesk.reading.layout import straighten
from copydesk.reading.liveblog import gather_posts, is_live

__all__ = ["Page", "parse"]

NEVER_PROSE = (
    'script:not([type="application/ld+json"]),style,svg,noscript,iframe,template,nav,footer,button,canvas,'
    "video,audio,object,select,textarea,map,[role=navigation],[role=search],[role=dialog],[role=alertdialog]"
    ",[role=contentinfo]"
)
"""Stripped before extraction. Never `form`: server-side page frameworks wrap the whole article in one."""

MASS = 0.2
"""Share of the page's paragraph text from which a node is kept whatever it is called: wrappers carry such names too."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is left of a page before extraction.

    Attributes:
        facts: Its declarations.
        tree: The stripped page; nobody changes it any more.
        html: The same as HTML.
        paragraphs: Characters in its paragraphs; `visible` those of all its text.
        images: Its captioned images, in order.
        marks: Folded text of a block -> what the page says about it, see `labels.mark`.
        posts: How many posts of a live blog it has; 0 for what is none.
        locked: Whether it says that it is not free to read, and does not hold the rest.
        cards: How many linked headlines it has.
        text: Its whole text.
    """

    facts: Facts
    tree: LexborHTMLParser
    html: str
    paragraphs: int
    visible: int
    images: tuple[Image, ...]
    marks: Mapping[str, frozenset[str]]
    posts: int = 0
    locked: bool = False
    cards: int = 0
    text: str = ""


def parse(html: str, url: str) -> Page:
    """Take a page apart. Any text is a page; an empty one has no declarations and no HTML worth extracting."""
    tree = LexborHTMLParser(open_shadow_roots(html))
    facts = gather(tree)
    locked = is_locked(tree, facts)
    open_containers(tree)
    for node in tree.css(NEVER_PROSE):
        node.remove()
    cards = len(tree.css(LINKED_HEADINGS))
    posts = gather_posts(tree) if is_live(facts, url) else 0
    straighten(tree)
    paragraphs = sum(len(node.text(deep=True)) for node in tree.css("p"))
    most = MASS * max(paragraphs, 1)
    captioned = images.take(tree, url, most)
    marks = mark(tree, most, url)
    text = tree.body.text(deep=True) if tree.body else ""
    return Page(
        facts=facts,
        tree=tree,
        html=tree.html or "",
        paragraphs=paragraphs,
        visible=len(squeeze(text)),
        images=captioned,
        marks=marks,
        posts=posts,
        locked=locked,
        cards=cards,
        text=text,
    )
