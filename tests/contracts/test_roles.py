"""The roles of `config/elasticsearch/roles` on a server that asks who calls, over TLS: what each may, and may not."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from copydesk.adapters.elastic.index import open_index
from copydesk.config.settings import load_settings
from copydesk.connect import open_desk
from copydesk.index import Kind
from copydesk.page.app import make_app
from made import days
from made.commands import call
from made.locked import ROLES, Locked, locked
from made.texts import paragraphs

pytestmark = pytest.mark.elasticsearch

INGEST, READ = "copydesk_ingest", "copydesk_read"
KEY = "bWFkZTp1cA=="
WORD = paragraphs(3, 5)[0].split()[2]


@pytest.fixture(scope="module")
def server() -> Iterator[Locked]:
    """A server of this file's own, with a user of each role."""
    with locked(
        {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in ROLES.glob("*.json")}
    ) as made:
        yield made


@pytest.fixture
def desk(server: Locked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Settings of who only ingests."""
    (tmp_path / "topics.yml").write_text(f"topics:\n  - {{name: one, any: [{WORD}]}}\n")
    for variable, value in {
        "ELASTICSEARCH__URL": server.url,
        "ELASTICSEARCH__CA_CERTS": str(server.ca_certs),
        "ELASTICSEARCH__PATIENCE": "5s",
        "ARCHIVE": str(tmp_path / "archive"),
        "TOPICS": str(tmp_path / "topics.yml"),
    }.items():
        monkeypatch.setenv(f"COPYDESK_{variable}", value)
    become(monkeypatch, server, INGEST)
    return monkeypatch


def become(desk: pytest.MonkeyPatch, server: Locked, role: str) -> None:
    """Log in as the user of a role."""
    desk.setenv("COPYDESK_ELASTICSEARCH__USERNAME", role)
    desk.setenv("COPYDESK_ELASTICSEARCH__PASSWORD", server.passwords[role])


def inbox(folder: Path) -> str:
    """A text, and a copy of it."""
    folder.mkdir()
    for name, some in (("a.txt", paragraphs(3, 5)), ("b.txt", paragraphs(3, 4))):
        (folder / name).write_text("\n\n".join(some))
    return str(folder)


def test_each_role_does_its_part(
    desk: pytest.MonkeyPatch, server: Locked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sets up, takes in, rings, rebuilds, thins, backs up; the other searches what came, and writes nothing."""
    texts = inbox(tmp_path / "texts")
    for command in (
        ("setup",),
        ("ingest", "--inbox", texts, "--ring"),
        ("learn",),
        ("replay",),
        ("deliver",),
        ("backup",),
        ("status",),
    ):
        done = call(capsys, *command)
        assert (done.code, "unauthorized" in done.err) == (0, False), (command, done.err)
    mine = open_index(
        server.url, username=INGEST, password=server.passwords[INGEST], ca_certs=str(server.ca_certs)
    )
    assert mine.drop_older_than(Kind.ARTICLES, "2020.01") == []
    mine.compact(Kind.FINGERPRINTS, days.TODAY.date() + timedelta(days=30))
    mine.close()

    become(desk, server, READ)
    found = call(capsys, "search", WORD, "--json")
    assert [row["copies"] for row in found.rows] == [2]
    assert call(capsys, "status").code == 0
    client = TestClient(make_app(open_desk(load_settings, writes=False)))
    for page in ("/", f"/?q={WORD}", "/sources", "/alerts", "/topics", f"/topic?q={WORD}", "/metrics"):
        assert client.get(page).status_code == 200, page

    (tmp_path / "texts" / "c.txt").write_text("\n\n".join(paragraphs(9, 5)))
    refused = call(capsys, "ingest", "--inbox", texts)
    assert refused.code == 1
    assert "unauthorized for user [copydesk_read]" in refused.err
    assert refused.err.count("\n") == 1


def test_a_key_that_the_server_does_not_know_is_refused(
    desk: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line without the key; with a name beside it nothing is asked. The minimal server can make none to try."""
    desk.setenv("COPYDESK_ELASTICSEARCH__API_KEY", KEY)
    both = call(capsys, "search", "ferry")
    assert (both.code, both.err) == (2, "copydesk: elasticsearch username, api_key: give one of them\n")
    desk.delenv("COPYDESK_ELASTICSEARCH__USERNAME")
    refused = call(capsys, "search", "ferry")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "unable to authenticate" in refused.err
    assert KEY not in refused.err


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PASSWORD", "wrong", "unable to authenticate user"),
        ("USERNAME", "", "missing authentication credentials"),
        ("CA_CERTS", "", "self-signed certificate"),
    ],
)
def test_whoever_is_not_known_is_told_so(
    desk: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str, said: str
) -> None:
    """A wrong password, none, and a certificate that nobody vouches for are one line each."""
    desk.setenv(f"COPYDESK_ELASTICSEARCH__{variable}", value)
    refused = call(capsys, "search", "ferry")
    assert refused.code == 1
    assert said in refused.err
    assert refused.err.count("\n") == 1


def test_the_doctor_names_what_a_login_lacks(
    desk: pytest.MonkeyPatch, server: Locked, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing for the role that takes in; the other one could not write."""
    call(capsys, "setup")
    told: dict[str, list[str]] = {}
    for role in (INGEST, READ):
        become(desk, server, role)
        told[role] = [
            str(row["says"]) for row in call(capsys, "doctor", "--json").rows if row["what"] == "rights"
        ]
    assert told[INGEST] == []
    (line,) = told[READ]
    assert "write on copydesk-*" in line


def test_no_role_reaches_beyond_our_indices() -> None:
    """Each names our indices alone, and of the server as a whole only its state and templates."""
    for path in ROLES.glob("*.json"):
        role = json.loads(path.read_text(encoding="utf-8"))
        assert {name for one in role["indices"] for name in one["names"]} == {"copydesk-*"}
        assert set(role["cluster"]) <= {"monitor", "manage_index_templates"}
        assert "all" not in {privilege for one in role["indices"] for privilege in one["privileges"]}
