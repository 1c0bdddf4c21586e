"""A page as a tree: declarations out, what never holds prose off, the rest as HTML for extraction. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.cleaning.lines import fold
from copydesk.cleaning.related import is_wording
from copydesk.model import Image
from copydesk.reading import images
from copydesk.reading.facts import Facts, gather, squeeze
from copydesk.urls import registrable_domain

__all__ = ["Page", "parse"]

NEVER_PROSE = (
    'script:not([type="application/ld+json"]),style,svg,noscript,iframe,template,nav,footer,button,canvas,video,audio,object,'
    "select,textarea,map,[role=navigation],[role=search],[role=dialog],[role=alertdialog],[role=contentinfo]"
)
"""Stripped before extraction. Never `form`: server-side page frameworks wrap the whole article in one."""

ASIDES = (
    "[class*=newsletter i],[class*=related i],[class*=recommend i],[class*=teaser i],[class*=promo i],[class*=outbrain i],[class*=taboola i],"
    "[class*=author-b i],[class*=author_b i],[class*=authorb i],[class*=author__b i],[class*=share i],[class*=sharing i],[class*=social i],"
    "[class*=breadcrumb i],[class*=advert i],[class*=subscri i],[class*=paywall i],[class*=trending i],[class*=most-read i],"
    "[class*=mostread i],[class*=readmore i],[class*=read-more i],[class*=read_more i],[class*=also-read i],[class*=disclaimer i],"
    "[class*=copyright i],[class*=byline i],[class*=tag-list i],[class*=taglist i],[class*=comments i],[id*=comments i],[id*=newsletter i]"
)
"""Class words of boxes around an article. Each also names wrappers of whole articles on some sites: see MASS."""

MASS = 0.2
"""Share of the page's paragraph text from which a node is kept whatever it is called: wrappers carry such names too."""

INLINE = frozenset(
    [
        "span",
        "strong",
        "em",
        "b",
        "i",
        "u",
        "font",
        "sup",
        "sub",
        "small",
        "mark",
        "cite",
        "q",
        "time",
        "abbr",
    ]
)
BOXED = frozenset(["div", "section", "aside", "ul"])
BLOCKS = frozenset(["p", "li", "h2", "h3", "h4", "h5", "h6", "div", "td", "dd", "dt"])
LINKED = 0.6
"""Share of a block's text inside one link from which the block counts as a link."""

BOXES = "[class*=infobox i],[class*=info-box i],[class*=factbox i],[class*=fact-box i],[class*=faktenbox i]"
EMBEDS = "blockquote[class*=twitter],blockquote[class*=instagram],blockquote[class*=tiktok],blockquote[class*=bluesky],blockquote[class*=reddit]"


@dataclass(frozen=True, slots=True)
class Page:
    """What is left of a page before extraction.

    Attributes:
        facts: Its declarations.
        html: The stripped page.
        paragraphs: Characters in its paragraphs; `visible` those of all its text.
        images: Its captioned images, in order.
        marks: Folded text of a block -> what the page says about it: "link", "heading", "link",
            "aside", "box", "related", "embed".
    """

    facts: Facts
    html: str
    paragraphs: int
    visible: int
    images: tuple[Image, ...]
    marks: Mapping[str, frozenset[str]]


def parse(html: str, url: str) -> Page:
    """Take a page apart. Any text is a page; an empty one has no declarations and no HTML worth extracting."""
    tree = LexborHTMLParser(html)
    facts = gather(tree)
    for node in tree.css(NEVER_PROSE):
        node.remove()
    marks: dict[str, set[str]] = defaultdict(set)
    paragraphs = sum(len(node.text(deep=True)) for node in tree.css("p"))
    most = MASS * max(paragraphs, 1)
    captioned = images.take(tree, url, most)
    _mark(tree, marks, most, registrable_domain(url))
    return Page(
        facts=facts,
        html=tree.html or "",
        paragraphs=paragraphs,
        visible=len(squeeze(tree.body.text(deep=True))) if tree.body else 0,
        images=captioned,
        marks={text: frozenset(said) for text, said in marks.items()},
    )


def _mark(tree: LexborHTMLParser, marks: dict[str, set[str]], most: float, owner: str) -> None:
    """Say of blocks what they are, by their text: that is all extraction leaves of them."""
    for node in tree.css("h2,h3,h4,h5,h6")[:300]:
        marks[fold(node.text(deep=True))].add("heading")
    for box in _related(tree, 2 * most):
        for block in [box, *box.css("p,li,h2,h3,h4,h5,h6,a,dt,dd")[:100]]:
            marks[fold(block.text(deep=True))].add("related")
    for text in _links(tree, owner):
        marks[text].add("link")
    for selector, name in ((ASIDES, "aside"), (EMBEDS, "embed")):
        for node in tree.css(selector)[:200]:
            if len(node.text(deep=True)) < most:
                for block in [node, *node.css("p,li,h2,h3,h4,h5,h6,a,dt,dd")[:40]]:
                    marks[fold(block.text(deep=True))].add(name)
    marks.pop("", None)


def _related(tree: LexborHTMLParser, most: float) -> Iterator[LexborNode]:
    """Boxes of other articles told by their label: what stands first in it, or directly above it."""
    for label in tree.css("h2,h3,h4,h5,h6,p,strong")[:400]:
        text = squeeze(label.text(deep=True))
        if not is_wording(text):
            continue
        box = label
        while (
            box.parent is not None
            and box.parent.tag in BOXED
            and squeeze(box.parent.text(deep=True)).startswith(text)
        ):
            box = box.parent
        following = box.next
        while following is not None and not following.is_element_node:
            following = following.next
        for found in (box, following):
            if found is not None and len(found.css("a[href]")) > 1 and len(found.text(deep=True)) < most:
                yield found


def _links(tree: LexborHTMLParser, owner: str) -> Iterator[str]:
    """Folded texts of links to other pages of the same owner, and of the blocks that are little else."""
    for node in tree.css("a[href]")[:1500]:
        href = node.attributes.get("href") or ""
        if href.startswith(("#", "mailto:", "javascript:")) or (
            "://" in href and owner not in href.partition("://")[2].partition("/")[0]
        ):
            continue
        text = fold(node.text(deep=True))
        if len(text) < 8:  # noqa: PLR2004 (names and single words: labels know them)
            continue
        yield text
        block = node.parent
        while block is not None and block.tag in INLINE:
            block = block.parent
        if block is not None and block.tag in BLOCKS:
            whole = fold(block.text(deep=True))
            if len(text) >= LINKED * len(whole) and whole != text:
                yield whole
