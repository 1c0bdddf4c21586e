"""XML as it comes off the wire → elements, one at a time.

Well-formed documents go straight through libxml2. Others are repaired first (character set, junk before the
prolog, bare `&`, HTML entities, control characters), so that no text is lost, and then read as far as they go.
Entities are never expanded by the parser, no DTD is loaded, nothing is looked up, and depth and size of a node
keep libxml2's limits (256 levels, 10 MB).

The feed libraries were measured and left: feedparser is some fifty times slower and hangs on unclosed tags;
fastfeedparser drops text at entities, loses XHTML titles and completes partial dates with today's.
"""

import codecs
import html
import html.entities
import io
import re
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import TypeVar

from lxml import etree
from lxml.etree import _Element as Element

from copydesk.border import Border, Fault, contained
from copydesk.sources.announced import NotAFeed

__all__ = ["collect", "local", "parts_of", "text_of"]

T = TypeVar("T")

HEAD = 8192
"""How far into a document its prolog, document type and root are looked for."""

DECLARED = re.compile(r"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']")
CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._-]+)")
PREDEFINED = {"amp", "lt", "gt", "quot", "apos"}
ROOT = re.compile(r"<(?:\?xml\b|!DOCTYPE\b|(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex)\b)", re.IGNORECASE)
PROLOG = re.compile(r"\s*<\?xml[^>]*\?>")
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[(.*?)\]\s*)?>", re.DOTALL | re.IGNORECASE)
ENTITY = re.compile(r"<!ENTITY\s+(\w+)\s+\"([^\"&%<]{0,200})\"\s*>")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
REFERENCE = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?:#x([0-9a-f]{1,7});|#([0-9]{1,7});|(\w{1,32});)?",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)
"""A CDATA section, closed or not, or an ampersand with what it introduces; each is passed once."""

UNREAD = frozenset({"script", "style"})
"""Elements of web pages whose content is no text, wherever they stand."""

SINGLE = re.compile(r"iso8859|cp12|koi8|mac")
"""Character sets of one byte a character, in which nearly any bytes are text: a wrong name is never noticed."""

LATIN = "iso8859-1"
"""What people call windows-1252, and browsers read as such."""

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
"""Tried on a document with NULs whose mark or prolog is of another one, or missing."""

CERTAIN = 12
"""Bytes beyond ASCII from which on text of several bytes a character, such as Chinese, is UTF-8 by no accident."""


def collect(
    body: bytes,
    content_type: str,
    *,
    roots: Collection[str],
    tags: Collection[str],
    make: Callable[[Element], T],
    item: str,
) -> list[T | Fault]:
    """What `make` makes of each element named in `tags`, or the fault it had with it.

    Args:
        body: An XML document, however damaged.
        content_type: The server's, asked for a character set only when the document has none.
        roots: Local names, in lower case, of which the root must be one.
        tags: Local names of the elements wanted.
        make: Called once an element is complete; the element is emptied afterwards.
        item: What the document is called when an element makes trouble.

    Raises:
        NotAFeed: There is no such root.
    """
    if not body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise NotAFeed("the document is empty")
    made: list[T | Fault] = []

    def keep(element: Element) -> None:
        with contained(Border.ENTRY, f"{item} entry {len(made) + 1}") as caught:
            made.append(make(element))
        if caught.fault is not None:
            made.append(caught.fault)

    if b"<!DOCTYPE" not in body[:HEAD]:
        try:
            _each(body, roots, tags, keep, encoding=_overruled(body))
        except etree.XMLSyntaxError:
            made.clear()
        else:
            return made
    try:
        _each(_repair(_decode(body, content_type)), roots, tags, keep, recover=True)
    except etree.XMLSyntaxError as error:
        raise NotAFeed(f"not XML: {error.msg}") from error
    return made


def _each(
    body: bytes,
    roots: Collection[str],
    tags: Collection[str],
    keep: Callable[[Element], None],
    *,
    recover: bool = False,
    encoding: str | None = None,
) -> None:
    """Show each wanted element, once it is complete, and check the root."""
    context = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for element in _emptied(context):
        keep(element)
    root = context.root
    if root is None or local(root).lower() not in roots:
        name = "nothing" if root is None else f"<{local(root)}>"
        raise NotAFeed(f"found {name} where one of {', '.join(sorted(roots))} was expected")


def _emptied(context: Iterator[tuple[str, Element]]) -> Iterator[Element]:
    """Each element of the stream, taken out of the tree after use: memory stays that of one element."""
    for _, element in context:
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def local(element: Element) -> str:
    """Name of an element without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def parts_of(element: Element) -> Iterator[Element]:
    """The elements inside an element, without comments, instructions and entities."""
    return (part for part in element if isinstance(part.tag, str))


def text_of(element: Element) -> str:
    """All text inside an element, white space collapsed, without comments, instructions and scripts."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        if part.tag is etree.Entity:
            yield html.entities.html5.get(f"{getattr(part, 'name', '')};", "")
        elif isinstance(part.tag, str) and local(part).lower() not in UNREAD:
            yield from _texts(part)
        yield part.tail or ""


def _named(charset: re.Match[str] | None) -> str:
    """The usual name of a character set, "" for none and for one nobody knows."""
    try:
        return codecs.lookup(charset[1]).name if charset else ""
    except (LookupError, ValueError):
        return ""


def _declared(body: bytes) -> str:
    return _named(DECLARED.search(body[:HEAD].decode("latin-1")))


def _is_utf8(body: bytes) -> bool:
    """Whether a document that says it is of another character set is UTF-8 all the same."""
    declared = _declared(body)
    if body.isascii() or declared in {"", "utf-8", "ascii"} or declared.startswith("utf-"):
        return False
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    return SINGLE.match(declared) is not None or len(body) - len(text.encode("ascii", "ignore")) >= CERTAIN


def _overruled(body: bytes) -> str | None:
    """The character set a well-formed document is of in spite of its prolog; None where the prolog is right."""
    if _is_utf8(body):
        return "utf-8"
    return "windows-1252" if _declared(body) == LATIN else None


def _decode(body: bytes, content_type: str) -> str:
    """The document as text, in the first reading that has a root, whatever mark, prolog and header say.

    Bytes that are no UTF-8 are read as windows-1252, as browsers do.
    """
    first = ""
    for text in _readings(body, content_type):
        if ROOT.search(text, 0, HEAD):
            return text
        first = first or text
    text = body.decode("utf-8-sig", errors="surrogateescape")
    text = re.sub("[\udc80-\udcff]+", lambda bad: _windows(bad[0]), text)
    return text if not first or ROOT.search(text, 0, HEAD) else first


def _readings(body: bytes, content_type: str) -> Iterator[str]:
    """What a document says in other character sets than UTF-8, likeliest first."""
    wide = b"\0" in body[:HEAD]
    declared, labelled = _declared(body), _named(CHARSET.search(content_type))
    marked = "utf-16" if wide and body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""
    certain = "" if declared and SINGLE.match(labelled) else labelled
    for name in () if _is_utf8(body) else (marked, declared, certain):
        if name not in {"", "utf-8", "ascii"} and (wide or not name.startswith(("utf-16", "utf-32"))):
            with suppress(LookupError, ValueError):
                yield body.decode("cp1252" if name == LATIN else name)
    starts = {name: body.find("<".encode(name), 0, HEAD) for name in WIDE if wide}
    for name in sorted(starts, key=lambda name: starts[name]):
        if starts[name] >= 0:
            yield body[starts[name] :].decode(name, errors="replace")


def _windows(bad: str) -> str:
    return bad.encode(errors="surrogateescape").decode("cp1252", errors="replace")


def _repair(text: str) -> bytes:
    """The text as UTF-8 XML that a recovering parser reads without losing words."""
    start = ROOT.search(text, 0, HEAD)
    text = PROLOG.sub("", text[start.start() :] if start else text, count=1)
    doctype = DOCTYPE.search(text, 0, HEAD)
    declared = dict(ENTITY.findall(doctype[1] or "")) if doctype else {}
    if doctype:
        text = text[: doctype.start()] + text[doctype.end() :]
    text = FORBIDDEN.sub("", text)
    return REFERENCE.sub(lambda found: _reference(found, declared), text).encode().lstrip()


def _reference(found: re.Match[str], declared: dict[str, str]) -> str:
    """What stands for a CDATA section (itself), a reference (itself or its character) or a bare ampersand."""
    hexadecimal, decimal, name = found.groups()
    if hexadecimal or decimal:
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return html.escape(FORBIDDEN.sub("", chr(code))) if code <= sys.maxunicode else ""
    if name in PREDEFINED or found[0].startswith("<"):
        return found[0]
    meant = declared.get(name) or html.entities.html5.get(f"{name};")
    return html.escape(meant) if meant else "&amp;" + found[0][1:]
