"""A gzip file in place of a document → the document. Pure."""

import gzip
import io
import zlib

from copydesk.sources.announced import NotAFeed

__all__ = ["unpacked"]

MAGIC = b"\x1f\x8b"
LARGEST = 50 * 1024 * 1024
"""Bytes after unpacking; the limit of the sitemap protocol."""

CHUNK = 256 * 1024
MOST_LAYERS = 2


def unpacked(body: bytes) -> bytes:
    """A gzip file's content as far as it goes, damage costs what follows it; anything else as it is.

    A file that was packed once more on its way, a known mistake, is unpacked twice.
    """
    for _ in range(MOST_LAYERS):
        if body.startswith(MAGIC):
            body = _content(body)
    return body


def _content(body: bytes) -> bytes:
    content = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            while chunk := file.read1(CHUNK):
                content += chunk
                if len(content) > LARGEST:
                    raise NotAFeed(f"unpacks to more than {LARGEST // 1024**2} MiB")
    except (OSError, EOFError, zlib.error) as error:
        if not content:
            raise NotAFeed(f"not a gzip file: {error}") from error
    return bytes(content)
