"""The pages as an ASGI application: addresses, headers, refusals. It asks for no login; whoever mounts it does."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

import orjson
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.params import Depends as Guard
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from copydesk.errors import ConfigError, CopydeskError, IndexNotSetUp
from copydesk.index import Body
from copydesk.page import alerts as rung
from copydesk.page import hub
from copydesk.page.article import article
from copydesk.page.desk import Asked, Desk, Shown, View
from copydesk.page.export import File, export
from copydesk.page.feed import feed
from copydesk.page.metrics import metrics
from copydesk.page.pair import pair
from copydesk.page.rendering import PARTS, part, render
from copydesk.page.results import results
from copydesk.page.sources import DONE as TO_SOURCES
from copydesk.page.sources import sources
from copydesk.page.story import story
from copydesk.page.tokens import is_signed
from copydesk.page.topics import DONE as TO_TOPICS
from copydesk.page.topics import topic, topics
from copydesk.page.why import why
from copydesk.query.mistakes import QueryError

__all__ = ["DONE", "HEADERS", "NOBODY", "READS", "make_app"]

READS: Mapping[str, View] = {
    "/": results,
    "/article": article,
    "/story": story,
    "/pair": pair,
    "/why": why,
    "/alerts": rung.alerts,
    "/topics": topics,
    "/topic": topic,
    "/sources": sources,
}
"""The pages by address. All stand beside one another, so that every link between them is relative."""

DONE: Mapping[str, Callable[[Desk, Asked, str], str]] = {**TO_SOURCES, **rung.DONE, **TO_TOPICS}
"""What writers may have done, by address; each answers where to go on."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

UNKNOWN = frozenset({401, 403})
"""Answers to somebody without a login, or with one that is over."""

NOBODY = Guard(lambda: "")
"""Where nobody has to say who he is."""

Next: TypeAlias = Callable[[Request], Awaitable[Response]]


def make_app(
    desk: Desk,
    *,
    readers: Sequence[Guard] = (),
    writers: Sequence[Guard] = (),
    who: Guard = NOBODY,
    login: str = "",
) -> FastAPI:
    """The pages of a desk; every request has to pass the guards of readers, one that changes something all guards.

    A feed is read by a program that cannot log in: where there are readers to guard, its address has to be signed. So
    is that at which hubs tell of something new.
    Whoever is refused for want of a login is shown the way to `login`, an address relative to the pages. What `who`
    depends on says who asks, for what is written down of a change.
    """
    app = FastAPI(title="Copydesk", docs_url=None, redoc_url=None, openapi_url=None)
    desk = replace(desk, is_open=not readers)
    pages = APIRouter(dependencies=readers)
    for path, view in READS.items():
        pages.get(path)(_reading(desk, view))
    pages.get("/export")(_exporting(desk))
    pages.get("/metrics")(_measuring(desk))
    for path, act in DONE.items():
        pages.post(f"/{path}", dependencies=[Depends(_own), *writers])(_doing(desk, act, who))
    pages.get("/static/{name}")(_part)
    app.include_router(pages)
    app.get("/feed")(_feeding(desk))
    app.get("/hub")(_confirming(desk))
    app.post("/hub")(_hearing(desk))
    app.middleware("http")(_with_headers)
    for error in (HTTPException, Exception):
        app.add_exception_handler(error, _refusing(login))
    return app


def _own(request: Request) -> None:
    """Refuses what another site has a browser send with our reader's login: browsers say where a form stands."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    host = request.headers.get("host")
    if site != "same-origin" and (site is not None or origin is None or urlsplit(origin).netloc != host):
        raise HTTPException(403, "this was not sent from a page of Copydesk, and so was not done")


def _reading(desk: Desk, view: View) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        try:
            shown = view(desk, request.query_params)
        except CopydeskError as exc:
            shown = _trouble(exc)
        return _answered(request, shown)

    return answer


def _exporting(desk: Desk) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        try:
            file = export(desk, request.query_params)
        except CopydeskError as exc:
            return _answered(request, _trouble(exc))
        named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.content, media_type=file.media_type, headers=named)

    return answer


def _feeding(desk: Desk) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        asked = request.query_params
        try:
            if not desk.is_open and not is_signed(desk.key(), asked):
                return Response("this address is not signed, or not with the key in force\n", 403)
            file = feed(desk, asked, str(request.url))
        except CopydeskError as exc:
            said = _trouble(exc)
            return Response(f"{said.values['what']}\n", said.status)
        return _unless_known(request, file)

    return answer


def _unless_known(request: Request, file: File) -> Response:
    """A file, or that whoever asks has it already: readers of feeds ask every few minutes."""
    tag = {"ETag": f'"{hashlib.sha256(file.content).hexdigest()[:32]}"'}
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag["ETag"]:
        return Response(status_code=304, headers=tag)
    return Response(file.content, media_type=file.media_type, headers=tag)


def _confirming(desk: Desk) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        try:
            return PlainTextResponse(hub.answer_of(desk, request.query_params))
        except CopydeskError as exc:
            return PlainTextResponse(f"{exc}\n", _trouble(exc).status)

    return answer


def _hearing(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        asked, signature = request.query_params, request.headers.get("x-hub-signature", "")
        try:
            if await hub.signed_by(desk, asked, signature, request.stream()):
                await run_in_threadpool(hub.heard, desk, asked)
        except ValueError as exc:
            return PlainTextResponse(f"{exc}\n", 413)
        except CopydeskError as exc:
            return PlainTextResponse(f"{exc}\n", _trouble(exc).status)
        return Response(status_code=204)  # also to a wrong signature: whoever guesses learns nothing

    return answer


def _measuring(desk: Desk) -> Callable[[], Response]:
    def answer() -> Response:
        try:
            return Response(metrics(desk), media_type=CONTENT_TYPE_LATEST)
        except CopydeskError as exc:  # a scraper counts what is no success, and reads no page
            return Response(f"{exc}\n", 503, media_type="text/plain")

    return answer


def _doing(
    desk: Desk, act: Callable[[Desk, Asked, str], str], who: Guard
) -> Callable[[Request, str], Response]:
    def answer(request: Request, name: str = who) -> Response:  # type: ignore[assignment]
        try:
            return RedirectResponse(act(desk, request.query_params, name), 303)
        except CopydeskError as exc:
            return _answered(request, _trouble(exc))

    return answer


def _answered(request: Request, shown: Shown) -> Response:
    asked = dict(request.query_params)
    if asked.pop("format", "") == "json":
        return Response(orjson.dumps(shown.values), shown.status, media_type="application/json")
    here = request.url.path.rpartition("/")[2]
    return HTMLResponse(render(shown, asked, here).encode(), shown.status)


def _trouble(exc: CopydeskError) -> Shown:
    """What the page says in place of an answer; the rest of it stays as it is."""
    match exc:
        case QueryError():
            said: Body = {"what": exc.what, "hint": exc.hint, "place": exc.place, "length": exc.length}
            return Shown("trouble", said, 400)
        case ConfigError():
            return Shown("trouble", {"what": str(exc), "hint": ""}, 404)
        case IndexNotSetUp():
            return Shown("trouble", {"what": "Nothing is here yet", "hint": "copydesk setup"}, 503)
        case _:
            return Shown("trouble", {"what": str(exc), "hint": ""}, 503)


def _refusing(login: str) -> Callable[[Request, Exception], Response]:
    def say(request: Request, exc: Exception) -> Response:
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        detail = str(exc.detail) if isinstance(exc, HTTPException) else "a mistake of ours; the log has more"
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"detail": detail}, status, HEADERS)
        way = f"{login}?{urlencode({'next': _path(request)})}" if login and status in UNKNOWN else ""
        answer = _answered(request, Shown("trouble", {"what": detail, "hint": "", "login": way}, status))
        answer.headers.update(HEADERS)  # after a mistake of ours no middleware does
        return answer

    return say


def _path(request: Request) -> str:
    """Where a request went, with what it asked for, on this host."""
    return f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}"


def _part(name: str) -> Response:
    if name not in PARTS:
        raise HTTPException(404, f"no such file: {name}")
    return Response(part(name), media_type=PARTS[name])


async def _with_headers(request: Request, further: Next) -> Response:
    answer = await further(request)
    answer.headers.update(HEADERS)
    return answer
