import json
from dataclasses import asdict
from pathlib import Path

from copydesk.config.settings import load_settings
from local.airflow_settings import (
    elasticsearch_environment,
    feed_key,
    inherited_environment,
    instance_environment,
    read_or_make_secrets,
)

LONG_ENOUGH = 64  # bytes; Airflow warns about a shorter signing secret


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """Secrets are made on first use, kept, and readable by their owner only."""
    made = read_or_make_secrets(tmp_path / "secrets.json")
    assert read_or_make_secrets(tmp_path / "secrets.json") == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(made.jwt_secret) >= LONG_ENOUGH
    other = read_or_make_secrets(tmp_path / "other.json")
    assert other != made
    assert feed_key(made) != feed_key(other)
    assert load_settings(feed_key=feed_key(made)).feed_key.get_secret_value() not in {*asdict(made).values()}


def test_settings_stay_on_this_machine(tmp_path: Path) -> None:
    """Airflow listens on loopback and its components find each other at the port given."""
    kept = read_or_make_secrets(tmp_path / "secrets.json")
    settings = instance_environment(tmp_path, 8123, kept, Path("/dags"), Path("/plugins"))
    assert settings["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert settings["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"
    assert settings["AIRFLOW_HOME"] == str(tmp_path)
    assert settings["PYTHONPATH"].startswith("/plugins:")


def test_another_airflow_does_not_leak_in() -> None:
    """Settings of another Airflow are dropped; the operator's connections and all else stay."""
    kept = {"AIRFLOW_CONN_MAIL": "smtp://x", "PATH": "/bin", "COPYDESK_CONTACT": "a@example.org"}
    foreign = {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor", "AIRFLOW_HOME": "/elsewhere"}
    assert inherited_environment({**kept, **foreign}) == kept


def test_elasticsearch_connection() -> None:
    """DAGs get the server as a connection, with a login only where there is one."""
    told = elasticsearch_environment("https://search.example.org", username="news", password="made up")
    connection = json.loads(told["AIRFLOW_CONN_COPYDESK_ELASTICSEARCH"])
    assert connection == {
        "conn_type": "elasticsearch",
        "host": "search.example.org",
        "port": 9200,
        "schema": "https",
        "login": "news",
        "password": "made up",
    }
    assert told["COPYDESK_ELASTICSEARCH__URL"] == "https://search.example.org"
    assert (
        "login"
        not in elasticsearch_environment("http://127.0.0.1:9200")["AIRFLOW_CONN_COPYDESK_ELASTICSEARCH"]
    )
