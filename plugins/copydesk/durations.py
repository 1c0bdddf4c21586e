"""Durations as people write them in YAML and the environment: `2s`, `15m`, `1h`, `7d`. Pure."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

__all__ = ["Duration"]

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _parse(value: object) -> object:
    """A duration such as `2s`, `15m`, `1h` or `7d` as a timedelta; anything else goes on to pydantic as it is."""
    text = value.strip() if isinstance(value, str) else ""
    number, unit = text[:-1], text[-1:]
    if unit in UNITS and number.replace(".", "", 1).isdigit():
        return timedelta(**{UNITS[unit]: float(number)})
    if text:
        raise ValueError(f"{text!r} is no duration: write a number and s, m, h or d, such as 15m")
    return value


Duration = Annotated[timedelta, BeforeValidator(_parse)]
