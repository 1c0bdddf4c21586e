"""Makes `.env` for docker-compose.yml: `.env.example` with every password and key made up.

Needs nothing but Python: those who run Copydesk in Docker have nothing else installed (`python3 tools/local/env.py`).
"""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _password() -> str:
    return secrets.token_hex(16)


def _key() -> str:
    return secrets.token_hex(32)  # 64 characters: what HMAC-SHA512 asks for and Kibana's 32 twice over


def _fernet_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


MAKERS: Mapping[str, Callable[[], str]] = {
    "AIRFLOW_ADMIN_PASSWORD": _password,
    "COPYDESK_ELASTICSEARCH__PASSWORD": _password,
    "ELASTIC_PASSWORD": _password,
    "KIBANA_SYSTEM_PASSWORD": _password,
    "POSTGRES_PASSWORD": _password,
    "COPYDESK_FEED_KEY": _key,
    "KIBANA_ENCRYPTION_KEY": _key,
    "AIRFLOW__API__SECRET_KEY": _key,
    "AIRFLOW__API_AUTH__JWT_SECRET": _key,
    "AIRFLOW__CORE__FERNET_KEY": _fernet_key,
}


def filled(example: str) -> str:
    """The text of `.env`: a fresh secret after each `NAME=` that has a maker, every other line as it is."""
    return "".join(_filled_line(line) for line in example.splitlines(keepends=True))


def main(root: Path = ROOT) -> None:
    """Write `.env`, readable by its owner only. One that is there already stays as it is."""
    path = root / ".env"
    text = filled((root / ".env.example").read_text(encoding="utf-8"))
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        print(f"{path} is there already; nothing changed")
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{path} written; set COPYDESK_CONTACT in it, then: docker compose up --build --detach")


def _filled_line(line: str) -> str:
    name, found, value = line.rstrip("\n").partition("=")
    if found and not value and name in MAKERS:
        return f"{name}={MAKERS[name]()}\n"
    return line


if __name__ == "__main__":
    main()
