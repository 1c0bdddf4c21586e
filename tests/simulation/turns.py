"""Workers that take turns: exactly one runs, and gives way only where it touches the world. No real concurrency."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from threading import Lock, Thread

__all__ = ["Turns"]


@dataclass(eq=False)
class Seat:
    """A worker's place at the table; it waits until its turn is given to it."""

    name: str
    turn: Lock = field(default_factory=Lock)
    ended: BaseException | None = None

    def __post_init__(self) -> None:
        self.turn.acquire()


@dataclass(eq=False)
class Turns:
    """Who runs now, and who comes next, by chance.

    Attributes:
        rate: How likely it is that a worker gives way at a touch.
        points: How often somebody could have given way.
    """

    chance: Random
    rate: float = 0.3
    points: int = 0
    _alive: list[Seat] = field(default_factory=list)
    _running: Seat | None = None
    _done: Lock = field(default_factory=Lock)

    def run(self, steps: Mapping[str, Callable[[], object]]) -> dict[str, BaseException | None]:
        """Run all steps to their ends, taking turns; how each ended: None, or what it raised."""
        seats = {name: Seat(name) for name in steps}
        if len(steps) == 1:  # nobody to take turns with
            ((name, step),) = steps.items()
            return {name: _end_of(step)}
        self._alive = list(seats.values())
        self._done.acquire()
        threads = [
            Thread(target=self._take, args=(seats[name], step), daemon=True) for name, step in steps.items()
        ]
        for thread in threads:
            thread.start()
        self._hand_to(self.chance.choice(self._alive))
        self._done.acquire()
        self._done.release()
        for thread in threads:
            thread.join()
        self._running = None
        return {name: seat.ended for name, seat in seats.items()}

    def give_way(self, *, surely: bool = False) -> None:
        """Let another worker run, perhaps; returns when the turn is back."""
        self.points += 1
        me = self._running
        if me is None or len(self._alive) == 1 or not (surely or self.chance.random() < self.rate):
            return
        self._hand_to(self.chance.choice([seat for seat in self._alive if seat is not me]))
        me.turn.acquire()

    def _hand_to(self, seat: Seat) -> None:
        self._running = seat
        seat.turn.release()

    def _take(self, seat: Seat, step: Callable[[], object]) -> None:
        seat.turn.acquire()
        seat.ended = _end_of(step)
        self._alive.remove(seat)
        if self._alive:
            self._hand_to(self.chance.choice(self._alive))
        else:
            self._done.release()


def _end_of(step: Callable[[], object]) -> BaseException | None:
    try:
        step()
    except BaseException as exc:  # noqa: BLE001 (also the end of a killed worker is looked at, later)
        return exc
    return None
