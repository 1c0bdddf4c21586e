"""`sources pause` and `sources resume`: whether polls ask a source."""

import getpass
from typing import Annotated

import typer

from copydesk.cli.output import note
from copydesk.config.files import load_sources
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.operating import pausing

__all__ = ["pause", "resume"]

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Sources as sources.yml names them.")]


def pause(names: Names) -> None:
    """Have no poll ask sources until `resume`; what they announced before is still fetched.

    Replay and restore keep it. `status` and `sources` say since when and by whom.
    """
    settings = load_settings()
    chosen = pausing.chosen(load_sources(settings.sources), names)
    with connect(settings, patient=False) as ports:
        changed = pausing.pause(ports.index, chosen, _who(), ports.now())
    for name in names:
        note(f"{name}: {'paused' if name in changed else 'was paused before'}")


def resume(names: Names) -> None:
    """Have polls ask paused sources again, at once if they are due."""
    settings = load_settings()
    chosen = pausing.chosen(load_sources(settings.sources), names)
    with connect(settings, patient=False) as ports:
        changed = pausing.resume(ports.index, chosen)
    for name in names:
        note(f"{name}: {'is asked again' if name in changed else 'was not paused'}")


def _who() -> str:
    """The user of this machine; "" where it has no name for him, as in a container with a bare number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
