"""Serves pages on loopback, each host's on an address of its own, in a process of its own.

    python -m benches.site < PICKLE        a list of (host, body); prints the port, ends with standard input

Page number n of a host stands at http://127.1.x.y:PORT/n, packed as web servers send it.
"""

import asyncio
import gzip
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from benches.samples import Page
from copydesk.urls import host

__all__ = ["serving"]


@contextmanager
def serving(pages: Sequence[Page]) -> Iterator[list[str]]:
    """Serve pages for as long as the block; their addresses, in the order of the pages."""
    hosts = {name: number for number, name in enumerate(dict.fromkeys(host(page.url) for page in pages))}
    places = [(_address(hosts[host(page.url)]), page.body) for page in pages]
    with subprocess.Popen(
        [sys.executable, "-m", "benches.site"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    ) as child:
        if child.stdin is None or child.stdout is None:
            raise OSError("no pipes to the page server")
        pickle.dump(places, child.stdin)
        child.stdin.flush()
        port = int(child.stdout.readline())
        try:
            yield [f"http://{address}:{port}/{number}" for number, (address, _) in enumerate(places)]
        finally:
            child.stdin.close()
            child.wait(10)


def _address(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


async def serve(places: Sequence[tuple[str, bytes]]) -> None:
    """Serve until standard input ends."""
    packed = {f"/{number}": gzip.compress(body, 6) for number, (_, body) in enumerate(places)}

    async def answer(request: web.Request) -> web.Response:
        if request.path not in packed:
            raise web.HTTPNotFound
        headers = {"Content-Encoding": "gzip", "Content-Type": "text/html; charset=utf-8"}
        return web.Response(body=packed[request.path], headers=headers)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = 0
    for address in dict.fromkeys(address for address, _ in places):
        await web.TCPSite(runner, address, port).start()
        port = port or runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(pickle.load(sys.stdin.buffer)))  # noqa: S301 (our own parent wrote it into our pipe)
