"""Nodes that the desk wants removed or kept, by CSS selectors of its `sources.yml`. Pure.

First on the street and last: what is removed leaves the page before anything reads it (`select`), and its lines are
shown among the removed ones (`shown`). What is kept stays in the page, and the lines of it that extraction lost are put
back in their place before cleaning (`put_back`). Of selected nodes
inside one another the innermost counts; of both selectors on one node `keep`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from copydesk.cleaning import Cleaned
from copydesk.cleaning.lines import fold
from copydesk.model import Removed
from copydesk.reading.facts import squeeze
from copydesk.reading.nodes import around

__all__ = ["Selected", "fault", "put_back", "select", "shown"]

REMOVE, KEEP, END, BREAK = "\x01", "\x02", "\x03", "\x04"
"""Put around selected nodes and blocks, so that the text alone says what stood where."""

BLOCKS = "p,li,h1,h2,h3,h4,h5,h6,div,section,article,aside,header,figure,figcaption,blockquote,ul,ol,dl,dt,dd,table,tr"
UNSEEN = "script,style,template,noscript"
WHOLE = frozenset({"html", "head", "body"})
"""Never removed, whatever classes they carry."""

TELLING = 12
"""Letters from which a line that stands inside another one, or before a place, does so by no accident."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A page with its selected lines.

    Attributes:
        html: The page without the removed nodes.
        letters: Its whole text, folded.
        removed, kept: Lines of selected nodes, each with the number of letters that stand before it.
    """

    html: str
    letters: str = ""
    removed: tuple[tuple[str, int], ...] = ()
    kept: tuple[tuple[str, int], ...] = ()


def fault(selector: str) -> str:
    """What is wrong with a selector; "" for a good one."""
    try:
        found = LexborHTMLParser("<html><head></head><body></body></html>").css(selector)
    except (SelectolaxError, UnicodeEncodeError):
        return "is no CSS selector"
    return "would take whole pages" if found else ""


def select(html: str, remove: Sequence[str], keep: Sequence[str]) -> Selected:
    """Find what the selectors name in a page. Raises SelectolaxError for a selector that has a `fault`."""
    if not remove and not keep:
        return Selected(html)
    page = LexborHTMLParser(html)
    removed, kept = _nodes(page, remove), _nodes(page, keep)
    if not removed and not kept:
        return Selected(html)
    letters, lines = _lines(_marked_text(html, remove, keep))
    spared = {node.mem_id for node in kept}
    _drop([node for node in removed if node.mem_id not in spared])
    return Selected(
        html=page.html or "",
        letters=letters,
        removed=tuple((line, at) for kind, line, at in lines if kind == REMOVE),
        kept=tuple((line, at) for kind, line, at in lines if kind == KEEP),
    )


def _nodes(page: LexborHTMLParser, selectors: Sequence[str]) -> list[LexborNode]:
    found = page.css(",".join(selectors)) if selectors else []
    return [node for node in found if node.tag not in WHOLE]


def _drop(nodes: Sequence[LexborNode]) -> None:
    """Take nodes out of their tree; one inside another goes with it and may not be touched again."""
    dropped = {node.mem_id for node in nodes}
    for node in [node for node in nodes if not any(above.mem_id in dropped for above in around(node))]:
        node.remove()


def _marked_text(html: str, remove: Sequence[str], keep: Sequence[str]) -> str:
    page = LexborHTMLParser(html)
    _drop(page.css(UNSEEN))
    for node in page.css(BLOCKS):
        node.insert_before(BREAK)
        node.insert_after(BREAK)
    for node in page.css("br"):
        node.insert_after(BREAK)
    # the later marks stand nearer to the node, so that `keep` is the inner one of two
    for opening, selectors in ((REMOVE, remove), (KEEP, keep)):
        for node in _nodes(page, selectors):
            node.insert_before(opening)
            node.insert_after(END)
    return page.body.text(deep=True) if page.body is not None else ""


def _lines(text: str) -> tuple[str, list[tuple[str, str, int]]]:
    """The folded text, and its selected lines in order: kind, line, letters before it."""
    letters: list[str] = []
    length = 0
    within: list[str] = []
    parts: dict[str, list[str]] = {REMOVE: [], KEEP: []}
    begun: dict[str, int] = {}
    lines: list[tuple[str, str, int]] = []
    for part in (*re.split(f"([{REMOVE}{KEEP}{END}{BREAK}])", text), BREAK):
        if part in {REMOVE, KEEP}:
            within.append(part)
        elif part == END:
            del within[-1:]
        elif part == BREAK:
            for kind, said in parts.items():
                line = squeeze(" ".join(said))
                if fold(line):
                    lines.append((kind, line, begun[kind]))
                said.clear()
        else:
            if within:
                if not parts[within[-1]]:
                    begun[within[-1]] = length
                parts[within[-1]].append(part)
            letters.append(fold(part))
            length += len(letters[-1])
    return "".join(letters), lines


def put_back(extracted: str, page: Selected) -> tuple[str, frozenset[str]]:
    """An extracted text with the kept lines that it lacks in their places, and the folded lines to keep."""
    if not page.kept:
        return extracted, frozenset()
    lines = extracted.split("\n") if extracted else []
    folded = [fold(line) for line in lines]
    keep: set[str] = set()
    least = 0
    for line, at in page.kept:
        letters = fold(line)
        found = _holding(folded, letters)
        if found is None:
            found = max(least, _lines_before(folded, page.letters[:at]))
            lines.insert(found, line)
            folded.insert(found, letters)
        keep.add(folded[found])
        least = max(least, found + 1)
    return "\n".join(lines), frozenset(keep)


def _holding(folded: Sequence[str], letters: str) -> int | None:
    """Number of the line that says the same, or has it inside."""
    if letters in folded:
        return folded.index(letters)
    if len(letters) < TELLING:
        return None
    return next((at for at, other in enumerate(folded) if letters in other), None)


def shown(cleaned: Cleaned, page: Selected) -> Cleaned:
    """A cleaned text with the removed nodes' lines among its removed ones."""
    if not page.removed:
        return cleaned
    folded = [fold(line) for line in cleaned.kept]
    lines = (Removed(line, "selector", _lines_before(folded, page.letters[:at])) for line, at in page.removed)
    return replace(cleaned, removed=tuple(sorted((*cleaned.removed, *lines), key=lambda line: line.place)))


def _lines_before(folded: Sequence[str], before: str) -> int:
    """How many lines stand before a place, which is told by the letters before it."""
    behind = range(len(folded), 0, -1)
    return next((n for n in behind if len(folded[n - 1]) >= TELLING and folded[n - 1] in before), 0)
