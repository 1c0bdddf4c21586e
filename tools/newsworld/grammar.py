"""Makes texts: loads the sentences of each language, draws the facts of an event, puts both together. Pure."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from string import Template
from typing import Any

import yaml

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("en", "de", "fr", "es", "ru")
ALTERNATIVES = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?:/(\d+))?")


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """The sentences for one kind of event in one language.

    Attributes:
        titles: one per phrasing.
        slots: what is told, in order; each a list of phrasings of the same matter.
        roles: what each speaker is, by fact name.
        quotes: sentences of each speaker, by fact name.
        updates: new leads for a later state.
    """

    name: str
    titles: Sequence[str]
    slots: Sequence[Sequence[str]]
    roles: Mapping[str, str]
    quotes: Mapping[str, Sequence[str]]
    captions: Sequence[str]
    updates: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Language:
    """All texts of one language; ``names`` holds pools, furniture and attribution forms as in names.yml."""

    code: str
    names: Mapping[str, Any]
    kinds: Mapping[str, EventKind]


@cache
def load(code: str) -> Language:
    """Read ``texts/CODE``: names.yml and one file per event kind."""
    folder = TEXTS / code
    names = _read(folder / "names.yml")
    kinds = {
        path.stem: EventKind(name=path.stem, **_read(path))
        for path in sorted(folder.glob("*.yml"))
        if path.stem != "names"
    }
    return Language(code=code, names=names, kinds=kinds)


@cache
def fact_table() -> Mapping[str, Mapping[str, str]]:
    """Facts wanted by each event kind: fact name to pool name or range."""
    table: Mapping[str, Mapping[str, str]] = _read(TEXTS / "kinds.yml")
    return table


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def fill(template: str, facts: Mapping[str, str], rng: Random) -> str:
    """Choose one of each ``(a|b)`` and put the facts in; KeyError names a fact that is missing."""
    chosen = ALTERNATIVES.sub(lambda match: rng.choice(match[1].split("|")), template)
    text = Template(chosen).substitute(facts)
    return text[0].upper() + text[1:] if text else text


class Names:
    """Draws names of one language without repeating one before its pool is used up."""

    def __init__(self, language: Language, seed: int) -> None:
        self._language = language
        self._rng = Random(f"{seed}:{language.code}:names")
        self._pools: dict[str, Iterator[str]] = {}

    def draw(self, pool: str) -> str:
        """The next name of a pool; "woman" and "man" give first and last name."""
        if pool in {"woman", "man"}:
            return f"{self._next(pool)} {self._next('last')}"
        return self._next(pool)

    def _next(self, pool: str) -> str:
        if pool not in self._pools:
            names = _combine(self._language.names["pools"][pool])
            self._rng.shuffle(names)
            self._pools[pool] = itertools.cycle(names)
        return next(self._pools[pool])


def _combine(pool: Sequence[Any]) -> list[str]:
    """A plain list as it is; a list of lists is every combination joined."""
    if pool and isinstance(pool[0], list):
        return ["".join(map(str, parts)) for parts in itertools.product(*pool)]
    return [str(name) for name in pool]


def draw_facts(kind: str, names: Names, language: Language, rng: Random) -> dict[str, str]:
    """Names and figures of one event, figures written as the language writes them."""
    facts = {}
    for fact, wanted in fact_table()[kind].items():
        if match := RANGE.fullmatch(wanted):
            facts[fact] = number(match, language, rng)
        else:
            facts[fact] = names.draw(wanted)
    return facts


def number(match: re.Match[str], language: Language, rng: Random) -> str:
    """A figure in the range LOW-HIGH[/STEP], with the language's separators; years stay plain."""
    low, high, step = match.groups()
    thousands, decimal = language.names["separators"]
    if "." in low:
        return f"{rng.uniform(float(low), float(high)):.1f}".replace(".", decimal)
    value = rng.randrange(int(low), int(high) + 1, int(step or 1))
    grouped = f"{value:,}" if step else str(value)
    return grouped.replace(",", thousands)


def day_words(language: Language, weekday: int) -> str:
    """The day as an adverb, Monday being 0: "on Monday"."""
    days: Sequence[str] = language.names["days"]
    return days[weekday]
