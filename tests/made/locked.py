"""An Elasticsearch with its security on: TLS, passwords, and the roles of `config/elasticsearch/roles`."""

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elastic_transport import TransportError
from elasticsearch import ApiError

from copydesk.adapters.elastic.client import open_client
from local import elasticsearch
from local.processes import supervised, wait_for_server
from local.realm import ROLES, files
from made.certificates import key_and_certificate

__all__ = ["ROLES", "Locked", "locked"]

SETTINGS = """
xpack.security.enabled: true
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.key: server.key
xpack.security.http.ssl.certificate: server.crt
xpack.security.transport.ssl.enabled: false
xpack.security.autoconfiguration.enabled: false
"""


@dataclass(frozen=True, slots=True)
class Locked:
    """A server that asks who calls: its address, its certificate, and users, each of the role of its name."""

    url: str
    ca_certs: Path
    passwords: Mapping[str, str]


@contextmanager
def locked(roles: Mapping[str, Mapping[str, object]]) -> Iterator[Locked]:
    """One that lives as long as the block, with a user of each role beside `admin`, who may do everything."""
    name = f"{elasticsearch.EPHEMERAL}-locked-{secrets.token_hex(4)}"
    server = elasticsearch.prepare(name)
    passwords = {user: secrets.token_hex(8) for user in ("admin", *roles)}
    config = server.folder / "config"
    try:
        _configure(config, roles, passwords)
        made = Locked(server.url.replace("http:", "https:"), config / "server.crt", passwords)
        with supervised(server.program, grace=elasticsearch.STOP_SECONDS) as process:
            seconds = elasticsearch.START_SECONDS
            wait_for_server(process, server.program, lambda: _answers(made), seconds=seconds)
            yield made
    finally:
        shutil.rmtree(server.folder, ignore_errors=True)
        server.program.log.unlink(missing_ok=True)


def _configure(config: Path, roles: Mapping[str, Mapping[str, object]], passwords: Mapping[str, str]) -> None:
    """Write what the server reads of users and roles when it starts: the file realm, which every licence has."""
    settings = config / "elasticsearch.yml"
    kept = [line for line in settings.read_text().splitlines() if not line.startswith("xpack.security.")]
    settings.write_text("\n".join(kept) + SETTINGS)
    members = {"superuser": "admin"} | {role: role for role in roles}
    for name, content in files(roles, passwords, members).items():
        (config / name).write_text(content)
    key, certificate = key_and_certificate("127.0.0.1")
    (config / "server.key").write_bytes(key)
    (config / "server.crt").write_bytes(certificate)
    owner = settings.stat()
    for path in config.iterdir():
        shutil.chown(path, owner.st_uid, owner.st_gid)


def _answers(made: Locked) -> bool:
    """Whether it takes requests of its first user."""
    password = made.passwords["admin"]
    with open_client(made.url, username="admin", password=password, ca_certs=str(made.ca_certs)) as client:
        try:
            return client.options(request_timeout=5).cluster.health()["status"] in {"yellow", "green"}
        except (ApiError, TransportError):
            return False
