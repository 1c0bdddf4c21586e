"""What the DAGs share: opening Copydesk with the Elasticsearch that Airflow's connection names.

No DAG of its own. Everything heavy is imported inside, so that parsing a DAG file stays cheap.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from airflow.sdk import Connection

if TYPE_CHECKING:
    from copydesk.ports import Ports
    from copydesk.settings import Settings

__all__ = ["CONNECTION", "TASK", "desk"]

CONNECTION = "copydesk_elasticsearch"

TASK = {
    "retries": 3,
    "retry_delay": timedelta(seconds=10),
    "execution_timeout": timedelta(minutes=10),
}
"""Low delays: a task that was killed is taken up again within a minute, and every step may run twice."""


@contextmanager
def desk() -> Iterator[tuple["Settings", "Ports"]]:
    """Settings and open ports; ConfigError and IndexUnavailable come out as they are, one line each."""
    from copydesk.connect import connect
    from copydesk.settings import load_settings

    settings = load_settings(elasticsearch=_elasticsearch(Connection.get(CONNECTION)))
    with connect(settings) as ports:
        yield settings, ports


def _elasticsearch(connection: Connection) -> dict[str, str]:
    scheme = connection.schema or "http"
    extra = connection.extra_dejson
    given = {
        "url": f"{scheme}://{connection.host}:{connection.port or 9200}",
        "username": connection.login or "",
        "password": connection.password or "",
        "ca_certs": str(extra.get("ca_certs", "")),
    }
    return {name: value for name, value in given.items() if value}
