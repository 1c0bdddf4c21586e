"""Addresses: one spelling per page, and what host and owner of a name they belong to. Pure.

Spelling (case, percent signs, punycode, default ports, dots in paths) is yarl's, which is also what the fetcher
sends, so the address compared is the address asked for. courlan was tried and loses parameters that tell pages
apart: bare queries (`?12345`), empty values, and names such as `source`, `keyword`, `uid` or `cid`.
"""

import hashlib
import ipaddress
import re
from functools import lru_cache
from urllib.parse import urljoin

import tld
from yarl import URL

from copydesk.tracking import without_session, without_tracking

__all__ = ["canonicalize", "host", "join", "registrable_domain", "shard", "url_key"]

SHARDS = 16
LONGEST = 2_000
"""Characters of an address that a page tells."""

KEPT = 4096
"""Addresses of which the parts and the spelling are kept: each is asked for several times while it is worked on."""

HALVES = re.compile("[\ud800-\udfff]")
NO_NAME = re.compile(r"[\x00-\x20\x7f\"#%/:<>?@\[\\\]^`{|}]|[^\x00-\x7f]")
"""What no host name holds: the forbidden code points of the WHATWG URL Standard, quotes and braces with them."""


def canonicalize(url: str) -> str:
    """The one spelling of a web address. Idempotent, and total: any text has one.

    Lower-case scheme and host, no default port, no credentials, no fragment, nothing that tracks (`tracking.TABLE`),
    the other parameters sorted by name. What is no web address ("inbox:…", garbage) comes back stripped of white space,
    and without halves of characters, which no index takes.
    """
    return _spelled(_text(url))


@lru_cache(maxsize=KEPT)
def _spelled(text: str) -> str:
    parsed = _parse(text)
    return _canonical(parsed) if parsed is not None else text


def _text(url: str) -> str:
    return HALVES.sub("\ufffd", url).strip()


def _canonical(url: URL) -> str:
    path = without_session(url.raw_path) or "/"
    pairs = without_tracking([pair for pair in url.raw_query_string.split("&") if pair], path)
    query = "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[0]))
    name = _name(url)
    authority = f"[{name}]" if ":" in name else name
    port = "" if url.port is None or url.is_default_port() else f":{url.port}"
    return f"{url.scheme}://{authority}{port}{path}{'?' if query else ''}{query}"


@lru_cache(maxsize=KEPT)
def _parse(url: str) -> URL | None:
    try:
        parsed = URL(url)
        name = _name(parsed)  # only now are host and port read
    except (ValueError, IndexError):  # the latter for brackets with nothing in them
        return None
    is_web = parsed.scheme in {"http", "https"} and name and (":" in name or not NO_NAME.search(name))
    return parsed if is_web else None


def _name(url: URL) -> str:
    """The host, which yarl leaves in capitals and with percent signs where IDNA does not take it."""
    return (url.raw_host or "").rstrip(".").lower()


def join(base: str, address: str) -> str:
    """The web address that a page tells, relative to its own; "" for what is none or longer than addresses are."""
    if len(address) > LONGEST:
        return ""
    try:
        absolute = urljoin(base, address)
    except ValueError:  # a broken IPv6 host, or letters that would become others in it
        return ""
    return absolute if absolute.startswith("http") and len(absolute) <= 2 * LONGEST else ""


def url_key(url: str) -> str:
    """Id of an address: 32 hex digits of the SHA-256 of its canonical form."""
    return hashlib.sha256(canonicalize(url).encode()).hexdigest()[:32]


def host(url: str) -> str:
    """Host in lower case and punycode, with the port unless it is the default one; "" for what is no web address."""
    parsed = _parse(_text(url))
    if parsed is None:
        return ""
    name = _name(parsed)
    return name if parsed.port is None or parsed.is_default_port() else f"{name}:{parsed.port}"


def registrable_domain(url: str) -> str:
    """What somebody registered: public suffix and one label more, private suffixes counted; "" without a host.

    From the snapshot of the Public Suffix List that tld ships. An unknown suffix counts as one label. IP
    addresses and names below `localhost` are whole domains, port included.
    """
    parsed = _parse(_text(url))
    if parsed is None:
        return ""
    name = _name(parsed)
    if name == "localhost" or name.endswith(".localhost") or _is_address(name):
        return host(url)
    known = tld.get_fld(f"http://{name}/", fail_silently=True, search_private=True)
    return known or ".".join(name.split(".")[-2:])


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def shard(host: str) -> int:
    """Which of the 16 fetcher shards a host belongs to, the same in every process."""
    return hashlib.sha256(host.encode(errors="backslashreplace")).digest()[0] % SHARDS
