"""Made sets of wire copies: the one given, others of the same generator, and others with other words and forms."""

import gzip
import importlib.util
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from benches.copy_peers import shingles

__all__ = ["GIVEN", "SHARED", "Recipe", "Row", "WireSet", "make", "recipes", "rows", "tool"]

Row = Mapping[str, Any]

SHARED = next(
    (place / "shared" for place in Path(__file__).resolve().parents if (place / "shared" / "eval").is_dir()),
    Path(__file__).resolve().parents[3] / "shared",
)
"""The nearest folder of development sets above this one; also above a checkout that stands beside the repository."""
GIVEN, SEEDS, VARIED = "given", range(101, 106), (201, 202)
ITEMS, SINGLES = 220, 400
"""As the given set was made: about 1,400 texts."""
SAME = 0.5
CAPTION, FURNITURE = 0.5, 0.3
"""How often a copy with noise has a caption, and a widget within the text, as in the generator."""
TEASERS, LEAST_LEAD, MOST_LEAD = 5, 15, 60
"""How many leads of other items an outlet has on its pages, each of so many words."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a set is made: seed 0 is the given one, a desk's lists (see desks.yml) replace those of the generator.

    With `teasers` pages carry lead sentences of other items of the set.
    """

    name: str
    group: str
    seed: int = 0
    desk: str = ""
    teasers: bool = False


@dataclass(frozen=True, slots=True)
class WireSet:
    """Texts in order of time, and for each the item it was made from and the kind of copy it is."""

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


def recipes() -> list[Recipe]:
    """The given set, then one of each seed, then one of each desk and seed."""
    return [
        Recipe(GIVEN, "given"),
        *(Recipe(f"seed {seed}", "other seeds", seed) for seed in SEEDS),
        *(
            Recipe(f"{desk} desk {seed}", "other words and forms", seed, desk)
            for desk in _desks()
            for seed in VARIED
        ),
    ]


def make(shared: Path, recipe: Recipe) -> WireSet:
    """A set; the same each time."""
    folder = shared / "eval" / "wire"
    if not recipe.seed:
        return WireSet(rows(folder / "docs.jsonl.gz"), rows(folder / "truth.jsonl.gz"))
    wiregen = tool(shared, "wiregen")
    maker = _varied(wiregen, _desks()[recipe.desk]) if recipe.desk else wiregen.Maker
    if recipe.teasers:
        maker = _teased(wiregen, maker)
    return WireSet(*maker(_base(folder), recipe.seed).build(ITEMS, SINGLES))


def _teased(wiregen: ModuleType, maker: Any) -> Any:
    """The maker with lead sentences of items of the set among what an outlet has on its pages."""

    class Teased(maker):  # type: ignore[misc]  # a module read at run time
        def block(self, outlet: str) -> list[str]:
            fresh = outlet not in self.blocks
            lines: list[str] = super().block(outlet)
            if fresh:
                leads = [wiregen.sents(wiregen.paras(item["text"])[0])[0] for item in self.wires]
                whole = [lead for lead in leads if LEAST_LEAD <= wiregen.nwords(lead) <= MOST_LEAD]
                lines += self.r.sample(whole, TEASERS)
            return lines

    return Teased


def _desks() -> Mapping[str, Row]:
    desks: Mapping[str, Row] = yaml.safe_load(Path(__file__).with_name("desks.yml").read_text("utf-8"))
    return desks


@cache
def _base(folder: Path) -> Sequence[Row]:
    """Base texts without those that half stand in an earlier one: a few pages came in twice, as items of their own."""
    kept: list[tuple[Row, set[str]]] = []
    for row in rows(folder / "base.jsonl.gz"):
        runs = shingles(row["text"])
        if all(len(runs & others) < SAME * min(len(runs), len(others)) for _, others in kept):
            kept.append((row, runs))
    return [row for row, _ in kept]


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
