"""Cleaning Airflow's own database from inside a task.

Airflow hides its database from tasks. Its own command may use it: it gets the address from
COPYDESK_AIRFLOW_DATABASE, or, where that is not set, Airflow's default in AIRFLOW_HOME.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

__all__ = ["clean", "environment"]

HIDDEN = ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "AIRFLOW__CORE__SQL_ALCHEMY_CONN")


def clean(kept: timedelta) -> None:
    """Remove what is older than `kept`. Raises CalledProcessError; the command's words are in the task's log."""
    before = (datetime.now(UTC) - kept).isoformat()
    command = ("db", "clean", "--clean-before-timestamp", before, "--skip-archive", "--yes")
    subprocess.run(  # noqa: S603 (our own interpreter and fixed words)
        (sys.executable, "-m", "airflow", *command),
        env=environment(dict(os.environ)),
        check=True,
    )


def environment(inherited: dict[str, str]) -> dict[str, str]:
    """The environment in which Airflow's command finds its database. Pure."""
    shown = {name: value for name, value in inherited.items() if name not in HIDDEN}
    address = inherited.get("COPYDESK_AIRFLOW_DATABASE")
    return shown | ({HIDDEN[0]: address} if address else {})
