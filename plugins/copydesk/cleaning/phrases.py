"""Closed lists of wordings, looked up by the words a line holds: hundreds of patterns at the price of a few.

An entry is a cue (or several) and a pattern. A pattern is tried only on lines that hold a word beginning with one
of its cues, so that most paragraphs are tried against none.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from copydesk.cleaning.lines import CUE, HANGUL, SHORTEST, Line
from copydesk.cleaning.tables import Table

__all__ = ["Phrasebook", "phrasebook", "phrasebook_of"]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Patterns by the first letters of their cues, and those for scripts whose words are too short for any."""

    by_cue: dict[str, tuple[re.Pattern[str], ...]]
    cues: frozenset[str]
    dense: re.Pattern[str] | None

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """All of them; one with several cues stands there as often."""
        dense = (self.dense,) if self.dense else ()
        return (*(pattern for patterns in self.by_cue.values() for pattern in patterns), *dense)

    def holds(self, line: Line) -> bool:
        """Whether a line holds one of the wordings."""
        if line.dense or HANGUL.search(line.bare):  # Korean has spaces, but words too short for cues
            return self.dense is not None and self.dense.search(line.bare) is not None
        return any(pattern.search(line.bare) for cue in self.cues & line.cues for pattern in self.by_cue[cue])

    def count(self, line: Line) -> int:
        """How many patterns find one of their wordings in a line; those of a script without spaces are one."""
        if line.dense:
            return int(self.holds(line))
        patterns = {pattern for cue in self.cues & line.cues for pattern in self.by_cue[cue]}
        return sum(pattern.search(line.bare) is not None for pattern in patterns)


def phrasebook(*entries: tuple[str, str], dense: str = "") -> Phrasebook:
    """Compile entries of (cues separated by spaces, pattern on the line in lower case).

    A cue needs four letters or more; its first seven count, so that longer words are found in most of their forms.
    `dense` is one pattern for scripts without spaces.
    """
    by_cue: dict[str, list[re.Pattern[str]]] = defaultdict(list)
    for cues, pattern in entries:
        compiled = re.compile(pattern)
        for cue in cues.split():
            if len(cue) < SHORTEST:
                raise ValueError(f"cue {cue!r} has fewer than {SHORTEST} letters")
            by_cue[cue[:CUE]].append(compiled)
    return Phrasebook(
        by_cue={cue: tuple(patterns) for cue, patterns in by_cue.items()},
        cues=frozenset(by_cue),
        dense=re.compile(dense) if dense else None,
    )


def phrasebook_of(table: Table) -> Phrasebook:
    """The phrasebook a table holds; its groups without cues are those of scripts without spaces."""
    return phrasebook(
        *((" ".join(group.cues), group.pattern) for group in table.groups if group.cues),
        dense="|".join(group.pattern for group in table.groups if not group.cues),
    )
