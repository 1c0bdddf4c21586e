"""Each law of the simulation notices the piece whose breaking it is there for, and no other law does."""

import pytest

from simulation.laws import LAWS
from simulation.mutants import MUTANTS, mutant_of, scene_of
from simulation.running import play


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_piece_is_noticed(name: str) -> None:
    """With one piece broken exactly the laws named beside it report."""
    ended = play(scene_of(name), mutant=lambda address: mutant_of(name, address))
    assert {breach.law for breach in ended.breaches} == MUTANTS[name], ended.breaches[:5]


def test_every_law_has_a_mutant() -> None:
    """No law stands there that was never seen to fail."""
    assert set(LAWS) == set().union(*MUTANTS.values())
