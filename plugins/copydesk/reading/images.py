"""The images of an article with their captions, taken out of its tree.

Called by `page`, before blocks are marked; captions that are plain paragraphs are left to `cleaning.captions`.
"""

from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.model import Image
from copydesk.reading.facts import visible
from copydesk.reading.nodes import around, named, names
from copydesk.urls import join

__all__ = ["take"]

CAPTIONS = (
    "figcaption,[itemprop=caption],[class*=caption i],[class*=bildunterschrift i],[class*=image-credit i],"
    "[class*=photo-credit i],"
    "[class*=image__credit i],[class*=imagecredit i],[class*=photocredit i],[class*=credit i]:not(:has(p))"
)
FRAMED = ",".join(
    f"{tag}[class*={word} i]"
    for tag in ("div", "span", "section")
    for word in ("image", "img", "photo", "picture", "foto", "bild")
)
"""Boxes named after a picture: beside one image, a few words in them are its caption, whatever these are called."""

FRAMED_TEXT = 300
"""Characters up to which those words are few."""

MOST = 500
"""Elements of a kind that are looked at; a page with more of them is a catalogue or an attack."""

WHOLE = frozenset(["article", "main", "body"])

CARD = 12
"""Elements around a caption that are looked at for a card's link or list item; cards are shallow."""

FRAMES = 4
"""How many elements around a caption are searched for its image; further out stand those of other captions."""

ADDRESSES = ("data-src", "data-original", "data-lazy-src", "src", "data-srcset", "srcset")
"""Where an image says where it is. A page that loads late has a placeholder in src, so that comes after the others."""


def take(tree: LexborHTMLParser, url: str, longest: float) -> tuple[Image, ...]:
    """The captioned images of the article, each caption once, in order; every caption leaves the tree.

    Args:
        tree: The page, changed in place.
        url: Where it stands; addresses of images are made absolute with it.
        longest: Characters from which a node is no caption, whatever it is called.
    """
    return tuple({image.caption: image for image in _images(tree, url, longest)}.values())


def _images(tree: LexborHTMLParser, url: str, longest: float) -> Iterator[Image]:
    said = names(tree)
    for node in named(tree, CAPTIONS, said)[:MOST]:
        text = visible(node)
        if not text or len(text) > longest or node.css_first("h1"):
            continue
        if text.count(" ") > 1 and _belongs(node):
            yield Image(url=_address(node, url), caption=text)
        node.remove()
    for frame in named(tree, FRAMED, said)[:MOST]:
        text = visible(frame)
        if text and len(text) < min(longest, FRAMED_TEXT) and _is_frame(frame):
            if text.count(" ") > 1 and _belongs(frame):
                yield Image(url=_address(frame, url), caption=text)
            frame.remove()


def _is_frame(box: LexborNode) -> bool:
    """Whether a box holds one image, and neither a heading nor a linked text: those are cards of other articles."""
    return len(box.css("img,amp-img")) == 1 and not any(
        node.tag != "a" or visible(node) for node in box.css("a,h1,h2,h3,h4,h5,h6")
    )


def _belongs(node: LexborNode) -> bool:
    """Whether a node stands in the article rather than in a card of another one."""
    for above in islice(around(node), CARD):
        if above.tag in {"a", "li", "aside"}:
            return False
        if above.tag in WHOLE:
            return True
    return True


def _address(caption: LexborNode, url: str) -> str:
    """Absolute address of the image a caption stands with; "" when it stands with none or with several."""
    frame: LexborNode | None = caption
    for _ in range(FRAMES):
        if frame is None or frame.tag in WHOLE:
            break
        shown = frame.css("img,amp-img")
        if len(shown) > 1:
            break
        if shown or frame.css_first("picture"):
            addresses = (_address_of(node, url) for node in (*shown, *frame.css("source")))
            return next(filter(None, addresses), "")
        frame = frame.parent
    return ""


def _address_of(node: LexborNode, url: str) -> str:
    attributes = node.attributes
    for name in ADDRESSES:
        words = (attributes.get(name) or "").replace(", ", " ").split()
        if words and (absolute := join(url, words[0].rstrip(","))):
            return absolute
    return ""
