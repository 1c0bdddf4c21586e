"""Made sets of wire copies: the one given, others of the same generator, and others with other words and forms."""

import gzip
import importlib.util
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from benches.copy_peers import shingles

__all__ = ["GIVEN", "SHARED", "Row", "WireSet", "rows", "tool", "wire_sets"]

Row = Mapping[str, Any]

SHARED = Path(__file__).resolve().parents[2] / "shared"
GIVEN, SEEDS, VARIED = "given", range(101, 106), (201, 202)
ITEMS, SINGLES = 220, 400
"""As the given set was made: about 1,400 texts."""
SAME = 0.5
CAPTION, FURNITURE = 0.5, 0.3
"""How often a copy with noise has a caption, and a widget within the text, as in the generator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireSet:
    """Texts in order of time, and for each the item it was made from and the kind of copy it is."""

    name: str
    group: str
    docs: Sequence[Row]
    truth: Sequence[Row]


def rows(file: Path) -> list[Row]:
    """The rows of a packed file."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tool(shared: Path, name: str) -> Any:
    """A scorer or generator of the development sets as a module of its own, read anew each time."""
    spec = importlib.util.spec_from_file_location(f"shared_{name}", shared / "eval" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(shared / "eval" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wire_sets(shared: Path) -> Iterator[WireSet]:
    """The given set, then one of each seed, then one of each desk and seed; the same each time."""
    folder = shared / "eval" / "wire"
    yield WireSet(
        name=GIVEN, group=GIVEN, docs=rows(folder / "docs.jsonl.gz"), truth=rows(folder / "truth.jsonl.gz")
    )
    base = _distinct(rows(folder / "base.jsonl.gz"))
    for seed in SEEDS:
        yield _made(tool(shared, "wiregen").Maker(base, seed), f"seed {seed}", "other seeds")
    desks: Mapping[str, Row] = yaml.safe_load(Path(__file__).with_name("desks.yml").read_text("utf-8"))
    for name, desk in desks.items():
        for seed in VARIED:
            maker = _varied(tool(shared, "wiregen"), desk)
            yield _made(maker(base, seed), f"{name} desk {seed}", "other words and forms")


def _distinct(base: Sequence[Row]) -> list[Row]:
    """Base texts without those that half stand in an earlier one: a few pages came in twice, as items of their own."""
    kept: list[tuple[Row, set[str]]] = []
    for row in base:
        runs = shingles(row["text"])
        if all(len(runs & others) < SAME * min(len(runs), len(others)) for _, others in kept):
            kept.append((row, runs))
    return [row for row, _ in kept]


def _made(maker: Any, name: str, group: str) -> WireSet:
    docs, truth = maker.build(ITEMS, SINGLES)
    return WireSet(name=name, group=group, docs=docs, truth=truth)


def _varied(wiregen: ModuleType, desk: Row) -> Any:
    """The generator's maker with a desk's lists (see desks.yml) in place of those of its module."""
    groups = [group.split("|") for line in desk["synonyms"].splitlines() for group in line.split(";")]
    wiregen.__dict__.update(
        SYN={word: [other for other in group if other != word] for group in groups for word in group},
        ADV=desk["adverbs"], LEADS=desk["leads"], WIDGETS=desk["widgets"], COS=desk["companies"], CITIES=desk["cities"],
        TEMPL=[(form["title"], form["text"]) for form in desk["forms"]],
        OUTLETS=[f"paper{number:02d}.example" for number in range(60)],
    )  # fmt: skip

    class Varied(wiregen.Maker):  # type: ignore[name-defined, misc]  # a module read at run time
        def noise(self, paragraphs: Sequence[str], outlet: str, title: str) -> list[str]:
            draw: random.Random = self.r
            out = list(paragraphs)
            if draw.random() < CAPTION:
                caption = draw.choice(desk["captions"]).format(t=title.capitalize(), n=draw.randint(1, 28))
                out.insert(draw.randrange(1, len(out) + 1), caption)
            if draw.random() < FURNITURE:
                out.insert(min(len(out), draw.randrange(1, 4)), draw.choice(desk["widgets"]))
            block: list[str] = self.block(outlet)
            return out + draw.sample(block, draw.randint(3, len(block)))

    return Varied
