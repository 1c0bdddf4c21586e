"""Settings: the only place that reads the environment.

Precedence: arguments > environment (`COPYDESK_...`, nested with `__`) > `config/settings.yml` > defaults.
Built once, in `cli` or in a DAG task, and handed down.
"""

import json
import os
import re
from contextvars import ContextVar
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    RootModel,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from copydesk.config.yamlfile import load, read_file
from copydesk.durations import Duration
from copydesk.errors import ConfigError

__all__ = [
    "ElasticsearchSettings",
    "FetchSettings",
    "Settings",
    "load_settings",
    "near_setting",
    "resolve_secret",
    "settings_text",
    "stray_variables",
    "variable_names",
]

PREFIX = "COPYDESK_"
NESTED = "__"
OTHERS = frozenset(
    {"COPYDESK_SETTINGS", "COPYDESK_AIRFLOW_DATABASE", "COPYDESK_AIRFLOW_LOGS", "COPYDESK_TEST_ELASTICSEARCH"}
)
"""Variables that are no settings: where these stand, and what DAGs (`airflow_*.py`) and the tests look at."""

LONGEST_BOX = timedelta(minutes=15)
"""Their time-out in `dags/desk.py` leaves five minutes more to end what was begun."""

SHORTEST_KEY = 32
"""Characters of a key that nobody finds by trying, also of letters and digits alone."""

ENCODED = re.compile(r"(?:[A-Za-z0-9+/_-]{8,}={0,2})?")

CONTACT = r"^\s*(?:[^@\s<>()]+@[^@\s<>()]+|https?://[^\s<>()]+)?\s*$"
"""An e-mail address or a web page: what a site can use to reach the operator."""

ALLOWED = {
    "COPYDESK_CONTACT": "an e-mail address or a web page (https://...)",
    "COPYDESK_FETCH__CALLBACK": "the address of the page as others reach it (https://..., without ? and #)",
}
"""What settings may be whose pattern says little to a person."""

_stand_in: ContextVar[str | None] = ContextVar("_stand_in", default=None)
"""What is read in place of the settings file; pydantic asks for it from where no argument reaches."""


def parse_list(value: object) -> object:
    """A list as people write it into the environment: JSON, or values with commas between; anything else as it is."""
    text = value.strip() if isinstance(value, str) else ""
    if text.startswith("["):
        try:
            return json.loads(text)
        except ValueError as exc:
            raise ValueError(f"no JSON list: {exc}") from exc
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(value, str) else value


def _long_enough(key: SecretStr) -> SecretStr:
    if 0 < len(key) < SHORTEST_KEY:
        raise ValueError(f"must have {SHORTEST_KEY} characters or more, or be empty")
    return key


def _encoded(key: SecretStr) -> SecretStr:
    if not ENCODED.fullmatch(key.get_secret_value()):
        raise ValueError("must be the `encoded` key as Elasticsearch gave it (base64 of id:key), or empty")
    return key


class ElasticsearchSettings(BaseModel):
    """Where the index lives.

    Attributes:
        prefix: Begins the name of every index, alias and template of ours; never empty, for by it ours are told from
            others that are to be left alone.
        api_key: In place of `username` and `password`: what the server calls `encoded`, base64 of id and key.
        patience: How long writes are retried before the server counts as down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "http://127.0.0.1:9200"
    username: str = ""
    password: SecretStr = SecretStr("")
    api_key: Annotated[SecretStr, AfterValidator(_encoded)] = SecretStr("")
    ca_certs: str = ""
    prefix: str = Field(default="copydesk-", pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=100)
    patience: Duration = timedelta(seconds=30)


class FetchSettings(BaseModel):
    """Manners and limits of the fetcher.

    Attributes:
        delay: Least time between two requests to one host.
        allow: Networks that may be fetched although they are not public, such as "127.0.0.0/8".
        spool: Bytes that are fetched into the archive while Elasticsearch is away, in each ingest task.
        revisit: After how long each a page is looked at again, where its server answers conditional requests.
        respect: What pages say to machines that we obey, besides robots.txt, see `signals`.
        callback: Address of the page as hubs reach it from outside; empty where they cannot, then none is asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    delay: Duration = timedelta(seconds=2)
    allow: Annotated[tuple[str, ...], NoDecode, BeforeValidator(parse_list)] = ()
    spool: Annotated[ByteSize, Field(ge=0)] = ByteSize(512 * 1024 * 1024)
    revisit: Annotated[tuple[Duration, ...], NoDecode, BeforeValidator(parse_list)] = (
        timedelta(hours=1),
        timedelta(hours=6),
        timedelta(days=1),
        timedelta(days=3),
    )
    respect: Annotated[
        tuple[Literal["noindex", "noarchive", "tdm"], ...], NoDecode, BeforeValidator(parse_list)
    ] = ("noindex", "tdm")
    callback: str = Field(default="", pattern=r"^\s*(?:https?://[^\s<>?#]+)?\s*$", max_length=500)


class Settings(BaseSettings):
    """Everything an operator may set.

    Attributes:
        contact: E-mail address or web page of the operator, part of the User-Agent. Without it nothing
            outside loopback is fetched.
        archive: Folder or fsspec address of the archive.
        box: How long a task of `ingest` or `process` works before Airflow begins the next.
        lease: How long a claimed segment, address or delivery belongs to one worker.
        batch: Bytes of pages that `process` holds at once, beyond which it takes up no further segment.
        keep: How long articles stay in the index; the archive is never thinned.
        feed_key: Signs the addresses of the page's feeds; empty for no feeds where one has to log in.
        alarm: Channels of `topics.yml` over which Copydesk's own troubles are told.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        extra="forbid",
        frozen=True,
        yaml_file=None,
    )

    contact: str = Field(default="", pattern=CONTACT)
    archive: str = ".local/archive"
    box: Annotated[Duration, Field(le=LONGEST_BOX)] = timedelta(minutes=9, seconds=45)
    sources: Path = Path("config/sources.yml")
    topics: Path = Path("config/topics.yml")
    lease: Duration = timedelta(seconds=60)
    batch: Annotated[ByteSize, Field(gt=0)] = ByteSize(64 * 1024 * 1024)
    keep: Duration = timedelta(days=365)
    alarm: Annotated[tuple[str, ...], NoDecode, BeforeValidator(parse_list)] = ()
    feed_key: Annotated[SecretStr, AfterValidator(_long_enough)] = SecretStr("")
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
        return init_settings, env_settings, InitSettingsSource(settings_cls, _from_file())


def _settings_file() -> Path:
    return Path(os.environ.get("COPYDESK_SETTINGS", "config/settings.yml"))


def settings_text() -> str:
    """What the settings file holds; "" when it is not there, unless somebody named it. Raises ConfigError."""
    file = _settings_file()
    if not file.exists() and "COPYDESK_SETTINGS" not in os.environ:
        return ""
    return read_file(file)


def _from_file() -> dict[str, Any]:
    text = _stand_in.get()
    text = settings_text() if text is None else text
    return load(text, str(_settings_file()), RootModel[dict[str, Any]]).root if text else {}


def load_settings(text: str | None = None, **arguments: Any) -> Settings:
    """The settings in force, or those with another `text` in place of the file's.

    Raises ConfigError with one line, naming variable or key and what is allowed.
    """
    token = _stand_in.set(text)
    try:
        return Settings(**arguments)
    except SettingsError as exc:
        raise ConfigError(
            f"settings: {exc}: set its parts one by one, such as COPYDESK_FETCH__DELAY=2s"
        ) from exc
    except ValidationError as exc:
        lines = "; ".join(
            _described(tuple(str(part) for part in error["loc"]), error["msg"]) for error in exc.errors()
        )
        raise ConfigError(f"settings (environment or {_settings_file()}): {lines}") from exc
    finally:
        _stand_in.reset(token)


def variable_names() -> list[str]:
    """The environment variable of every setting, in the order they are declared."""
    return [
        NESTED.join([f"{PREFIX}{name}", *inner]).upper()
        for name, field in Settings.model_fields.items()
        for inner in (
            [[part] for part in field.annotation.model_fields]
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
            else [[]]
        )
    ]


def stray_variables() -> list[str]:
    """Variables of the environment that are named like settings and are none: typing mistakes, or secrets of ours."""
    known = {*variable_names(), *OTHERS}
    known |= {name.partition(NESTED)[0] for name in known}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name.upper() not in known)


def _described(loc: tuple[str, ...], message: str) -> str:
    name = (PREFIX + NESTED.join(loc)).upper()
    if allowed := ALLOWED.get(name):
        return f"{name}: must be {allowed}, or empty"
    if message != "Extra inputs are not permitted":
        return f"{name}: {message.removeprefix('Value error, ')}"
    near = near_setting(name)
    return f"{name}: no such setting; {f'did you mean {near}?' if near else 'docs/operator.md lists all'}"


def near_setting(name: str) -> str:
    """The variable of a setting that somebody may have meant by another name; "" when none is near. Pure."""
    return next(iter(get_close_matches(name.upper(), variable_names(), n=1)), "")


def resolve_secret(reference: str) -> str:
    """The value behind "env:NAME", as configuration files refer to secrets. Raises ConfigError when unset."""
    kind, _, name = reference.partition(":")
    if kind != "env" or not name:
        raise ConfigError(f"secret {reference!r}: must be a reference of the form env:NAME")
    value = os.environ.get(name)
    if not value:
        raise ConfigError(f"secret {reference!r}: the environment variable {name} is not set")
    return value
