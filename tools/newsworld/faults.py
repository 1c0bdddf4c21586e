"""What can go wrong on purpose, by name: a status code, drip, reset, bomb, html-feed, garbage, empty.

A new fault is a function here and a line in FAULTS.
"""

import asyncio
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache

from aiohttp import web

from newsworld.answers import Answer

DRIP_SECONDS = 1.0
BOMB_MIBIBYTES = 512
RETRY_AFTER = "2"
Handler = Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]


@dataclass
class Fault:
    """A fault switched on for a path; ``left`` is how many more requests it hits, None for all."""

    name: str
    left: int | None = None

    def is_due(self) -> bool:
        """Whether the next request is hit; counts it."""
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0


def parse(text: str) -> Fault:
    """Read "500", "drip" or "500:3" (the first three requests only).

    Raises:
        ValueError: for an unknown name or a count that is no number.
    """
    name, _, count = text.partition(":")
    if name not in FAULTS and not (name.isdigit() and 400 <= int(name) <= 599):  # noqa: PLR2004 - HTTP's errors
        raise ValueError(f"fault: expected a status from 400 to 599 or {', '.join(FAULTS)}, got {text!r}")
    return Fault(name=name, left=int(count) if count else None)


async def play(fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    """Answer the request in the way the fault's name says."""
    if fault.name.isdigit():
        headers = {"Retry-After": RETRY_AFTER} if fault.name in {"429", "503"} else {}
        return web.Response(status=int(fault.name), text="trouble", headers=headers)
    return await FAULTS[fault.name](request, answer)


async def drip(request: web.Request, answer: Answer) -> web.StreamResponse:
    """One byte a second until the visitor goes away."""
    response = web.StreamResponse(headers={"Content-Type": answer.content_type})
    response.content_length = len(answer.body)
    await response.prepare(request)
    for place in range(len(answer.body)):
        try:
            await response.write(answer.body[place : place + 1])
        except ConnectionError:
            break
        await asyncio.sleep(DRIP_SECONDS)
    return response


async def reset(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Half of the body, then a reset connection."""
    response = web.StreamResponse(headers={"Content-Type": answer.content_type})
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        # lingering for no time makes the kernel send a reset instead of an orderly end
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return response


async def bomb(_request: web.Request, answer: Answer) -> web.StreamResponse:
    """A small gzip body that unpacks to 512 MiB."""
    headers = {"Content-Type": answer.content_type, "Content-Encoding": "gzip"}
    return web.Response(body=packed_zeros(BOMB_MIBIBYTES), headers=headers)


async def html_feed(_request: web.Request, _answer: Answer) -> web.StreamResponse:
    """A friendly HTML page with status 200 where a feed should be."""
    text = "<!DOCTYPE html><html><body><h1>We will be right back</h1><p>Maintenance.</p></body></html>"
    return web.Response(text=text, content_type="text/html")


async def garbage(_request: web.Request, answer: Answer) -> web.StreamResponse:
    """The right type and bytes of no meaning."""
    body = bytes((place * 151 + 7) % 256 for place in range(4096))
    return web.Response(body=body, headers={"Content-Type": answer.content_type})


async def empty(_request: web.Request, answer: Answer) -> web.StreamResponse:
    """Status 200 and nothing."""
    return web.Response(body=b"", headers={"Content-Type": answer.content_type})


@cache
def packed_zeros(mebibytes: int) -> bytes:
    """A valid gzip file of that many MiB of zeros, made by repeating one packed MiB."""
    block = bytes(1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # after a full flush a block stands for itself, so it can be repeated without packing it again
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(mebibytes):
        checksum = zlib.crc32(block, checksum)
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    tail = struct.pack("<II", checksum, (mebibytes << 20) & 0xFFFFFFFF)
    return header + once * mebibytes + packer.flush(zlib.Z_FINISH) + tail


FAULTS: Mapping[str, Handler] = {
    "drip": drip,
    "reset": reset,
    "bomb": bomb,
    "html-feed": html_feed,
    "garbage": garbage,
    "empty": empty,
}
