"""The sets of `wire`: texts as read, whether anything was tuned on them, and how answers on them are scored."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import newsworld
from benches.handwritten_copies import FOLDER as HANDWRITTEN
from benches.handwritten_copies import in_time, read_set
from benches.made_sets import Recipe, Row, make, recipes, rows
from benches.wire_cache import checksum, kept_rows, read_rows
from benches.wire_misses import wrong_families, wrong_pairs
from benches.wire_scores import Answers, Label, Scores, by_labels, by_truth, count_labels, count_truth
from benches.wire_stable import QUICK_WAYS, WAYS
from copydesk.model import Document
from newsworld.crowd import crowd

__all__ = ["CROWDED", "QUICK", "WireTexts", "all_sets", "world_rows"]

CROWDED = Path(__file__).with_name("crowded")
LOCKED = frozenset("cf")
"""Crowded events that nothing may be tuned on: looked at once. d and e were opened: see decision 0026."""
MAKING = checksum(*(Path(__file__).with_name(name) for name in ("made_sets.py", "desks.yml")))
WRITING = checksum(Path(newsworld.__file__).parent)
"""Of what makes made sets, with the generator and its texts, and of what writes crowded events."""
WORLD, MONDAY = 600, datetime(2026, 3, 2, 6, tzinfo=UTC)
WORLDS = (1, 2)
KINDS = {"update": "updated", "expand": "expanded", "edit": "edited", "rewrite": "rewritten"}
"""What the news world calls kinds → what the handwritten texts do."""
REAL = ("huawei", "tariff")
QUICK = ("real", "hand", "crowded", "world-crowd-1", "made-given", "made-teased-104")
"""Beginnings of the names of the sets that are taken when none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireTexts:
    """A set.

    Attributes:
        name: Of the form group-which.
        locked: Whether it is read on demand alone.
        rows: The texts, in order of time; made or read when called.
        score: Rows and answers → figures.
        count: Rows and answers → what is counted beside.
        misses: Rows and answers → what is wrong, a line each.
        by: What a peer's setting is chosen by: "f1" or "ari".
        ways: In which other ways it is judged (see wire_stable.py), unless all are asked for.
    """

    name: str
    locked: bool = False
    rows: Callable[[], Sequence[Row]]
    score: Callable[[Sequence[Row], Answers], Scores] = by_truth
    count: Callable[[Sequence[Row], Answers], dict[str, str]] = count_truth
    misses: Callable[[Sequence[Row], Answers], Iterable[str]] = wrong_families
    by: str = "f1"
    ways: Sequence[str] = WAYS

    def documents(self) -> tuple[Sequence[Row], list[Document]]:
        """The rows and what reading makes of them; a row without a text of its own has no document."""
        found = self.rows()
        return found, read_rows(found)


def all_sets(shared: Path) -> Iterator[WireTexts]:
    """Every set that there is on this machine, in the order of the table."""
    if (shared / "eval").is_dir():
        yield from (_real(shared, name) for name in REAL)
    files = sorted(HANDWRITTEN.glob("*.jsonl"))
    yield from (replace(_of_files(f"hand-{file.stem}", [file]), ways=()) for file in files)
    yield _of_files("hand-all", files)
    yield from (
        _of_files(f"crowded-{file.stem}", [file], locked=file.stem.lower() in LOCKED)
        for file in sorted(CROWDED.glob("*.jsonl"))
    )
    yield from _worlds()
    if (shared / "eval").is_dir():
        yield from _made(shared)


def _real(shared: Path, name: str) -> WireTexts:
    place = shared / "eval" / "wire-real"
    labels = _labels(place / "labels.tsv", name)
    return WireTexts(
        name=f"real-{name}",
        rows=partial(rows, place / f"{name}.jsonl.gz"),
        score=lambda _, answers: by_labels(labels, answers),
        count=lambda _, answers: count_labels(labels, answers),
        misses=lambda found, answers: wrong_pairs(found, labels, answers),
    )


def _labels(file: Path, name: str) -> list[Label]:
    lines = [[*line.split("\t"), ""] for line in file.read_text(encoding="utf-8").splitlines()]
    return [Label(cell[1], cell[2], cell[3], float(cell[5]), cell[6]) for cell in lines if cell[0] == name]


def _of_files(name: str, files: Sequence[Path], *, locked: bool = False) -> WireTexts:
    def texts() -> list[Row]:
        return sorted((row for file in files for row in read_set(file)), key=in_time)

    return WireTexts(name=name, locked=locked, rows=texts)


def _worlds() -> Iterator[WireTexts]:
    """Crowded events of the news world."""
    for seed in WORLDS:
        yield WireTexts(name=f"world-crowd-{seed}", rows=partial(world_rows, WORLD, 1, seed), ways=QUICK_WAYS)


def world_rows(texts: int, events: int, seed: int) -> list[Row]:
    """So many texts of so many crowded events of the news world."""
    return kept_rows(f"{WRITING} crowd {texts} {events} {seed}", lambda: _crowd(texts, events, seed))


def _crowd(texts: int, events: int, seed: int) -> list[Row]:
    rows = crowd(texts, events, seed, MONDAY)
    return [{**asdict(row), "kind": KINDS.get(row.kind, row.kind)} for row in rows]


def _made(shared: Path) -> Iterator[WireTexts]:
    """Sets of the generator: those of `make eval copies`, and the same with teasers in the texts that are copied."""
    plain = recipes()
    more = [
        replace(one, name=f"teased {one.name}", teasers=True) for one in plain if one.group == "other seeds"
    ]
    for recipe in (*plain, *more):
        name = recipe.name.replace("seed ", "").replace(" desk", "").replace(" ", "-")
        yield WireTexts(
            name=f"made-{name}",
            rows=partial(_told, shared, recipe),
            by="ari",
            ways=QUICK_WAYS,
        )


def _told(shared: Path, recipe: Recipe) -> list[Row]:
    """The texts of a recipe, kept until what makes them changes: that takes longer than judging them."""
    given = checksum(shared / "eval" / "wire", shared / "eval" / "wiregen.py")
    return kept_rows(f"{MAKING} {given} {recipe}", lambda: _making(shared, recipe))


def _making(shared: Path, recipe: Recipe) -> list[Row]:
    made = make(shared, recipe)
    truth = {row["id"]: row for row in made.truth}
    return [
        {**row, "family": truth[row["id"]]["item"], "kind": truth[row["id"]]["kind"]} for row in made.docs
    ]
