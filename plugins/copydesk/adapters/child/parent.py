"""The Reader port: reading in a child process that is killed rather than waited for.

Touches processes only: starts `python -m copydesk.adapters.child`, writes to its standard input, reads its standard
output. The child forks for each batch under limits of CPU, memory and time; see copydesk/adapters/child/__main__.py.
"""

import logging
import pickle
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import orjson

import copydesk
from copydesk.adapters.child.frames import READY, receive, write_frame
from copydesk.border import Border, contained
from copydesk.errors import ConfigError, ReaderError
from copydesk.index.records import from_record
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.outcomes import Reason

__all__ = ["ChildReader"]

logger = logging.getLogger(__name__)

Asked: TypeAlias = tuple[Capture, Profile]

BATCH = 64
"""Captures per fork: what a fork finds out for itself, such as compiled patterns, serves them all."""

BATCH_BYTES = 8 << 20
"""Bytes of bodies per batch, so that a batch of large pages does not fill the pipe for long."""

STARTING = 60.0
"""Seconds granted to a fresh child: imports and profiles take two, on a busy machine much longer."""


class Died(Exception):  # noqa: N818 (says what happened, and never leaves this module)
    """The child is gone, or so late that it had to be killed."""


@dataclass(slots=True)
class ChildReader:
    """Reads captures in a child of its own; usable as a context manager. Not for several threads at once.

    Attributes:
        cpu: Seconds of CPU for one page; the slowest of 500 real pages needs 0.2, hostile ones minutes.
        wall: Seconds on the clock for one page, for what sleeps or swaps; ample on a machine that is busy.
        memory: Bytes a page may take beyond the warmed child; trees of the largest pages fetched (10 MB) take 400 MB.
        batch: Captures read by one fork.
        rules: A file of changed cleaning rules to read with; see copydesk/cleaning/rulefile.py.
        respect: Signals of pages by which they are rejected, unless the profile permits them.
    """

    cpu: int = 5
    wall: float = 30.0
    memory: int = 1 << 30
    batch: int = BATCH
    rules: Path | None = None
    respect: Collection[Reason] = ()
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        """One answer per capture, in order; the child is started when needed and replaced when it died.

        Raises ReaderError when it cannot be started, ConfigError when its file of rules is no good.
        """
        for batch in _batches(((capture, profile(capture)) for capture in captures), self.batch):
            done = 0
            for answer in self._answers(batch):
                done += 1
                yield answer
            # the child itself is gone: each remaining page gets a batch, and a second child, of its own
            for asked in batch[done:]:
                yield (
                    next(self._answers([asked]), None)
                    or next(self._answers([asked]), None)
                    or _crashed(asked[0])
                )

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """Let the child end; it has nothing that must be saved."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answers(self, batch: Sequence[Asked]) -> Iterator[Document | Rejection]:
        """The answers to a batch, as far as the child comes."""
        heard = 0
        try:
            self._send(batch)
            for capture, _ in batch:
                # twice the limit: the child keeps it by itself, this is for a child that hangs as a whole
                frame = self._receive(2 * self.wall)
                heard += 1
                yield _contained_answer(capture, frame)
        except Died as exc:
            logger.warning("reading child replaced pid=%s reason=%s", self.pid, exc)
            self.close()
        finally:
            if heard < len(
                batch
            ):  # whoever breaks off leaves answers in the pipe, which are none to later questions
                self.close()

    def _send(self, batch: Sequence[Asked]) -> None:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = self._start()
            try:
                said = self._receive(STARTING)
            except Died as exc:
                self.close()
                raise ReaderError(f"python -m copydesk.adapters.child: {exc} before it was ready") from exc
            if said != READY:
                self.close()
                raise ConfigError(said.decode())
        stdin = self._child.stdin
        assert stdin is not None  # noqa: S101 (asked for with PIPE)
        try:
            write_frame(stdin, pickle.dumps(list(batch), protocol=5))
            stdin.flush()
        except OSError as exc:
            raise Died("it closed its input") from exc

    def _start(self) -> "subprocess.Popen[bytes]":
        words = [f"--cpu={self.cpu}", f"--wall={self.wall}", f"--memory={self.memory}"]
        words += [f"--rules={self.rules.resolve()}"] if self.rules else []
        words += [f"--respect={signal}" for signal in self.respect]
        # -m puts the working directory on the path, so that the child finds the same copydesk as its parent
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "copydesk.adapters.child", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(copydesk.__file__).parents[1],
            bufsize=0,
            start_new_session=True,
        )

    def _receive(self, seconds: float) -> bytes:
        if self._child is None or self._child.stdout is None:
            raise Died("it was closed")
        try:
            frame = receive(self._child.stdout, seconds=seconds)
        except TimeoutError as exc:
            raise Died(f"no answer within {seconds:.0f} s") from exc
        if frame is None:
            raise Died("it ended")
        return frame


def _batches(asked: Iterable[Asked], size: int) -> Iterator[list[Asked]]:
    batch: list[Asked] = []
    weight = 0
    for capture, profile in asked:
        if batch and (len(batch) >= size or weight + len(capture.body) > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append((capture, profile))
        weight += len(capture.body)
    if batch:
        yield batch


def _contained_answer(capture: Capture, frame: bytes) -> Document | Rejection:
    """The answer in a frame, or that it makes no sense."""
    with contained(Border.PAGE, capture.url) as caught:
        return _answer(capture, frame)
    return Rejection(
        url=capture.url,
        capture_id=capture.id,
        step="read",
        reason=Reason.INTERNAL,
        detail=str(caught.fault),
    )


def _answer(capture: Capture, frame: bytes) -> Document | Rejection:
    answer = orjson.loads(frame)
    if "document" in answer:
        return from_record(Document, answer["document"])
    if "rejection" in answer:
        return from_record(Rejection, answer["rejection"])
    return Rejection(
        url=capture.url,
        capture_id=capture.id,
        step="read",
        reason=Reason(answer["failed"]),
        detail=answer["detail"],
    )


def _crashed(capture: Capture) -> Rejection:
    return Rejection(
        url=capture.url,
        capture_id=capture.id,
        step="read",
        reason=Reason.CRASHED,
        detail="the reading child died twice",
    )
