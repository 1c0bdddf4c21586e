"""Trying: what changed rules would make of archived pages, before `replay` applies them. Writes nothing.

The newest capture of each page is read anew and laid beside what the index holds of it, or beside another reading.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from copydesk.index import Index, Kind
from copydesk.index.article import articles_of
from copydesk.index.records import load
from copydesk.index.state import CaptureRecord
from copydesk.model import Capture, Document, Rejection, Removed
from copydesk.outcomes import CaptureOutcome
from copydesk.ports import Archive
from copydesk.segments import begun_at
from copydesk.segments.contents import contents_of
from copydesk.urls import url_key

__all__ = [
    "Change",
    "Reading",
    "Summary",
    "Trial",
    "compare",
    "in_order",
    "newest_captures",
    "reading_of",
    "stored",
    "summarize",
    "trials",
    "without",
]

AT_ONCE = 200
"""Captures worked on together, as the pipeline does."""

ELSEWHERE = "extraction"
"""The reason of a line that one of two readings neither keeps nor removes: page or extractor did it."""

Answer = Document | Rejection


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page gives: its lines kept and removed, or why it was rejected."""

    title: str = ""
    language: str = ""
    kept: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One page read before and after the change; before is None when there is nothing to compare with."""

    url: str
    before: Reading | None
    after: Reading


@dataclass(frozen=True, slots=True)
class Change:
    """How the reading of a page changes.

    Attributes:
        trial: Both readings.
        taken: Lines kept before and not now, with the rule that takes them and their number among those kept before.
        given: Lines kept now and not before, with the rule that took them and their number among those kept now.
    """

    trial: Trial
    taken: tuple[Removed, ...] = ()
    given: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a change does to many pages.

    Attributes:
        counts: Pages by what happens to them; one page may count more than once. "uncompared" had no baseline.
        taken: Lines kept before and not now, by rule.
        given: Lines kept now and not before, by rule.
        samples: Some of the changes, spread over the pages by their address.
    """

    counts: Counter[str]
    taken: Counter[str]
    given: Counter[str]
    samples: tuple[Change, ...]


def newest_captures(archive: Archive, since: datetime, until: datetime) -> Iterator[Capture]:
    """The newest capture of each page, of segments begun in a stretch of time; the newest segment first.

    Segments that cannot be read are named in the log.
    """
    seen: set[str] = set()
    for segment in reversed(archive.segments()):
        if since <= begun_at(segment) < until:
            for page in reversed(contents_of(archive, [segment.name]).pages.values()):
                if page.capture.url not in seen:
                    seen.add(page.capture.url)
                    yield page.capture


def trials(
    captures: Iterable[Capture],
    read: Callable[[Sequence[Capture]], Iterable[Answer]],
    baseline: Callable[[Sequence[Capture], Sequence[Answer]], Sequence[Reading | None]],
) -> Iterator[Trial]:
    """Read pages anew, and lay each beside its baseline."""
    waiting = iter(captures)
    while batch := list(islice(waiting, AT_ONCE)):
        answers = list(read(batch))
        for capture, answer, before in zip(batch, answers, baseline(batch, answers), strict=True):
            yield Trial(capture.url, before, reading_of(answer))


def stored(index: Index, captures: Sequence[Capture], answers: Sequence[Answer]) -> list[Reading | None]:
    """What the index holds of captures; None where it holds a later state, or has not worked on the capture yet."""
    records = load(index, Kind.CAPTURES, CaptureRecord, [capture.id for capture in captures])
    articles = {
        capture.id: _article(records.get(capture.id), answer)
        for capture, answer in zip(captures, answers, strict=True)
    }
    found = articles_of(index, [id_ for id_ in articles.values() if id_])
    known = {id_: article.document for id_, article in found.items()}
    return [_held(capture, records.get(capture.id), known.get(articles[capture.id])) for capture in captures]


def _article(record: CaptureRecord | None, answer: Answer) -> str:
    """The id of the article a capture belongs to; "" when nobody can say."""
    if record and record.article:
        return record.article
    return answer.id if isinstance(answer, Document) else ""


def _held(capture: Capture, record: CaptureRecord | None, article: Document | None) -> Reading | None:
    if record and record.outcome is CaptureOutcome.REJECTED:
        return Reading(rejected=str(record.reason or record.outcome))
    return reading_of(article) if article and article.fetched_at <= capture.fetched_at else None


def reading_of(answer: Answer) -> Reading:
    """A document or a rejection as a reading. Pure."""
    if isinstance(answer, Rejection):
        return Reading(rejected=f"{answer.reason} {answer.detail}".strip())
    return Reading(answer.title, answer.language, tuple(answer.text.split("\n")), answer.removed)


def without(reading: Reading, rule: str) -> Reading:
    """The reading as it would be had a rule taken nothing. Pure."""
    kept: list[str] = []
    removed: list[Removed] = []
    for text, reason in in_order(reading.kept, reading.removed):
        if reason in {"", rule}:
            kept.append(text)
        else:
            removed.append(Removed(text, reason, len(kept)))
    return replace(reading, kept=tuple(kept), removed=tuple(removed))


def in_order(kept: Sequence[str], removed: Sequence[Removed]) -> Iterator[tuple[str, str]]:
    """All lines of a page as they stood, each with the rule that took it, or "". Pure."""
    gone: dict[int, list[Removed]] = defaultdict(list)
    for line in removed:
        gone[line.place].append(line)
    for place in range(len(kept) + 1):
        yield from ((line.text, line.reason) for line in gone[place])
        yield from ((text, "") for text in kept[place : place + 1])


def compare(trial: Trial, rule: str = "") -> Change | None:
    """What changes on a page; of the lines only those a rule takes or took, if one is given. Pure.

    None when nothing changes, or there is nothing to compare with. A rejected page has no lines; that it is
    rejected counts whatever rule is asked for.
    """
    before, after = trial.before, trial.after
    if before is None or (before.rejected and after.rejected):
        return None
    if before.rejected or after.rejected:
        return Change(trial)
    taken = _missing(before.kept, after.kept, after.removed)
    given = _missing(after.kept, before.kept, before.removed)
    if rule:
        taken, given = ([line for line in lines if line.reason == rule] for lines in (taken, given))
    same = rule or (before.title, before.language) == (after.title, after.language)
    return None if same and not taken and not given else Change(trial, tuple(taken), tuple(given))


def _missing(lines: Sequence[str], others: Sequence[str], removed: Sequence[Removed]) -> list[Removed]:
    """The lines that are not among the others, with the reason found among the removed, and their number."""
    reasons = {line.text: line.reason for line in removed}
    left = Counter(lines) - Counter(others)
    found = []
    for place in range(len(lines) - 1, -1, -1):  # of a line that stands twice rules take the later one
        text = lines[place]
        if left[text] > 0:
            left[text] -= 1
            found.append(Removed(text, reasons.get(text, ELSEWHERE), place))
    return found[::-1]


def summarize(tried: Iterable[Trial], *, rule: str = "", samples: int = 10) -> Summary:
    """Count what changes, and keep some samples: the same ones for the same pages. Pure."""
    counts: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    given: Counter[str] = Counter()
    held: list[Change] = []
    for trial in tried:
        counts.update(["pages", *(["uncompared"] if trial.before is None else [])])
        change = compare(trial, rule)
        if change is not None:
            counts.update(["changed", *_kinds(change, rule)])
            taken.update(line.reason for line in change.taken)
            given.update(line.reason for line in change.given)
            held = heapq.nsmallest(samples, [*held, change], key=lambda one: url_key(one.trial.url))
    return Summary(counts, taken, given, tuple(held))


def _kinds(change: Change, rule: str) -> Iterator[str]:
    before, after = change.trial.before, change.trial.after
    if before is None:
        return
    if after.rejected:
        yield "emptied"
    elif before.rejected:
        yield "filled"
    elif not rule:
        yield from ["titles"] * (before.title != after.title)
        yield from ["languages"] * (before.language != after.language)
