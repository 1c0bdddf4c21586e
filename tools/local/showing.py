"""What `make demo` prints: funnel, scoreboard, a page, a family, a search, an alert."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from copydesk.index import Body, Kind
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.ports import Ports
from copydesk.query.analysis import tokens_of
from copydesk.views.search import search
from copydesk.views.status import Funnel, funnel
from local.processes import LocalError
from local.scoreboard import Score, score

__all__ = ["show"]

Row = Mapping[str, Any]

out = Console(highlight=False, soft_wrap=True)


def show(ports: Ports, truth: Sequence[Row], expected: Mapping[str, Sequence[str]]) -> Score:
    """Print all parts; the score. Raises LocalError when counts do not balance or a part has nothing to show."""
    seen = funnel(ports.index)
    _funnel(seen)
    articles = {str(row.body["url"]): {**row.body, "id": row.id} for row in ports.index.scan(Kind.ARTICLES)}
    alerts = [row.body for row in ports.index.scan(Kind.ALERTS)]
    result = score(truth, expected, articles, alerts)
    _scoreboard(result)
    if seen.imbalance:
        raise LocalError(f"{seen.imbalance} captures have no outcome")
    if not (articles and alerts):
        raise LocalError(f"{len(articles)} articles and {len(alerts)} alerts: something did not run")
    family = _most_carried(articles.values())
    _page(articles.values())
    _family(family)
    _search(ports, str(family[0]["title"]))
    _alert(alerts)
    return result


def _heading(text: str) -> None:
    out.print()
    out.print(text, style="bold", markup=False)


def _funnel(seen: Funnel) -> None:
    _heading("The funnel")
    entries = sum((Counter(counts) for counts in seen.entries.values()), Counter[EntryOutcome]())
    captures = sum((Counter(counts) for counts in seen.captures.values()), Counter[CaptureOutcome]())
    for what, counts, outcomes in (
        ("entries", entries, EntryOutcome),
        ("captures", captures, CaptureOutcome),
    ):
        parts = " + ".join(f"{counts[outcome]} {outcome}" for outcome in outcomes)  # type: ignore[index]
        out.print(f"  {counts.total()} {what} = {parts}")
    reasons = ", ".join(f"{reason} {number}" for reason, number in seen.reasons.most_common())
    out.print(f"  reasons: {reasons or 'none'}; imbalance {seen.imbalance}")
    out.print(
        f"  {seen.articles} articles, {seen.originals} without copies taken out, {seen.stories} stories"
    )


def _scoreboard(result: Score) -> None:
    _heading("The scoreboard, against the world's truth")
    table = Table(box=None, pad_edge=False, show_header=False)
    should, are = result.pages
    table.add_row("  pages in the index", f"{are} of {should}")
    table.add_row("  text F1", f"{result.f1:.3f} (P {result.precision:.3f}, R {result.recall:.3f})")
    table.add_row("  captions left in texts", f"{result.captions[1]} of {result.captions[0]}")
    table.add_row("  copies found", f"{result.copies[1]} of {result.copies[0]} pairs")
    table.add_row("  falsely joined", f"{result.joined[1]} of {result.joined[0]} pairs")
    wanted, right, wrong = result.alerts
    table.add_row("  alerts right", f"{right} of {wanted}, {wrong} wrong or twice")
    out.print(table)


def _page(articles: Any) -> None:
    """The page from which most was removed, before and after."""
    noisiest = max(articles, key=lambda body: len(body.get("removed", ())))
    _heading("One page before and after cleaning")
    out.print(f"  {noisiest['url']}", markup=False)
    kept = str(noisiest["text"]).splitlines()
    removed = noisiest.get("removed", ())
    for place in range(len(kept) + 1):
        for line in removed:
            if line.get("place", 0) == place:
                out.print(f"  - {line['text']}  [{line['reason']}]", style="red", markup=False)
        if place < len(kept):
            out.print(f"    {kept[place]}", markup=False)


def _most_carried(articles: Any) -> list[Body]:
    families: dict[str, list[Body]] = {}
    for body in articles:
        families.setdefault(str(body["family"]), []).append(body)
    members = max(families.values(), key=len)
    return sorted(members, key=lambda body: ("duplicate_of" in body, str(body.get("published_at"))))


def _family(members: Sequence[Body]) -> None:
    _heading("One family folded")
    for body in members:
        mark = "    copy    " if "duplicate_of" in body else "  original  "
        out.print(f"{mark}{body['outlet']}: {body['title']}  {_why(body)}", markup=False)


def _why(body: Body) -> str:
    evidence = body.get("evidence")
    if not isinstance(evidence, Mapping):
        return ""
    return f"(containment {evidence.get('containment', 0):.2f}, shared quotes {evidence.get('quotes', 0)})"


def _search(ports: Ports, title: str) -> None:
    words = " ".join(token.word for token in tokens_of(title)[:4])
    _heading(f"One search: {words}")
    for found in search(ports.index, words, limit=3).results:
        copies = f", and {found.copies - 1} more" if found.copies > 1 else ""
        document = found.article.document
        out.print(f"  {document.title}  ({document.outlet}{copies})", markup=False)
        out.print(f"    {found.snippet}", style="dim", markup=False)


def _alert(alerts: Sequence[Body]) -> None:
    alert = max(alerts, key=lambda body: int(str(body["outlets"])))
    _heading("One alert")
    out.print(f"  {alert['topic']}: {alert['title']}", markup=False)
    agency = f", agency {alert['agency']}" if alert.get("agency") else ""
    out.print(
        f"    first {alert['first_outlet']}{agency}; {alert['outlets']} outlets, {alert['publishers']} publishers",
        markup=False,
    )
    out.print(f"    matched: {', '.join(map(str, alert['matched']))}  {alert['url']}", markup=False)  # type: ignore[arg-type]
