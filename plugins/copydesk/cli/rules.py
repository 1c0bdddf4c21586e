"""`rules` lists the cleaning rules; `rules try` shows what changed ones would make of the archive."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated

import typer

from copydesk.cleaning import FINDERS, RULES
from copydesk.cli.moments import moment
from copydesk.cli.output import AsJson, emit, note, out, table, working
from copydesk.cli.showing import FIELD, line, show_change
from copydesk.clock import utc_now
from copydesk.config.files import known_sources, load_sources
from copydesk.config.settings import Settings, load_settings
from copydesk.connect import open_archive, open_reader, open_server
from copydesk.errors import ConfigError, IndexUnavailable
from copydesk.index import Body, Index, Json, Kind
from copydesk.model import Capture, Document, Profile, Rejection, Removed
from copydesk.operating.previewing import (
    Change,
    Reading,
    Summary,
    newest_captures,
    reading_of,
    stored,
    summarize,
    trials,
    without,
)
from copydesk.outlets.profile import profiles_of

__all__ = ["register"]

Answers = Sequence[Document | Rejection]
Baseline = Callable[[Sequence[Capture], Answers], Sequence[Reading | None]]

WIDEST = max(len(f"{rule.name}, {rule.zone}") for rule in RULES)
NAMES = tuple(dict.fromkeys([*(rule.name for rule in RULES), *FINDERS]))

ENDS = {
    "emptied": "newly empty",
    "filled": "newly read",
    "titles": "with another title",
    "languages": "with another language",
    "uncompared": "not compared: the index holds a later state, or has not worked on them",
}
"""What happens to pages, in the words of the screen."""


def listing(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the cleaning rules with their reasons; or try changed ones on the archive."""
    if context.invoked_subcommand is not None:
        return
    for reason, rows in groupby(sorted(_described(), key=itemgetter("file")), itemgetter("reason")):
        if not as_json:
            out.print(reason, style="bold", markup=False)
        for row in rows:
            if as_json:
                emit(row)
            else:
                line(f"{row['rule']}, {row['where']}", str(row["takes"]), WIDEST, FIELD)


def try_out(
    change: Annotated[
        str,
        typer.Argument(
            metavar="RULE|FILE", help="A rule's name; or a file: changed rules (.py), or sources (.yml)."
        ),
    ],
    *,
    since: Annotated[str, typer.Option(help="How far back: 7d, or a day such as 2026-11-22.")] = "7d",
    until: Annotated[str, typer.Option(help="Where to stop, written as --since.")] = "0s",
    samples: Annotated[int, typer.Option(min=0, help="Pages shown.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Read archived pages anew and show what would change, before `replay` applies it. Writes nothing.

    Compares with what the index holds; without Elasticsearch with the reading without the change. RULE: the code as
    it stands now, and of the changes only those owed to the rule. FILE: the code with the rules of the file in the
    places of those of the same names, or behind the others; or with the selectors of these sources.

    With --json first a line of counts, then one a sample: {"url", "title", "removed", "kept": [{"text", "reason"}]}
    and, where they change, "rejected", "was_rejected", "was_title", "language", "was_language".
    """
    file = Path(change) if change.endswith((".py", ".yml", ".yaml")) else None
    rule = "" if file else change
    if rule and rule not in NAMES:
        raise ConfigError(f"{change}: no such rule, and no .py or .yml file; there are {', '.join(NAMES)}")
    module = file if file and file.suffix == ".py" else None
    settings, now = load_settings(), utc_now()
    archive = open_archive(settings.archive)
    profile = profiles_of(archive, known_sources(settings.sources))
    changed = profiles_of(archive, load_sources(file)) if file and not module else profile
    with ExitStack() as stack:
        reader = stack.enter_context(open_reader(module))
        index = _index(settings, stack)
        baseline = partial(stored, index) if index else _unchanged(rule, profile, stack)
        stack.enter_context(working("reading"))
        pages = newest_captures(archive, moment("--since", since, now), moment("--until", until, now))
        read = partial(reader.read, profile=changed)
        summary = summarize(trials(pages, read, baseline), rule=rule, samples=samples)
    if as_json:
        lines = {"removed": summary.taken, "kept": summary.given}
        emit({**summary.counts, **lines, "compared_with": "index" if index else "reading"})
        for sample in summary.samples:
            emit(_row(sample))
    else:
        _show(summary)


def _index(settings: Settings, stack: ExitStack) -> Index | None:
    """The index, if it answers and holds anything; it is not set up, lest anything be written."""
    index = open_server(settings)
    stack.callback(index.close)
    try:
        index.health()
        index.get(Kind.CAPTURES, ["any"])
    except IndexUnavailable as exc:
        note(f"{exc}; comparing with the reading without the change instead")
        return None
    return index


def _unchanged(rule: str, profile: Callable[[Capture], Profile], stack: ExitStack) -> Baseline:
    """Readings without the change, for want of an index: what `rule` took put back; or for "" without the file."""
    if rule:
        return lambda _, answers: [without(reading_of(answer), rule) for answer in answers]
    plain = stack.enter_context(open_reader())
    return lambda captures, _: [reading_of(answer) for answer in plain.read(captures, profile)]


def _described() -> Iterator[Body]:
    """A row for each rule: where it looks, what it takes, and the reason its file gives."""
    by_line = [(rule.name, str(rule.zone), rule.takes) for rule in RULES]
    for name, where, function in (*by_line, *((name, "whole text", find) for name, find in FINDERS.items())):
        module = inspect.getmodule(function)
        yield {
            "rule": name,
            "where": where,
            "takes": _first_line(function),
            "file": f"cleaning/{function.__module__.rpartition('.')[2]}.py",
            "reason": _first_line(module),
        }


def _first_line(documented: object) -> str:
    return next(iter((inspect.getdoc(documented) or "").splitlines()), "")


def _show(summary: Summary) -> None:
    for change in summary.samples:
        show_change(change)
    out.print()
    names = sorted(
        {*summary.taken, *summary.given}, key=lambda name: -summary.taken[name] - summary.given[name]
    )
    if names:
        rows = [[name, str(summary.taken[name]), str(summary.given[name])] for name in names]
        table(["lines by rule", "newly removed", "newly kept"], rows, numbers=[1, 2])
        out.print()
    counts = summary.counts
    out.print(f"{counts['pages']} pages read, {counts['changed']} change")
    for name, words in ENDS.items():
        if counts[name]:
            out.print(f"{counts[name]} {words}")


def _row(change: Change) -> Body:
    before, after = change.trial.before or Reading(), change.trial.after
    row: dict[str, Json] = {
        "url": change.trial.url,
        "title": after.title or before.title,
        "removed": [_row_of(removed) for removed in change.taken],
        "kept": [_row_of(removed) for removed in change.given],
    }
    for name in ("rejected", "title", "language"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            row |= {name: new, f"was_{name}": old}
    return row


def _row_of(removed: Removed) -> Body:
    return {"text": removed.text, "reason": removed.reason}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    commands = typer.Typer(invoke_without_command=True)
    commands.callback()(listing)
    commands.command("try")(try_out)
    app.add_typer(commands, name="rules", rich_help_panel="Texts")
