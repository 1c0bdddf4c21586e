import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from local.up import copydesk_environment, find_contact, is_contact, last_words, shell_lines


def answering(*answers: str) -> Callable[[str], str]:
    waiting = list(answers)
    return lambda _question: waiting.pop(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("desk@example.org", True),
        ("https://example.org/bot", True),
        ("http://example.org", True),
        ("desk@localhost", False),
        ("example.org", False),
        ("desk@example.org, other@example.org", False),
        ("me", False),
        ("", False),
    ],
)
def test_is_contact(text: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """A contact is one e-mail address or one web address."""
    assert is_contact(text) is expected


def test_contact_is_asked_once(tmp_path: Path) -> None:
    """An answer is kept, so that the next start asks nobody."""
    kept = tmp_path / "new/contact"
    assert find_contact(kept, {}, answering(" desk@example.org ")) == "desk@example.org"
    assert find_contact(kept, {}, answering()) == "desk@example.org"


def test_contact_is_asked_again_when_it_is_none(tmp_path: Path) -> None:
    """An answer that is no address is asked for again at once."""
    assert (
        find_contact(tmp_path / "contact", {}, answering("me", "https://example.org"))
        == "https://example.org"
    )


@pytest.mark.parametrize("ask", [None, answering("")])
def test_without_an_answer_there_is_no_contact(tmp_path: Path, ask: Callable[[str], str] | None) -> None:
    """Without a terminal, or with an empty answer, there is no contact and nothing is kept."""
    assert find_contact(tmp_path / "contact", {}, ask) == ""
    assert not (tmp_path / "contact").exists()


def test_the_environment_names_the_contact(tmp_path: Path) -> None:
    """A contact set in the environment is taken without asking."""
    assert find_contact(tmp_path / "contact", {"COPYDESK_CONTACT": "a@example.org"}, None) == "a@example.org"


def test_what_the_operator_set_stays() -> None:
    """Defaults of this checkout fill only what the operator left open."""
    settings = copydesk_environment({"COPYDESK_ARCHIVE": "s3://news/archive"}, "a@example.org")
    assert settings["COPYDESK_ARCHIVE"] == "s3://news/archive"
    assert settings["COPYDESK_CONTACT"] == "a@example.org"
    assert Path(settings["COPYDESK_SOURCES"]).is_absolute()


@pytest.mark.parametrize(
    ("stopped", "dead", "other", "said"),
    [
        ([], [], "", ["Nothing was running."]),
        (["airflow-scheduler", "elasticsearch"], [], "", ["Stopped: airflow-scheduler, elasticsearch."]),
        (["a"], ["b", "c"], "", ["Stopped: a.", "Was dead already: b, c."]),
        ([], ["b"], "", ["Nothing was running.", "Was dead already: b."]),
    ],
)
def test_down_says_what_was_running(stopped: list[str], dead: list[str], other: str, said: list[str]) -> None:
    """What was ended and what had died before are told apart."""
    assert last_words(stopped, dead, other) == said


def test_down_names_a_server_that_it_leaves() -> None:
    """A server that somebody else began goes on, and is named."""
    *_, last = last_words(["a"], [], "http://127.0.0.1:9200")
    assert (
        last
        == "Elasticsearch at http://127.0.0.1:9200 goes on: `python -m local elasticsearch start` began it."
    )


def test_a_shell_is_told_the_same_settings() -> None:
    """Sourced by a shell the file sets what `up` set, whatever stands in it, and nothing of Airflow's connections."""
    given = {
        "COPYDESK_CONTACT": "it's $me",
        "COPYDESK_ARCHIVE": "/a b",
        "AIRFLOW_CONN_COPYDESK_ELASTICSEARCH": "{}",
    }
    script = f'{shell_lines(given)}\nprintf "%s|%s|" "$COPYDESK_CONTACT" "$COPYDESK_ARCHIVE"; env | grep -c AIRFLOW'
    answer = subprocess.run(  # noqa: S603 (fixed words)
        ["/bin/sh", "-c", script], env={"PATH": "/bin:/usr/bin"}, capture_output=True, check=False
    )
    assert answer.stdout == b"it's $me|/a b|0\n"
