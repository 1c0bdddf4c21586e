import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from copydesk.adapters.child.parent import ChildReader
from copydesk.cleaning.furniture import checksum
from copydesk.cleaning.lines import fold
from copydesk.model import NO_PROFILE, Document, Profile, Rejection
from copydesk.outcomes import Reason
from copydesk.reading.documents import read
from made.pages import PROSE, capture, page

PAGE = capture(page())
ENDLESS = capture("<html><body><div " + " ".join(f'a{n}="{n}"' for n in range(50_000)) + f">{page()}")

GREEDY = """
import os
from copydesk.cleaning.lines import Rule, Text

seen = []

def takes(text: Text, at: int) -> bool:
    if id(text) not in seen:
        seen.append(id(text))
        held.append(text)
    if len(seen) > 2:  # the page that the child is warmed with, and the first of the fork
        {how}
    return False

held = []
RULE = Rule("greedy", takes)
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[ChildReader]:
    """A warmed child with a short limit."""
    with ChildReader(cpu=1, wall=20.0) as started:
        yield started


def test_reads_in_order(reader: ChildReader) -> None:
    """Answers come in the order of the captures, over several batches, rejections among them."""
    captures = [
        replace(PAGE, id=str(n), url=f"https://post.example/{n}", final_url=f"https://post.example/{n}")
        for n in range(40)
    ]
    captures[7] = replace(captures[7], body=b"%PDF-1.7 ...")
    answers = list(reader.read(captures))
    assert [answer.capture_id for answer in answers] == [str(n) for n in range(40)]
    assert [n for n, answer in enumerate(answers) if isinstance(answer, Rejection)] == [7]


def test_same_as_without_child(reader: ChildReader) -> None:
    """The child gives the Document that reading in this process gives."""
    assert list(reader.read([PAGE])) == [read(PAGE)]


def test_signals_reach_the_child() -> None:
    """A page that asks not to be found is rejected where that is respected, unless its site permits it."""
    said = replace(PAGE, body=PAGE.body.replace(b"<head>", b'<head><meta name="robots" content="noindex">'))
    assert said.body != PAGE.body
    with ChildReader(respect=(Reason.NOINDEX,)) as child:
        answers = list(child.read([said, PAGE]))
        permitted = list(child.read([said], lambda _: Profile(permitted=True)))
    assert [getattr(answer, "reason", None) for answer in answers] == [Reason.NOINDEX, None]
    assert permitted == [read(said)]
    assert answers[0] == read(said, respect=frozenset({Reason.NOINDEX}))


def test_habits_reach_the_child(reader: ChildReader) -> None:
    """Each page is read with what is known of its own outlet."""
    known = {
        "a": Profile(furniture=frozenset({checksum(fold(PROSE[4]))})),
        "b": Profile(remove=("p:last-of-type",)),
    }
    captures = [replace(PAGE, outlet=outlet) for outlet in ("a", "b", "c")]
    answers = list(reader.read(captures, lambda capture: known.get(capture.outlet, NO_PROFILE)))
    assert answers == [read(one, known.get(one.outlet, NO_PROFILE)) for one in captures]
    reasons = [
        {line.text: line.reason for line in answer.removed}.get(PROSE[4])
        for answer in answers
        if isinstance(answer, Document)
    ]
    assert reasons == ["furniture", "selector", None]


def test_costly_page_leaves_its_batch_alone(reader: ChildReader) -> None:
    """A page over its limit is rejected as too costly; the pages before and behind it are read."""
    before, costly, *behind = reader.read([PAGE, ENDLESS, PAGE, PAGE])
    assert isinstance(before, Document)
    assert isinstance(costly, Rejection)
    assert costly.reason is Reason.TOO_COSTLY
    assert all(isinstance(answer, Document) for answer in behind)


def test_memory_is_bounded() -> None:
    """A page that needs more memory than granted is rejected, and the next one is read."""
    with ChildReader(memory=4 << 20) as small:
        large, after = small.read([capture(page("<p>gate </p>" * 300_000)), PAGE])
    assert isinstance(large, Rejection)
    assert large.reason in {Reason.TOO_COSTLY, Reason.CRASHED}
    assert isinstance(after, Document)


@pytest.mark.parametrize("how", ["raise MemoryError", "os._exit(9)"])
def test_an_answer_does_not_hang_on_the_pages_before(tmp_path: Path, how: str) -> None:
    """Where a page fails only behind others in its fork, it is read as the first of another."""
    file = tmp_path / "greedy.py"
    file.write_text(GREEDY.format(how=how))
    with ChildReader(rules=file) as child:
        answers = list(child.read([replace(PAGE, id=str(n)) for n in range(3)]))
    assert [(answer.capture_id, type(answer)) for answer in answers] == [(str(n), Document) for n in range(3)]


def test_killed_child_is_replaced(reader: ChildReader) -> None:
    """A child killed from outside costs no page."""
    list(reader.read([PAGE]))
    killed = reader.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    (answer,) = reader.read([PAGE])
    assert isinstance(answer, Document)
    assert answer.text.split("\n")[-5:] == list(PROSE)
    assert reader.pid != killed


def test_who_breaks_off_leaves_no_answers_to_others(reader: ChildReader) -> None:
    """Answers that nobody took are not taken for those to the next questions."""
    captures = [replace(PAGE, id=str(n)) for n in range(5)]
    answers = reader.read(captures)
    assert next(answers).capture_id == "0"
    answers.close()  # type: ignore[attr-defined]
    assert [answer.capture_id for answer in reader.read([replace(PAGE, id="x"), PAGE])] == ["x", PAGE.id]


def test_an_answer_that_makes_no_sense_is_one_pages_matter(caplog: pytest.LogCaptureFixture) -> None:
    """It ends as internal, and the page behind it is read."""

    class Garbled(ChildReader):
        garbled: int = 1

        def _receive(self, seconds: float) -> bytes:
            frame = super()._receive(seconds)
            if frame.startswith(b'{"document"') and self.garbled:
                self.garbled -= 1
                return frame[: len(frame) // 2]
            return frame

    with Garbled() as reader:
        odd, good = reader.read([PAGE, PAGE])
    assert isinstance(odd, Rejection)
    assert (odd.reason, odd.detail.startswith("JSONDecodeError")) == ("internal", True)
    assert isinstance(good, Document)
    assert "internal border=page" in caplog.text
