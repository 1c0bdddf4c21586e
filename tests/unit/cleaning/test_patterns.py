"""No regular expression of the library can be made to take for ever by a page."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

import copydesk
from copydesk.cleaning.phrases import Phrasebook

PIECES = (
    "a", "By ", "by a b c ", "Jan ", "le ", "h ", "at ", "Foto: ", "1 ", "1.", "- ", "AP ", "(", "A. ", "Mr ", "d'",
    "“", "« ", "— ", "von ", "Read more: ", "Updated ", "Monday ", "12:00 ", "am ", ", ", "| ", "/", "aA", "Aa ",
    "www.", "@", "x@", "é ", "На ", "ы", "中", "ا ", "http://a", "#a ", "5 min ",
)  # fmt: skip
BEGINNINGS = ("", "By ", "Updated: ", "Photo: ")
LINES = [f"{beginning}{piece * 60}!" for beginning in BEGINNINGS for piece in PIECES]

CPU_SECONDS = 2.0
"""For all lines together; a pattern without ambiguous repetition needs some hundredths."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled text pattern that stands at the top of a module, or in a value there, by its full name."""
    for module in pkgutil.walk_packages(copydesk.__path__, "copydesk."):
        if module.name != "copydesk.adapters.child.__main__":
            for name, value in vars(importlib.import_module(module.name)).items():
                for pattern in dict.fromkeys(held(value)):
                    shown = "" if pattern is value else f": {pattern.pattern[:40]}"
                    yield f"{module.name}.{name}{shown}", pattern


def held(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns of text that a value holds, or is."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, Phrasebook):
        yield from value.patterns
    elif isinstance(value, tuple):
        for each in value:
            yield from held(each)
    elif isinstance(value, dict):
        yield from held(tuple(value.values()))


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*found, id=found[0]) for found in patterns()])
def test_repetition_does_not_stall_a_pattern(name: str, pattern: re.Pattern[str]) -> None:
    """A line that repeats one piece sixty times is decided at once, whatever the pattern looks for."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"{name} needs more than {CPU_SECONDS} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    decided = 0
    try:
        for line in LINES:
            pattern.match(line)
            pattern.search(line)
            decided += 1
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert decided == len(LINES)
