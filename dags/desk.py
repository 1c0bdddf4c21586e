"""What the DAGs share: opening Copydesk with the Elasticsearch that Airflow's connection names.

No DAG of its own. Everything heavy is imported inside, so that parsing a DAG file stays cheap.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from copydesk.config.settings import Settings
    from copydesk.ports import Ports

__all__ = ["CONNECTION", "LONG", "TASK", "as_airflow_says", "desk", "in_force", "plain", "rounds", "spooling"]

CONNECTION = "copydesk_elasticsearch"

TASK = {
    "retries": 3,
    "retry_delay": timedelta(seconds=10),
    "execution_timeout": timedelta(minutes=10),
}
"""Low delays: a task that was killed is taken up again within a minute, and every step may run twice."""

LONG = TASK | {"execution_timeout": timedelta(minutes=20)}
"""For tasks that go on for `COPYDESK_BOX`: beginning one takes nearly two seconds of a core, and who is there already
hands on at once."""

ROUND = timedelta(seconds=45)
"""How long such a task goes on with the files it has read; what was changed in them is in force after that."""


@contextmanager
def desk(task: str) -> Iterator[tuple["Settings", "Ports"]]:
    """Settings and open ports, for as long as the block; what is raised in it comes out as Airflow says it.

    How the block ended is noted beside the archive under the task's name.
    """
    from copydesk.connect import connect, open_archive, utc_now
    from copydesk.monitoring.parts import noted

    with as_airflow_says():
        settings = in_force()
        with noted(open_archive(settings.archive), task, utc_now), connect(settings) as ports:
            yield settings, ports


def rounds(task: str, ports: "Ports", box: timedelta) -> Iterator[datetime]:
    """When each round of a long task is to end, until the box is over; that it went well is noted after each."""
    from copydesk.monitoring.parts import goes_well

    end = ports.now() + box
    while (start := ports.now()) < end:
        yield min(start + ROUND, end)
        goes_well(ports.archive, task, ports.now())


def plain(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts as Airflow's log and page show them: by words, not by our enumerations. Pure."""
    return {str(name): number for name, number in sorted(counts.items())}


@contextmanager
def spooling(number: int, of: int) -> Iterator[list[int]]:
    """The shards of hosts that are this task's, of several; what is due in them is fetched while the server is away.

    That is, when it is away or goes away in the block, for the time of a round. It lands in the archive; the task fails
    all the same.
    """
    from copydesk.config.files import share_of
    from copydesk.connect import outside, utc_now
    from copydesk.errors import IndexUnreachable
    from copydesk.fetching.spooling import fetch_on

    _, shards = share_of((), number, of)
    try:
        yield shards
    except IndexUnreachable:
        settings = in_force()
        with outside(settings) as (fetcher, archive):
            until = utc_now() + ROUND
            fetch_on(fetcher, archive, shards=shards, until=until, limit=settings.fetch.spool)
        raise


def in_force() -> "Settings":
    """The settings, with the server that Airflow's connection names; last good ones if need be. Raises ConfigError."""
    from copydesk.config.lastgood import settings_in_force
    from copydesk.connect import open_archive, utc_now

    # a line for each request would bury what the steps say
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    return settings_in_force(
        open_archive, utc_now(), elasticsearch=_elasticsearch(Connection.get(CONNECTION))
    )


@contextmanager
def as_airflow_says() -> Iterator[None]:
    """What Copydesk raises in the block comes out without its causes, which its one line names.

    A ConfigError and a server that refuses us fail the task at once: a person must mend something before a retry
    can help. So do indices that vanish meanwhile: the next run makes them, and a retry would only hide it. What
    passes by itself (a server that does not answer, records that stay contended) is tried again.
    """
    from copydesk.errors import ConfigError, CopydeskError, IndexNotSetUp, IndexRefused

    try:
        yield
    except (ConfigError, IndexRefused, IndexNotSetUp) as exc:
        raise AirflowFailException(str(exc)) from None
    except CopydeskError as exc:
        raise exc from None


def _elasticsearch(connection: Connection) -> dict[str, str]:
    """Settings of the server that a connection names. Pure. Raises ConfigError when it names none."""
    from copydesk.errors import ConfigError

    if not connection.host:
        raise ConfigError(f"connection {CONNECTION}: host must be the server's name or address")
    scheme = connection.schema or "http"
    extra = connection.extra_dejson
    given = {
        "url": f"{scheme}://{connection.host}:{connection.port or 9200}",
        "username": connection.login or "",
        "password": connection.password or "",
        "api_key": str(extra.get("api_key", "")),
        "ca_certs": str(extra.get("ca_certs", "")),
    }
    return {name: value for name, value in given.items() if value}
