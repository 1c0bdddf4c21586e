"""The login of a local Elasticsearch: made once, for its owner only, and asked for by the server."""

import json
import shutil
from pathlib import Path

import pytest

from copydesk.adapters.elastic.index import open_index
from copydesk.errors import IndexRefused
from local import elasticsearch
from local.airflow_settings import elasticsearch_environment
from local.processes import get, supervised
from local.realm import Login, files_for, read_or_make
from local.up import Place, keep_to_us


def test_a_login_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    """Also in a folder that was open to others before."""
    tmp_path.chmod(0o755)
    place = Place(folder=tmp_path)
    first = place.login
    assert place.login == first
    assert len(first.password) > 20
    assert (place.login_file.stat().st_mode & 0o777, tmp_path.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_is_not_there_is_made_closed(tmp_path: Path) -> None:
    keep_to_us(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_two_logins_of_one_place_differ_from_those_of_another(tmp_path: Path) -> None:
    assert read_or_make(tmp_path / "a").password != read_or_make(tmp_path / "b").password


def test_the_password_itself_is_told_to_no_server() -> None:
    """What it reads is salted and hashed, and says another thing each time."""
    login = Login("copydesk", "very secret")
    first, second = files_for(login), files_for(login)
    assert not any("very secret" in content for content in first.values())
    assert first["users"] != second["users"]
    assert first["users_roles"] == "copydesk_ingest:copydesk\n"


def test_airflow_and_the_command_line_get_the_login() -> None:
    made = elasticsearch_environment("http://127.0.0.1:9", username="copydesk", password="made up")
    assert json.loads(made["AIRFLOW_CONN_COPYDESK_ELASTICSEARCH"])["password"] == "made up"
    assert made["COPYDESK_ELASTICSEARCH__PASSWORD"] == "made up"
    assert "COPYDESK_ELASTICSEARCH__USERNAME" not in elasticsearch_environment("http://127.0.0.1:9")


@pytest.mark.elasticsearch
def test_a_server_with_a_login_takes_nobody_else() -> None:
    """Its user sets up an index there; whoever has no password, or a wrong one, is refused."""
    login = Login("copydesk", "made up for this test")
    server = elasticsearch.prepare(f"{elasticsearch.EPHEMERAL}-login-test", login=login)
    try:
        with supervised(server.program, grace=elasticsearch.STOP_SECONDS) as process:
            elasticsearch.wait(server, process)
            assert get(server.port, "/")[0] == 401
            with pytest.raises(IndexRefused, match="missing authentication"):
                open_index(server.url).setup()
            with pytest.raises(IndexRefused, match="unable to authenticate"):
                open_index(server.url, username="copydesk", password="wrong").setup()
            mine = open_index(server.url, username=login.user, password=login.password)
            mine.setup()
            assert mine.vitals().lacking == ()
            mine.close()
    finally:
        shutil.rmtree(server.folder, ignore_errors=True)
        server.program.log.unlink(missing_ok=True)
