"""Several reading children at once: what one of them would answer."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from copydesk.adapters.child.parallel import LEAST, ParallelReader
from copydesk.adapters.child.parent import BATCH, ChildReader
from copydesk.errors import ConfigError
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.reading.documents import read
from made.pages import capture, page

PAGE = capture(page())
ENDLESS = capture("<html><body><div " + " ".join(f'a{n}="{n}"' for n in range(50_000)) + f">{page()}")


def many(number: int) -> list[Capture]:
    return [replace(PAGE, id=str(n), outlet="ab"[n % 2]) for n in range(number)]


@pytest.fixture(scope="module")
def reader() -> Iterator[ParallelReader]:
    """Two children with a short limit."""
    with ParallelReader([ChildReader(cpu=1, wall=20.0) for _ in range(2)]) as started:
        yield started


def test_answers_come_in_the_order_of_the_captures(reader: ParallelReader) -> None:
    """Over more than both take at once, each with what is known of its outlet, as reading them here does."""
    captures = many(2 * BATCH + 3)
    known = {"a": Profile(remove=("p:last-of-type",))}
    answers = list(reader.read(iter(captures), lambda one: known.get(one.outlet, NO_PROFILE)))
    shown = {outlet: read(replace(PAGE, outlet=outlet), known.get(outlet, NO_PROFILE)) for outlet in "ab"}
    assert [answer.capture_id for answer in answers] == [one.id for one in captures]
    assert [answer.text for answer in answers if isinstance(answer, Document)] == [
        document.text for one in captures if isinstance(document := shown[one.outlet], Document)
    ]


def test_a_costly_page_leaves_the_others_alone(reader: ParallelReader) -> None:
    """It ends alone, those beside it and behind it are read."""
    captures = many(3 * LEAST)
    captures[2] = replace(ENDLESS, id="2")
    answers = list(reader.read(captures))
    assert [answer.capture_id for answer in answers if isinstance(answer, Rejection)] == ["2"]
    assert len(answers) == len(captures)


def test_killed_children_are_replaced(reader: ParallelReader) -> None:
    """All of them killed from outside cost no page."""
    list(reader.read(many(3 * LEAST)))
    before = reader.pids
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert [answer.capture_id for answer in reader.read(many(20))] == [str(n) for n in range(20)]
    assert not set(reader.pids) & set(before)


def test_who_breaks_off_leaves_no_answers_to_others(reader: ParallelReader) -> None:
    """Answers that nobody took are not taken for those to the next questions."""
    answers = reader.read(many(3 * LEAST))
    assert next(answers).capture_id == "0"
    answers.close()  # type: ignore[attr-defined]
    assert [answer.capture_id for answer in reader.read([replace(PAGE, id="x"), PAGE])] == ["x", PAGE.id]


def test_a_few_pages_start_one_child() -> None:
    """A second one would cost more than it reads."""
    with ParallelReader([ChildReader(), ChildReader()]) as few:
        list(few.read(many(LEAST)))
        assert len(few.pids) == 1
    assert few.pids == []


def test_what_stops_a_child_from_starting_is_raised(tmp_path: Path) -> None:
    """A file of rules that is no good is told as it is with one child."""
    file = tmp_path / "rules.py"
    file.write_text("RULES = 1\n")
    with (
        ParallelReader([ChildReader(rules=file), ChildReader(rules=file)]) as broken,
        pytest.raises(ConfigError),
    ):
        list(broken.read(many(3 * LEAST)))
