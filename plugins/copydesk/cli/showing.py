"""Pages and what changes on them, for people: a narrow column says what a line is, the wide one holds it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time

from rich.text import Text

from copydesk.cli.output import out
from copydesk.index.headline import headline_of
from copydesk.model import Document, Removed
from copydesk.operating.previewing import Change, Reading, in_order
from copydesk.views.articles import first_words

__all__ = ["FIELD", "counted", "line", "show_change", "show_document", "show_explained"]

FIELD, TAKEN, GIVEN, QUIET = "cyan", "red", "green", "dim"
MOST = 20
"""Lines of one kind shown of a page, and columns a narrow terminal leaves at least."""
UNWRAPPED = 10**9


def show_document(document: Document) -> None:
    """The text with a line of facts above it."""
    out.print(headline_of(document), style="bold", markup=False)
    facts = (
        document.published_at,
        ", ".join(document.authors),
        document.agency,
        document.language,
        *document.form,
    )
    out.print(" · ".join(str(fact) for fact in facts if fact), style=QUIET, markup=False)
    out.print(document.text, markup=False)


def show_explained(document: Document) -> None:
    """Fields, kept and removed lines in place with the rule of each, images with their captions, and counts."""
    fields = list(_fields(document))
    wide = max(
        len(name) for name in [*(one.reason for one in document.removed), *(name for name, _ in fields)]
    )
    out.print(headline_of(document), style="bold", markup=False)
    for name, value in fields:
        line(name, value, wide, FIELD)
    out.print()
    for text, reason in in_order(document.text.split("\n"), document.removed):
        line(reason, text, wide, TAKEN if reason else "")
    out.print()
    for image in document.images:
        line("image", f"{image.caption}  {image.url}".rstrip(), wide, FIELD)
    kept, removed = document.text.count("\n") + 1, Counter(one.reason for one in document.removed)
    legend = Text(f"{kept} lines kept, ").append(f"{removed.total()} removed", TAKEN if removed else "")
    out.print(legend.append(f": {counted(removed)}" if removed else ""))


def _fields(document: Document) -> Iterator[tuple[str, str]]:
    yield "address", document.url
    yield "published", _shown_time(document.published_at, document.fetched_at)
    if document.modified_at:
        yield "modified", _shown_time(document.modified_at, document.fetched_at)
    yield from (("doubt", doubt) for doubt in document.doubts)
    named = {
        "authors": ", ".join(document.authors),
        "agency": document.agency,
        "dateline": document.dateline,
        "language": document.language,
        "form": ", ".join(document.form),
        "section": document.section,
        "site": document.site_name,
        "tags": ", ".join(document.tags),
        "standfirst": document.standfirst,
    }
    yield from ((name, value) for name, value in named.items() if value)


def _shown_time(at: datetime | None, fetched_at: datetime) -> str:
    """A time, and what makes it doubtful."""
    if at is None:
        return "unknown: neither the page nor its feed says"
    said = f"{at:%Y-%m-%d %H:%M} UTC"
    if at == fetched_at:
        return f"{said} (the page says a later time than that of fetching)"
    return f"{said} (no time of day)" if at.time() == time() else said


def show_change(change: Change) -> None:
    """One page: its title and address, then the lines newly removed and newly kept, below the line before each."""
    before, after = change.trial.before or Reading(), change.trial.after
    out.print()
    out.print(after.title or before.title or "(no title)", style="bold", markup=False)
    out.print(change.trial.url, style=QUIET, markup=False)
    if after.rejected or before.rejected:
        line("now", after.rejected or f"{len(after.kept)} lines", 6, TAKEN if after.rejected else GIVEN)
        line("before", before.rejected or f"{len(before.kept)} lines", 6, QUIET)
        return
    for name, old, new in (
        ("title", before.title, after.title),
        ("language", before.language, after.language),
    ):
        if old != new:
            line(name, f"{new}  (was {old or 'none'})", len(name), FIELD)
    _show_lines("-", change.taken, before.kept, TAKEN)
    _show_lines("+", change.given, after.kept, GIVEN)


def _show_lines(sign: str, changed: Sequence[Removed], text: Sequence[str], style: str) -> None:
    """Lines with their rules, each run of them below the beginning of the line that stands before it."""
    wide = 2 + max((len(one.reason) for one in changed), default=0)
    below = -1
    for one in changed[:MOST]:
        if one.place and one.place != below:
            line("", first_words(text[one.place - 1]), wide, QUIET)
        line(f"{sign} {one.reason}", one.text, wide, style)
        below = one.place + 1
    if len(changed) > MOST:
        line("", f"and {len(changed) - MOST} more", wide, style)


def counted(numbers: Mapping[str, int]) -> str:
    """Names with their numbers, the largest first."""
    return " · ".join(
        f"{name} {number}" for name, number in sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    )


def line(name: str, text: str, wide: int, style: str) -> None:
    """A line with its name in the narrow column; on a terminal it is wrapped within the wide one."""
    room = max(MOST, out.width - wide - 2) if out.is_terminal else UNWRAPPED
    for number, part in enumerate(Text(text, style if style != FIELD else "").wrap(out, room)):
        part.rstrip()
        out.print(Text.assemble((f"{'' if number else name:>{wide}}  ", style), part))
