import os
from pathlib import Path

import pytest

from local.checking import require_config
from local.processes import LocalError
from local.up import Place, copydesk_environment, up

GOOD = copydesk_environment({}, "desk@example.org")


def test_what_comes_along_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    """The files of this checkout pass, without a word."""
    require_config({**os.environ, **GOOD})
    assert capsys.readouterr().err == ""


def test_every_mistake_is_named_before_anything_starts() -> None:
    """A variable nobody reads and a file that is not there: a line each, and no start."""
    with pytest.raises(LocalError) as raised:
        require_config({**os.environ, **GOOD, "COPYDESK_LEESE": "1m", "COPYDESK_TOPICS": "none.yml"})
    assert "none.yml: cannot be read" in str(raised.value)
    with pytest.raises(LocalError, match="COPYDESK_LEESE is set in the environment and is no setting"):
        require_config({**os.environ, **GOOD, "COPYDESK_LEESE": "1m"})


def test_up_starts_nothing_with_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`make up` ends with the line that names the variable; it has neither looked for Java nor made a database."""
    monkeypatch.setenv("COPYDESK_CONTACT", "desk@example.org")
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URI", "http://127.0.0.1:9200")
    with pytest.raises(LocalError, match="COPYDESK_ELASTICSEARCH__URI: no such setting; did you mean"):
        up(port=8080, elasticsearch_port=9200, ask=None, place=Place(tmp_path))
    assert list(tmp_path.iterdir()) == []
