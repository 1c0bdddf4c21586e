"""Reads outlets.yml: who publishes in the made news world."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from newsworld.model import Feed, Outlet

OUTLETS = Path(__file__).with_name("outlets.yml")


@cache
def outlets() -> tuple[Outlet, ...]:
    """All outlets in the order of the file, agencies first."""
    rows = yaml.safe_load(OUTLETS.read_text(encoding="utf-8"))
    return tuple(_outlet(row) for row in rows)


def agencies() -> list[Outlet]:
    """The outlets others copy from."""
    return [outlet for outlet in outlets() if outlet.agency]


def papers(language: str) -> list[Outlet]:
    """The outlets of a language that are no agency."""
    return [outlet for outlet in outlets() if not outlet.agency and language in outlet.languages]


def _outlet(row: dict[str, Any]) -> Outlet:
    feeds = tuple(_feed(row["name"], feed) for feed in row["feeds"])
    values = {
        **row,
        "feeds": feeds,
        "languages": tuple(row["languages"]),
        "metadata": frozenset(row["metadata"]),
        "sections": tuple(row.get("sections", ("news",))),
    }
    return Outlet(**values)


def _feed(outlet: str, row: dict[str, Any]) -> Feed:
    parts = [outlet, row["kind"], row.get("language", "")]
    return Feed(name="-".join(part for part in parts if part), **row)
