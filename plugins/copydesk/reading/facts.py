"""What a page declares about itself, gathered in one pass: JSON-LD, meta elements, headings, times. Pure."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.cleaning.lines import fold
from copydesk.reading.decoding import scrub

__all__ = ["Facts", "Node", "first_text", "gather", "squeeze", "strings", "visible", "without_tags"]

Node: TypeAlias = dict[str, object]

LONGEST_SCRIPT = 1_000_000
"""Characters of JSON-LD read from one script; articles with their whole body stay far below."""

MOST_NODES = 3_000
"""JSON-LD objects walked; a page with more of them is a catalogue or an attack."""

DEEPEST = 8
"""Objects and lists that a name may stand in, one in the other; the vocabulary needs three."""

ARTICLE = re.compile(
    r"(article|blogposting|report|review|recipe|liveblog|analysis|opinion|interview)", re.IGNORECASE
)
NOT_ARTICLE = re.compile(r"(list|collection|aggregate|element)", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{1,500}>")


@dataclass(frozen=True, slots=True)
class Facts:
    """The declarations of a page.

    Attributes:
        article: The JSON-LD object of the article; {} without one.
        nodes: All JSON-LD objects, in document order, for what the article refers to by "@id".
        meta: Lower-case name, property or itemprop -> contents in document order.
        headings: Texts of the h1 elements, or of the h2 shown as headline, see `_headings`.
        times: (marked as published, datetime) of the time elements.
        title: The title element.
        canonicals: Every rel=canonical as written, each once.
        language: What html or its meta elements declare.
        byline: Texts of elements marked up as author.
    """

    article: Node = field(default_factory=dict)
    nodes: tuple[Node, ...] = ()
    meta: dict[str, list[str]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    times: tuple[tuple[bool, str], ...] = ()
    title: str = ""
    canonicals: tuple[str, ...] = ()
    language: str = ""
    byline: tuple[str, ...] = ()

    def first(self, *names: str) -> str:
        """The first non-empty content of the meta elements of these names, tried in order; "" without one."""
        return next((content for name in names for content in self.meta.get(name, ()) if content), "")

    def every(self, *names: str) -> list[str]:
        """All non-empty contents of the meta elements of these names."""
        return [content for name in names for content in self.meta.get(name, ()) if content]


def gather(tree: LexborHTMLParser) -> Facts:
    """Collect the declarations of a parsed page; an empty page gives empty ones."""
    nodes = tuple(_linked_data(tree))
    root = tree.css_first("html")
    linked = [(node.attributes.get("href") or "").strip() for node in tree.css("link[rel~=canonical i]")[:8]]
    title = tree.css_first("title")
    meta = _meta(tree)
    article = _article(nodes)
    declared = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root else ""
    return Facts(
        article=article,
        nodes=nodes,
        meta=meta,
        headings=tuple(_headings(tree, {*meta.get("og:title", ()), first_text(article.get("headline"))})),
        times=tuple(_times(tree)),
        title=visible(title) if title else "",
        canonicals=tuple(dict.fromkeys(filter(None, linked))),
        language=declared or next(iter(meta.get("content-language", ())), ""),
        byline=tuple(_byline(tree)),
    )


def squeeze(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def visible(node: LexborNode) -> str:
    """The text of an element, white space squeezed and unusable characters dropped."""
    return squeeze(scrub(node.text(deep=True, separator=" ")))


TRAIL = "nav h1,li h1,[class*=breadcrumb i] h1,h1[class*=breadcrumb i]"
"""Headings in a trail of links: meant for search engines, with the headline in an h2 below."""


def _headings(tree: LexborHTMLParser, declared: Iterable[str]) -> list[str]:
    """Texts of the h1 elements; where all stand in a trail of links, of the h2 elements that are declared titles."""
    nodes = tree.css("h1")[:8]
    headings = [text for node in nodes if (text := visible(node))]
    trail = {node.mem_id for node in tree.css(TRAIL)} if nodes else set()
    if any(node.mem_id not in trail for node in nodes):
        return headings
    titles = {fold(title) for title in declared if title}
    shown = [text for node in tree.css("h2")[:8] if fold(text := visible(node)) in titles]
    return shown or headings


def _meta(tree: LexborHTMLParser) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta[content]")[:400]:
        attributes = node.attributes
        content = squeeze(scrub(unescaped(attributes.get("content") or "")))
        if content and len(content) < 5_000:  # noqa: PLR2004 (no declaration is that long)
            for kind in ("property", "name", "itemprop", "http-equiv"):
                if name := attributes.get(kind):
                    found.setdefault(name.lower(), []).append(content)
    return found


def _times(tree: LexborHTMLParser) -> Iterator[tuple[bool, str]]:
    for node in tree.css("time[datetime]")[:20]:
        attributes = node.attributes
        marks = " ".join(
            value or "" for key, value in attributes.items() if key in {"class", "itemprop", "pubdate"}
        )
        published = "pubdate" in attributes or bool(
            re.search(r"publi|created|entry-date", marks, re.IGNORECASE)
        )
        yield published, (attributes.get("datetime") or "").strip()


BYLINE = (
    "[rel~=author],[itemprop=author] [itemprop=name],[itemprop=author]:not(:has([itemprop=name])),"
    "[class*=byline i],[class*=author i]:not(:has([class*=author i])):not(:has(p))"
)
AUTHOR_LINK = ",".join(
    f'a[href*="/{word}/" i]'
    for word in (
        "author",
        "authors",
        "autor",
        "autoren",
        "autores",
        "auteur",
        "auteurs",
        "autore",
        "autori",
        "redakteur",
        "journalist",
        "journaliste",
    )
)
"""Links to pages of authors."""

MOST_NAMES = 6
MOST = 80
"""Characters of a byline; what is longer is a biography."""


def _byline(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css(BYLINE)[:12]:
        if _is_elsewhere(node):
            continue
        links = [visible(link) for link in node.css("a")]
        for text in links if len(links) > 1 else [visible(node)]:
            if text and len(text) < MOST:
                yield text
    yield from _linked_authors(tree)


ELSEWHERE = re.compile(r"comment|teaser|related|recommend|sidebar|promo", re.IGNORECASE)


def _is_elsewhere(node: LexborNode) -> bool:
    """Whether a byline stands below a comment or in the card of another article."""
    above = node.parent
    while above is not None and above.tag not in {"body", "article", "main"}:
        attributes = above.attributes
        if above.tag in {"a", "aside", "footer"} or ELSEWHERE.search(
            f"{attributes.get('class')} {attributes.get('id')}"
        ):
            return True
        above = above.parent
    return False


def _linked_authors(tree: LexborHTMLParser) -> Iterator[str]:
    """Texts of the first links to pages of authors that stand together in the article."""
    article = tree.css_first("article") or tree.css_first("main")
    first = article.css_first(AUTHOR_LINK) if article else None
    if first is not None and first.parent is not None:
        for link in first.parent.css(AUTHOR_LINK)[:6]:
            text = visible(link)
            capital = sum(not word[0].islower() for word in text.split())
            if 1 < capital < MOST_NAMES and len(text) < MOST:
                yield text


def _linked_data(tree: LexborHTMLParser) -> Iterator[Node]:
    left = MOST_NODES
    for script in tree.css('script[type="application/ld+json" i]')[:50]:
        for node in _walk(_parse(script.text(deep=True) or "")):
            left -= 1
            if left < 0:
                return
            yield node


def _parse(text: str) -> object:
    """The JSON of a script; comments, CDATA marks and raw line feeds in it are forgiven. None when hopeless."""
    if len(text) > LONGEST_SCRIPT:
        return None
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    text = re.sub(r"^\s*(//|/\*)\s*<!\[CDATA\[\s*(\*/)?|(//|/\*)\s*\]\]>\s*(\*/)?\s*$", "", text)
    text = re.sub(r",(\s*[}\]])", r"\1", text)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(root: object) -> Iterator[Node]:
    """All objects of a JSON value in document order, without recursion: depth is the page's choice."""
    stack = [root]
    seen = 0
    while stack and seen < MOST_NODES:
        item = stack.pop()
        seen += 1
        if isinstance(item, dict):
            yield item
            stack.extend(reversed([value for value in item.values() if isinstance(value, dict | list)]))
        elif isinstance(item, list):
            stack.extend(reversed(item[:500]))


def _article(nodes: tuple[Node, ...]) -> Node:
    """The object that tells most about an article: typed as one, with a headline or a date."""
    best: Node = {}
    worth = 0
    for node in nodes:
        kinds = " ".join(strings(node.get("@type")))
        if ARTICLE.search(kinds) and not NOT_ARTICLE.search(kinds):
            points = sum(
                bool(node.get(key))
                for key in ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage")
            )
            if points > worth:
                best, worth = node, points
    return best


def strings(value: object, depth: int = 0) -> list[str]:
    """The usable strings of a JSON-LD value: itself, its items, or the name of objects; [] for anything else."""
    if depth > DEEPEST:
        return []
    if isinstance(value, str):
        text = squeeze(scrub(without_tags(value)))
        return [text] if text else []
    if isinstance(value, dict):
        named = value.get("name") or value.get("@value") or value.get("url") or value.get("@id")
        return strings(named, depth + 1)
    if isinstance(value, list):
        return [
            text for item in value[:50] if not isinstance(item, list) for text in strings(item, depth + 1)
        ]
    return []


def first_text(value: object) -> str:
    """The first usable string of a JSON-LD value; ""."""
    return next(iter(strings(value)), "")


def without_tags(text: str) -> str:
    """A declared text as plain text: entities resolved, tags dropped."""
    return TAG.sub(" ", unescaped(text))


def unescaped(text: str) -> str:
    """A declared text with its entities resolved, those that were escaped twice as well."""
    try:
        return html.unescape(html.unescape(text)) if "&" in text else text
    except ValueError:  # a number of thousands of digits, which Python does not read
        return text
