"""What is recorded of families and stories, by the addresses in them, and whether all that says so agrees.

Of a record only those are looked at that an article is in: earlier ones stay, pointing to their heirs. Left out is what
tells the way there (elections, absorbed ids) and a list of kin that is longer than it must be, which is so until the
next decision when a worker died before it shortened that.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from copydesk.index import Body, Kind
from copydesk.index.mapping import PROPERTIES
from copydesk.index.records import from_record, texts_of
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord

__all__ = ["families_of", "odds", "stories_of"]

Rows: TypeAlias = Mapping[Kind, Mapping[str, Body]]
Names: TypeAlias = Mapping[str, str]
"""Addresses by ids."""


def families_of(rows: Rows, names: Names) -> dict[str, Any]:
    """Each family by its addresses: its original, whose it is, and who carries how much of it."""
    return {
        _key(one.members, names): {
            "original": names.get(one.original, one.original),
            "agency": one.agency,
            "publishers": one.publishers,
            "carriers": {names.get(c.article, c.article): round(c.share, 6) for c in one.carriers},
            "merged": one.merged_into is not None,
        }
        for one in _families(rows).values()
    }


def stories_of(rows: Rows, names: Names) -> dict[str, Any]:
    """Each story by its addresses: its families, and the story it follows."""
    families, stories = _families(rows), _stories(rows)
    members = {
        id_: [text for name in one.families if name in families for text in families[name].members]
        for id_, one in stories.items()
    }
    return {
        _key(members[id_], names): {
            "families": sorted(_key(families[n].members, names) for n in one.families if n in families),
            "follows": _key(members.get(one.follows, [one.follows]), names) if one.follows else None,
            "merged": one.merged_into is not None,
        }
        for id_, one in stories.items()
    }


def odds(rows: Rows, names: Names) -> list[str]:
    """What an article, its judgement and the records of its family and story say differently of it."""
    return sorted(f"{names[id_]}: {what}" for id_ in rows[Kind.ARTICLES] for what in _odds(rows, id_))


def _odds(rows: Rows, id_: str) -> Iterator[str]:
    article, judged = rows[Kind.ARTICLES][id_], rows[Kind.JUDGEMENTS].get(id_, {})
    for name in PROPERTIES[Kind.JUDGEMENTS]:
        if article.get(name) != judged.get(name):
            yield f"{name} is not as it was judged"
    if rows[Kind.FINGERPRINTS].get(id_, {}).get("checksum") != article["checksum"]:
        yield "the fingerprint is of another text"
    family = _families(rows).get(str(article["family"]))
    story = _stories(rows).get(str(article["story"]))
    if family is None or id_ not in family.members or family.story != article["story"]:
        yield "its family's record is of others"
    elif (article.get("duplicate_of") or id_) != family.original:
        yield "its family's record has another original"
    if story is None or article["family"] not in story.families:
        yield "its story's record is of others"
    elif id_ not in texts_of(rows[Kind.STORIES].get(story.root, {}), "kin"):
        yield "its story's root does not list it"


def _families(rows: Rows) -> dict[str, FamilyRecord]:
    found = {str(body["family"]) for body in rows[Kind.ARTICLES].values()} & rows[Kind.FAMILIES].keys()
    return {id_: from_record(FamilyRecord, rows[Kind.FAMILIES][id_]) for id_ in sorted(found)}


def _stories(rows: Rows) -> dict[str, StoryRecord]:
    found = {str(body["story"]) for body in rows[Kind.ARTICLES].values()} & rows[Kind.STORIES].keys()
    return {id_: from_record(StoryRecord, rows[Kind.STORIES][id_]) for id_ in sorted(found)}


def _key(ids: Iterable[str], names: Names) -> str:
    return " ".join(sorted(names.get(id_, id_) for id_ in ids))
