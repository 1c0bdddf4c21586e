"""The street under drawn faults: a share of `make simulate`, and that a seed repeats itself."""

import os
import subprocess
import sys

import pytest

from made.places import ROOT
from simulation.faults import DRAWN
from simulation.rotting import LOSSES


def simulate(*arguments: str) -> str:
    """Call the simulation as a person would; what it prints, which must name nothing that broke."""
    called = subprocess.run(  # noqa: S603 (our own interpreter and fixed words)
        [sys.executable, "-m", "simulation", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "plugins:tools:tests", "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert called.returncode == 0, called.stdout + called.stderr
    return called.stdout


def test_drawn_faults_change_nothing() -> None:
    """Scenes under faults of sites, inbox, disk, index, reader and receivers, with several kills each, end the same.

    Every fault there is strikes in them, and no other.
    """
    said = simulate("--seeds", "16")
    assert "broken=0" in said
    lines = dict(line.split(" ", 1) for line in said.splitlines())
    struck = {kind.partition("=")[0] for kind in lines["faults:"].split()}
    assert struck == {kind.replace(" ", "-") for kind in (*DRAWN, *LOSSES)} - {"killed"}
    assert not any(line.startswith("kills=0 ") for line in said.splitlines())


def test_a_kill_at_any_write_changes_nothing() -> None:
    """Killed before, in the middle of or after a write, the street ends as undisturbed; a sample of all points."""
    said = simulate("--sweep", "--every", "61")
    assert "broken=0" in said


@pytest.mark.parametrize("seed", ["14"])
def test_a_seed_repeats_itself(seed: str) -> None:
    """The same seed meets the same faults, whatever ran before it."""

    def met(*arguments: str) -> list[str]:
        return [line for line in simulate(*arguments).splitlines() if line.startswith(("kills", "faults"))]

    assert met("--seed", seed) == met("--first", seed, "--seeds", "1")
