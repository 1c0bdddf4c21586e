"""Captures ⇄ members of a `.warc.gz` file: one gzip member a record, as the WARC standard recommends. Pure.

A capture is a `response` record that any WARC tool reads: the page below a rebuilt HTTP header. What else is
known of it stands as JSON in one header of ours, `WARC-Copydesk-Capture`, so that it comes back exactly.
"""

import base64
import hashlib
import io
import json
import logging
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote

from fastwarc.warc import WarcRecord, WarcRecordType
from isal import isal_zlib

from copydesk import __version__
from copydesk.border import Border, contained
from copydesk.index.records import from_record, to_record
from copydesk.model import Capture

__all__ = ["LARGEST", "from_member", "information", "members", "stretches", "to_member"]

log = logging.getLogger(__name__)

OURS = "WARC-Copydesk-Capture"
LEVEL = 2
"""Of ISA-L, whose gzip is six times as fast as that of zlib at level 3, at about as many bytes."""

GZIP = 31
"""What zlib and its like call a window of 32 KiB in a gzip file of its own."""

PHRASES = {status.value: status.phrase for status in HTTPStatus}

ROOM = 4096
"""Bytes left for the headers that every record has."""

MAGIC = b"\x1f\x8b\x08"
CHUNK = 64 * 1024
LARGEST = 64 * 1024 * 1024
"""Bytes of a record: a sitemap and a file of an inbox may have 50 MiB, their headers what is left."""
URI_SAFE = "%/:=&?~#+!$,;'@()*[]"


def to_member(capture: Capture) -> bytes:
    """The capture as one gzip member holding one WARC record with digests.

    Raises ValueError for one that could not be read again: larger than `LARGEST`, or with text no UTF-8 can hold.
    """
    record = WarcRecord()
    record.init_headers(WarcRecordType.response, uuid.uuid5(uuid.NAMESPACE_URL, capture.id).urn.encode())
    record.record_date = capture.fetched_at
    ours = to_record(replace(capture, body=b""))
    record.headers["WARC-Target-URI"] = quote(capture.final_url, safe=URI_SAFE)
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.headers[OURS] = json.dumps({name: value for name, value in ours.items() if name != "body"})
    header = _http_header(capture)
    ours_size = len(record.headers[OURS]) + len(record.headers["WARC-Target-URI"])
    if len(header) + len(capture.body) + ours_size + ROOM > LARGEST:
        raise ValueError(f"{capture.url}: {len(capture.body)} bytes are too many for a record")
    record.set_bytes_content(header + capture.body)
    return _packed(record, _digest(capture.body))


def _http_header(capture: Capture) -> bytes:
    phrase = PHRASES.get(capture.status, "")
    kind = "".join(letter for letter in capture.content_type if " " <= letter <= "~")
    lines = [f"HTTP/1.1 {capture.status} {phrase}", f"Content-Length: {len(capture.body)}"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def information(name: str) -> bytes:
    """The `warcinfo` record a file begins with, as a member."""
    record = WarcRecord()
    record.init_headers(WarcRecordType.warcinfo)
    record.headers["WARC-Filename"] = name
    record.headers["Content-Type"] = "application/warc-fields"
    record.set_bytes_content(f"software: copydesk/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode())
    return _packed(record)


def _packed(record: WarcRecord, payload_digest: bytes | None = None) -> bytes:
    plain = io.BytesIO()
    record.write(plain, checksum_data=True, payload_digest=payload_digest)
    return isal_zlib.compress(plain.getbuffer(), LEVEL, wbits=GZIP)


def from_member(content: bytes | None) -> Capture | None:
    """The capture in a record as `members` gives it, or None when the record is the one a file begins with.

    Raises ValueError when it is damaged: no record, none of ours, or not with the content that was written.
    """
    if content is None:
        raise ValueError("no gzip member")
    try:
        record = WarcRecord.from_bytes(content)
        ours, digest = record.headers.get(OURS), record.headers.get("WARC-Payload-Digest")
        is_information = record.record_type is WarcRecordType.warcinfo
        _, _, body = record.reader.read().partition(b"\r\n\r\n")
    except (OSError, RuntimeError, EOFError) as exc:
        raise ValueError(f"no WARC record: {exc}") from exc
    if ours is None and is_information:
        return None
    given = json.loads(ours or "null")
    if not isinstance(given, dict):
        raise ValueError(f"a WARC record without {OURS}")  # noqa: TRY004 (bytes are no argument of a wrong type)
    if digest != f"sha1:{_base32(_digest(body))}":
        raise ValueError("its content is not what was written")
    return from_record(Capture, given | {"body": body})


def stretches(segment: str, data: bytes) -> Iterator[tuple[bytes, Capture | str | None]]:
    """All of a segment's file, piece by piece: the capture each holds, or why none can be read; None as `from_member`.

    Never raises; what cannot be read is logged.
    """
    at = 0
    for packed, unpacked in members(data):
        held: Capture | str | None = "nobody expected this"
        with contained(Border.SEGMENT, f"{segment} at {at}"):
            try:
                held = from_member(unpacked)
            except ValueError as exc:
                held = " ".join(str(exc).split())[:200]
        if isinstance(held, str):
            log.warning("archive segment=%s at=%d lost bytes=%d %s", segment, at, len(packed), held)
        at += len(packed)
        yield packed, held


def _digest(body: bytes) -> bytes:
    return hashlib.sha1(body, usedforsecurity=False).digest()


def _base32(digest: bytes) -> str:
    return base64.b32encode(digest).decode()


def members(data: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    """The gzip members of a file as (packed, unpacked), their checksums verified.

    A stretch that cannot be unpacked, or into more than `LARGEST`, comes as (packed, None), up to the next member
    that can.
    """
    view, at, lost = memoryview(data), 0, 0
    while at < len(data):
        try:
            unpacked, end = _unpack(view, at)
        except (zlib.error, EOFError, OverflowError):
            following = data.find(MAGIC, at + 1)
            at = following if following >= 0 else len(data)
            continue
        if lost < at:
            yield data[lost:at], None
        yield data[at:end], unpacked
        at = lost = end
    if lost < len(data):
        yield data[lost:], None


def _unpack(view: memoryview, at: int) -> tuple[bytes, int]:
    """The member beginning at `at`, and where it ends. Raises zlib.error, EOFError, or OverflowError over `LARGEST`."""
    unpacker = zlib.decompressobj(wbits=GZIP)
    parts: list[bytes] = []
    size = 0
    while not unpacker.eof:
        if at >= len(view):
            raise EOFError
        parts.append(unpacker.decompress(view[at : at + CHUNK], LARGEST + 1 - size))
        size += len(parts[-1])
        if size > LARGEST:
            raise OverflowError
        at = min(at + CHUNK, len(view))
    return b"".join(parts), at - len(unpacker.unused_data)
