"""The columns of an article that are searched: made here when it is kept, so that every server finds the same. Pure."""

from collections.abc import Mapping
from itertools import chain
from typing import TypeAlias

from copydesk.query.seen import see, whole_milliseconds

__all__ = ["columns_of"]

Column: TypeAlias = "str | int | list[str]"


def columns_of(record: Mapping[str, object]) -> dict[str, Column]:
    """What is searched of an article's record; columns that would be empty are absent.

    `exact_` and `stem_` have a word at the same places, `loose_` further forms of words; `body` are standfirst and
    text, in rows that lie apart. `labels` are its properties, `dated_at` when it was published or first seen.
    """
    seen = see(record)
    body = [field for field in seen.body if field.tokens]
    columns: dict[str, Column] = {
        "exact_title": " ".join(seen.title.words),
        "stem_title": " ".join(seen.title.stems),
        "loose_title": sorted(seen.title.loose),
        "exact_body": [" ".join(field.words) for field in body],
        "stem_body": [" ".join(field.stems) for field in body],
        "loose_body": sorted(set(chain.from_iterable(field.loose for field in body))),
        "labels": sorted(seen.labels),
    }
    if seen.dated_at is not None:
        columns["dated_at"] = whole_milliseconds(seen.dated_at)
    return {name: column for name, column in columns.items() if column not in ("", [])}
