"""Writes what Copydesk needs to read the made news world: sources.yml, topics.yml; and the truth beside them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from newsworld import truth
from newsworld.model import World

EVERY = "15m"


def sources(world: World, bases: Mapping[str, str], every: str = EVERY) -> list[dict[str, Any]]:
    """The rows of sources.yml: every feed of every outlet. All of it is news, so even a first poll rings."""
    found = []
    for outlet in world.outlets:
        for feed in outlet.feeds:
            language = feed.language or (outlet.languages[0] if len(outlet.languages) == 1 else "")
            row = {
                "name": feed.name,
                "kind": feed.kind,
                "url": bases[outlet.name] + feed.path,
                "outlet": outlet.name,
                "publisher": outlet.publisher,
                "language": language,
                "every": every,
                "ring_first": True,
            }
            found.append({key: value for key, value in row.items() if value})
    return found


def topics(world: World, folder: Path) -> dict[str, Any]:
    """The contents of topics.yml; what rings is also kept as a feed in the folder."""
    rows = [
        {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(topic).items()
            if value
        }
        for topic in truth.topics(world)
    ]
    return {
        "topics": rows,
        "channels": {
            "desk": {"kind": "log"},
            "reader": {"kind": "atom", "path": str(folder.resolve() / "alerts.atom")},
        },
    }


def write(world: World, bases: Mapping[str, str], folder: Path, *, every: str = EVERY) -> None:
    """Write sources.yml, topics.yml, truth.jsonl and expected.json (topic to events); the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    _dump(folder / "sources.yml", {"sources": sources(world, bases, every)})
    _dump(folder / "topics.yml", topics(world, folder))
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in truth.rows(world, bases)]
    (folder / "truth.jsonl").write_text("".join(lines), encoding="utf-8")
    expected = json.dumps(truth.expectations(world), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(expected + "\n", encoding="utf-8")


def _dump(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
