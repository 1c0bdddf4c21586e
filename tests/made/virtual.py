"""An event loop whose time is made: it jumps to the next moment at which something happens, so nothing waits."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

__all__ = ["MadeLoop", "apart", "run"]

T = TypeVar("T")


class MadeLoop(asyncio.SelectorEventLoop):
    """A loop for coroutines that wait for one another and for time, and for nothing else."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())
        self.passed = 0.0
        selector = self._selector  # type: ignore[attr-defined]
        select = selector.select

        def jump(timeout: float | None = None) -> Any:
            assert timeout is not None, "everybody waits for somebody else"
            self.passed += timeout
            return select(0)

        selector.select = jump

    def time(self) -> float:
        """Seconds since it began."""
        return self.passed

    def now(self, start: datetime) -> datetime:
        """The time by this loop, in whole microseconds."""
        return start + timedelta(seconds=self.passed)


async def apart(call: Callable[..., T], *given: Any) -> T:
    """A call beside the loop that takes no time, and lets others run before it."""
    await asyncio.sleep(0)
    return call(*given)


def run(work: Callable[[MadeLoop], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end on a loop of its own."""
    loop = MadeLoop()
    try:
        return loop.run_until_complete(work(loop))
    finally:
        loop.close()
