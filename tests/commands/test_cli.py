"""The command line as a person or a script meets it; what needs a server is in test_cli_street.py."""

from pathlib import Path

import orjson
import pytest

from copydesk import __version__
from made.commands import call


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A place without a server, where whatever is written lies in a folder of the test's own."""
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", "http://127.0.0.1:9")
    monkeypatch.setenv("COPYDESK_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("COLUMNS", "80")


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` lists the commands, `version` prints the version."""
    assert "check-config" in call(capsys, "--help").out
    assert call(capsys, "version").out == f"{__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("status",), 1, "Elasticsearch at http://127.0.0.1:9"),
        (("search", "ferry"), 1, "Elasticsearch at http://127.0.0.1:9"),
        (("ingest", "nonsense"), 2, "nonsense: must be an address"),
        (("ingest", "--inbox", "nowhere"), 2, "--inbox nowhere: must be a folder"),
        (("poll", "nobody"), 2, "nobody: no such source; there are"),
        (("topics", "nothing"), 2, "nothing: no such topic"),
        (("topics", "--test", "log"), 2, "--test needs the name of a topic"),
        (("topics", "nothing", "--test", "fax"), 2, "--test fax: no such channel"),
        (("replay", "--since", "2026-13"), 2, "--since 2026-13: must be a month such as 2026-11"),
        (("read",), 2, "give an address or a file"),
        (("read", "nowhere.html"), 2, "nowhere.html: cannot be read"),
        (("read", "http://127.0.0.1:1/"), 1, "http://127.0.0.1:1/: address"),
        (("judge",), 2, "give files, or --jsonl FILE"),
        (("judge", "nowhere.txt"), 2, "nowhere.txt: cannot be read"),
        (("kibana", "import", "http://127.0.0.1:9"), 1, "cannot be reached"),
        (("kibana", "import", "http://127.0.0.1:9", "--password", "secret"), 2, "must be a reference"),
    ],
)
def test_trouble_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, says: str
) -> None:
    """What a person can cause or mend is one line on standard error, with exit code 1 or 2, without a traceback."""
    result = call(capsys, *arguments)
    assert result.code == code
    assert result.out == ""
    lines = result.err.strip().splitlines()
    assert len(lines) == 1
    assert says in lines[0]


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("search", "--limit", "0"), ("forget",), ("judge", "--no")]
)
def test_wrong_calls(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    """A call that no command understands ends with exit code 2."""
    assert call(capsys, *arguments).code == 2


def test_topics_as_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    """`topics` lists what topics.yml says, one key a line; with --json one object a line."""
    assert "\n  channels: log\n" in call(capsys, "topics").out
    rows = [orjson.loads(line) for line in call(capsys, "topics", "--json").out.splitlines()]
    assert rows
    assert all({"name", "any", "all", "none", "channels"} <= row.keys() for row in rows)


def test_check_config(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`check-config` says what is set, durations as people write them, passwords hidden."""
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__PASSWORD", "opensesame")
    monkeypatch.setenv("COPYDESK_FETCH__DELAY", "90s")
    said = call(capsys, "check-config").out
    assert "15 sources" in said
    assert "fetch.delay: 90s\n" in said
    assert "lease: 1m\n" in said
    assert "opensesame" not in said


def test_check_config_refuses_what_nothing_reads(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong is a line each, the exit code is 2, and nothing is shown as if it held."""
    monkeypatch.setenv("COPYDESK_FETSCH__DELAY", "3s")
    monkeypatch.setenv("COPYDESK_CONTAKT", "me@example.org")
    result = call(capsys, "check-config")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [
        "COPYDESK_CONTAKT is set in the environment and is no setting; did you mean COPYDESK_CONTACT?",
        "COPYDESK_FETSCH__DELAY is set in the environment and is no setting; did you mean COPYDESK_FETCH__DELAY?",
    ]


def test_kibana_build(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`kibana build` prints saved objects for the index names in force."""
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__PREFIX", "mine-")
    rows = [orjson.loads(line) for line in call(capsys, "kibana", "build").out.splitlines()]
    assert rows[0]["attributes"]["title"] == "mine-articles"
