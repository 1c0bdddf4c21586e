"""Sitemaps that are a plain list of addresses, one a line → entries."""

from urllib.parse import urldefrag

from copydesk.model import Entry, Source
from copydesk.sources.announced import Announced, NotAFeed, each_once

__all__ = ["parse"]


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:  # noqa: ARG001 (as all parsers)
    """The addresses of a list. Raises NotAFeed for anything in which another line stands."""
    lines = [line.strip() for line in body.decode("utf-8-sig", errors="replace").splitlines()]
    addresses = [line for line in lines if line]
    if not addresses or any(not _is_address(line) for line in addresses):
        raise NotAFeed("not a list of web addresses")
    return Announced(entries=each_once(Entry(url=_page(line), source=source.name) for line in addresses))


def _is_address(line: str) -> bool:
    return line.lower().startswith(("http://", "https://")) and not any(sign in line for sign in ' <>"')


def _page(line: str) -> str:
    try:
        return urldefrag(line).url
    except ValueError:
        return line
