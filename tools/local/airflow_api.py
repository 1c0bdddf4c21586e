"""A small client of Airflow's REST API on this machine: trigger a DAG, wait for its run."""

import http.client
import json
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from local.airflow_settings import LOCKED
from local.processes import LocalError, wait_until

FINISHED = {"success", "failed"}
BUSY = "Database error"
"""In Airflow's answer 500 when SQLite refused: of two who would write next, one at once, whatever time it was given."""

TRIES = 8
ANSWERS = 2 * LOCKED
"""Seconds until an answer: the server may wait for the SQLite file as long as LOCKED, for a run and for its tasks."""


@dataclass(slots=True)
class Api:
    """Speaks to one api-server on 127.0.0.1 and logs in when first needed."""

    port: int
    username: str
    password: str
    pause: float = 1.0
    """Seconds before a request is sent again that met a busy database."""
    _token: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """Address of the user interface and the REST API."""
        return f"http://127.0.0.1:{self.port}"

    def trigger(self, dag_id: str, conf: dict[str, Any] | None = None) -> str:
        """Start a run now; gives its run id. Raises LocalError when there is no such DAG."""
        run_id = f"manual__{uuid.uuid4()}"  # ours, so that a request sent again starts no second run
        body = {"logical_date": None, "conf": conf or {}, "dag_run_id": run_id}
        self.call("POST", f"/api/v2/dags/{quote(dag_id)}/dagRuns", body)
        return run_id

    def state(self, dag_id: str, run_id: str) -> str:
        """State of a run: queued, running, success or failed."""
        run = self.call("GET", f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id)}")
        return str(run["state"])

    def runs(self, dag_id: str, *, limit: int = 20) -> dict[str, str]:
        """State by run id, latest first."""
        query = urlencode({"order_by": "-run_after", "limit": limit})
        found = self.call("GET", f"/api/v2/dags/{quote(dag_id)}/dagRuns?{query}")["dag_runs"]
        return {run["dag_run_id"]: run["state"] for run in found}

    def wait(self, dag_id: str, run_id: str, *, seconds: float) -> None:
        """Wait until a run has succeeded; raises LocalError when it failed, naming its tasks, or takes too long."""
        wait_until(
            lambda: self.state(dag_id, run_id) in FINISHED,
            seconds=seconds,
            what=f"run {run_id} of {dag_id}",
            every=0.25,
        )
        if self.state(dag_id, run_id) == "failed":
            failed = ", ".join(self.failed_tasks(dag_id, run_id))
            raise LocalError(
                f"run {run_id} of {dag_id} failed in {failed}: see logs/dag_id={dag_id} in the Airflow home"
            )

    def failed_tasks(self, dag_id: str, run_id: str) -> list[str]:
        """Task ids of a run that ended badly."""
        path = f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id)}/taskInstances"
        instances = self.call("GET", path)["task_instances"]
        return [instance["task_id"] for instance in instances if instance["state"] == "failed"]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON answer to one request; raises LocalError with status and text of any that is no success.

        Tried again, up to TRIES times, while Airflow says that its database is busy. A request that is sent again and
        then refused with 409 was taken the first time: its answer is None.
        """
        if not self._token:
            credentials = {"username": self.username, "password": self.password}
            self._token = self._answer("POST", "/auth/token", credentials)["access_token"]
        return self._answer(method, path, body)

    def _answer(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        for tried in range(TRIES):
            if tried:
                time.sleep(self.pause)
            status, text = _request(self.port, method, path, body, self._token)
            if status < HTTPStatus.BAD_REQUEST:
                return json.loads(text) if text else None
            if tried and status == HTTPStatus.CONFLICT:
                return None
            if BUSY not in text:
                break
        raise LocalError(f"Airflow answered {status} to {method} {path}: {text[:300]}")


def _request(port: int, method: str, path: str, body: dict[str, Any] | None, token: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERS)
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise LocalError(f"Airflow does not answer {method} {path}: {error}") from error
    finally:
        connection.close()
