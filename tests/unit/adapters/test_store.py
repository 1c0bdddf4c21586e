"""Files below an address that is no folder: what others put there is seen, and what goes wrong is one line."""

import os
from collections.abc import Callable

import pytest

from copydesk.adapters.archive.store import Store
from copydesk.errors import ArchiveError
from made.storage import AWAY, REMEMBERING


def test_what_another_worker_puts_there_is_seen_at_once() -> None:
    """Clients of object storage remember what they listed; a worker who looked before must see the new files."""
    address = f"{REMEMBERING}://{os.urandom(4).hex()}"
    one, other = Store(address), Store(address)
    one.write("segments/2026/a", b"1")
    assert other.last("segments", 5, bool) == other.names("segments") == ["segments/2026/a"]
    for name in ("segments/2026/b", "segments/2027/c"):
        one.write(name, b"2")
    seen = ["segments/2026/a", "segments/2026/b", "segments/2027/c"]
    assert other.last("segments", 5, bool) == other.names("segments") == seen


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.write("a", b""),
        lambda store: store.create("a", b""),
        lambda store: store.read("a"),
        lambda store: store.remove("a"),
        lambda store: store.names("a"),
        lambda store: store.last("a", 1, bool),
    ],
    ids=["write", "create", "read", "remove", "names", "last"],
)
def test_storage_that_is_away_is_told_in_one_line(ask: Callable[[Store], object]) -> None:
    """A client's own error is trouble with the archive, and no fault of the page that was in hand."""
    with pytest.raises(ArchiveError, match=r"^away://x: cannot \w+ a: could not connect to the endpoint"):
        ask(Store(f"{AWAY}://x"))
