"""What a crowded event consists of: the event, the running reports on it, the states of each, the lines printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "stub",
    "raw",
    "update",
    "cut",
    "expand",
    "edit",
    "rewrite",
    "next-day",
    "same-event",
    "single",
    "roundup",
    "thread",
    "form",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One text as it came, with the truth about it.

    Attributes:
        published: date and time with its zone; no row is older than the one before it.
        text: paragraphs, one a line.
        family: what running report it carries; of its own where it carries none or several.
        story: the event; a roundup and what tells of another matter have one of their own.
        kind: how the text came about.
        agency: who wrote it first, "" for the outlet's own.
    """

    id: str
    source: str
    published: str
    title: str
    text: str
    family: str
    story: str
    kind: Kind
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row before it has its number; ``at`` is in seconds after the start."""

    at: int
    source: str
    title: str
    paragraphs: tuple[str, ...]
    family: str
    story: str
    kind: Kind
    agency: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Event:
    """One event: ``begins`` is in seconds after the start, ``weekday`` the day it then is, Monday being 0.

    Attributes:
        names: people and places by fact name, the same in all languages.
        fixed: figures that never change.
        rising: figures that go from a first to a last value, and how many hours half of the way takes.
    """

    key: str
    name: str
    begins: int
    weekday: int
    second_of_day: int
    plant: int
    thing: int
    names: Mapping[str, str]
    fixed: Mapping[str, int]
    rising: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of a plan: what it tells, which one of several, and in which states of the report it stands."""

    what: Literal["fact", "toll", "rise", "stub", "quote", "tweet", "background"]
    name: str = ""
    number: int = 0
    since: int = 1
    until: int = 99


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A running report of an agency on one side of an event, on one day.

    Attributes:
        voice: whose phrasings it is written in.
        plan: paragraphs of steps, in order.
        times: when each state came out, in seconds after the start; state 0 is the stub.
        titles: the title of each state, by number in the list of the angle.
    """

    event: Event
    agency: str
    voice: int
    language: str
    angle: str
    day: int
    plan: tuple[tuple[Step, ...], ...]
    times: tuple[int, ...]
    titles: tuple[int, ...]

    @property
    def family(self) -> str:
        """What all copies of the report have in common."""
        return f"{self.event.name}-{self.agency}-{self.language}-{self.angle}-{self.day + 1}"
