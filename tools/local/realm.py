"""Who may call a local Elasticsearch: the users and roles of its file realm, which every licence has."""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from local.processes import ROOT

ROLES = ROOT / "config/elasticsearch/roles"
ROLE = "copydesk_ingest"

ROUNDS = 10_000
"""Of PBKDF2, as Elasticsearch's own default has them."""

Role = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Login:
    """A user of the role that takes in, see `config/elasticsearch/roles`."""

    user: str
    password: str

    @property
    def header(self) -> dict[str, str]:
        """What a request says."""
        return {
            "Authorization": f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"
        }


def read_or_make(path: Path) -> Login:
    """The login kept in a file that only its owner can read, made up on first use."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return Login(**json.loads(path.read_text()))
    made = Login("copydesk", secrets.token_urlsafe(16))
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(made), file)
    return made


def files_for(login: Login) -> dict[str, str]:
    """The files of a realm with this one user."""
    role = json.loads((ROLES / f"{ROLE}.json").read_text(encoding="utf-8"))
    return files({ROLE: role}, {login.user: login.password}, {ROLE: login.user})


def files(
    roles: Mapping[str, Role], passwords: Mapping[str, str], members: Mapping[str, str]
) -> dict[str, str]:
    """What the server reads of users and roles when it starts, by the name of each file; `members` by role."""
    return {
        "roles.yml": "".join(f"{name}: {json.dumps(role)}\n" for name, role in roles.items()),
        "users": "".join(f"{user}:{_hashed(word)}\n" for user, word in passwords.items()),
        "users_roles": "".join(f"{role}:{user}\n" for role, user in members.items()),
    }


def _hashed(password: str) -> str:
    """A password as Elasticsearch keeps it."""
    salt = secrets.token_bytes(32)
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, 32)
    return f"{{PBKDF2}}{ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(hashed).decode()}"
