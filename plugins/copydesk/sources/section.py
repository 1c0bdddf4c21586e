"""Section pages of sites without a feed → the addresses on them that look like those of articles. Pure.

Only links are looked for, with their words, and nothing is built of the page: however it is nested or broken, the
time is that of reading it once.
"""

import html
import re
from collections.abc import Iterator

from copydesk import urls
from copydesk.model import Entry, Source
from copydesk.sources.announced import Announced, NotAFeed
from copydesk.sources.linked import address

__all__ = ["href", "opened", "parse"]

LINK = re.compile(r"<a(?=\s)", re.IGNORECASE)
HREF = re.compile(r"(?:^|[\s\"'])href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
BASE = re.compile(r"<base\s[^<>]{0,2000}>", re.IGNORECASE)
END = re.compile(r"</a\s*>", re.IGNORECASE)
UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^<>]*>")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]+)", re.IGNORECASE)

HEAD = 4096
LONGEST = 4000
"""Characters of a link with its words that are looked at."""


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The links of a page whose address, from its path on, has the source's pattern in it, in the page's order.

    A link to the same page may stand there several times; its title is the longest of their words. Links that leave
    the site count only where the pattern begins with a scheme. Raises NotAFeed for a page without any link.
    """
    page = opened(body, content_type)
    starts = LINK.split(page)[1:]
    if not starts:
        raise NotAFeed("a page without links")
    named = BASE.search(page)
    base = address(href(named[0]), base_url) or base_url if named else base_url
    titles: dict[str, str] = {}
    for url, words in filter(None, (_link(rest[:LONGEST], base) for rest in starts)):
        if _is_article(source, url, base_url):
            titles[url] = max(titles.get(url, ""), words, key=len)
    return Announced(
        entries=tuple(
            Entry(url=url, source=source.name, title=words or None) for url, words in titles.items()
        )
    )


def _link(rest: str, base: str) -> tuple[str, str] | None:
    attributes, _, rest = rest.partition(">")
    url = address(href(attributes), base)
    words = " ".join(html.unescape(TAG.sub(" ", END.split(rest, maxsplit=1)[0])).split())
    return (url, words) if url else None


def href(attributes: str) -> str:
    """The address that an opening tag names; "" when it names none."""
    found = HREF.search(attributes)
    return html.unescape(next(filter(None, found.groups()), "")) if found else ""


def _is_article(source: Source, url: str, base_url: str) -> bool:
    whole = source.links.lstrip("^").startswith("http")
    if not whole and urls.registrable_domain(url) != urls.registrable_domain(base_url):
        return False
    looked_at = url if whole else "/" + url.partition("://")[2].partition("/")[2]
    return url != base_url and re.search(source.links, looked_at) is not None


def opened(body: bytes, content_type: str) -> str:
    """A page as text, without comments, scripts and styles."""
    return UNREAD.sub(" ", _decoded(body, content_type))


def _decoded(body: bytes, content_type: str) -> str:
    """The page as text: UTF-8 where it is that, else what header or page say, else what browsers take."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    said: Iterator[re.Match[str]] = filter(
        None, map(CHARSET.search, (content_type, body[:HEAD].decode("latin-1")))
    )
    for found in said:
        try:
            return body.decode(found[1], errors="replace")
        except LookupError:
            continue
    return body.decode("cp1252", errors="replace")
