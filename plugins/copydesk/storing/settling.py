"""Settle: judgements → the articles that show them; and which articles another state was judged of."""

import logging
from collections.abc import Iterable

from copydesk.index import Index, Kind
from copydesk.index.article import JudgementRecord, articles_of, judgements_of
from copydesk.index.records import load
from copydesk.judging.candidates import load_texts
from copydesk.model import Document
from copydesk.storing.writing import article_write

__all__ = ["outdated", "settle"]

log = logging.getLogger(__name__)

ROUNDS = 20
"""How often an article is brought in line anew because somebody else wrote it meanwhile."""


def settle(index: Index, ids: Iterable[str]) -> None:
    """Bring articles in line with their judgements. Idempotent; articles that do not exist are left alone.

    One that Elasticsearch refuses stays as it was until its family is settled again, and is named in the log.
    """
    waiting = sorted(set(ids))
    for _ in range(ROUNDS):
        judgements = judgements_of(index, waiting)
        writes = [
            article_write(article.document, judgements[id_])
            for id_, article in articles_of(index, waiting).items()
            if id_ in judgements and article.judgement != judgements[id_]
        ]
        answers = list(zip(writes, index.write(writes), strict=True))
        for write, answer in answers:
            if answer.status == "refused":
                log.error("settle article=%s is refused: %s", write.id, answer.reason)
        waiting = [write.id for write, answer in answers if answer.status == "conflict"]
        if not waiting:
            return


def outdated(index: Index, ids: Iterable[str]) -> list[Document]:
    """What the articles say of which another state was fingerprinted or judged.

    That happens when two workers have two captures of an article in hand. Each of them asks this last of all, so
    whoever wrote last mends it.
    """
    articles = articles_of(index, sorted(ids))
    texts = load_texts(index, articles)
    judged = load(index, Kind.JUDGEMENTS, JudgementRecord, sorted(articles))
    return [
        article.document
        for id_, article in articles.items()
        if any(id_ in state and state[id_].checksum != article.document.checksum for state in (texts, judged))
    ]
