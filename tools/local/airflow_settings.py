"""Airflow's settings for a home on this machine: environment variables and the secrets kept beside the database."""

import hmac
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local.processes import ROOT

USER = "admin"

LOCKED = 30
"""Seconds a writer waits for the others of the SQLite file; with the default of 5 a busy machine gives errors."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made once for a home: what signs tokens, encrypts connections, and logs the user `admin` in."""

    jwt_secret: str
    fernet_key: str
    password: str


def read_or_make_secrets(path: Path) -> Secrets:
    """The secrets kept in a file that only its owner can read, made on first use."""
    if not path.exists():
        made = Secrets(
            jwt_secret=secrets.token_hex(64),
            fernet_key=urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            password=secrets.token_urlsafe(12),
        )
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(asdict(made), file)
    return Secrets(**json.loads(path.read_text()))


def feed_key(kept: Secrets) -> str:
    """What signs the addresses of the page's feeds in this home, the same for as long as its secrets. Pure."""
    return hmac.digest(kept.jwt_secret.encode(), b"copydesk feeds", "sha256").hex()


def inherited_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Our environment without what would turn another Airflow's settings into this one's. Pure.

    Connections and variables (AIRFLOW_CONN_..., AIRFLOW_VAR_...) are the operator's and stay.
    """
    foreign = ("AIRFLOW__", "AIRFLOW_HOME", "AIRFLOW_CONFIG")
    return {key: value for key, value in environment.items() if not key.startswith(foreign)}


def instance_environment(home: Path, port: int, kept: Secrets, dags: Path, plugins: Path) -> dict[str, str]:
    """Airflow's settings for one home, as environment variables. Pure."""
    url = f"http://127.0.0.1:{port}"
    settings = {
        "CORE__DAGS_FOLDER": dags,
        "CORE__PLUGINS_FOLDER": plugins,
        "CORE__LOAD_EXAMPLES": False,
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": False,
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": 6,  # three work on all the time; the default is 32
        "CORE__FERNET_KEY": kept.fernet_key,
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": home / "passwords.json",
        "CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "CORE__DEFAULT_TASK_RETRY_DELAY": 5,
        "API__HOST": "127.0.0.1",
        "API__PORT": port,
        "API__BASE_URL": url,
        "API_AUTH__JWT_SECRET": kept.jwt_secret,
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db?timeout={LOCKED}",
        "LOGGING__BASE_LOG_FOLDER": home / "logs",
        "LOGGING__LOGGING_LEVEL": "INFO",
        "WORKERS__EXECUTION_API_TIMEOUT": 30,  # with the default of 5 a busy first request fails the task
        # a task whose machine or supervisor died is taken up again within a minute: 30 + 5 + retry delay
        "WORKERS__MIN_HEARTBEAT_INTERVAL": 3,
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": 30,
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": 5,
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": 20,
        "DAG_PROCESSOR__REFRESH_INTERVAL": 60,
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 120,
    }
    return {
        **{f"AIRFLOW__{key}": str(value) for key, value in settings.items()},
        "AIRFLOW_HOME": str(home),
        "PYTHONPATH": f"{plugins}{os.pathsep}{ROOT / 'tools'}",
        "OPENBLAS_NUM_THREADS": "1",  # the matrices of judging are small: a second thread only costs time
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def elasticsearch_environment(url: str, *, username: str = "", password: str = "") -> dict[str, str]:
    """The server's address for DAGs (connection `copydesk_elasticsearch`) and for the library. Pure."""
    address = urlsplit(url)
    connection = {
        "conn_type": "elasticsearch",
        "host": address.hostname,
        "port": address.port or 9200,
        "schema": address.scheme,
        **({"login": username, "password": password} if username else {}),
    }
    return {
        "AIRFLOW_CONN_COPYDESK_ELASTICSEARCH": json.dumps(connection),
        "COPYDESK_ELASTICSEARCH__URL": url,
        **(
            {"COPYDESK_ELASTICSEARCH__USERNAME": username, "COPYDESK_ELASTICSEARCH__PASSWORD": password}
            if username
            else {}
        ),
    }
