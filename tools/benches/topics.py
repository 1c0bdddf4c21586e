"""Topics: what it costs to look for many names, and for many topics, in the articles of a batch."""

from collections.abc import Iterable
from itertools import pairwise

from benches.measure import Cost, Line, spent
from copydesk.model import Topic
from copydesk.query.evaluator import find_matches

__all__ = ["measure"]

ARTICLES = 200
NAMES = 1000
MANY = (1000, 10_000)


def measure(texts: Iterable[str]) -> list[Line]:
    """Milliseconds an article, by names of one topic and by topics."""
    bodies = {str(number): {"text": text} for number, text in enumerate(texts)}
    words = [word for body in bodies.values() for word in body["text"].split() if word.isalpha()]
    names = [f"{one} {other}" for one, other in pairwise(words)]
    names = list(dict.fromkeys(names))[:: max(len(set(names)) // (3 * max(MANY)), 1)]
    people = [Topic(name="people", any=tuple(names[:NAMES]))]
    lines = [_line(f"{NAMES} names in one topic", people, bodies)]
    for many in MANY:
        topics = [
            Topic(name=f"t{at}", any=tuple(names[(at + step) % len(names)] for step in range(3)))
            for at in range(many)
        ]
        lines.append(_line(f"{many} topics of three names", topics, bodies))
    return lines


def _line(what: str, topics: list[Topic], bodies: dict[str, dict[str, str]]) -> Line:
    find_matches(topics, {})
    cost = Cost()
    with spent(cost):
        matches, _ = find_matches(topics, bodies)
    return Line(
        what=f"topics: {what} over {len(bodies)} articles, CPU an article",
        value=f"{cost.cpu / len(bodies) * 1000:.1f} ms",
        beside=f"{len(matches)} matches, {cost.wall:.2f} s in all",
    )
