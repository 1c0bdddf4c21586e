"""What a page says about its blocks: headings, links, boxes around the article. Extraction leaves only their text.

Called by `page`, last of all, on the tree that goes to extraction; `documents` hands the marks to cleaning beside
the lines. A mark is no verdict. The rules in `cleaning` weigh it with the place and the form of the line.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.cleaning.lines import fold
from copydesk.cleaning.related import is_wording
from copydesk.reading.access import OFFER as WALL
from copydesk.reading.facts import squeeze
from copydesk.reading.nodes import around, named, names
from copydesk.reading.pictured import pictured
from copydesk.urls import registrable_domain

__all__ = ["LINKED_HEADINGS", "mark"]

HEADINGS = "h2,h3,h4,h5,h6"
PARTS = f"p,li,{HEADINGS},a,dt,dd"
ASIDES = (
    "[class*=newsletter i],[class*=related i],[class*=recommend i],[class*=teaser i],[class*=promo i],"
    "[class*=outbrain i],[class*=taboola i],[class*=author-b i],[class*=author_b i],[class*=authorb i],"
    "[class*=author__b i],[class*=share i],[class*=sharing i],[class*=social i],[class*=breadcrumb i],"
    "[class*=advert i],[class*=subscri i],[class*=paywall i],[class*=trending i],[class*=most-read i],"
    "[class*=mostread i],[class*=readmore i],[class*=read-more i],[class*=read_more i],[class*=also-read i],"
    "[class*=disclaimer i],[class*=copyright i],[class*=byline i],[class*=tag-list i],[class*=taglist i],"
    "[class*=comments i],[id*=comments i],[id*=newsletter i]"
)
"""Class words of boxes around an article. Each also names wrappers of whole articles on some sites, so only boxes
with little of the page's text are marked, and their paragraphs of prose stay."""

BOXES = (
    "[class*=access-wall i],[class*=registration-wall i],[class*=regwall i],[class*=newsletter-s i],"
    "[aria-label*=newsletter i],[class*=debug i],[class*=sr-only i],[class*=visually-hidden i],"
    "[class*=visuallyhidden i],[class*=screen-reader i],[class*=key-points i],[class*=keypoints i],"
    "[class*=takeaways i],[id=summary],[class*=Poll],[class*=-poll i],[class*=poll- i],[class*=cookie i],"
    "[id*=cookie i]"
)
"""Words of boxes that hold no paragraph of an article either: walls, sign-ups, polls, what is read aloud only."""

LINKED_HEADINGS = "h2 a[href],h3 a[href],h4 a[href],a[href]:has(h2),a[href]:has(h3),a[href]:has(h4)"
CARDS = frozenset(["div", "section", "article", "li"])

SIGN_UP = "input[type=email],a[href*=newsletter]"
"""What a box that offers a newsletter holds, whatever it is called."""

OFFER = 500
"""Characters of such a box; what holds more has other things too."""

EMBEDS = ",".join(
    f"blockquote[class*={name}]" for name in ("twitter", "instagram", "tiktok", "bluesky", "reddit")
)

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

FEW, MOST_ITEMS, LISTED = 3, 40, 0.35
"""Items of a list of links, and the share of its text inside links: headlines are often linked in part only."""

MOST, MOST_LINKS = 300, 1_500
"""Elements of a kind, and links, that are looked at; a page with more of them is a catalogue or an attack."""


def mark(tree: LexborHTMLParser, longest: float, url: str) -> Mapping[str, frozenset[str]]:
    """Folded text of a block -> its marks: "heading", "link", "links", "related", "aside", "box", "embed".

    Blocks beside a picture have those of `pictured` too.

    Args:
        tree: The stripped page.
        longest: Characters from which a node is no box, whatever it is called: it wraps the article.
        url: Where the page stands; links to other owners are part of the text, and links into the page lead
            nowhere else.
    """
    marks: dict[str, set[str]] = defaultdict(set)
    links, said = _inner_links(tree, url), names(tree)
    headings = Counter(fold(node.text(deep=True)) for node in tree.css(HEADINGS)[:MOST])
    for text in headings:
        marks[text].add("heading")
    for name, boxes, most in (
        # with a label and links, larger ones are none of the article's either
        ("related", _related(tree), 2 * longest),
        ("aside", named(tree, ASIDES, said)[:MOST], longest),
        ("box", (*named(tree, BOXES, said)[:MOST], *_offers(tree)), longest),
        # where an offer stands there is little text to be a fifth of
        ("box", _walls(tree) if longest < OFFER else (), OFFER),
        ("embed", named(tree, EMBEDS, said)[:MOST], longest),
    ):
        for box in boxes:
            if len(box.text(deep=True)) < most:
                _mark_box(box, name, marks, headings)
    for teaser in _teasers(tree, links):
        if len(teaser.text(deep=True)) < min(longest, OFFER):
            _mark_box(teaser, "related", marks, headings)
    for text in _linked(links.values()):
        marks[text].add("link")
    for item in _link_lists(tree, links):
        marks[fold(item.text(deep=True))].add("links")
    for text, beside in pictured(tree):
        marks[fold(text)].update(beside)
    marks.pop("", None)
    return {text: frozenset(marked) for text, marked in marks.items()}


def _mark_box(box: LexborNode, name: str, marks: dict[str, set[str]], headings: Counter[str]) -> None:
    """Mark the blocks of a box; not those whose text is also a heading elsewhere, as in tables of contents."""
    within = Counter(fold(node.text(deep=True)) for node in box.css(HEADINGS)[:MOST])
    for block in (box, *box.css(PARTS)[:MOST]):
        text = fold(block.text(deep=True))
        if headings[text] <= within[text]:
            marks[text].add(name)


def _related(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Boxes of other articles told by their label: what stands first in it, or directly above it."""
    starts: dict[int, str] = {}  # many labels climb the same boxes
    for label in tree.css(f"{HEADINGS},p,strong")[:MOST]:
        text = squeeze(label.text(deep=True))
        if not is_wording(text):
            continue
        box = label
        while box.parent is not None and box.parent.tag in BOXED:
            above = box.parent
            if above.mem_id not in starts:
                starts[above.mem_id] = squeeze(above.text(deep=True)[: 10 * OFFER])
            if not starts[above.mem_id].startswith(text):
                break
            box = above
        following = box.next
        while following is not None and not following.is_element_node:
            following = following.next
        for found in (box, following):
            if found is not None and _is_of_links(found):
                yield found


def _is_of_links(box: LexborNode) -> bool:
    """Whether a box holds several links and is no paragraph with some in it."""
    links = box.css("a[href]:not([href^='#'])")
    linked = sum(len(link.text(deep=True)) for link in links)
    return len(links) > 1 and (box.tag != "p" or linked > LISTED * len(box.text(deep=True)))


def _teasers(tree: LexborHTMLParser, links: Mapping[int, LexborNode]) -> Iterator[LexborNode]:
    """Boxes of one kind beside one another, each a linked headline with a sentence or two."""
    found: dict[tuple[int, str, str], dict[int, LexborNode]] = defaultdict(dict)
    for node in tree.css(LINKED_HEADINGS)[:MOST]:
        link = node if node.tag == "a" else node.css_first("a[href]")
        if link is None or link.mem_id not in links:
            continue
        box = next((above for above in around(node) if above.tag in CARDS), None)
        if box is not None and box.parent is not None:
            kind = (box.parent.mem_id, str(box.tag), box.attributes.get("class") or "")
            found[kind][box.mem_id] = box
    for boxes in found.values():
        if len(boxes) >= FEW:
            yield from boxes.values()


def _offers(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """The widest boxes around a field for a mail address or a link to a newsletter that hold little else."""
    for node in tree.css(SIGN_UP)[:20]:
        small = takewhile(lambda above: len(above.text(deep=True)) < OFFER, around(node))
        boxes = [above for above in small if above.tag in BOXED]
        yield from boxes[-1:]


def _walls(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Boxes that offer the rest of the text for money, behind what is free of it."""
    clean: set[int] = set()  # within these no box is one
    for box in tree.css("p ~ div,p ~ section,p ~ aside,div ~ div,div ~ section,div ~ aside")[:MOST]:
        if len(text := box.text(deep=True, separator=" ")) >= OFFER:
            continue
        if any(above.mem_id in clean for above in around(box)):
            continue
        if WALL.search(squeeze(text)):
            yield box
        else:
            clean.add(box.mem_id)


def _link_lists(tree: LexborHTMLParser, links: Mapping[int, LexborNode]) -> Iterator[LexborNode]:
    """Items of lists in which every item has such a link, and links are a good part of the text."""
    inside: dict[int, int] = {}  # items of nested lists belong to many
    for listed in tree.css("ul,ol")[:MOST]:
        items = listed.css("li")[:MOST_ITEMS]
        if len(items) < FEW:
            continue
        for item in items:
            if item.mem_id not in inside:
                inner = (link for link in item.css("a[href]") if link.mem_id in links)
                inside[item.mem_id] = sum(len(link.text(deep=True)) for link in inner)
        linked = [inside[item.mem_id] for item in items]
        if all(linked) and sum(linked) > LISTED * len(listed.text(deep=True)):
            yield from items


def _inner_links(tree: LexborHTMLParser, url: str) -> dict[int, LexborNode]:
    """Links to other pages of the same owner; those to other owners are part of the text."""
    owner = registrable_domain(url)
    found = {}
    for node in tree.css("a[href]")[:MOST_LINKS]:
        href = node.attributes.get("href") or ""
        if not href.startswith(("#", "mailto:", "javascript:", f"{url}#")) and (
            "://" not in href or owner in href.partition("://")[2].partition("/")[0]
        ):
            found[node.mem_id] = node
    return found


def _linked(links: Iterable[LexborNode]) -> Iterator[str]:
    """Folded texts of links, and of the blocks that are little else."""
    wholes: dict[int, str] = {}  # many links stand in one block
    for node in links:
        text = fold(node.text(deep=True))
        if len(text) < 8:  # noqa: PLR2004 (names and single words: labels know them)
            continue
        yield text
        block = next((above for above in around(node) if above.tag not in INLINE), None)
        if block is not None and block.tag in BLOCKS:
            if block.mem_id not in wholes:
                wholes[block.mem_id] = fold(block.text(deep=True))
            whole = wholes[block.mem_id]
            if len(text) >= LINKED * len(whole) and whole != text:
                yield whole
