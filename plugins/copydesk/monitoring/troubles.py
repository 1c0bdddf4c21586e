"""Troubles of Copydesk's own, and when a person is told of them. Pure.

A trouble is told once when it has lasted as long as its kind may, again every day while it lasts, and once when it
is over. A trouble that nobody was told of ends without a word.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

__all__ = ["DAILY", "Notice", "Standing", "Trouble", "decide", "untold"]

DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that a person should know of.

    Attributes:
        key: "kind" or "kind:name"; the same for as long as it lasts.
        text: One line that says what it is and, where it can be said, what to do.
        since: When it began; None when that is not known before it is first seen.
        grace: How long it may last before it is told.
        again: After how long it is told once more; None for what does not pass: again only when its text changes.
    """

    key: str
    text: str
    since: datetime | None = None
    grace: timedelta = timedelta(0)
    again: timedelta | None = DAILY

    @property
    def line(self) -> str:
        """All that is known of it as one line."""
        return f"{self.text}{f' (since {self.since:%Y-%m-%d %H:%M} UTC)' if self.since else ''}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a trouble from one look to the next; `told_at` is None while nobody was told."""

    text: str
    since: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is to be told.

    Attributes:
        id: The same however often the telling is tried.
    """

    id: str
    key: str
    state: Literal["began", "lasts", "over"]
    text: str
    since: datetime

    @property
    def line(self) -> str:
        """All of it as one line."""
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC"
        return f"over: {self.text} ({since})" if self.state == "over" else f"{self.text} ({since})"


def decide(
    before: Mapping[str, Standing],
    troubles: Sequence[Trouble],
    now: datetime,
    *,
    unknown: Collection[str] = (),
) -> tuple[list[Notice], dict[str, Standing]]:
    """What is to be told now, and what is remembered once it has been told.

    `unknown` are the kinds that could not be looked at this time: what is remembered of them stays as it is.
    """
    notices: list[Notice] = []
    after: dict[str, Standing] = {}
    for trouble in troubles:
        old = before.get(trouble.key)
        since = trouble.since or (old.since if old else now)
        told = old.told_at if old else None
        if _is_due(trouble, old, since, now):
            state: Literal["began", "lasts"] = "lasts" if told else "began"
            notices.append(_notice(trouble.key, state, trouble.text, since, told))
            told = now
        after[trouble.key] = Standing(trouble.text, since, told)
    for key, old in before.items():
        if key not in after and key.partition(":")[0] in unknown:
            after[key] = old
        elif key not in after and old.told_at is not None:
            notices.append(_notice(key, "over", old.text, old.since, old.told_at))
    return notices, after


def untold(
    after: Mapping[str, Standing], before: Mapping[str, Standing], notice: Notice
) -> dict[str, Standing]:
    """What is remembered when a notice reached nobody: it is tried again at the next look."""
    old = before.get(notice.key)
    if notice.key in after:
        told = old.told_at if old else None
        return {**after, notice.key: replace(after[notice.key], told_at=told)}
    return {**after, **({notice.key: old} if old else {})}


def _is_due(trouble: Trouble, old: Standing | None, since: datetime, now: datetime) -> bool:
    if old is None or old.told_at is None:
        return now - since >= trouble.grace
    if trouble.again is None:
        return trouble.text != old.text
    return now - old.told_at >= trouble.again


def _notice(
    key: str,
    state: Literal["began", "lasts", "over"],
    text: str,
    since: datetime,
    told: datetime | None,
) -> Notice:
    made_of = f"{key} {state} {since.isoformat()} {told.isoformat() if told else ''}"
    return Notice(hashlib.sha256(made_of.encode()).hexdigest()[:32], key, state, text, since)
