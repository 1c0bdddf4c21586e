"""Topics: what it costs to look for many names, and for many topics, in the articles of a batch."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from benches.measure import Cost, Line, spent
from copydesk.model import Document
from copydesk.query.evaluator import find_matches
from copydesk.topic import Topic

__all__ = ["measure"]

ARTICLES = 200
NAMES = 1000
MANY = (1000, 10_000)
COMMON = 50
"""Words that stand in nearly all articles: what topics ask for beside them decides."""


def measure(documents: Iterable[Document]) -> list[Line]:
    """Milliseconds an article, by names of one topic and by topics."""
    articles = {document.id: document for document in documents}
    words = [word for article in articles.values() for word in article.text.split() if word.isalpha()]
    names = [f"{one} {other}" for one, other in pairwise(words)]
    names = list(dict.fromkeys(names))[:: max(len(set(names)) // (3 * max(MANY)), 1)]
    people = [Topic(name="people", any=tuple(names[:NAMES]))]
    lines = [_line(f"{NAMES} names in one topic", people, articles)]
    for many in MANY:
        topics = [
            Topic(name=f"t{at}", any=tuple(names[(at + step) % len(names)] for step in range(3)))
            for at in range(many)
        ]
        lines.append(_line(f"{many} topics of three names", topics, articles))
    common = [word for word, _ in Counter(words).most_common(COMMON)]
    for many in MANY:
        topics = [
            Topic(name=f"t{at}", all=(common[at % COMMON], f"{words[at % len(words)]} nobody{at}"))
            for at in range(many)
        ]
        lines.append(_line(f"{many} topics of a common word and a name that nobody has", topics, articles))
    return lines


def _line(what: str, topics: list[Topic], articles: dict[str, Document]) -> Line:
    find_matches(topics, {})
    cost = Cost()
    with spent(cost):
        matches, _ = find_matches(topics, articles)
    return Line(
        what=f"topics: {what} over {len(articles)} articles, CPU an article",
        value=f"{cost.cpu / len(articles) * 1000:.1f} ms",
        beside=f"{len(matches)} matches, {cost.wall:.2f} s in all",
    )
