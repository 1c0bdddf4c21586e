"""`make up` and `make down`: Copydesk in continuous use on this machine, reachable from loopback only."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from local import airflow, elasticsearch, pidfiles
from local.airflow_settings import USER, elasticsearch_environment
from local.processes import LOCAL, ROOT, require_free_port
from local.progress import say

CONTACT = LOCAL / "contact"
HOME = LOCAL / "airflow"
SERVER = "up-elasticsearch"
DATA = "main"
QUESTION = "Your e-mail address or web page, told to every site that is visited (empty: visit none): "


def up(*, port: int, elasticsearch_port: int, ask: Callable[[str], str] | None) -> None:
    """Start what is not running yet and tell where it answers; returns while it goes on running.

    `ask` puts a question to the person at the terminal, None when there is none. Raises LocalError, having
    ended again what it started.
    """
    if pidfiles.running(f"{airflow.PID_FILE_PREFIX}api-server"):
        say("Copydesk is running already; `make down` ends it.")
        return
    airflow.stop()  # what may be left when its api-server died
    require_free_port(port, what="Airflow", option="--port")
    contact = find_contact(CONTACT, os.environ, ask)
    server, started = _elasticsearch(elasticsearch_port)
    environment = {**copydesk_environment(os.environ, contact), **server}
    try:
        instance = airflow.prepare(HOME, environment, port=port, components=airflow.FULL)
        airflow.start(instance)
    except BaseException:
        if started:
            pidfiles.end(SERVER, grace=elasticsearch.STOP_SECONDS)
        raise
    _tell(instance, environment)


def down() -> None:
    """End exactly what `up` started, Airflow first."""
    stopped = airflow.stop()
    if pidfiles.end(SERVER, grace=elasticsearch.STOP_SECONDS):
        stopped.append("elasticsearch")
    say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def find_contact(kept: Path, environment: Mapping[str, str], ask: Callable[[str], str] | None) -> str:
    """The operator's contact: from the environment, else the one kept from last time, else asked for and kept.

    Empty when nobody can be asked or the answer is empty; then it is asked for again next time.
    """
    if environment.get("COPYDESK_CONTACT"):
        return environment["COPYDESK_CONTACT"]
    if kept.exists():
        return kept.read_text().strip()
    answer = ask(QUESTION).strip() if ask else ""
    while ask and answer and not is_contact(answer):
        say(f"{answer!r} is neither an e-mail address nor a web address (https://...).")
        answer = ask(QUESTION).strip()
    if answer:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(answer + "\n")
    return answer


def is_contact(text: str) -> bool:
    """Whether a text looks like an e-mail address or a web address. Pure."""
    return (
        re.fullmatch(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+|https?://[^\s<>()]+\.[^\s<>()]+", text)
        is not None
    )


def copydesk_environment(environment: Mapping[str, str], contact: str) -> dict[str, str]:
    """Copydesk's own settings for this checkout; what the operator set already stays as it is. Pure."""
    usual = {
        "COPYDESK_CONTACT": contact,
        "COPYDESK_ARCHIVE": str(LOCAL / "archive"),
        "COPYDESK_SETTINGS": str(ROOT / "config/settings.yml"),
        "COPYDESK_SOURCES": str(ROOT / "config/sources.yml"),
        "COPYDESK_TOPICS": str(ROOT / "config/topics.yml"),
    }
    return {key: environment.get(key) or value for key, value in usual.items()}


def _elasticsearch(port: int) -> tuple[dict[str, str], bool]:
    """What tells components the server to use, and whether that server was started here and now."""
    username = os.environ.get("COPYDESK_ELASTICSEARCH__USERNAME", "")
    password = os.environ.get("COPYDESK_ELASTICSEARCH__PASSWORD", "")
    url = os.environ.get("COPYDESK_ELASTICSEARCH__URL")
    already = pidfiles.running(SERVER) or pidfiles.running(f"elasticsearch-{DATA}")
    if url or already:
        chosen = url or (already.url if already else "")
        return elasticsearch_environment(chosen, username=username, password=password), False
    require_free_port(
        port,
        what="Elasticsearch",
        option="--elasticsearch-port, or name the server there in COPYDESK_ELASTICSEARCH__URL",
    )
    server = elasticsearch.start(DATA, port, remember_as=SERVER)
    return elasticsearch_environment(server.url), True


def _tell(instance: airflow.Instance, environment: Mapping[str, str]) -> None:
    contact = environment["COPYDESK_CONTACT"]
    say("")
    say(f"Airflow         {instance.url}")
    say(f"  log in as     {USER}, with the password in {instance.home / 'passwords.json'}")
    say(f"Elasticsearch   {environment['COPYDESK_ELASTICSEARCH__URL']}")
    say(f"Sources         {environment['COPYDESK_SOURCES']}")
    say(f"Archive         {environment['COPYDESK_ARCHIVE']}")
    say(f"Logs            {LOCAL / 'logs'}")
    say(
        f"Contact         {contact or 'none: nothing outside this machine is fetched (set COPYDESK_CONTACT)'}"
    )
    say("`make down` ends it.")
