"""Copy families: `family` shows where a text went; `split` and `join` decide by hand what belongs together."""

from collections.abc import Mapping
from typing import Annotated

import typer

from copydesk.cli.output import AsJson, emit, out, table
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.errors import ConfigError
from copydesk.index import Body, Kind
from copydesk.index.article import judgements_of
from copydesk.index.judgement import Evidence, Judgement
from copydesk.index.records import from_record, to_record
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.operating import ruling
from copydesk.ports import Ports
from copydesk.views.addresses import articles_at

__all__ = ["register"]

Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="The addresses of articles.")]
Story = Annotated[bool, typer.Option("--story", help="Of the same event, whether or not they are copies.")]


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
        record, carriers = _family(ports, address)
    if as_json:
        fields = to_record(record)
        names = ("id", "story", "original", "agency", "publishers", "elections")
        emit({**{name: fields.get(name) for name in names}, "carriers": carriers})
        return
    agency = f"a text of {record.agency}" if record.agency else "no agency named"
    out.print(
        f"{agency}; {len(record.carriers)} articles, {record.publishers} publishers, "
        f"first {record.carriers[0].outlet}",
        markup=False,
    )
    rows = [["*" if carrier["article"] == record.original else "", *_cells(carrier)] for carrier in carriers]
    table(["", "outlet", "publisher", "when", "wire", "rests on"], rows, numbers=[4])
    for one in record.elections[:-1]:
        was = next((c["url"] for c in carriers if c["article"] == one.original), one.original)
        out.print(f"original from {one.since:%Y-%m-%d %H:%M} UTC: {was}", markup=False)


def _family(ports: Ports, address: str) -> tuple[FamilyRecord, list[Body]]:
    (row,) = articles_at(ports.index, [address])
    judged = judgements_of(ports.index, [row.id])
    if row.id not in judged:
        raise ConfigError(f"{address}: not judged yet")
    found = ports.index.get(Kind.FAMILIES, [judged[row.id].family])
    record = from_record(FamilyRecord, found[judged[row.id].family].body)
    members = judgements_of(ports.index, record.members)
    urls = {
        id_: article.body["url"] for id_, article in ports.index.get(Kind.ARTICLES, record.members).items()
    }
    return record, [
        {
            **to_record(carrier),
            "url": urls.get(carrier.article, carrier.article),
            "evidence": _evidence(members.get(carrier.article)),
        }
        for carrier in record.carriers
    ]


def _evidence(judgement: Judgement | None) -> Body | None:
    return to_record(judgement.evidence) if judgement is not None and judgement.evidence is not None else None


def _cells(carrier: Body) -> list[str]:
    evidence = carrier["evidence"]
    rests = from_record(Evidence, evidence) if isinstance(evidence, Mapping) else None
    return [
        str(carrier["outlet"]),
        str(carrier["publisher"]),
        str(carrier["at"])[:16].replace("T", " "),
        f"{float(str(carrier['share'])):.0%}",
        _words(rests) if rests is not None else "",
    ]


def _words(evidence: Evidence) -> str:
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
    for command in (family, split, join):
        app.command()(command)
