"""The sentences: by language and angle, each fact in a phrasing of its own for every agency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from newsworld.grammar import fill

TEXTS = Path(__file__).parent / "texts"
FIRST_DAY = ("rescue", "cause", "politics", "traffic")
LATER = ("victims", "inquiry", "aid", "rebuild")
REWRITER = 5
"""The voice after those of the agencies, where a fact has it: that of editors who write a report anew."""


@dataclass(frozen=True, slots=True)
class Angle:
    """One side of an event: titles that anybody uses, and facts by name, each a list of phrasings by voice."""

    titles: Sequence[str]
    facts: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stock:
    """All sentences of a language: ``core`` of agencies by voice, ``own`` what outlets write, as in the files."""

    angles: Mapping[str, Angle]
    core: Mapping[str, Any]
    own: Mapping[str, Sequence[str]]


@cache
def stock(language: str) -> Stock:
    """The sentences in ``texts/LANGUAGE``."""
    read = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((TEXTS / language).glob("*.yml"))
    }
    core, own = read.pop("core"), read.pop("own")
    return Stock(angles={name: Angle(**told) for name, told in read.items()}, core=core, own=own)


def chance(*parts: object) -> Random:
    """Chance that depends on ``parts`` alone."""
    return Random(":".join(map(str, parts)))


def choose(phrasings: Sequence[str], facts: Mapping[str, str], rng: Random) -> str:
    """One of the phrasings, with the facts in it."""
    return fill(rng.choice(phrasings), facts, rng)
