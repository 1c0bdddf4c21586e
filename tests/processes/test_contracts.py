"""The import contracts, each tried: a copy of every room gets an import that is forbidden there."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from made.places import ROOT

LIBRARY = ROOT / "plugins" / "copydesk"
STEPS = "steps know neither the world nor the settings"
FLOORS = "each room imports only from the floors below it"
FORBIDDEN = (
    "import elasticsearch",
    "from copydesk.config import settings",
    "from copydesk.adapters.memory import index",
)


def contracts() -> dict[str, dict[str, list[str]]]:
    """The contracts of pyproject.toml by name."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {table["name"]: table for table in tables["tool"]["importlinter"]["contracts"]}


def rooms() -> list[str]:
    """The folders and files at the top of the library."""
    return sorted(
        path.stem
        for path in LIBRARY.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    )


def file_of(library: Path, room: str) -> Path:
    return library / room / "__init__.py" if (library / room).is_dir() else library / f"{room}.py"


def linted(folder: Path) -> str:
    """What the contracts say of the copy of the library in a folder."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    done = subprocess.run(  # noqa: S603 (our own interpreter on a copy of our files)
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "plugins"), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the library."""
    library = tmp_path / "plugins" / "copydesk"
    shutil.copytree(LIBRARY, library, ignore=shutil.ignore_patterns("__pycache__"))
    return library


@pytest.mark.parametrize("line", FORBIDDEN)
def test_no_step_can_import_the_world_unseen(copy: Path, line: str) -> None:
    """With one forbidden import in a file of each step, the contract names each of them."""
    steps = [name.removeprefix("copydesk.") for name in contracts()[STEPS]["source_modules"]]
    for step in steps:
        path = file_of(copy, step)
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    said = linted(copy.parents[1])
    assert f"{STEPS} BROKEN" in said
    seen = {step for step in steps if f"copydesk.{step} is not allowed to import" in said}
    assert seen == set(steps)


def test_every_room_is_a_step_or_stands_above_the_steps() -> None:
    """No folder is forgotten by the contract of the steps; the order of the floors is exhaustive by itself."""
    steps = {name.removeprefix("copydesk.") for name in contracts()[STEPS]["source_modules"]}
    assert set(rooms()) - steps == {"adapters", "cli", "clock", "config", "connect", "monitoring"}


def test_a_room_that_is_not_in_the_plan_breaks_it(copy: Path) -> None:
    """A new folder has to be put on a floor before anything may land."""
    (copy / "attic").mkdir()
    (copy / "attic" / "__init__.py").write_text('"""Nobody planned it."""\n')
    assert f"{FLOORS} BROKEN" in linted(copy.parents[1])


def test_an_arrow_that_points_up_breaks_the_order(copy: Path) -> None:
    """The nouns know nobody, the index no step."""
    for room, line in (("model", "import copydesk.errors"), ("index", "import copydesk.storing")):
        path = file_of(copy, room)
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    said = linted(copy.parents[1])
    assert f"{FLOORS} BROKEN" in said
    assert "copydesk.model -> copydesk.errors" in said
    assert "copydesk.index -> copydesk.storing" in said
