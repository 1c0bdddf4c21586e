"""Serves the made news world on loopback: one port, one host per outlet, a log of who asked for what.

Hosts are NAME.localhost where that resolves, else 127.0.0.2, 127.0.0.3, ... Measured: with nsswitch
"hosts: files dns" (containers, Debian without libnss-myhostname) getaddrinfo knows no NAME.localhost, but every
address in 127.0.0.0/8 works on Linux without set-up; macOS has only 127.0.0.1 and must resolve the names.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import math
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from urllib.parse import unquote

from aiohttp import web

from newsworld import faults as trouble
from newsworld.answers import Answer, answer
from newsworld.model import Outlet, World

logger = logging.getLogger(__name__)

HOST_FORMS = ("auto", "names", "addresses")
FIRST_ADDRESS = 2  # 127.0.0.1 is for everything else on the machine, and for the control endpoints
PORT_ATTEMPTS = 20
STOP_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request as the server saw it; ``at`` is the monotonic clock in seconds."""

    outlet: str
    method: str
    path: str
    status: int
    at: float
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def hosts(outlets: Sequence[Outlet], form: str = "auto") -> dict[str, str]:
    """Each outlet's host name or address.

    ``form`` is "names", "addresses" or "auto": names if this machine resolves them, else addresses.

    Raises:
        ValueError: for another form, or addresses anywhere but on Linux.
    """
    if form not in HOST_FORMS:
        raise ValueError(f"hosts: expected one of {', '.join(HOST_FORMS)}, got {form!r}")
    if form == "names" or (form == "auto" and _resolves(f"{outlets[0].name}.localhost")):
        return {outlet.name: f"{outlet.name}.localhost" for outlet in outlets}
    if not sys.platform.startswith("linux"):
        raise ValueError("hosts: NAME.localhost does not resolve here, and only Linux has 127.0.0.2 and up")
    return {outlet.name: f"127.0.0.{place}" for place, outlet in enumerate(outlets, start=FIRST_ADDRESS)}


def _resolves(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, 80, family=socket.AF_INET, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(address[4][0] == "127.0.0.1" for address in found)


class NewsServer:
    """The world over HTTP. Start it with `serve` (async) or `running` (in a thread)."""

    def __init__(
        self,
        world: World,
        *,
        speed: float | None = 0,
        faults: Mapping[str, str] | None = None,
        form: str = "auto",
    ) -> None:
        self.world = world
        self.visits: list[Visit] = []
        self.port = 0
        self._speed = speed
        self._hosts = hosts(world.outlets, form)
        self._outlets = {self._hosts[outlet.name]: outlet for outlet in world.outlets}
        self._faults = {path: trouble.parse(text) for path, text in (faults or {}).items()}
        self._reached = 0.0 if speed is None or speed > 0 else math.inf
        self._started_at = time.monotonic()
        self._runner: web.AppRunner | None = None

    @property
    def bases(self) -> dict[str, str]:
        """Each outlet's address without a closing slash."""
        return {name: f"http://{host}:{self.port}" for name, host in self._hosts.items()}

    @property
    def control(self) -> str:
        """Address of the control endpoints: /-/faults, /-/publish, /-/visits."""
        return f"http://127.0.0.1:{self.port}/-"

    def url_of(self, outlet: str, path: str = "/") -> str:
        """The address of a path on an outlet; KeyError for an unknown outlet."""
        return self.bases[outlet] + path

    def now(self) -> float:
        """The world second reached: by the clock at the chosen speed, or further if told so."""
        elapsed = (time.monotonic() - self._started_at) * (self._speed or 0)
        return max(self._reached, elapsed)

    def publish_until(self, second: float) -> None:
        """Make everything up to a world second public."""
        self._reached = max(self._reached, second)

    def publish_all(self) -> None:
        """Make everything public."""
        self.publish_until(math.inf)

    def set_fault(self, path: str, fault: str | None) -> None:
        """Switch a fault on for "/OUTLET/path" ("500", "drip:2", ...) or off with None; see `faults.parse`."""
        if fault is None:
            self._faults.pop(path, None)
        else:
            self._faults[path] = trouble.parse(fault)

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes any that is free on all addresses. OSError if the port is taken."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._respond)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        self._started_at = time.monotonic()
        for listener in listeners(self._addresses(), port):
            self.port = listener.getsockname()[1]
            await web.SockSite(self._runner, listener).start()

    async def stop(self) -> None:
        """Close every connection."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _addresses(self) -> list[str]:
        numeric = [host for host in self._hosts.values() if host.startswith("127.")]
        return ["127.0.0.1", *numeric]

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/-/"):
            return await self._control(request)
        outlet = self._outlets.get(request.host.rsplit(":", 1)[0])
        if outlet is None:
            return web.Response(status=421, text=f"no outlet at {request.host}")
        path = unquote(request.path)
        found = answer(self.world, self.bases, outlet, path, self.now())
        fault = self._faults.get(f"/{outlet.name}{path}")
        if fault is not None and fault.is_due():
            self._note(request, outlet, 200 if not fault.name.isdigit() else int(fault.name), fault.name)
            return await trouble.play(fault, request, found)
        response = conditional(request, found)
        self._note(request, outlet, response.status, "")
        return response

    def _note(self, request: web.Request, outlet: Outlet, status: int, fault: str) -> None:
        self.visits.append(
            Visit(
                outlet=outlet.name,
                method=request.method,
                path=request.path_qs,
                status=status,
                at=time.monotonic(),
                headers=dict(request.headers),
                fault=fault,
            )
        )

    async def _control(self, request: web.Request) -> web.Response:
        """GET visits; POST faults {"path", "fault"}; POST publish {"until": second or null for all}."""
        if request.path == "/-/visits" and request.method == "GET":
            return web.json_response([asdict(visit) for visit in list(self.visits)])
        try:
            wish = await request.json()
            if request.path == "/-/faults":
                self.set_fault(wish["path"], wish.get("fault"))
            elif request.path == "/-/publish":
                self.publish_until(math.inf if wish.get("until") is None else float(wish["until"]))
            else:
                return web.Response(status=404, text="expected /-/visits, /-/faults or /-/publish")
        except (json.JSONDecodeError, KeyError, ValueError) as exc:
            return web.Response(status=400, text=str(exc))
        return web.json_response({"now": min(self.now(), float(self.world.end))})


def listeners(addresses: Sequence[str], port: int) -> list[socket.socket]:
    """One listening socket per address, all on one port; for port 0 a free one is sought."""
    for _ in range(PORT_ATTEMPTS):
        with contextlib.ExitStack() as stack:
            opened: list[socket.socket] = []
            try:
                for address in addresses:
                    chosen = port or (opened[0].getsockname()[1] if opened else 0)
                    opened.append(stack.enter_context(socket.create_server((address, chosen), backlog=256)))
            except OSError:
                if port:
                    raise
                continue
            stack.pop_all()
            return opened
    raise OSError(f"no port is free on all of {len(addresses)} addresses")


def conditional(request: web.Request, found: Answer) -> web.Response:
    """The answer with its validators, or 304 if the visitor has it; If-None-Match goes before the date."""
    etag = hashlib.sha256(found.body).hexdigest()[:16]
    headers = {"Content-Type": found.content_type}
    if found.status != web.HTTPOk.status_code:
        return web.Response(status=found.status, body=found.body, headers=headers)
    headers["ETag"] = f'"{etag}"'
    if found.modified is not None:
        headers["Last-Modified"] = found.modified.strftime("%a, %d %b %Y %H:%M:%S GMT")
    if _has_it(request, etag, found):
        del headers["Content-Type"]
        return web.Response(status=304, headers=headers)
    return web.Response(body=found.body, headers=headers)


def _has_it(request: web.Request, etag: str, found: Answer) -> bool:
    if request.if_none_match is not None:
        return any(known.value in {etag, "*"} for known in request.if_none_match)
    since = request.if_modified_since
    return since is not None and found.modified is not None and found.modified <= since


async def serve(
    world: World,
    *,
    port: int = 0,
    speed: float | None = 0,
    faults: Mapping[str, str] | None = None,
    form: str = "auto",
) -> NewsServer:
    """Start serving in the running loop; the caller awaits ``stop()``.

    ``speed`` is world seconds per real second; 0 publishes everything at once, None only what is told.
    ``faults`` maps "/OUTLET/path" to a fault as in `faults.parse`; ``form`` is explained at `hosts`.
    """
    server = NewsServer(world, speed=speed, faults=faults, form=form)
    await server.start(port)
    logger.info("serving outlets=%d pages=%d port=%d", len(world.outlets), len(world.pages), server.port)
    return server


@contextlib.contextmanager
def running(
    world: World,
    *,
    port: int = 0,
    speed: float | None = 0,
    faults: Mapping[str, str] | None = None,
    form: str = "auto",
) -> Iterator[NewsServer]:
    """Serve from a thread of its own until the block ends; arguments as in `serve`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="newsworld", daemon=True)
    thread.start()
    try:
        starting = serve(world, port=port, speed=speed, faults=faults, form=form)
        server = asyncio.run_coroutine_threadsafe(starting, loop).result()
        try:
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
