"""Crowded events as a set of texts with the truth beside them. Pure, by seed."""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from newsworld.crowd import own, papers, wire
from newsworld.crowd.facts import DAY, HOUR, HOURS_APART, events
from newsworld.crowd.model import Draft, Event, Kind, Line, Row
from newsworld.crowd.phrases import chance
from newsworld.crowd.shelf import Shelf, shelf

MOST_TEXTS, MOST_EVENTS = 50_000, 10
OWN: Mapping[Kind, float] = {"same-event": 0.10, "roundup": 0.04, "thread": 0.03, "form": 0.04}
SINGLES, MOST_SINGLES = 0.06, 240
"""Shares of what carries no running report. More singles would repeat the news world's sentences too often."""
GERMAN = 0.2
TEXTS_A_DAY, FEWEST_DAYS = 300, 2
"""Copies of running reports: an event with more of them goes on for longer."""
WIDE = 3
"""Reports that nearly every outlet has."""
LARGEST = {"en": 58, "de": 22}
"""Copies of one report: every outlet, and some of them twice."""


def crowd(texts: int, events_: int, seed: int, start: dt.datetime) -> list[Row]:
    """So many texts of so many events, in order of time; the same arguments give the same texts.

    Another start changes the dates, and the days of the week by which texts name them.

    Raises:
        ValueError: if there are too few or too many texts or events, or the start has no time zone.
    """
    if not 1 <= events_ <= MOST_EVENTS:
        raise ValueError(f"events: expected 1 to {MOST_EVENTS}, got {events_}")
    if not events_ <= texts <= MOST_TEXTS:
        raise ValueError(f"texts: expected {events_} to {MOST_TEXTS:,}, got {texts:,}")
    if start.tzinfo is None:
        raise ValueError("start: expected a date with a time zone")
    drafts = sorted(_drafts(texts, events_, seed, start), key=lambda draft: draft.at)
    return [_row(f"crowd{seed}-{number + 1:05}", draft, start) for number, draft in enumerate(drafts)]


def _row(id_: str, draft: Draft, start: dt.datetime) -> Row:
    return Row(
        id=id_,
        source=draft.source,
        published=(start + dt.timedelta(seconds=draft.at)).isoformat(),
        title=draft.title,
        text="\n".join(draft.paragraphs),
        family=draft.family,
        story=draft.story,
        kind=draft.kind,
        agency=draft.agency,
    )


def _drafts(texts: int, count: int, seed: int, start: dt.datetime) -> Iterator[Draft]:
    second_of_day = start.hour * HOUR + start.minute * 60 + start.second
    all_events = events(count, seed, start.weekday(), second_of_day)
    singles = min(MOST_SINGLES, round(texts * SINGLES))
    shares = [(texts - singles) // count + (place < (texts - singles) % count) for place in range(count)]
    sizes = {
        line: size
        for event, share in zip(all_events, shares, strict=True)
        for line, size in _sizes(event, share - sum(_own_counts(share).values())).items()
    }
    spread = DAY * FEWEST_DAYS + HOUR * HOURS_APART * (count - 1)
    german = round(singles * GERMAN)
    shelves = {}
    for language, number in (("en", singles - german), ("de", german)):
        weekday = (start.weekday(), second_of_day)
        asides = own.asides(language, number, seed, weekday, papers.OUTLETS[language], spread)
        yield from asides
        lines = [line for line in sizes if line.language == language]
        shelves[language] = shelf(language, lines, asides)
    for event, share in zip(all_events, shares, strict=True):
        yield from _of_event(
            event, share, {line: n for line, n in sizes.items() if line.event is event}, shelves
        )


def _own_counts(share: int) -> dict[Kind, int]:
    return {kind: round(share * part) for kind, part in OWN.items()}


def _sizes(event: Event, total: int) -> dict[Line, int]:
    """How many copies each running report has: the second half as many as the first, the third a third, and so on."""
    lines = wire.reports(event, FEWEST_DAYS + total // TEXTS_A_DAY)
    chance(event.key, "sizes").shuffle(lines)
    first = [line for line in lines if line.language == "en"][:WIDE]  # German has too few outlets for it
    lines = [*first, *(line for line in lines if line not in first)]
    share = total / sum(1 / (rank + 1) for rank in range(len(lines)))
    sizes = [min(LARGEST[line.language], int(share / (rank + 1))) for rank, line in enumerate(lines)]
    left = total - sum(sizes)
    for ranks in (range(len(lines) // 4), range(len(lines))):  # what is over makes the large ones larger
        for rank in itertools.islice(itertools.cycle(ranks), LARGEST["en"] * len(ranks)):
            more = left > 0 and sizes[rank] < LARGEST[lines[rank].language]
            sizes[rank] += more
            left -= more
    return {line: size for line, size in zip(lines, sizes, strict=True) if size}


def _of_event(
    event: Event, share: int, sizes: Mapping[Line, int], shelves: Mapping[str, Shelf]
) -> Iterator[Draft]:
    made = 0
    for line, size in sizes.items():
        for draft in papers.copies(
            line, size, shelves[line.language], chance(line.event.key, line.family, "copies")
        ):
            made += 1
            yield draft
    counts = _own_counts(share)
    counts["same-event"] += share - made - sum(counts.values())
    days = _by_day(list(sizes))
    for kind, count in counts.items():
        for number in range(count):
            rng = chance(event.key, kind, number)
            yield _own(kind, f"{event.name}-{kind}-{number + 1}", _day(days, rng), shelves, rng)


def _by_day(lines: Sequence[Line]) -> Mapping[str, list[list[Line]]]:
    """The reports of each language, by day."""
    out: dict[str, dict[int, list[Line]]] = {"en": {}, "de": {}}
    for line in lines:
        out[line.language].setdefault(line.day, []).append(line)
    return {language: list(days.values()) for language, days in out.items()}


def _day(days: Mapping[str, list[list[Line]]], rng: Random) -> list[Line]:
    german = rng.random() < GERMAN
    return rng.choice((days["de"] if german else days["en"]) or days["en"] or days["de"])


def _own(kind: Kind, name: str, lines: Sequence[Line], shelves: Mapping[str, Shelf], rng: Random) -> Draft:
    """A text of an outlet's own, within hours of a report of the day."""
    line = rng.choice(lines)
    at, source = line.times[1] + rng.randrange(600, 9 * HOUR), rng.choice(papers.OUTLETS[line.language])
    match kind:
        case "same-event":
            return own.reporter(line, source, at, rng, name)
        case "thread":
            return own.thread(lines, source, at, rng, name)
        case "roundup":
            return own.roundup(line, shelves[line.language], source, at, rng, name)
        case _:
            return own.form(line, source, at, rng, name)
