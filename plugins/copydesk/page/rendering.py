"""Values → HTML. Whatever a newspaper prints comes out as text: everything is escaped, and nothing is let through."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from copydesk import __version__
from copydesk.page.desk import Asked, Shown

__all__ = ["PARTS", "part", "render"]

PARTS = {"desk.css": "text/css", "desk.js": "text/javascript", "icon.svg": "image/svg+xml"}
"""The files that pages load, and their types; there are no others, and none from elsewhere."""

PAGES = {"": "Newest", "alerts": "Alerts", "topics": "Topics", "sources": "Sources", "why": "Why not here?"}
"""What stands in the head of every page: address and name."""

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What HTML may not hold, however it is escaped, and halves of characters, which have no bytes."""


def render(shown: Shown, asked: Asked, here: str) -> str:
    """The page as HTML; `here` is its address among the others. Pure."""
    template = _environment().get_template(f"{shown.template}.html")
    return template.render(shown.values, asked=asked, here=here, pages=PAGES, version=__version__)


@cache
def part(name: str) -> bytes:
    """One of `PARTS`, as it ships with us."""
    return files("copydesk.page").joinpath("static", name).read_bytes()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("copydesk.page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"when": _when, "counted": _counted, "percent": "{:.0%}".format}
    made.tests["on_web"] = _is_on_web
    made.globals |= {"link": _link, "cut_up": _cut_up}
    return made


def _printable(value: object) -> object:
    return (
        UNPRINTABLE.sub("\ufffd", value)
        if isinstance(value, str) and not isinstance(value, Markup)
        else value
    )


def _when(value: str | None) -> str:
    """A stored time for people, in UTC; "" for none."""
    if not value:
        return ""
    return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%d %H:%M}"


def _counted(number: int, one: str, many: str = "") -> str:
    """1,204 articles; 1 story."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _is_on_web(url: str) -> bool:
    """Whether an address may be followed: that of a document may be anything."""
    return url.startswith(("https://", "http://"))


def _cut_up(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """A text in parts: each with whether it is marked. The marks are apart, and in order."""
    at = 0
    for start, end in marks:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def _link(page: str, asked: Asked | None = None, **more: object) -> str:
    """The address of a page, relative to any other, with what it asks for; what is empty is left out."""
    wanted = {
        name: str(value) for name, value in {**(asked or {}), **more}.items() if value not in {None, ""}
    }
    encoded = urlencode(wanted, errors="replace")
    return f"{page or './'}{'?' if encoded else ''}{encoded}"
