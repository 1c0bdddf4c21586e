"""The README's picture: an alert, its story with the copies folded, and a page before and after cleaning.

`make picture` prints it: a small news world through the street, in memory. After a change that is meant:
COPYDESK_TEST_KEEP=1 with `tests/street/test_docs_picture.py` writes the README's anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import newsworld
from copydesk.channels.log import LogChannel, render
from copydesk.index.article import Article
from copydesk.index.records import from_record
from copydesk.model import Alert, Document
from copydesk.operating.previewing import in_order
from copydesk.topic import Topic
from made.streets import papers, run

__all__ = ["picture"]

SEED, TOPIC, WIDTH = 1, "town-watch", 100
MOST_KEPT = 3
"""Lines of the page that are shown though nothing was removed there."""


def picture() -> str:
    """All three, as text."""
    world = newsworld.build(SEED, "demo")
    topics = [Topic.model_validate(asdict(topic)) for topic in newsworld.topics(world)]
    outcome = run(papers(world), topics)
    alert = from_record(Alert, next(body for body in outcome.alerts if body["topic"] == TOPIC))
    articles = [from_record(Article, body) for body in outcome.articles.values()]
    story = [article for article in articles if article.judgement.story == alert.story]
    story.sort(key=lambda one: (one.document.published_at or one.document.fetched_at, one.document.url))
    parts = (
        ("One alert for the whole story, as the channel `log` tells it", _alert(alert)),
        ("The story: its originals, and under each the copies", _folded(story)),
        ("One of its pages: cleaning keeps the lines without a minus", _page(story)),
    )
    return "\n".join("\n".join((title, *map(_cut, lines), "")) for title, lines in parts).rstrip() + "\n"


def _cut(line: str) -> str:
    return "  " + (line if len(line) <= WIDTH else f"{line[: WIDTH - 1].rstrip()}…")


def _alert(alert: Alert) -> Iterator[str]:
    text = render(LogChannel(kind="log"), [alert], (), "").body.decode()
    said, _, address = text.rpartition(" ")
    title, _, rest = said.partition(" (")
    yield from (title, f"({rest}", address)


def _folded(story: Sequence[Article]) -> Iterator[str]:
    for original in story:
        if original.judgement.duplicate_of is not None:
            continue
        yield _named(original)
        for copy in story:
            if copy.judgement.duplicate_of == original.document.id:
                yield f"  copy  {_named(copy)}"


def _named(article: Article) -> str:
    return f"{article.document.outlet}: {article.document.title}"


def _page(story: Sequence[Article]) -> Iterator[str]:
    """The page of which the greatest share of lines was removed; of the lines that stay the first ones."""
    document = max((one.document for one in story), key=_share_removed)
    kept = 0
    for text, reason in in_order(document.text.split("\n"), document.removed):
        kept += not reason
        if reason:
            yield f"- {text}  [{reason}]"
        elif kept <= MOST_KEPT:
            yield f"  {text}"
        elif kept == MOST_KEPT + 1:
            yield f"  … and {document.text.count(chr(10)) + 1 - MOST_KEPT} lines more"


def _share_removed(document: Document) -> float:
    return len(document.removed) / (len(document.removed) + document.text.count("\n") + 1)


if __name__ == "__main__":
    print(picture(), end="")  # noqa: T201 (a program, here)
