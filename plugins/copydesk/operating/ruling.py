"""Rule: a person says which texts are (not) copies, and which are (not) one story.

A ruling (`index/rulings.py`) is about pairs of texts and is written beside the archive before it takes effect;
judging obeys it from then on, whatever else comes, and so does replay. A later ruling counts for more than an earlier
one.
"""

import hashlib
import logging
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, product

import orjson

from copydesk.errors import ConfigError
from copydesk.index import Index, Kind
from copydesk.index.article import judgements_of
from copydesk.index.judgement import Judgement, Ruling, Verdict
from copydesk.index.records import from_record, to_record
from copydesk.index.rulings import keep_rulings
from copydesk.judging.applying import look_again, relatives
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord
from copydesk.ports import Archive, Ports
from copydesk.storing.settling import settle
from copydesk.urls import url_key
from copydesk.views.articles import articles_at

__all__ = ["join", "load_rulings", "split"]

log = logging.getLogger(__name__)

FOLDER = "rulings"


def split(ports: Ports, addresses: Sequence[str], *, story: bool = False) -> dict[str, Judgement]:
    """Part articles from the others of their families, or from all else in their stories; how they are judged now.

    Of several articles that were together nothing is said among themselves. For a story their whole families go.
    Raises ConfigError when an address is not known, or when there is nothing to part an article from.
    """
    named = _articles(ports.index, addresses)
    judged = judgements_of(ports.index, list(named))
    pairs: list[tuple[str, str]] = []
    for id_, judgement in judged.items():
        family, others = _family(ports.index, judgement), set(judged)
        rest = _story(ports.index, judgement) - family - others if story else family - others
        if not rest:
            what = "its story has no other family" if story else "its family has no other article"
            raise ConfigError(f"{named[id_]}: nothing to split it from, {what}")
        pairs += product([id_], sorted(rest))
    return _rule(ports, judged, pairs, Verdict.NO_STORY if story else Verdict.NO_COPIES)


def join(ports: Ports, addresses: Sequence[str], *, story: bool = False) -> dict[str, Judgement]:
    """Put articles into one family with all that are copies of them, or into one story; how they are judged now.

    Raises ConfigError when an address is not known, or when there are not two different articles.
    """
    named = _articles(ports.index, addresses)
    if len(named) < 2:  # noqa: PLR2004 (a join is of two)
        raise ConfigError("join: give the addresses of two different articles")
    return _rule(ports, named, combinations(named, 2), Verdict.STORY if story else Verdict.COPIES)


def load_rulings(index: Index, archive: Archive) -> int:
    """Bring every ruling that stands beside the archive into the index; how many pairs they are about."""
    rulings = [
        from_record(Ruling, body)
        for name in archive.names(FOLDER)
        for body in orjson.loads(archive.load(name) or b"[]")
    ]
    keep_rulings(index, rulings)
    return len(rulings)


def _articles(index: Index, addresses: Sequence[str]) -> dict[str, str]:
    """The judged articles at addresses, by id, they and their relatives in line with how they are judged."""
    down = index.get(Kind.TAKEDOWNS, [url_key(address) for address in addresses])
    for address in addresses:
        if url_key(address) in down:
            raise ConfigError(f"{address}: was taken out with `copydesk forget`")
    named = {
        one.document.id: address
        for one, address in zip(articles_at(index, addresses), addresses, strict=True)
    }
    judged = judgements_of(index, list(named))
    for id_, address in named.items():
        if id_ not in judged:
            raise ConfigError(f"{address}: not judged yet")
    settle(index, relatives(index, named))  # a call that was cut off may have judged what no article says yet
    return named


def _family(index: Index, judgement: Judgement) -> set[str]:
    rows = index.get(Kind.FAMILIES, [judgement.family])
    return {id_ for row in rows.values() for id_ in from_record(FamilyRecord, row.body).members}


def _story(index: Index, judgement: Judgement) -> set[str]:
    rows = index.get(Kind.STORIES, [judgement.story])
    names = [name for row in rows.values() for name in from_record(StoryRecord, row.body).families]
    families = index.get(Kind.FAMILIES, names)
    return {id_ for row in families.values() for id_ in from_record(FamilyRecord, row.body).members}


def _rule(
    ports: Ports, judged: Collection[str], pairs: Iterable[tuple[str, str]], verdict: Verdict
) -> dict[str, Judgement]:
    """Write rulings down, then let them take effect."""
    index, at = ports.index, ports.now()
    pairs = list(pairs)
    names = _names(index, {id_ for pair in pairs for id_ in pair})
    rulings = [
        Ruling(
            one=min(pair),
            other=max(pair),
            verdict=verdict,
            at=at,
            told=tuple(sorted({*names[pair[0]], *names[pair[1]]})),
        )
        for pair in pairs
    ]
    content = orjson.dumps([to_record(ruling) for ruling in rulings])
    name = f"{at:%Y%m%dT%H%M%S%f}-{hashlib.sha256(content).hexdigest()[:16]}"
    ports.archive.save(f"{FOLDER}/{name}.json", content)
    keep_rulings(index, rulings)
    index.refresh(Kind.FINGERPRINTS)
    changed = look_again(index, judged)
    settle(index, changed - set(judged))
    settle(index, judged)
    log.info("rule verdict=%s pairs=%d changed=%d", verdict, len(rulings), len(changed))
    return judgements_of(index, list(judged))


def _names(index: Index, ids: Collection[str]) -> dict[str, list[str]]:
    """For each text all ids its story was ever known under."""
    judged = judgements_of(index, sorted(ids))
    rows = index.get(Kind.STORIES, sorted({judgement.story for judgement in judged.values()}))
    absorbed = {id_: from_record(StoryRecord, row.body).absorbed for id_, row in rows.items()}
    return {id_: [judgement.story, *absorbed.get(judgement.story, ())] for id_, judgement in judged.items()}
