"""`make fuzz SECONDS=60 SEED=1`: break good inputs and put them through the parsers; exit code 1 when anything escapes.

python -m fuzz [TARGET...] [--seconds N] [--seed N]     as many inputs as the time allows, all targets in turn
python -m fuzz TARGET --seed N --nth M                  one input once more, with its traceback
"""

import argparse
import logging
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from random import Random
from types import FrameType

from fuzz.mutating import mutated
from fuzz.targets import TARGETS, Target

__all__ = ["Escape", "fuzz", "input_of", "main"]

SLICE = 0.5
"""Seconds a target has before it is the next one's turn."""
LONGEST = 20.0
"""Processor seconds for one input: a page may cost 10, and this machine may be slow."""
SHOWN = 120


class TooLong(BaseException):
    """An input took longer than any may."""


@dataclass(frozen=True, slots=True)
class Escape:
    """What came out of a parser although nothing may: by which input, and where."""

    target: str
    nth: int
    seed: int
    what: str
    place: str
    content: bytes

    def __str__(self) -> str:
        again = (
            f"PYTHONPATH=plugins:tools:tests .venv/bin/python -m fuzz {self.target} --seed {self.seed} --nth "
            f"{self.nth}"
        )
        return f"{self.target}: {self.what} ({self.place})\n  {self.content[:SHOWN]!r}\n  again: {again}"


class Contained(logging.Handler):
    """Keeps what the library contained by itself: in a fuzz that is an escape as well."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        error = record.exc_info[1] if record.exc_info else None
        self.found.append(f"contained: {type(error).__name__}: {error}" if error else record.getMessage())


def input_of(target: Target, name: str, seed: int, nth: int) -> bytes:
    """The input with this number: the same on every machine and day."""
    return mutated(target.seeds, target.tokens, Random(f"{seed} {name} {nth}"))


def fuzz(
    targets: Mapping[str, Target], *, seed: int, seconds: float, clock: Callable[[], float] = time.monotonic
) -> tuple[Counter[str], list[Escape]]:
    """Inputs tried by target, and what escaped, one of a kind."""
    counts = Counter(dict.fromkeys(targets, 0))
    escapes: dict[tuple[str, str, str], Escape] = {}
    end = clock() + seconds
    for name in cycle(targets):
        until = min(clock() + SLICE, end)
        while clock() < until:
            content = input_of(targets[name], name, seed, counts[name])
            found = _tried(targets[name].run, content)
            if found is not None:
                escape = Escape(name, counts[name], seed, *found, content)
                escapes.setdefault((name, found[0].partition(":")[0], found[1]), escape)
            counts[name] += 1
        if clock() >= end:
            return counts, list(escapes.values())
    return counts, []


def _tried(run: Callable[[bytes], None], content: bytes) -> tuple[str, str] | None:
    """What escaped, and its place; None when nothing did."""
    with listening() as contained, limited():
        try:
            run(content)
        except (Exception, TooLong) as exc:  # noqa: BLE001 (to find these is what it is for)
            last = traceback.extract_tb(exc.__traceback__)[-1]
            return (
                f"{type(exc).__name__}: {str(exc)[:SHOWN]}",
                f"{last.filename.rpartition('/')[2]}:{last.lineno}",
            )
    return (contained.found[0], "border.py") if contained.found else None


@contextmanager
def listening() -> Iterator[Contained]:
    """Hear what the border of the library contains, and nothing else."""
    handler, border, root = Contained(), logging.getLogger("copydesk.border"), logging.getLogger("copydesk")
    border.addHandler(handler)
    level, propagate = root.level, border.propagate
    root.setLevel(logging.CRITICAL)
    border.setLevel(logging.WARNING)
    border.propagate = False
    try:
        yield handler
    finally:
        border.removeHandler(handler)
        root.setLevel(level)
        border.propagate = propagate


@contextmanager
def limited() -> Iterator[None]:
    """Raise TooLong inside the block when it used up its processor time."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooLong(f"more than {LONGEST:.0f} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def main(arguments: Sequence[str] | None = None, targets: Mapping[str, Target] = TARGETS) -> int:
    """Fuzz, or try one input once more; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", help=f"which of {', '.join(targets)}; all if none is named")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nth", type=int, help="one input of one target, by its number")
    given = parser.parse_args(arguments)
    if wrong := set(given.targets) - targets.keys():
        parser.error(f"{', '.join(sorted(wrong))}: must be of {', '.join(targets)}")
    chosen = {name: target for name, target in targets.items() if not given.targets or name in given.targets}
    if given.nth is not None:
        for name, target in chosen.items():
            content = input_of(target, name, given.seed, given.nth)
            print(f"{name} {given.nth}: {content!r}")
            target.run(content)
        return 0
    counts, escapes = fuzz(chosen, seed=given.seed, seconds=given.seconds)
    for name, number in counts.items():
        print(
            f"{name:12} {number:8,} inputs, {sum(escape.target == name for escape in escapes)} kinds of escapes"
        )
    for escape in escapes:
        print(escape)
    return 1 if escapes else 0


if __name__ == "__main__":
    sys.exit(main())
