"""Opening the world for a person, who is told at once when Elasticsearch does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from copydesk.config.settings import Settings
from copydesk.ports import Ports

__all__ = ["connect"]


@contextmanager
def connect(settings: Settings) -> Iterator[Ports]:
    """As `copydesk.connect.connect`, without patience at the start.

    Raises IndexUnavailable, ConfigError or ArchiveError, one line each.
    """
    # the Elasticsearch client takes half a second to load, and --help, read and judge do without it
    from copydesk import connect as opening

    with opening.connect(settings, patient=False) as ports:
        yield ports
