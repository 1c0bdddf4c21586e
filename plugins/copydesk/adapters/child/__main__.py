"""The reading child: `python -m copydesk.adapters.child`, fed by adapters/child/parent.py over its standard streams.

Warm once, then fork for every batch: what a page does to memory, time or the process ends with the fork, and
the next one starts from the same warmed state. Single-threaded, so forking is safe.

In:  frames holding a pickled list of captures, each with what is known of its outlet. They come from our own
     parent over a private pipe.
Out: one frame a capture, in order: {"document": …}, {"rejection": …} or {"failed": reason, "detail": …}.
JSON, because what a fork writes may have been shaped by a hostile page and must not be able to run anything.
"""

import argparse
import ctypes
import gc
import os
import pickle
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias

import orjson

from copydesk.adapters.child.frames import READY, read_frame, receive, write_frame
from copydesk.cleaning import RULES
from copydesk.cleaning.lines import Rule
from copydesk.cleaning.rulefile import MISTAKES, load_rules
from copydesk.dates import names
from copydesk.errors import ConfigError
from copydesk.index.records import to_record
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.outcomes import Reason
from copydesk.reading import extracting, language
from copydesk.reading.documents import read

__all__ = ["main"]

Asked: TypeAlias = tuple[Capture, Profile]

PR_SET_PDEATHSIG = 1

WARMING = (
    b"<html lang=en><head><title>Mill opens - Post</title></head><body><article><h1>Mill opens</h1>"
    b"<p>By Ola Berg</p><p>The mill at the lower bridge opened on 3 May 2021, nine years after the flood "
    b"had taken it away.</p>"
    b"<p>Its owner said that the first flour would be sold at the market in the town within the next two "
    b"weeks.</p></article>"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every page: seconds of CPU and on the clock, bytes above the warmed size, line rules, signals."""

    cpu: int
    wall: float
    memory: int
    rules: tuple[Rule, ...]
    respect: frozenset[Reason] = frozenset()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpu", type=int, required=True, help="seconds of CPU for one page")
    parser.add_argument("--wall", type=float, required=True, help="seconds on the clock for one page")
    parser.add_argument("--memory", type=int, required=True, help="bytes above the warmed size")
    parser.add_argument("--rules", type=Path, help="a file of changed rules")
    parser.add_argument(
        "--respect", type=Reason, action="append", default=[], help="a signal by which pages are rejected"
    )
    given = parser.parse_args(arguments)
    die_with_parent()
    # the frames' way out is kept for frames: whatever prints goes to standard error
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        terms = Terms(given.cpu, given.wall, given.memory, warm(given.rules), frozenset(given.respect))
    except ConfigError as exc:
        write_frame(out, str(exc).encode())
        out.flush()
        return
    write_frame(out, READY)
    out.flush()
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        batch: list[Asked] = pickle.loads(frame)  # noqa: S301 (our own parent wrote it into our pipe)
        serve(batch, out, terms)


def warm(file: Path | None) -> tuple[Rule, ...]:
    """Do once what every page needs: imports, profiles, compiled patterns; the rules, with those of the file.

    Raises ConfigError when the file is no good, or one of its rules fails on the first page.
    """
    rules = load_rules(file) if file else RULES
    now = datetime(2021, 5, 4, tzinfo=UTC)
    page = Capture(
        id="", url="https://example.org/", final_url="https://example.org/", source="", outlet="", publisher="",
        fetched_at=now, first_seen_at=now, content_type="text/html", body=WARMING,
    )  # fmt: skip
    try:
        answer_of((page, NO_PROFILE), rules)
    except MISTAKES as exc:
        raise ConfigError(f"{file}: fails on a page: {type(exc).__name__}: {exc}") from exc
    for part in (language, extracting, names):
        part.warm()
    gc.collect()
    gc.freeze()
    return rules


def serve(batch: list[Asked], out: BinaryIO, terms: Terms) -> None:
    """Answer a batch: in one fork while all goes well, in another behind a page that ended it.

    Where a page fails behind others, they may have left too little memory: it is read once more, as the first of a
    fork. So its answer is its own, whatever it was read with.
    """
    done = 0
    while done < len(batch):
        answered, failure = run(batch[done:], out, terms)
        done += answered
        behind_others = answered > 0 and failure is not None and failure["failed"] == Reason.CRASHED
        if failure is not None and not behind_others:
            write_frame(out, orjson.dumps(failure))
            done += 1
    out.flush()


def run(batch: Sequence[Asked], out: BinaryIO, terms: Terms) -> tuple[int, dict[str, str] | None]:
    """Read some pages in a fork and pass its frames on; how many came, and why not all of them."""
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inlet)
        _work(batch, outlet, terms)
    os.close(outlet)
    with os.fdopen(inlet, "rb", buffering=0) as pipe:
        answered = 0
        late = False
        while answered < len(batch):
            try:
                frame = receive(pipe, seconds=terms.wall)
            except TimeoutError:
                late = True
                os.kill(child, signal.SIGKILL)
                break
            if frame is None:
                break
            write_frame(out, frame)
            out.flush()
            answered += 1
    _, status = os.waitpid(child, 0)
    if answered == len(batch):
        return answered, None
    return answered, _failure(os.waitstatus_to_exitcode(status), late=late)


def _work(batch: Sequence[Asked], outlet: int, terms: Terms) -> None:
    """The fork: answer page after page under limits, then leave without the parent's cleaning up."""
    code = 1
    try:
        die_with_parent()
        gc.disable()  # it lives for a few pages, and its memory is bounded
        _limit_memory(terms.memory)
        with os.fdopen(outlet, "wb") as pipe:
            for at, asked in enumerate(batch):
                _limit_cpu(terms.cpu)
                answer = answer_of(asked, terms.rules, terms.respect)
                if at and "failed" in answer:
                    break  # `serve` has it read as the first of a fork
                write_frame(pipe, orjson.dumps(answer))
                pipe.flush()
        code = 0
    finally:
        # neither the parent's loop nor its exit handlers may run here; a trace goes out first
        if code:
            sys.excepthook(*sys.exc_info())
        os._exit(code)


def answer_of(
    asked: Asked, rules: tuple[Rule, ...], respect: frozenset[Reason] = frozenset()
) -> dict[str, object]:
    """The frame for one page, before it becomes JSON."""
    capture, profile = asked
    try:
        answer = read(capture, profile, rules, respect)
    except (MemoryError, RecursionError) as exc:
        return {
            "failed": Reason.TOO_COSTLY,
            "detail": f"the page needs more {'memory' if isinstance(exc, MemoryError) else 'depth'}",
        }
    match answer:
        case Document():
            return {"document": to_record(answer)}
        case Rejection():
            return {"rejection": to_record(answer)}


def _failure(code: int, *, late: bool) -> dict[str, str]:
    if late:
        return {"failed": Reason.TOO_COSTLY, "detail": "the page took too long"}
    if code == -signal.SIGXCPU:
        return {"failed": Reason.TOO_COSTLY, "detail": "the page took too much CPU"}
    how = f"signal {-code}" if code < 0 else f"exit status {code}"
    return {"failed": Reason.CRASHED, "detail": f"the reading process ended with {how}"}


def _limit_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # whole seconds are all the kernel counts in; one more makes sure that the page gets its share
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def _limit_memory(extra: int) -> None:
    """Bound the address space; only Linux tells the size it starts from and keeps to the bound."""
    if sys.platform != "linux":
        return
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + extra, hard))


def die_with_parent() -> None:
    """On Linux, be killed when the parent ends; elsewhere the end of standard input or a closed pipe does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
