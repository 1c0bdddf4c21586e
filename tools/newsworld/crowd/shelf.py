"""All that is out at a time, for what pages say of other stories."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from newsworld.crowd import wire
from newsworld.crowd.model import Draft, Line
from newsworld.crowd.phrases import stock

ASIDE, WHOLE, LABELLED = 0.4, 2 / 3, 0.8
"""How often a piece is none of the event, a teaser has a sentence after its title, and a label before it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text as others see it."""

    family: str
    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The running reports of a language and its texts on other matters, each in order of time."""

    language: str
    lines: Sequence[Line]
    line_times: Sequence[int]
    asides: Sequence[Draft]
    aside_times: Sequence[int]

    def piece(self, at: int, rng: Random) -> Piece | None:
        """One text that is out at a second, if there is any."""
        asides, lines = bisect_left(self.aside_times, at), bisect_left(self.line_times, at)
        if asides and (not lines or rng.random() < ASIDE):
            draft = self.asides[rng.randrange(asides)]
            return Piece(draft.family, draft.title, draft.paragraphs)
        return piece_of(self.lines[rng.randrange(lines)], at) if lines else None

    def teasers(self, at: int, count: int, family: str, rng: Random) -> list[str]:
        """Up to so many titles of other texts, most with their first sentence."""
        pieces = (self.piece(at, rng) for _ in range(count))
        return [self._teaser(piece, rng) for piece in pieces if piece and piece.family != family]

    def _teaser(self, piece: Piece, rng: Random) -> str:
        told = piece.title
        if rng.random() < WHOLE:
            told += ". " + wire.sentences(piece.paragraphs[0])[0]
        if rng.random() < LABELLED:
            return f"{rng.choice(list(stock(self.language).own['teaser_labels']))}: {told}"
        return told


def shelf(language: str, lines: Sequence[Line], asides: Sequence[Draft]) -> Shelf:
    """The reports, known from their first take on, and the texts on other matters."""
    ordered = sorted(lines, key=lambda line: (line.times[1], line.family))
    others = sorted(asides, key=lambda draft: (draft.at, draft.family))
    return Shelf(language, ordered, [one.times[1] for one in ordered], others, [one.at for one in others])


def piece_of(line: Line, at: int) -> Piece:
    """The state of a report that is out at a second."""
    state = latest(line, at)
    return Piece(line.family, wire.title(line, state), wire.written(line, state))


def latest(line: Line, at: int) -> int:
    """The number of that state; the first take before there is any."""
    return max(1, bisect_left(line.times, at) - 1)
