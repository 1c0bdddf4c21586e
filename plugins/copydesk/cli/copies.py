"""Copies: `why-same` shows what was judged of two articles, `family` where a text went; `split`, `join` rule on it."""

from collections.abc import Mapping
from typing import Annotated

import typer

from copydesk.cli.beside import show_beside
from copydesk.cli.output import AsJson, emit, out, table
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.index import Body
from copydesk.index.article import Article
from copydesk.index.judgement import Evidence, Judgement
from copydesk.index.records import to_record
from copydesk.operating import ruling
from copydesk.views.families import Carried, Family, family_at
from copydesk.views.pairs import Comparison, compare
from copydesk.views.verdicts import reasons, verdict

__all__ = ["register"]

PANEL = "Copies"
Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="The addresses of articles.")]
Story = Annotated[bool, typer.Option("--story", help="Of the same event, whether or not they are copies.")]


def why_same(
    one: Annotated[str, typer.Argument(metavar="ADDRESS", help="The address of an article.")],
    other: Annotated[str, typer.Argument(metavar="ADDRESS", help="The address of another one.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show two articles side by side with the runs of words they have in common, and why they are copies or not.

    With --json one line: {"verdict", "one", "other": {id, url, title, family, story, duplicate_of}, "copies",
    "related" (by the texts of the two alone), "evidence", "shares" (of either text in common), "runs"}.
    """
    with connect(load_settings(), patient=False) as ports:
        found = compare(ports.index, one, other)
    if as_json:
        emit(_compared(found))
        return
    show_beside([found.left, found.right])
    out.print()
    out.print(verdict(found), style="bold", markup=False)
    for line in reasons(found):
        out.print(line, markup=False)


def _compared(found: Comparison) -> Body:
    return {
        "verdict": verdict(found),
        "one": _named(found.left.article),
        "other": _named(found.right.article),
        "copies": found.alone.copies,
        "related": found.alone.related,
        "evidence": to_record(found.alone.evidence),
        "shares": [round(side.share, 3) for side in (found.left, found.right)],
        "runs": found.left.passages,
    }


def _named(article: Article) -> Body:
    document, judgement = article.document, article.judgement
    return {
        "id": document.id,
        "url": document.url,
        "title": document.title,
        "family": judgement.family,
        "story": judgement.story,
        "duplicate_of": judgement.duplicate_of,
    }


def family(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The address of an article.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show who carried the text of an article: when, how much of it is the wire, and what the link rests on.

    With --json one line: {"id", "story", "original", "agency", "publishers", "elections": [{"original", "since"}],
    "carriers": [{"article", "url", "outlet", "publisher", "at", "share", "evidence"}]}.
    """
    with connect(load_settings(), patient=False) as ports:
        found = family_at(ports.index, address)
    if as_json:
        emit(_family(found))
        return
    record = found.record
    agency = f"a text of {record.agency}" if record.agency else "no agency named"
    first = found.carried[0].carrier.outlet
    numbers = f"{len(found.carried)} articles, {record.publishers} publishers"
    out.print(f"{agency}; {numbers}, first {first}", markup=False)
    rows = [["*" if one.carrier.article == record.original else "", *_cells(one)] for one in found.carried]
    table(["", "outlet", "publisher", "when", "wire", "rests on"], rows, numbers=[4])
    for former in found.former:
        out.print(f"original from {former.since:%Y-%m-%d %H:%M} UTC: {former.url}", markup=False)


def _family(found: Family) -> Body:
    fields = to_record(found.record)
    names = ("id", "story", "original", "agency", "publishers", "elections")
    carriers = [
        {
            **to_record(one.carrier),
            "url": one.url,
            "evidence": to_record(one.evidence) if one.evidence is not None else None,
        }
        for one in found.carried
    ]
    return {**{name: fields.get(name) for name in names}, "carriers": carriers}


def _cells(one: Carried) -> list[str]:
    carrier = one.carrier
    when, share = f"{carrier.at:%Y-%m-%d %H:%M}", f"{carrier.share:.0%}"
    return [carrier.outlet, carrier.publisher, when, share, _rests_on(one.evidence)]


def _rests_on(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    if evidence.by_hand:
        return "joined by hand"
    return f"{evidence.kept:.0%} kept, {evidence.added:.0%} added, {evidence.quotes} quotes"


def split(addresses: Addresses, *, story: Story = False, as_json: AsJson = False) -> None:
    """Say that articles are no copies of the rest of their family, or with --story that they tell another story.

    It holds from now on, whatever else comes, until a later `join` says otherwise; replay and restore keep it.
    """
    with connect(load_settings(), patient=False) as ports:
        _show(ruling.split(ports, addresses, story=story), as_json=as_json)


def join(addresses: Addresses, *, story: Story = False, as_json: AsJson = False) -> None:
    """Say that articles are copies of one text, or with --story that they tell the same story.

    It holds from now on, whatever else comes, until a later `split` says otherwise; replay and restore keep it.
    """
    with connect(load_settings(), patient=False) as ports:
        _show(ruling.join(ports, addresses, story=story), as_json=as_json)


def _show(judged: Mapping[str, Judgement], *, as_json: bool) -> None:
    """What the articles are now, with --json a line each: {"id", "family", "story", "duplicate_of", ...}."""
    for id_, judgement in judged.items():
        if as_json:
            emit({"id": id_, **to_record(judgement)})
        else:
            standing = f"copy of {judgement.duplicate_of}" if judgement.duplicate_of else "original"
            out.print(f"{id_}: {standing}, story {judgement.story}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("why-same", rich_help_panel=PANEL)(why_same)
    for command in (family, split, join):
        app.command(rich_help_panel=PANEL)(command)
