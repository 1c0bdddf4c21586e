"""Opening the world: the only place where adapters are built, for the command line and the DAGs too.

An adapter is imported when it is opened: a client takes up to half a second to load, and most commands need few.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from threading import Lock

from copydesk.clock import utc_now
from copydesk.config.settings import Settings, resolve_secret
from copydesk.errors import ConfigError
from copydesk.index import Index
from copydesk.index.served import Health, Served
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.page.desk import Desk
from copydesk.ports import Archive, Callback, Fetcher, Notifier, Ports, Reader

__all__ = [
    "archive_folder",
    "asking",
    "bring_into_kibana",
    "callback_of",
    "check_networks",
    "connect",
    "kibana_objects",
    "memory_index",
    "open_archive",
    "open_desk",
    "open_fetcher",
    "open_notifier",
    "open_reader",
    "open_server",
    "outside",
    "pages_in",
    "utc_now",
]


WRITING = Lock()
"""Held by whoever of this process writes a file of people's: what two save at once is both there."""


@contextmanager
def connect(settings: Settings, *, patient: bool = True) -> Iterator[Ports]:
    """Open ports for as long as the block; Elasticsearch is asked and made ready at once.

    Raises IndexUnavailable when it does not answer, without `patient` at the first try. The reading child and the
    fetcher start when first needed.
    """
    from copydesk.adapters.inbox import inbox_entries

    with ExitStack() as stack:
        index = open_server(settings)
        stack.callback(index.close)
        if not patient:
            index.health()
        index.setup()
        archive = open_archive(settings.archive)
        fetcher = stack.enter_context(
            open_fetcher(settings, delay=settings.fetch.delay, beside=archive, index=index)
        )
        yield Ports(
            fetcher=fetcher,
            archive=archive,
            reader=stack.enter_context(open_reader(respect=settings.fetch.respect)),
            index=index,
            notifier=open_notifier(settings),
            inbox=inbox_entries,
            now=utc_now,
            wait=lambda pause: time.sleep(pause.total_seconds()),
            callback=callback_of(settings),
        )


@contextmanager
def outside(settings: Settings) -> Iterator[tuple[Fetcher, Archive]]:
    """The fetcher and the archive alone, which need no Elasticsearch."""
    archive = open_archive(settings.archive)
    with open_fetcher(settings, delay=settings.fetch.delay, beside=archive) as fetcher:
        yield fetcher, archive


def open_fetcher(
    settings: Settings, *, delay: timedelta, beside: Archive | None = None, index: Index | None = None
) -> AbstractContextManager[Fetcher]:
    """A fetcher that waits so long between two requests to a host; what robots say it keeps `beside` an archive.

    With an index it shares the turns of hosts with all others that have it.
    """
    from copydesk.adapters.http.credentials import signed_for
    from copydesk.adapters.http.fetcher import HttpFetcher
    from copydesk.adapters.http.permissions import permissions_for
    from copydesk.adapters.http.robots_cache import Learned
    from copydesk.adapters.http.turns import SharedBook, Turns

    sources = cache(partial(_sources, settings, beside))
    return HttpFetcher(
        signed=signed_for(sources, resolve_secret),
        permission=permissions_for(sources),
        respect=tuple(map(Reason, settings.fetch.respect)),
        contact=settings.contact,
        delay=delay.total_seconds(),
        allow=settings.fetch.allow,
        learned=None if beside is None else Learned(beside),
        turns=None if index is None else Turns(SharedBook(index), utc_now),
    )


def _sources(settings: Settings, archive: Archive | None) -> Sequence[Source]:
    """The sources of the file, or while it is wrong those of its last good version."""
    from copydesk.config.files import known_sources
    from copydesk.config.lastgood import last_good_sources, parsed_once
    from copydesk.config.yamlfile import read_file

    try:
        if archive is None or not settings.sources.exists():
            return known_sources(settings.sources)
        return parsed_once(archive, read_file(settings.sources), str(settings.sources))
    except ConfigError:
        return last_good_sources(archive) if archive is not None else ()


def callback_of(settings: Settings) -> Callback | None:
    """Where hubs reach us, if they do. Raises ConfigError for an address without the key that hubs are known by."""
    address, key = settings.fetch.callback.strip().rstrip("/"), settings.feed_key.get_secret_value()
    if address and not key:
        raise ConfigError("COPYDESK_FETCH__CALLBACK: needs COPYDESK_FEED_KEY, which signs what hubs send")
    return Callback(address, key) if address else None


def check_networks(settings: Settings) -> None:
    """Raises ConfigError when a network that may be fetched from is none."""
    from copydesk.adapters.http.addresses import networks

    networks(settings.fetch.allow)


def open_archive(address: str) -> Archive:
    """The archive at an address; nothing is touched yet. Raises ConfigError for an address that is none."""
    from copydesk.adapters.archive.warc import Archive as WarcArchive

    return WarcArchive(address)


def archive_folder(settings: Settings) -> Path | None:
    """The folder of the archive on this machine, or None when it is elsewhere. Raises ConfigError as `open_archive`."""
    from copydesk.adapters.archive.store import Store

    return Store(settings.archive).folder


def pages_in(path: Path, source: str, hosts: Collection[str], passed: Counter[str]) -> Iterator[Entry]:
    """The pages of a WARC file of others; what is passed over is counted. Raises ConfigError for none that opens."""
    from copydesk.adapters.warcfile import pages_in as warc_pages

    return warc_pages(path, source, hosts, passed)


def open_reader(rules: Path | None = None, respect: Sequence[str] = ()) -> AbstractContextManager[Reader]:
    """Reading in children, started when first needed, by a file of changed cleaning rules if one is given.

    Pages with one of the signals that are respected are rejected.
    """
    from copydesk.adapters.child.parallel import ParallelReader, cores
    from copydesk.adapters.child.parent import ChildReader

    signals = tuple(map(Reason, respect))
    return ParallelReader([ChildReader(rules=rules, respect=signals) for _ in range(cores())])


def open_notifier(settings: Settings) -> Notifier:
    """The way out for messages; nothing is touched yet."""
    from copydesk.adapters.notify.notifier import Sender

    return Sender(resolve_secret, allow=settings.fetch.allow)


def open_server(settings: Settings) -> Served:
    """The index of the settings; nothing is asked of the server yet. Raises ConfigError for an address that is none."""
    from copydesk.adapters.elastic.index import open_index

    server = settings.elasticsearch
    return open_index(
        server.url,
        prefix=server.prefix,
        username=server.username,
        password=server.password.get_secret_value(),
        api_key=server.api_key.get_secret_value(),
        ca_certs=server.ca_certs,
        patience=server.patience,
    )


@contextmanager
def asking(settings: Settings) -> Iterator[Served]:
    """The index for somebody who only reads, and waits: a server that is away is not waited for."""
    with closing(open_server(settings)) as index:
        index.health()
        yield index


def open_desk(load: Callable[[], Settings], *, writes: bool) -> Desk:
    """What the pages ask, by the settings as they are at each request; with `writes` people may have sources polled."""
    from copydesk.config.files import known_sources, known_topics
    from copydesk.config.listing import known_text, write_whole

    def key() -> str:
        return load().feed_key.get_secret_value()

    def health() -> Health:
        with closing(open_server(load())) as index:
            return index.health()

    def rewrite(change: Callable[[str, str], str]) -> None:
        file = load().topics
        with WRITING:
            write_whole(file, change(known_text(file), str(file)))

    return Desk(
        index=lambda: asking(load()),
        health=health,
        sources=lambda: known_sources(load().sources),
        topics=lambda: known_topics(load().topics),
        scratch=memory_index,
        now=utc_now,
        ports=(lambda: connect(load(), patient=False)) if writes else None,
        lease=lambda: load().lease,
        key=key,
        rewrite=rewrite if writes else None,
    )


def memory_index() -> Index:
    """An empty index that ends with this process."""
    from copydesk.adapters.memory.index import MemoryIndex

    return MemoryIndex()


def kibana_objects(settings: Settings) -> bytes:
    """What Kibana needs to show the articles, as its own import takes it."""
    from copydesk.adapters.kibana.objects import build

    return build(settings.elasticsearch.prefix)


def bring_into_kibana(settings: Settings, url: str, username: str = "", password: str = "") -> int:
    """Put these objects into the Kibana at an address, by default as the user of Elasticsearch; how many were taken.

    Raises ConfigError when it refuses us or is none, CopydeskError when it cannot be reached or did not take all.
    """
    from copydesk.adapters.kibana.client import import_objects

    server = settings.elasticsearch
    secret = password or server.password.get_secret_value()
    return import_objects(url, kibana_objects(settings), username or server.username, secret)
