"""`status --hosts` at the command line."""

from contextlib import nullcontext

import pytest

from copydesk.adapters.http.turns import SharedBook, Tally
from copydesk.cli import status as cli_status
from made.commands import call
from made.world import World


def test_each_host_with_what_it_was_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that were asked most first; as JSON with everything that is known of them."""
    world = World()
    tally = Tally(requests=4, received=8000, same=1, least_gap=2.125)
    SharedBook(world.index).add(
        {"https://b.example": Tally(requests=1), "https://a.example": tally}, world.clock.now()
    )
    monkeypatch.setattr(cli_status, "connect", lambda *_args, **_more: nullcontext(world.ports))
    shown = call(capsys, "status", "--hosts").out.splitlines()
    assert shown[1].split() == ["https://a.example", "4", "8", "25%", "·", "2.1s", "·", "·", "·"]
    assert shown[2].startswith("https://b.example")
    first, second = call(capsys, "status", "--hosts", "--json").rows
    assert (first["origin"], first["requests"], first["unchanged"]) == ("https://a.example", 4, 0.25)
    assert second["per_article"] is None
