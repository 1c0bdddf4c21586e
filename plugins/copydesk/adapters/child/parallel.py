"""The Reader port on several cores: a few reading children, and for each a thread that waits for it."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from queue import LifoQueue
from types import TracebackType
from typing import Self

from copydesk.adapters.child.parent import BATCH, ChildReader
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection

__all__ = ["ParallelReader", "cores"]

LEAST = 8
"""Captures for which no second child is started: it takes a second of a core, and a page a fortieth."""

MOST = 4
"""Children on a machine with many cores; each holds its own detector and rules in memory."""


def cores() -> int:
    """How many children make sense here: as many as cores that this process may use, four at most."""
    return min(
        MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )


class ParallelReader:
    """Reads with some children, each started when it is needed; usable as a context manager. Not for several threads.

    The threads live as long as this: on Linux a child is killed when the thread ends that has started it.
    """

    def __init__(self, children: Sequence[ChildReader]) -> None:
        self._children = children
        self._free: LifoQueue[ChildReader] = LifoQueue()  # the last that was used is warm
        for child in children:
            self._free.put(child)
        self._threads = ThreadPoolExecutor(len(children), "reading")

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        """One answer per capture, in order, as `ChildReader.read` gives them. Raises what it raises."""
        coming = iter(captures)
        while asked := list(islice(coming, BATCH * len(self._children))):
            size = max(LEAST, -(-len(asked) // len(self._children)))
            # asked for here and not in the threads, since it may read files
            known = {id(capture): profile(capture) for capture in asked}
            parts = [asked[start : start + size] for start in range(0, len(asked), size)]
            for answers in self._threads.map(partial(self._read, known), parts):
                yield from answers

    def _read(self, known: Mapping[int, Profile], some: Sequence[Capture]) -> list[Document | Rejection]:
        child = self._free.get()
        try:
            return list(child.read(some, lambda capture: known[id(capture)]))
        finally:
            self._free.put(child)

    @property
    def pids(self) -> list[int]:
        """Process ids of the children that are running."""
        return [child.pid for child in self._children if child.pid is not None]

    def close(self) -> None:
        """Wait for what is being read, and let the children end."""
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
