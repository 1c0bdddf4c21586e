"""Tells the person at the terminal what takes long: on standard error, animated only on a terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """Print one line; square brackets are text, not markup."""
    console.print(line, markup=False, soft_wrap=True)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Show that `doing` is under way and, when it ends well, how many seconds it took.

    Steps do not nest: rich has one live line a console.
    """
    started = time.monotonic()
    if console.is_terminal:
        with console.status(doing):
            yield
    else:
        say(f"{doing} ...")
        yield
    say(f"{doing}: done in {time.monotonic() - started:.1f} s")
