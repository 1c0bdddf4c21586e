from datetime import timedelta
from pathlib import Path

import pytest

from copydesk.config.settings import load_settings, resolve_secret, stray_variables, variable_names
from copydesk.errors import ConfigError


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A settings file that is in force, and an environment without settings beside it."""
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "settings.yml"
    path.write_text("")
    monkeypatch.setenv("COPYDESK_SETTINGS", str(path))
    return path


def test_defaults(file: Path) -> None:
    """Without anything the defaults are in force; an empty file changes nothing."""
    settings = load_settings()
    assert file.exists()
    assert settings.elasticsearch.url == "http://127.0.0.1:9200"
    assert settings.fetch.delay == timedelta(seconds=2)


def test_precedence(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments win over the environment, that over the file, that over the defaults; also within one part."""
    file.write_text("contact: a@file\narchive: file\nfetch: {delay: 5s, spool: 30}\n")
    monkeypatch.setenv("COPYDESK_ARCHIVE", "environment")
    monkeypatch.setenv("COPYDESK_FETCH__DELAY", "1.5s")
    settings = load_settings(keep="30d")
    assert (settings.contact, settings.archive) == ("a@file", "environment")
    assert settings.fetch.delay == timedelta(seconds=1.5)
    assert settings.fetch.spool == 30
    assert settings.keep == timedelta(days=30)


@pytest.mark.parametrize("written", ['["127.0.0.0/8", "::1/128"]', "127.0.0.0/8, ::1/128"])
def test_lists(file: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """A list in the environment is JSON, or values with commas between."""
    assert file.exists()
    monkeypatch.setenv("COPYDESK_FETCH__ALLOW", written)
    assert load_settings().fetch.allow == ("127.0.0.0/8", "::1/128")


@pytest.mark.parametrize(
    ("written", "respect"), [("", ()), ("noindex", ("noindex",)), ("tdm, noarchive", ("tdm", "noarchive"))]
)
def test_signals_to_respect(
    file: Path, monkeypatch: pytest.MonkeyPatch, written: str, respect: tuple[str, ...]
) -> None:
    """None, one or some; without a word two of them."""
    assert file.exists()
    assert load_settings().fetch.respect == ("noindex", "tdm")
    monkeypatch.setenv("COPYDESK_FETCH__RESPECT", written)
    assert load_settings().fetch.respect == respect


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("contacct: me", "COPYDESK_CONTACCT: no such setting; did you mean COPYDESK_CONTACT?"),
        (
            "fetch: {delayy: 2s}",
            "COPYDESK_FETCH__DELAYY: no such setting; did you mean COPYDESK_FETCH__DELAY?",
        ),
        ("0123456789012345678: 1", "no such setting; docs/operator.md lists all"),
        ("fetch: {delay: soon}", "COPYDESK_FETCH__DELAY: 'soon' is no duration"),
        ("keep: 99999999999d", "COPYDESK_KEEP: must be between 0s and 36500d"),
        ("keep: 99999999999", "COPYDESK_KEEP: must be between 0s and 36500d"),
        ("keep: -1", "COPYDESK_KEEP: must be between 0s and 36500d"),
        (f"keep: {'9' * 400}d", "is no duration"),
        ("fetch: 7", "COPYDESK_FETCH: "),
        ("fetch: " + "[" * 100, "nothing may stand deeper than 30 levels"),
        ("- a", "must be a mapping of keys to values"),
        ("fetch: [", "is no readable YAML"),
    ],
)
def test_wrong_files(file: Path, text: str, says: str) -> None:
    """A mistake in the file is one line that names it, the key, and what would be right."""
    file.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_settings()
    assert str(file) in str(raised.value)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("COPYDESK_FETCH__DELAY", "2 minutes", "COPYDESK_FETCH__DELAY: '2 minutes' is no duration"),
        (
            "COPYDESK_FETCH__RESPECT",
            "noindex, nofollow",
            "COPYDESK_FETCH__RESPECT__1: Input should be 'noindex'",
        ),
        ("COPYDESK_FETCH__ALLOW", '["127.0.0.0/8"', "COPYDESK_FETCH__ALLOW: no JSON list"),
        ("COPYDESK_FETCH", "2s", "set its parts one by one, such as COPYDESK_FETCH__DELAY=2s"),
        *(
            ("COPYDESK_ELASTICSEARCH__PREFIX", prefix, "COPYDESK_ELASTICSEARCH__PREFIX: String should")
            for prefix in ("", "*", "Big-", "-x", "_x", "a,b", "a b", "ä-", "p" * 101)
        ),
        ("COPYDESK_SETTINGS", "nowhere.yml", "nowhere.yml: cannot be read"),
    ],
)
def test_wrong_environment(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    """A mistake in the environment is one line that names the variable."""
    assert file.exists()
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as raised:
        load_settings()
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_stray_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable named like a setting that is none is found; settings, parts and the file's name are not."""
    for name in ("COPYDESK_FETSCH__DELAY", "COPYDESK_FETCH__DELAY", "COPYDESK_FETCH", "COPYDESK_SETTINGS"):
        monkeypatch.setenv(name, "1s")
    assert "COPYDESK_FETSCH__DELAY" in stray_variables()
    assert not {"COPYDESK_FETCH__DELAY", "COPYDESK_FETCH", "COPYDESK_SETTINGS"} & set(stray_variables())


def test_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret is a reference to the environment; another form, or a variable that is not set, is said."""
    monkeypatch.setenv("DESK_PASSWORD", "opensesame")
    assert resolve_secret("env:DESK_PASSWORD") == "opensesame"
    with pytest.raises(ConfigError, match="must be a reference of the form env:NAME"):
        resolve_secret("opensesame")
    with pytest.raises(ConfigError, match="DESK_NOTHING is not set"):
        resolve_secret("env:DESK_NOTHING")


def test_passwords_are_not_shown(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No form in which settings may be printed shows a password."""
    assert file.exists()
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__PASSWORD", "opensesame")
    settings = load_settings()
    assert settings.elasticsearch.password.get_secret_value() == "opensesame"
    assert "opensesame" not in f"{settings!r} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("contact", "good"),
    [
        ("desk@paper.example", True),
        ("https://paper.example/robots", True),
        ("", True),
        ("the desk", False),
        ("paper.example", False),
        ("a@b\r\nX: y", False),
    ],
)
def test_a_contact_is_one(contact: str, good: bool) -> None:  # noqa: FBT001 (a table)
    """What a site can use to reach us, and nothing that is no header."""
    if good:
        assert load_settings(contact=contact).contact == contact
    else:
        with pytest.raises(ConfigError, match="COPYDESK_CONTACT: must be an e-mail address or a web page"):
            load_settings(contact=contact)


def test_a_key_of_feeds_cannot_be_guessed() -> None:
    """It is long or not there, and an error does not print it."""
    assert load_settings().feed_key.get_secret_value() == ""
    with pytest.raises(ConfigError, match="COPYDESK_FEED_KEY: must have 32 characters or more") as caught:
        load_settings(feed_key="guessable")
    assert "guessable" not in str(caught.value)


@pytest.mark.parametrize("key", ["id:secret", "bWFkZTp1cA== ", "ApiKey bWFkZTp1cA==", "kurz"])
def test_an_api_key_is_one(key: str) -> None:
    """As the server encodes it, or nothing; an error does not print it."""
    good = load_settings(elasticsearch={"api_key": "bWFkZTp1cA=="}).elasticsearch.api_key
    assert good.get_secret_value() == "bWFkZTp1cA=="
    assert load_settings().elasticsearch.api_key.get_secret_value() == ""
    with pytest.raises(
        ConfigError, match="COPYDESK_ELASTICSEARCH__API_KEY: must be the `encoded` key"
    ) as caught:
        load_settings(elasticsearch={"api_key": key})
    assert key not in str(caught.value)
