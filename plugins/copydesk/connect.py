"""Opening the world: the only place where adapters are built."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.child.parent import ChildReader
from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.adapters.http.robots_cache import Learned
from copydesk.adapters.inbox import inbox_entries
from copydesk.adapters.notify.notifier import Sender
from copydesk.clock import utc_now
from copydesk.config.settings import Settings, resolve_secret
from copydesk.ports import Ports

__all__ = ["connect", "open_notifier", "open_server", "outside", "utc_now"]


@contextmanager
def connect(settings: Settings, *, patient: bool = True) -> Iterator[Ports]:
    """Open ports for as long as the block; Elasticsearch is asked and made ready at once.

    Raises IndexUnavailable when it does not answer, without `patient` at the first try. The reading child and the
    fetcher start when first needed.
    """
    with ExitStack() as stack:
        index = open_server(settings)
        stack.callback(index.close)
        if not patient:
            index.health()
        index.setup()
        fetcher, archive = stack.enter_context(outside(settings))
        yield Ports(
            fetcher=fetcher,
            archive=archive,
            reader=stack.enter_context(ChildReader()),
            index=index,
            notifier=open_notifier(settings),
            inbox=inbox_entries,
            now=utc_now,
            wait=lambda pause: time.sleep(pause.total_seconds()),
        )


@contextmanager
def outside(settings: Settings) -> Iterator[tuple[HttpFetcher, Archive]]:
    """The fetcher and the archive alone, which need no Elasticsearch."""
    fetch, archive = settings.fetch, Archive(settings.archive)
    with HttpFetcher(
        contact=settings.contact,
        delay=fetch.delay.total_seconds(),
        allow=fetch.allow,
        learned=Learned(archive),
    ) as fetcher:
        yield fetcher, archive


def open_notifier(settings: Settings) -> Sender:
    """The way out for messages; nothing is touched yet."""
    return Sender(resolve_secret, allow=settings.fetch.allow)


def open_server(settings: Settings) -> ElasticIndex:
    """The index of the settings; nothing is asked of the server yet, and `close` lets go of it."""
    server = settings.elasticsearch
    return open_index(
        server.url,
        prefix=server.prefix,
        username=server.username,
        password=server.password.get_secret_value(),
        ca_certs=server.ca_certs,
        patience=server.patience,
    )
