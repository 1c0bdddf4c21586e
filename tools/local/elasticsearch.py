"""Runs Elastic's minimal distribution of Elasticsearch on loopback, without Docker."""

import fcntl
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import psutil
from jgo.maven import MavenContext

from local import pidfiles, progress, realm
from local.java import find_java
from local.processes import (
    LOCAL,
    LocalError,
    Process,
    Program,
    free_port,
    get,
    launch,
    project_mark,
    require_disk,
    require_free_port,
    supervised,
    wait_for_server,
)

VERSION = "9.5.0"
GROUP = "org.elasticsearch.distribution.integ-test-zip"
DOWNLOAD_SIZE = "130 MB"
DISK_MEBIBYTES = 1024  # the distribution unpacked (170), its download, and room for data
START_SECONDS = 180  # 14 to 18 on two quiet cores
STOP_SECONDS = 20
SERVER_USER = "copydesk"
EPHEMERAL = "ephemeral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server to run: where it listens (on 127.0.0.1), the folder that holds all it writes, who may call it.

    Without a login everybody on this machine may.
    """

    port: int
    folder: Path
    program: Program
    login: realm.Login | None = None

    @property
    def url(self) -> str:
        """What a client connects to."""
        return f"http://127.0.0.1:{self.port}"


def home() -> Path:
    """Where distribution and data are kept.

    Elasticsearch refuses to run as root; the user it then runs as may not be able to enter the project's folder,
    so root's files lie under /var/tmp.
    """
    if os.geteuid() != 0:
        return LOCAL / "elasticsearch"
    return Path("/var/tmp") / f"copydesk-{project_mark()}"  # noqa: S108 - ownership is checked in prepare_home


def prepare(name: str, port: int | None = None, login: realm.Login | None = None) -> Server:
    """Get everything ready for a server whose data is called `name`, on a free port when none is given.

    Idempotent. Raises LocalError: no Java, no download, no disk space, port taken.
    """
    if port is not None:
        require_free_port(port, what="Elasticsearch", option="--port")
    place = prepare_home()
    require_disk(place, mebibytes=DISK_MEBIBYTES, what="Elasticsearch")
    user = server_user() if os.geteuid() == 0 else None
    java = find_java(place / "java", user=user)
    distribution = unpack(place)
    return configure(distribution, java, place / "servers" / name, port or free_port(), user, login)


@contextmanager
def running(name: str | None = None, port: int | None = None) -> Iterator[Server]:
    """A server that lives as long as the block and never longer than this process.

    Without a name its data is its own and is removed at the end.
    """
    _sweep(home() / "servers")
    server = prepare(name or f"{EPHEMERAL}-{os.getpid()}-{free_port()}", port)
    try:
        with supervised(server.program, grace=STOP_SECONDS) as process:
            wait(server, process)
            yield server
    finally:
        if name is None:
            shutil.rmtree(server.folder, ignore_errors=True)
            server.program.log.unlink(missing_ok=True)


def start(
    name: str, port: int, *, remember_as: str, run: Path = pidfiles.RUN, login: realm.Login | None = None
) -> Server:
    """A server that outlives this process; `pidfiles.end(remember_as)` ends it."""
    server = prepare(name, port, login)
    process = launch(server.program)
    pidfiles.remember(remember_as, process, server.url, folder=run)
    try:
        wait(server, process)
    except BaseException:  # also a person's Ctrl-C: nothing half started stays behind
        pidfiles.end(remember_as, grace=STOP_SECONDS, folder=run)
        raise
    return server


def wait(server: Server, process: Process) -> None:
    """Wait until the server takes requests; raises LocalError with the end of its log when it does not."""
    with progress.step(f"Starting Elasticsearch {VERSION} on {server.url}"):
        wait_for_server(process, server.program, lambda: is_healthy(server), seconds=START_SECONDS)


def _sweep(servers: Path) -> None:
    """Remove the data of ephemeral servers whose owner was killed before it could."""
    for folder in servers.glob(f"{EPHEMERAL}-*"):
        owner = folder.name.split("-")[1]
        if not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
            _log(folder).unlink(missing_ok=True)


def _log(folder: Path) -> Path:
    return LOCAL / "logs" / f"elasticsearch-{folder.name}.log"


def is_healthy(server: Server) -> bool:
    """Whether a server answers with status yellow or green."""
    headers = server.login.header if server.login else {}
    status, body = get(server.port, "/_cluster/health", headers=headers)
    return status == HTTPStatus.OK and json.loads(body).get("status") in {"yellow", "green"}


def prepare_home() -> Path:
    """Make the folder that holds distribution and data; root's must be root's own, as /var/tmp is open to all."""
    place = home()
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise LocalError(f"{place} belongs to someone else: remove it")
    place.chmod(0o755)
    return place


def server_user() -> str:
    """The system user that runs the server for root; made when missing."""
    if not _user_exists(SERVER_USER):
        make = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
        try:
            subprocess.run(make, check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError):
            if not _user_exists(SERVER_USER):  # another run may have made it meanwhile
                raise LocalError(
                    f"Elasticsearch refuses to run as root, and the system user {SERVER_USER} could not be made:"
                    f" run `{' '.join(make)}` or work as a normal user"
                ) from None
    return SERVER_USER


def _user_exists(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def unpack(place: Path) -> Path:
    """The unpacked distribution, fetched and unpacked first where needed; safe when called twice at once."""
    distribution = place / f"elasticsearch-{VERSION}"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if distribution.exists():
            return distribution
        archive = fetch()
        with (
            progress.step(f"Unpacking Elasticsearch {VERSION}"),
            tempfile.TemporaryDirectory(dir=place) as scratch,
        ):
            shutil.unpack_archive(archive, scratch, "zip")
            unpacked = Path(scratch) / distribution.name
            for path in unpacked.rglob("*"):
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
            unpacked.chmod(0o755)
            unpacked.rename(distribution)
    return distribution


def fetch() -> Path:
    """The distribution's zip from the local Maven repository, downloaded from Maven Central when missing."""
    project = MavenContext().project(GROUP, "elasticsearch")
    artifact = project.at_version(VERSION).artifact(packaging="zip")
    kept = artifact.cached_path
    if kept is not None and kept.exists():
        if zipfile.is_zipfile(kept):
            return kept
        kept.unlink()  # an interrupted download
    try:
        with progress.step(f"Downloading Elasticsearch {VERSION} ({DOWNLOAD_SIZE}) from Maven Central"):
            return artifact.resolve()
    except (OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise LocalError(
            f"Elasticsearch {VERSION} could not be downloaded from Maven Central: {reason}"
        ) from None


def configure(
    distribution: Path, java: Path, folder: Path, port: int, user: str | None, login: realm.Login | None
) -> Server:
    """Write the server's configuration into its own folder, owned by the user it runs as."""
    config = folder / "config"
    shutil.rmtree(config, ignore_errors=True)
    shutil.copytree(distribution / "config", config)
    folder.chmod(0o700)
    for name in ("data", "logs", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    settings = "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in _settings(folder, port, login).items()
    )
    (config / "elasticsearch.yml").write_text(settings)
    for name, content in realm.files_for(login).items() if login else ():
        (config / name).write_text(content)
    if user is not None:
        for path in [folder, *folder.iterdir(), *config.rglob("*")]:
            shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
    program = Program(
        name="Elasticsearch",
        arguments=[distribution / "bin/elasticsearch"],
        environment=_environment(folder, java),
        log=_log(folder),
        user=user,
    )
    return Server(port=port, folder=folder, program=program, login=login)


def _settings(folder: Path, port: int, login: realm.Login | None) -> dict[str, str | int | bool]:
    return {
        "cluster.name": "copydesk",
        "node.name": "copydesk",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": free_port(),
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "xpack.security.enabled": login is not None,
        "xpack.security.transport.ssl.enabled": False,  # one node, and nothing but loopback reaches it
        "xpack.security.autoconfiguration.enabled": False,
        "cluster.routing.allocation.disk.threshold_enabled": False,  # a full laptop disk would block writing
    }


def _environment(folder: Path, java: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder / "tmp"),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_JAVA_HOME": str(java),
        "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
    }
