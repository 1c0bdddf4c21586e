"""Links as sources write them → the web address of the page they mean. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from copydesk import urls

__all__ = ["HIDDEN", "address", "hides", "is_web", "joined"]

HIDDEN = "links of Google News that do not tell the address at the paper; take the paper's own feed"
"""Why an entry is left out whose link only Google can follow."""

BARE = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/?]|$)", re.IGNORECASE)
"""A host where a scheme belongs, "www.paper.example/a"."""

WRAPPERS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("google", "/url"): ("url", "q"),
    ("bing", "/news/apiclick.aspx"): ("url",),
    ("facebook", "/l.php"): ("u",),
    ("yahoo", "/cnt/url"): ("u",),
    ("vk", "/away.php"): ("to",),
}
"""Pages that only lead on, by the name of their site and their path, with the parameters that name the target."""

GOOGLE_NEWS = re.compile(r"/(?:rss/|__i/rss/rd/)?(?:articles|read)/([A-Za-z0-9_-]{16,4000}=*)")
INSIDE = re.compile(rb"https?://[\x21-\x7e]+")
"""An address within the bytes that such a link is made of."""


def is_web(text: str) -> bool:
    """Whether a text is meant as a web address."""
    return text.lower().startswith(("http://", "https://"))


def joined(base: str, link: str) -> str | None:
    """A link relative to an address, or None when either is none."""
    try:
        return urljoin(base, link)
    except ValueError:
        return None


def address(link: str, base: str) -> str | None:
    """The web address that a link means, without fragment, or None: pages that only lead on are seen through.

    An address that is written without its scheme is one when it begins with "www." or is of the base's own site;
    everything else of that form is a path. Of a link to Google News that does not tell its target it is that link.
    """
    link = link.strip()
    found = joined(base, _whole(link, base)) if link else None
    try:
        found = urldefrag(found or "").url
    except ValueError:
        return None
    return _meant(found) if is_web(found) else None


def hides(url: str) -> bool:
    """Whether an address is one of Google News, behind which nobody but Google finds the page."""
    return urls.host(url) == "news.google.com" and GOOGLE_NEWS.match(_path(url)) is not None


def _whole(link: str, base: str) -> str:
    bare = BARE.match(link)
    if bare is None:
        return link
    named, own = bare[1].lower(), urls.host(base)
    is_host = named.startswith("www.") or named in {own, urls.registrable_domain(base)}
    return f"{'https' if base.startswith('https') else 'http'}://{link}" if is_host else link


def _meant(url: str) -> str:
    """The target of an address that only leads on, as far as it says so; any other as it is."""
    if hides(url):
        return _told_by_google(url) or url
    if "%3a" not in url.lower() and url.count("://") < 2:  # noqa: PLR2004 (its own, and another)
        return url
    try:
        split = urlsplit(url)
        asked = parse_qs(split.query)
    except ValueError:
        return url
    site = urls.registrable_domain(url).partition(".")[0]
    for name in WRAPPERS.get((site, split.path), ()):
        if is_web(target := asked.get(name, [""])[0]):
            return urldefrag(target).url
    return url


def _told_by_google(url: str) -> str | None:
    """What an older link of Google News holds: the address in base64, behind some bytes and its length."""
    found = GOOGLE_NEWS.match(_path(url))
    code = found[1].rstrip("=") if found else ""
    try:
        content = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (binascii.Error, ValueError):
        return None
    inside = INSIDE.search(content)
    if inside is None:
        return None
    before = content[: inside.start()]
    length = before[-1] if before else 0
    if len(before) > 1 and before[-2] >= 0x80:  # noqa: PLR2004 (a length of two bytes, seven bits each)
        length = (before[-2] & 0x7F) | before[-1] << 7
    told = inside[0][:length] if 0 < length <= len(inside[0]) else b""
    return told.decode("ascii") or None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
