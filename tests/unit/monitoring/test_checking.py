"""Everything that can be wrong before anything starts, one row a kind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.config.settings import OTHERS, Settings, load_settings, variable_names
from copydesk.monitoring.checking import check

SOURCES = """\
sources:
  - {name: one, kind: rss, url: 'https://one.example/feed', outlet: One}
  - {name: box, kind: inbox, url: INBOX, outlet: Two}
"""
TOPICS = """\
topics:
  - {name: ferries, any: [ferry], channels: [desk, hook, feed]}
channels:
  desk: {kind: mail, server: 'smtp://mail.example', from: a@one.example, to: [b@one.example], username: me,
         password: 'env:COPYDESK_MAIL_PASSWORD'}
  hook: {kind: webhook, url: 'https://hooks.example/x', secret: 'env:HOOK_SECRET'}
  feed: {kind: atom, path: FEED/alerts.atom}
  chat: {kind: slack, url: 'env:CHAT'}
"""
Change = Callable[[pytest.MonkeyPatch, Path], object]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A configuration in which all is well, in force by the environment."""
    for name in (*variable_names(), *OTHERS):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "sources.yml").write_text(SOURCES.replace("INBOX", str(tmp_path / "inbox")))
    (tmp_path / "topics.yml").write_text(TOPICS.replace("FEED", str(tmp_path)))
    (tmp_path / "settings.yml").write_text("")
    for name in ("SETTINGS", "SOURCES", "TOPICS"):
        monkeypatch.setenv(f"COPYDESK_{name}", str(tmp_path / f"{name.lower()}.yml"))
    monkeypatch.setenv("COPYDESK_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("COPYDESK_MAIL_PASSWORD", "opensesame")
    monkeypatch.setenv("HOOK_SECRET", "opensesame")
    monkeypatch.setenv("CHAT", "https://chat.example/x")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_all_is_well() -> None:
    """Nothing is found, though a secret is named like a setting; and nothing is made."""
    settings = load_settings()
    assert check(settings) == []
    assert not Path(settings.archive).exists()


def edit(name: str, old: str, new: str) -> Change:
    """A change of a file."""

    def change(_: pytest.MonkeyPatch, folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))

    return change


def variable(name: str, value: str | None) -> Change:
    """A change of the environment."""

    def change(patch: pytest.MonkeyPatch, _: Path) -> None:
        patch.delenv(name) if value is None else patch.setenv(name, value)

    return change


@pytest.mark.parametrize(
    ("change", "says", "wrong"),
    [
        (variable("HOOK_SECRET", None), ":6: channels.hook.secret: secret 'env:HOOK_SECRET': the ", True),
        (variable("HOOK_SECRET", ""), "HOOK_SECRET is not set", True),
        (variable("COPYDESK_MAIL_PASSWORD", None), ":5: channels.desk.password: secret", True),
        (variable("COPYDESK_LEASSE", "1m"), "COPYDESK_LEASSE is set in the environment and is no", True),
        (variable("COPYDESK_TOPICS", "nowhere.yml"), "nowhere.yml: cannot be read", True),
        (variable("COPYDESK_SOURCES", "nowhere.yml"), "nowhere.yml: cannot be read", True),
        (variable("COPYDESK_FETCH__ALLOW", "10.0.0.0/33"), "fetch.allow: ", True),
        (variable("COPYDESK_ELASTICSEARCH__URL", "nonsense"), "elasticsearch url 'nonsense'", True),
        (variable("COPYDESK_ELASTICSEARCH__CA_CERTS", "no.crt"), "'no.crt': no such file", True),
        (variable("COPYDESK_ARCHIVE", "s4://bucket"), "archive 's4://bucket': not a folder", True),
        (variable("COPYDESK_ALARM", "desc"), "COPYDESK_ALARM: no channel 'desc' in ", True),
        (
            variable("COPYDESK_ALARM", "hook, feed"),
            "COPYDESK_ALARM: channel 'feed' is a file of alerts",
            True,
        ),
        (variable("COPYDESK_ARCHIVE", "/dev/null/x"), "archive /dev/null/x: /dev/null is no folder", True),
        (edit("sources.yml", "kind: rss", "kind: rrs"), "sources.yml:2: sources.1.kind", True),
        (edit("sources.yml", "outlet: One", "outlet: One, remove: ['a[']"), "is no CSS selector", True),
        (
            edit("sources.yml", "outlet: One", "outlet: One, login: 'env:NOWHERE'"),
            ":2: sources.1.login: source one: secret 'env:NOWHERE'",
            True,
        ),
        (edit("topics.yml", "any:", "anny:"), "topics.yml:2: topics.1.anny: is no key here", True),
        (edit("topics.yml", "[desk, ", "[desc, "), "no channel 'desc'", True),
        (edit("sources.yml", "/inbox, ", "/share, "), ":3: sources.2.url: source box: no folder ", False),
        (edit("topics.yml", "/alerts.atom", "/new/alerts.atom"), ":7: channels.feed.path: no folder", False),
    ],
)
def test_each_kind_is_found(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    says: str,
    wrong: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """One mistake is one line that names it, and nothing else is found."""
    change(monkeypatch, folder)
    (finding,) = check(load_settings())
    assert says in finding.line
    assert finding.wrong == wrong
    assert "\n" not in finding.line


def test_everything_is_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several mistakes are several lines: nobody mends one to meet the next."""
    monkeypatch.delenv("HOOK_SECRET")
    monkeypatch.setenv("COPYDESK_CONTAKT", "x")
    (folder / "sources.yml").write_text("sources: 7")
    settings: Settings = load_settings()
    assert len([finding for finding in check(settings) if finding.wrong]) == 3
