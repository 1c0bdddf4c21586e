"""`make up` and `make down`: Copydesk in continuous use on this machine, reachable from loopback only."""

import os
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local import airflow, elasticsearch, pidfiles, realm
from local.airflow_settings import USER, elasticsearch_environment, inherited_environment
from local.checking import require_config
from local.pidfiles import Running
from local.processes import LOCAL, ROOT, get, require_free_port
from local.progress import say

SERVER = "up-elasticsearch"
USUAL_PORT = 9200
QUESTION = "Your e-mail address or web page, told to every site that is visited (empty: visit none): "


@dataclass(frozen=True, slots=True)
class Place:
    """Where a running Copydesk keeps what outlives `up`; `data` names the data of its Elasticsearch."""

    folder: Path = LOCAL
    data: str = "main"

    @property
    def login_file(self) -> Path:
        """Where the login of its Elasticsearch stands."""
        return self.folder / "elasticsearch.json"

    @property
    def login(self) -> realm.Login:
        """Who may call its Elasticsearch; made up when it is first asked for."""
        keep_to_us(self.folder)
        return realm.read_or_make(self.login_file)

    @property
    def run(self) -> Path:
        """What is running, see `pidfiles`."""
        return self.folder / "run"


def up(
    *,
    port: int,
    elasticsearch_port: int,
    ask: Callable[[str], str] | None,
    place: Place = Place(),
) -> None:
    """Start what is not running, and what has died, and tell where it answers; returns while it goes on running.

    While a part of it runs the ports are those it was begun with. `ask` puts a question to the person at the
    terminal, None when there is none. Raises LocalError, having ended again what it started.
    """
    keep_to_us(place.folder)
    contact = find_contact(place.folder / "contact", os.environ, ask)
    own = copydesk_environment(os.environ, contact, folder=place.folder)
    require_config({**inherited_environment(os.environ), **own})
    alive = {
        name: at for name in airflow.remembered(run=place.run) if (at := _running(name, place)) is not None
    }
    if alive:
        mended = _mend(own, int(urlsplit(next(iter(alive.values())).url).port or port), place)
        say(f"Was dead and is started again: {', '.join(mended)}." if mended else "All of it is running.")
        return
    airflow.stop(run=place.run)  # forgets the dead
    require_free_port(port, what="Airflow", option="--port")
    server, started = _elasticsearch(elasticsearch_port, place)
    environment = {**own, **server}
    try:
        instance = airflow.prepare(place.folder / "airflow", environment, port=port, components=airflow.FULL)
        airflow.start(instance, run=place.run)
    except BaseException:
        if started:
            pidfiles.end(SERVER, grace=elasticsearch.STOP_SECONDS, folder=place.run)
        raise
    _tell(instance, environment, place)


def down(*, place: Place = Place()) -> None:
    """End exactly what `up` started, Airflow first, and say what of it was running."""
    names = airflow.remembered(run=place.run)
    stopped = airflow.stop(run=place.run)
    dead = [name for name in names if name not in stopped]
    if pidfiles.remembered(SERVER, folder=place.run):
        ended = pidfiles.end(SERVER, grace=elasticsearch.STOP_SECONDS, folder=place.run)
        (stopped if ended else dead).append("elasticsearch")
    other = _running(f"elasticsearch-{place.data}", place)
    for line in last_words(stopped, dead, other.url if other else ""):
        say(line)


def last_words(stopped: Sequence[str], dead: Sequence[str], other: str) -> list[str]:
    """What `down` says: what it ended, what it found dead, which server it did not begin and leaves. Pure."""
    lines = [f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running."]
    if dead:
        lines.append(f"Was dead already: {', '.join(dead)}.")
    if other:
        lines.append(f"Elasticsearch at {other} goes on: `python -m local elasticsearch start` began it.")
    return lines


def keep_to_us(folder: Path) -> None:
    """Make the folder of all that Copydesk keeps here, closed to other users of this machine: it holds passwords."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


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


def copydesk_environment(
    environment: Mapping[str, str], contact: str, *, folder: Path = LOCAL
) -> dict[str, str]:
    """Copydesk's own settings for this checkout; what the operator set already stays as it is. Pure."""
    usual = {
        "COPYDESK_CONTACT": contact,
        "COPYDESK_ARCHIVE": str(folder / "archive"),
        "COPYDESK_SETTINGS": str(ROOT / "config/settings.yml"),
        "COPYDESK_SOURCES": str(ROOT / "config/sources.yml"),
        "COPYDESK_TOPICS": str(ROOT / "config/topics.yml"),
    }
    return {key: environment.get(key) or value for key, value in usual.items()}


def shell_lines(environment: Mapping[str, str]) -> str:
    """What a shell reads to call `copydesk` on the same settings: ours, without Airflow's. Pure."""
    ours = {name: value for name, value in environment.items() if name.startswith("COPYDESK_")}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(ours.items())]
    return "\n".join([*lines, f'export PATH={shlex.quote(str(ROOT / ".venv/bin"))}:"$PATH"', ""])


def _running(name: str, place: Place) -> Running | None:
    return pidfiles.running(name, folder=place.run)


def _mend(own: Mapping[str, str], port: int, place: Place) -> list[str]:
    """Start anew what is dead, Elasticsearch first, on the ports that the living know; the names."""
    mended = []
    for name in (
        () if os.environ.get("COPYDESK_ELASTICSEARCH__URL") else (SERVER, f"elasticsearch-{place.data}")
    ):
        noted = pidfiles.remembered(name, folder=place.run)
        if noted and not (_running(name, place) and get(_port(noted.url), "/")[0]):
            pidfiles.end(name, grace=elasticsearch.STOP_SECONDS, folder=place.run)
            port_ = _port(noted.url)
            elasticsearch.start(place.data, port_, remember_as=name, run=place.run, login=place.login)
            mended.append("elasticsearch")
    server, _ = _elasticsearch(USUAL_PORT, place)
    instance = airflow.prepare(
        place.folder / "airflow", {**own, **server}, port=port, components=airflow.FULL
    )
    return [*mended, *airflow.mend(instance, run=place.run)]


def _port(url: str) -> int:
    return int(urlsplit(url).port or 0)


def _elasticsearch(port: int, place: Place) -> tuple[dict[str, str], bool]:
    """What tells components the server to use, and whether that server was started here and now."""
    if url := os.environ.get("COPYDESK_ELASTICSEARCH__URL"):
        username = os.environ.get("COPYDESK_ELASTICSEARCH__USERNAME", "")
        password = os.environ.get("COPYDESK_ELASTICSEARCH__PASSWORD", "")
        return elasticsearch_environment(url, username=username, password=password), False
    login = place.login
    already = _running(SERVER, place) or _running(f"elasticsearch-{place.data}", place)
    if already:
        return elasticsearch_environment(already.url, username=login.user, password=login.password), False
    require_free_port(
        port,
        what="Elasticsearch",
        option="--elasticsearch-port, or name the server there in COPYDESK_ELASTICSEARCH__URL",
    )
    server = elasticsearch.start(place.data, port, remember_as=SERVER, run=place.run, login=login)
    return elasticsearch_environment(server.url, username=login.user, password=login.password), True


def _tell(instance: airflow.Instance, environment: Mapping[str, str], place: Place) -> None:
    contact = environment["COPYDESK_CONTACT"]
    file = place.folder / "env"
    file.touch(mode=0o600)
    file.chmod(0o600)  # it may be an older one
    file.write_text(shell_lines(environment))
    say("")
    say(f"Airflow         {instance.url}")
    say(f"  the page      {instance.url}/copydesk/")
    say(f"  log in as     {USER}, with the password in {instance.home / 'passwords.json'}")
    say(f"Elasticsearch   {environment['COPYDESK_ELASTICSEARCH__URL']}")
    if not os.environ.get("COPYDESK_ELASTICSEARCH__URL"):
        say(f"  log in as     {place.login.user}, with the password in {place.login_file}")
    say(f"Sources         {environment['COPYDESK_SOURCES']}")
    say(f"Archive         {environment['COPYDESK_ARCHIVE']}")
    say(f"Logs            {LOCAL / 'logs'}")
    say(
        f"Contact         {contact or 'none: nothing outside this machine is fetched (set COPYDESK_CONTACT)'}"
    )
    say(f"Command line    . {os.path.relpath(file)}; copydesk status")
    say("`make down` ends it; `make up` starts again what of it has died.")
