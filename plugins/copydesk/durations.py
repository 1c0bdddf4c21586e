"""Durations as people write them in YAML and the environment: `2s`, `15m`, `1h`, `7d`. Pure."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

__all__ = ["Duration", "written"]

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=36_500)


def _parse(value: object) -> object:
    """A duration such as `2s`, `15m`, `1h` or `7d` as a timedelta; anything else goes on to pydantic as it is."""
    text = value.strip() if isinstance(value, str) else ""
    number, unit = text[:-1], text[-1:]
    if unit in UNITS and re.fullmatch(r"\d{1,12}(\.\d{0,12})?|\.\d{1,12}", number, re.ASCII):
        most = LONGEST / timedelta(**{UNITS[unit]: 1})
        return _bounded(timedelta(**{UNITS[unit]: min(float(number), 2 * most)}))
    if text:
        raise ValueError(f"{text[:40]!r} is no duration: write a number and s, m, h or d, such as 15m")
    return value


def _bounded(value: timedelta) -> timedelta:
    """No clock can go back further than to the year 1."""
    if not timedelta(0) <= value <= LONGEST:
        raise ValueError(f"must be between 0s and {LONGEST.days}d")
    return value


def written(duration: timedelta) -> str:
    """A duration as people write it, "15m": in the largest unit of which it is a whole number. Pure."""
    seconds = duration.total_seconds()
    sizes = {"d": 86_400, "h": 3_600, "m": 60}
    unit, size = next((pair for pair in sizes.items() if seconds and seconds % pair[1] == 0), ("s", 1))
    return f"{seconds / size:g}{unit}"


Duration = Annotated[
    timedelta,
    BeforeValidator(_parse),
    AfterValidator(_bounded),
    PlainSerializer(written, return_type=str, when_used="json"),
]
