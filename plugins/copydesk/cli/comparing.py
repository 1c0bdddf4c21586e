"""`why-same`: two articles side by side, what they have in common, and what was judged of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated

import numpy as np
import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from copydesk.cli.output import AsJson, emit, first_words, out
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.errors import ConfigError
from copydesk.index import Body, Found, Index
from copydesk.index.article import judgements_of
from copydesk.index.judgement import Evidence, Ruling, Verdict
from copydesk.index.records import texts_of, to_record
from copydesk.index.rulings import find_rulings
from copydesk.judging.candidates import load_texts
from copydesk.judging.clustering.features import Ties, evidence_of, tie
from copydesk.judging.clustering.links import copies, related
from copydesk.views.addresses import articles_at
from copydesk.views.passages import Span, common_runs, share_of

__all__ = ["panels_of", "reasons", "register", "said", "side_by_side", "verdict"]


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
        rows = articles_at(ports.index, [one, other])
        if rows[0].id == rows[1].id:
            raise ConfigError(f"{one} and {other} are one article: {rows[0].body['url']}")
        ids = [row.id for row in rows]
        texts = load_texts(ports.index, ids)
        held = {row.id: _families_held(ports.index, row) for row in rows}
        ruled = [
            ruling for ruling in find_rulings(ports.index, ids) if {ruling.one, ruling.other} == set(ids)
        ]
    if missing := [str(row.body["url"]) for row in rows if row.id not in texts]:
        raise ConfigError(f"{missing[0]}: not judged yet")
    ties = tie([texts[row.id] for row in rows])
    evidence = evidence_of(ties, 0, 1, id_=rows[1].id)
    left, right = (str(row.body["text"]) for row in rows)
    spans = common_runs(left, right)
    shares = (share_of(left, spans[0]), share_of(right, spans[1]))
    judged = verdict(rows[0], rows[1], held)
    if as_json:
        runs = [left[start:end] for start, end in spans[0]]
        emit({"verdict": judged, **_record(rows, ties, evidence, shares, runs)})
        return
    side_by_side(panels_of(rows))
    out.print()
    out.print(judged, style="bold", markup=False)
    for line in map(said, sorted(ruled, key=lambda ruling: ruling.at)):
        out.print(line, markup=False)
    for line in reasons(ties, evidence, shares):
        out.print(line, markup=False)


def _families_held(index: Index, article: Found) -> set[str]:
    """The families whose items a roundup holds."""
    items = judgements_of(index, texts_of(article.body, "contains"))
    return {item.family for item in items.values()}


def verdict(one: Found, other: Found, held: Mapping[str, Collection[str]]) -> str:
    """What was judged of two articles, beside all the others, in a sentence; `held` has the families in each."""
    first, second = one.body, other.body
    if first["family"] == second["family"]:
        originals = {row.body.get("duplicate_of") for row in (one, other)}
        if originals == {None, one.id}:
            return "One family: the right one is a copy of the left one."
        if originals == {None, other.id}:
            return "One family: the left one is a copy of the right one."
        return f"One family: both are copies of {first['duplicate_of']}."
    for roundup, item, side in ((one, second, "left"), (other, first, "right")):
        if item["family"] in held[roundup.id]:
            return f"The {side} one is a roundup that holds the other one's text among others."
    if first["story"] == second["story"]:
        return "One story in different words: no copies."
    return "Neither copies nor one story."


SAID = {
    Verdict.COPIES: "are copies",
    Verdict.NO_COPIES: "are no copies",
    Verdict.STORY: "tell one story",
    Verdict.NO_STORY: "tell different stories",
}


def said(ruling: Ruling) -> str:
    """What a person ruled about the two, in a sentence."""
    return f"By hand, {ruling.at:%Y-%m-%d %H:%M}: the two {SAID[ruling.verdict]}."


def reasons(ties: Ties, evidence: Evidence, shares: tuple[float, float]) -> list[str]:
    """What the texts of the two alone have in common, a line each."""
    alone = (
        "copies"
        if copies(ties)[0, 1]
        else "one story"
        if related(ties)[0, 1]
        else "neither copies nor one story"
    )
    facts, numbers = ties.facts[0, 1], ties.numbers[0, 1]
    return [
        f"By themselves the two are {alone}:",
        f"  words in runs of five and more: {shares[0]:.0%} of the left text, {shares[1]:.0%} of the right one",
        f"  outside quotes, content words: {evidence.containment:.0%} of the shorter one stand in the other",
        f"  identical quoted sentences: {evidence.quotes}",
        f"  names and numbers in common: {_percent(facts)}; numbers alone: {_percent(numbers)}",
        f"  title words in common: {evidence.title:.0%}; most frequent words: {ties.gist[0, 1]:.0%}",
    ]


def _percent(share: np.floating) -> str:
    return "too few to tell" if np.isnan(share) else f"{share:.0%} of the side that has fewer"


def _record(
    rows: Sequence[Found], ties: Ties, evidence: Evidence, shares: tuple[float, float], runs: Sequence[str]
) -> Body:
    names = ("url", "title", "family", "story", "duplicate_of")
    one, other = ({"id": row.id, **{name: row.body.get(name) for name in names}} for row in rows)
    return {
        "one": one,
        "other": other,
        "copies": bool(copies(ties)[0, 1]),
        "related": bool(related(ties)[0, 1]),
        "evidence": to_record(evidence),
        "shares": [round(share, 3) for share in shares],
        "runs": list(runs),
    }


def panels_of(rows: Sequence[Found]) -> list[Group]:
    """Two articles, the runs of words they have in common marked."""
    one, other = rows
    spans = common_runs(str(one.body["text"]), str(other.body["text"]))
    return [_panel(row.body, own) for row, own in zip(rows, spans, strict=True)]


def side_by_side(panels: Sequence[Group]) -> None:
    """Print texts in columns of equal width."""
    grid = Table.grid(padding=(0, 2), expand=True)
    for _ in panels:
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(*panels)
    out.print(grid, soft_wrap=False)


def _panel(body: Body, spans: Sequence[Span]) -> Group:
    """An article with its common runs marked: by colour on a terminal, by brackets elsewhere."""
    text = str(body["text"])
    marked = Text()
    reached = 0
    for start, end in spans:
        marked.append(text[reached:start])
        marked.append(text[start:end] if out.is_terminal else f"⟦{text[start:end]}⟧", style="black on green")
        reached = end
    marked.append(text[reached:])
    when = str(body.get("published_at") or body.get("first_seen_at") or "")[:16].replace("T", " ")
    return Group(
        Text(str(body.get("title") or first_words(text)), style="bold"),
        Text(f"{body.get('outlet')} · {when} · {body.get('url')}", style="dim"),
        Text(),
        marked,
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("why-same")(why_same)
