"""`judge`: which texts are copies of which, without a server."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, cast

import typer

from copydesk.cli.given import PLAIN, made, of_file
from copydesk.cli.jsonl import Jsonl, Row, read_rows, text_of
from copydesk.cli.output import AsJson, emit, table, working
from copydesk.connect import memory_index, open_reader
from copydesk.dates import moment
from copydesk.errors import ConfigError
from copydesk.index import Body
from copydesk.index.judgement import Evidence
from copydesk.index.records import to_record
from copydesk.model import Capture
from copydesk.views.texts import Id, JudgedText, judge_texts

__all__ = ["register"]

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside are mistakes: there was no news on the web."""
TICK = timedelta(milliseconds=1)
MOST_HELD = 1000


def judge(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Texts or pages, one a file.")
    ] = None,
    *,
    jsonl: Jsonl = None,
    as_json: AsJson = False,
) -> None:
    """Say which texts are copies of which, without a server.

    --jsonl takes lines {"id", "source", "published", "title", "text"} in the order in which they came, cleans the
    texts as `read` does, and after the last one gives a line each, in order, as --json does: {"id", "duplicate_of"
    (null for an original), "family", "story", "contains" (the texts that a roundup holds), "evidence"}.
    """
    if (jsonl is None) == (not files):
        raise ConfigError("judge: give files, or --jsonl FILE")
    texts = _texts(jsonl) if jsonl is not None else _files(files or [])
    with open_reader() as child, working("judging"):
        answers = list(judge_texts(child, memory_index(), texts))
    if jsonl is not None or as_json:
        for answer in answers:
            emit(_row(answer))
    else:
        _show_families(answers)


def _texts(file: Path) -> Iterator[tuple[Id, Capture]]:
    for row, at in _dated(read_rows(file)):
        capture = made(f"inbox:{row['id']}", text_of(row, "text").encode(), PLAIN, at)
        outlet = text_of(row, "source") or "unknown"
        yield (
            cast("Id", row["id"]),
            replace(
                capture,
                outlet=outlet,
                publisher=outlet,
                entry_title=text_of(row, "title") or None,
                entry_published_at=_published(row),
            ),
        )


def _files(names: list[str]) -> Iterator[tuple[Id, Capture]]:
    for name in names:
        # two texts of one outlet share its furniture; these are taken for texts of different ones
        yield name, replace(of_file(name), outlet=name, publisher=name)


def _dated(rows: Iterable[Row]) -> Iterator[tuple[Row, datetime]]:
    """Rows with the time at which they came: their own, else just after the one before.

    The first ones without a time are held back until one has it, lest they lie years away from the others.
    """
    held: list[Row] = []
    at: datetime | None = None
    for row in rows:
        said = _published(row)
        if at is None and said is None and len(held) < MOST_HELD:
            held.append(row)
            continue
        at = said or (at or EARLIEST) + TICK
        yield from ((one, at - TICK) for one in held)
        held.clear()
        yield row, at
    yield from ((one, EARLIEST + number * TICK) for number, one in enumerate(held))


def _published(row: Row) -> datetime | None:
    said = moment(text_of(row, "published"))
    return said if said and EARLIEST < said < LATEST else None


def _row(answer: JudgedText) -> Body:
    evidence = None
    if answer.evidence is not None:
        evidence = {**to_record(answer.evidence), "other": answer.nearest}
    row: Body = {
        "id": answer.id,
        "duplicate_of": answer.duplicate_of,
        "family": answer.family,
        "story": answer.story,
        "contains": answer.contains,
        "evidence": evidence,
    }
    return {**row, "rejected": answer.rejected} if answer.rejected else row


def _show_families(answers: Sequence[JudgedText]) -> None:
    """A table of the texts, those of one family together, in the order in which stories and families begin."""
    stories = {story: number for number, story in enumerate(dict.fromkeys(a.story for a in answers), 1)}
    families = {name: number for number, name in enumerate(dict.fromkeys(a.family for a in answers), 1)}
    ordered = sorted(answers, key=lambda a: (stories[a.story], families[a.family]))
    holding = {a.id: families[a.family] for a in answers}
    rows = [
        [str(stories[a.story]), str(families[a.family]), str(a.id), _standing(a, holding)] for a in ordered
    ]
    table(["story", "family", "text", "is"], rows)


def _standing(answer: JudgedText, families: Mapping[Id, int]) -> str:
    """What a text is among the others, given the number of each text's family."""
    if answer.rejected:
        return f"not read: {answer.rejected}"
    if answer.contains:
        held = sorted({families[item] for item in answer.contains})
        return f"a roundup of families {', '.join(map(str, held))}"
    if answer.duplicate_of is None:
        return "original"
    evidence = answer.evidence or Evidence(other="")
    nearer = "" if answer.nearest in {answer.duplicate_of, None} else f" in {answer.nearest}"
    share, quotes = evidence.containment, evidence.quotes
    return f"copy of {answer.duplicate_of} ({share:.0%} of its words, {quotes} quotes{nearer})"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(rich_help_panel="Texts")(judge)
