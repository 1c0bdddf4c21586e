"""What was judged of two articles, and what it rests on, in sentences. Pure."""

from collections.abc import Iterator

from copydesk.index.judgement import Ruling, Verdict
from copydesk.views.pairs import Alone, Comparison, Standing

__all__ = ["reasons", "verdict"]

STANDINGS = {
    Standing.RIGHT_COPIES: "One family: the right one is a copy of the left one.",
    Standing.LEFT_COPIES: "One family: the left one is a copy of the right one.",
    Standing.BOTH_COPY: "One family: both are copies of {original}.",
    Standing.LEFT_HOLDS: "The left one is a roundup that holds the other one's text among others.",
    Standing.RIGHT_HOLDS: "The right one is a roundup that holds the other one's text among others.",
    Standing.STORY: "One story in different words: no copies.",
    Standing.APART: "Neither copies nor one story.",
}
RULED = {
    Verdict.COPIES: "are copies",
    Verdict.NO_COPIES: "are no copies",
    Verdict.STORY: "tell one story",
    Verdict.NO_STORY: "tell different stories",
}


def verdict(found: Comparison) -> str:
    """What was judged of the two, in a sentence."""
    return STANDINGS[found.standing].format(original=found.left.article.judgement.duplicate_of)


def reasons(found: Comparison) -> Iterator[str]:
    """What people ruled, and what the texts of the two alone have in common, a line each."""
    yield from map(_ruled, found.rulings)
    alone, evidence = found.alone, found.alone.evidence
    left, right = found.left.share, found.right.share
    yield f"By themselves the two are {_standing_alone(alone)}:"
    yield f"  words in runs of five and more: {left:.0%} of the left text, {right:.0%} of the right one"
    yield f"  outside quotes, content words: {evidence.containment:.0%} of the shorter one stand in the other"
    yield f"  identical quoted sentences: {evidence.quotes}"
    yield f"  names and numbers in common: {_percent(alone.facts)}; numbers alone: {_percent(alone.numbers)}"
    yield f"  title words in common: {evidence.title:.0%}; terms alike: {alone.cosine:.0%}"


def _standing_alone(alone: Alone) -> str:
    if alone.copies:
        return "copies"
    return "one story" if alone.related else "neither copies nor one story"


def _percent(share: float | None) -> str:
    return "too few to tell" if share is None else f"{share:.0%} of the side that has fewer"


def _ruled(by_hand: Ruling) -> str:
    return f"By hand, {by_hand.at:%Y-%m-%d %H:%M}: the two {RULED[by_hand.verdict]}."
