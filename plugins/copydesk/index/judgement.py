"""What is judged of a text, what that rests on, and what people ruled about two, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Evidence", "Judgement", "Ruling", "Verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a link between two texts rests on.

    Attributes:
        other: Id of the text this one was linked to.
        containment: Share (0..1) of the shorter text's own words that stand in the other.
        quotes: How many identical quotes both carry.
        facts: Share (0..1) of the names and numbers of the shorter one found in the other.
        title: Share (0..1) of title words in common.
        kept: Share (0..1) of the other text's own words that this one holds; the rest was cut.
        added: Share (0..1) of this text's own words that the other does not hold.
        by_hand: Whether a person said that the two belong together.
    """

    other: str
    containment: float = 0.0
    quotes: int = 0
    facts: float = 0.0
    title: float = 0.0
    kept: float = 0.0
    added: float = 0.0
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is known about a text beside the others.

    Attributes:
        family: Id of the copy family; a text without copies is a family of its own.
        story: Id of the story the family belongs to.
        duplicate_of: Id of the family's original, or None for an original.
        contains: For a roundup the texts that it holds or that hold an item of it, sorted by id; else empty.
        evidence: What the link to the family rests on, or None for a text on its own.
        revision: Counts the changes of this judgement, from 0; part of the article's external version.
    """

    family: str
    story: str
    duplicate_of: str | None = None
    contains: tuple[str, ...] = ()
    evidence: Evidence | None = None
    revision: int = 0


class Verdict(StrEnum):
    """What a person said about two texts."""

    NO_COPIES = "no-copies"
    NO_STORY = "no-story"  # and so no copies
    COPIES = "copies"  # and so one story
    STORY = "story"

    @property
    def joins(self) -> bool:
        """Whether it puts texts together."""
        return self in {Verdict.COPIES, Verdict.STORY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A decision by hand about two texts.

    Attributes:
        one, other: Their ids, the lesser first.
        told: All ids that the stories of both ever had when it was made: what was told of those has been told.
    """

    one: str
    other: str
    verdict: Verdict
    at: datetime
    told: tuple[str, ...] = ()
