"""What the pages are given, and what each of them gives back."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from copydesk.config.topics import TopicsFile
from copydesk.index import Body, Index
from copydesk.index.served import Health
from copydesk.model import Source
from copydesk.ports import Ports

__all__ = ["Asked", "Desk", "Shown", "View"]

Asked: TypeAlias = Mapping[str, str]
"""What an address asks for behind its "?"; all of it may be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the pages ask.

    Attributes:
        index: Opens the index for somebody who waits; it raises at once when the server is away.
        sources: The sources as they are written down.
        scratch: An empty index of its own, for what is only tried.
        topics: The topics and channels, likewise.
        health: How the server of the index is, for what is cited.
        ports: Opens what polling needs; None where the pages only read.
        lease: How long a poll belongs to one worker.
        key: Signs the addresses of feeds; "" where there is none.
        rewrite: Replaces the file of topics, by its text and its name; None where the pages only read.
        is_open: Whether everybody may read, feeds too; `make_app` says so.
    """

    index: Callable[[], AbstractContextManager[Index]]
    sources: Callable[[], Sequence[Source]]
    now: Callable[[], datetime]
    health: Callable[[], Health]
    scratch: Callable[[], Index]
    ports: Callable[[], AbstractContextManager[Ports]] | None = None
    topics: Callable[[], TopicsFile] = TopicsFile
    lease: Callable[[], timedelta] = lambda: timedelta(minutes=1)
    key: Callable[[], str] = lambda: ""
    is_open: bool = False
    rewrite: Callable[[Callable[[str, str], str]], None] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: the template it is rendered by, and all it shows, which is its JSON twin."""

    template: str
    values: Body
    status: int = 200


View: TypeAlias = Callable[[Desk, Asked], Shown]
