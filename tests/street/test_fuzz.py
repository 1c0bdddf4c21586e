"""The fuzz itself: the same by seed, and blind to nothing."""

import logging
from itertools import count

import pytest

from copydesk.border import Border, contained
from fuzz.__main__ import fuzz, input_of, main
from fuzz.mutating import LARGEST
from fuzz.targets import TARGETS, Target

FEW = 25


def test_inputs_come_from_the_seed_alone() -> None:
    """The same seed, target and number give the same input, others another; none is larger than allowed."""
    target = TARGETS["feed"]
    first = [input_of(target, "feed", 1, nth) for nth in range(200)]
    assert first == [input_of(target, "feed", 1, nth) for nth in range(200)]
    assert first != [input_of(target, "feed", 2, nth) for nth in range(200)]
    assert len(set(first)) > 150
    assert max(map(len, first)) <= LARGEST


@pytest.mark.parametrize("name", TARGETS)
def test_good_inputs_are_good(name: str) -> None:
    """What is broken was whole before, and a first few broken ones let nothing escape."""
    for content in TARGETS[name].seeds[:3]:
        TARGETS[name].run(content)
    for nth in range(FEW if name not in {"page", "linked-data", "yaml"} else 5):
        TARGETS[name].run(input_of(TARGETS[name], name, 1, nth))


def broken(data: bytes) -> None:
    """A parser that stumbles over a NUL."""
    if b"\x00" in data:
        raise KeyError("a NUL")


def contains(data: bytes) -> None:
    """A parser whose own border hides that it stumbles."""
    with contained(Border.LINE, "line"):
        broken(data)


@pytest.mark.parametrize("run", [broken, contains])
def test_an_escape_is_found_and_can_be_repeated(
    run: object, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A parser that raises ends the fuzz with exit code 1, once a kind, with the command that shows it again."""
    targets = {"bad": Target(run, [b"a good input"])}  # type: ignore[arg-type]
    ticks = count()
    counts, escapes = fuzz(targets, seed=3, seconds=2000, clock=lambda: float(next(ticks)) / 4)
    assert counts["bad"] > 500
    assert [escape.what for escape in escapes] in (["KeyError: 'a NUL'"], ["contained: KeyError: 'a NUL'"])
    assert f"-m fuzz bad --seed 3 --nth {escapes[0].nth}" in str(escapes[0])
    with pytest.raises(KeyError, match="a NUL"), caplog.at_level(logging.ERROR):
        broken(input_of(targets["bad"], "bad", 3, escapes[0].nth))
    assert main(["--seconds", "0.2"], {"good": Target(lambda _: None, [b"x"])}) == 0
    assert main(["--seconds", "0.5"], targets) == 1
    assert "again: " in capsys.readouterr().out


def test_a_target_that_is_none_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name lists the right ones."""
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "must be of page, linked-data" in capsys.readouterr().err
