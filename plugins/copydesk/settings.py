"""Settings: the only place that reads the environment.

Precedence: arguments > environment (`COPYDESK_...`, nested with `__`) > `config/settings.yml` > defaults.
Built once, in `cli` or in a DAG task, and handed down.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from copydesk.errors import ConfigError
from copydesk.model import Duration

__all__ = ["ElasticsearchSettings", "FetchSettings", "Settings", "load_settings", "resolve_secret"]


class ElasticsearchSettings(BaseModel):
    """Where the index lives.

    Attributes:
        prefix: Begins the name of every index, alias and template of ours.
        patience: How long writes are retried before the server counts as down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "http://127.0.0.1:9200"
    username: str = ""
    password: SecretStr = SecretStr("")
    ca_certs: str = ""
    prefix: str = "copydesk-"
    patience: Duration = timedelta(seconds=30)


class FetchSettings(BaseModel):
    """Manners and limits of the fetcher.

    Attributes:
        delay: Least time between two requests to one host.
        allow: Networks that may be fetched although they are not public, such as "127.0.0.0/8".
        box: How long one ingest run works before it leaves the rest pending.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    delay: Duration = timedelta(seconds=2)
    allow: tuple[str, ...] = ()
    box: Duration = timedelta(seconds=45)


class Settings(BaseSettings):
    """Everything an operator may set.

    Attributes:
        contact: E-mail address or web page of the operator, part of the User-Agent. Without it nothing
            outside loopback is fetched.
        archive: Folder or fsspec address of the archive.
        idle: How long `process` waits for a further segment before it ends.
        lease: How long a claimed segment, address or delivery belongs to one worker.
        window: How far back copies of a text are looked for.
        keep: How long articles stay in the index; the archive is never thinned.
    """

    model_config = SettingsConfigDict(
        env_prefix="COPYDESK_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        yaml_file=None,
    )

    contact: str = ""
    archive: str = ".local/archive"
    idle: Duration = timedelta(seconds=15)
    sources: Path = Path("config/sources.yml")
    topics: Path = Path("config/topics.yml")
    lease: Duration = timedelta(seconds=60)
    window: Duration = timedelta(days=7)
    keep: Duration = timedelta(days=365)
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    fetch: FetchSettings = FetchSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the signature is pydantic's)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then `config/settings.yml` where it exists."""
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls, _settings_file())


def _settings_file() -> Path:
    return Path(os.environ.get("COPYDESK_SETTINGS", "config/settings.yml"))


def load_settings(**arguments: Any) -> Settings:
    """The settings in force. Raises ConfigError with one line a wrong value, naming variable or key."""
    try:
        return Settings(**arguments)
    except ValidationError as exc:
        lines = "; ".join(f"{_name(error['loc'])}: {error['msg']}" for error in exc.errors())
        raise ConfigError(f"settings (environment or {_settings_file()}): {lines}") from exc


def _name(loc: tuple[int | str, ...]) -> str:
    return "COPYDESK_" + "__".join(str(part) for part in loc).upper()


def resolve_secret(reference: str) -> str:
    """The value behind "env:NAME", as configuration files refer to secrets. Raises ConfigError when unset."""
    kind, _, name = reference.partition(":")
    if kind != "env" or not name:
        raise ConfigError(f"secret {reference!r}: must be a reference of the form env:NAME")
    value = os.environ.get(name)
    if not value:
        raise ConfigError(f"secret {reference!r}: the environment variable {name} is not set")
    return value
