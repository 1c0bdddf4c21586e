"""The times that a page shows, each with what the words beside it say of it. Pure.

Read only for pages that declare no time, or a day alone: of two times in a page neither the first nor the latest is
the one of publication, but the one that is called so.
"""
# ruff: noqa: RUF001 (words of several scripts)

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.dates import moment
from copydesk.dates.finding import found_in
from copydesk.reading.facts import squeeze

__all__ = ["shown_as_published"]

LONGEST = 150
"""Characters of a line about times; in longer ones a date is part of what is told."""

PROSE = 80
"""Letters beside a date from which on a line is a sentence and not about the page."""

NEAR = 40
"""Characters before a date in which a word about it stands."""

MOST = 60
"""Lines looked at; a page with more of them is a list."""

CARD_DEPTH = 4
"""Elements up from a time in which the linked headline of another article is looked for."""

LIKE_A_DATE = re.compile(r"\d{4}|\d[./-]\d\d?[./-]\d\d|\d\s?[年년]")

UPDATED = (
    r"updated?|modified|edited|revised|changed|stand\b|aktualisiert|aktualisierung|geändert|bearbeitet|mise? à jour|"
    r"màj|modifié|actualizad[oa]|actualización|modificad[oa]|aggiornat[oa]|aggiornamento|modificat[oa]|atualizad[oa]|"
    r"atualização|bijgewerkt|gewijzigd|oppdatert|uppdaterad|opdateret|zaktualizowan\w+|aktualizacja|güncelle\w*|"
    r"обновлен\w*|изменен\w*|оновлен\w*|تحديث|عدل|آخر|更新|修改|최종수정|수정|업데이트"
)
PUBLISHED = (
    r"publish(?:ed)?|posted|created|released|filed|first seen|veröffentlicht|erschienen|erstellt|publiziert|"
    r"publié|mis en ligne|parution|créé|publicad[oa]|publicación|creado|pubblicat[oa]|pubblicazione|creato|"
    r"publicação|criado|gepubliceerd|geplaatst|publisert|publicerad|udgivet|opublikowan\w+|yayınlan\w+|"
    r"опубликован\w*|размещен\w*|дата публикации|опубліковано|نشر|发布|發布|发表|發表|公開|掲載|配信|입력|등록"
)
NAMED = r"^\W*(?:date|datum|data|fecha|dato|дата|التاريخ|日期|时间|時間|日時|날짜)\W*$"
EVENT = (
    r"\bevent|hearing|begins?\b|starts?\b|deadline|until\b|expires?|ends?\b|termin\b|beginn|veranstaltung|läuft|bis\b|"
    r"début|jusqu|comienza|empieza|hasta|inizi[oa]|entro|começa|начало|состоится|يبدأ|开始|開始|截止|시작|마감"
)
SAID = re.compile(rf"(?P<updated>{UPDATED})|(?P<event>{EVENT})|(?P<published>{PUBLISHED})", re.IGNORECASE)
IS_DATE = re.compile(NAMED, re.IGNORECASE)
MARKS = re.compile(
    r"(?P<published>publi|creat|entry-date|posted)|(?P<updated>updat|modif|lastmod|edited)|"
    r"(?P<event>event|countdown|schedul|deadline)",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"comment|teaser|related|recommend|sidebar|promo|most-?read|popular|widget|calendar|ticker|weather|masthead",
    re.IGNORECASE,
)
NOT_HERE = {
    "a",
    "aside",
    "footer",
    "nav",
    "header",
    "figure",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
PARAGRAPHS = {"p", "li", "td", "dd", "blockquote", "pre"}
INLINE = {"-text", "span", "time", "b", "strong", "em", "i", "small", "font", "abbr", "data", "u"}
BOXES = {"article", "li", "div", "section"}
CARD = "h2 a[href],h3 a[href],h4 a[href],a[href] h2,a[href] h3,a[href] h4"


@dataclass(frozen=True, slots=True)
class Shown:
    """A time that the page shows; `said` is "published", "updated", "event" or "" where no word stands beside it."""

    at: datetime
    said: str
    place: int


def shown_as_published(html: str, language: str = "", zone: tzinfo = UTC) -> list[datetime]:
    """The times of publication that a stripped page shows, best first: called so, else the one at the headline.

    Args:
        html: The page without navigation, scripts and the like; "" gives [].
        language: As declared, for the order of days and months.
        zone: Meant where no zone is named.
    """
    body = LexborHTMLParser(html).body if html else None
    if body is None:
        return []
    headline = body.css_first("h1")
    times: list[Shown] = []
    first, looked = -1, 0
    for place, node in enumerate(body.traverse(include_text=True)):
        if headline is not None and node.mem_id == headline.mem_id:
            first = place
        if looked < MOST and _may_tell(node):
            looked += 1
            line = _line(node)
            times.extend(Shown(at, said, place) for at, said in _read(node, line, language, zone))
    called = [time.at for time in times if time.said == "published"]
    plain = [time for time in times if not time.said]
    behind = [time.at for time in plain if time.place > first]
    return [*called, *behind[:1]] if called or behind else [time.at for time in plain[-1:]]


def _may_tell(node: LexborNode) -> bool:
    """Whether a node is a time element, or a text with something like a date that stands in none."""
    if node.tag == "time":
        return True
    above = node.parent
    if node.tag != "-text" or (above is not None and above.tag == "time"):
        return False
    return LIKE_A_DATE.search(node.text_content or "") is not None


def _line(node: LexborNode) -> LexborNode | None:
    """The line around a node; None where it stands in a card, a heading, an aside or in prose."""
    line, block = node, node
    while block.tag in INLINE and block.parent is not None:
        line, block = block, block.parent
    text = squeeze(block.text(deep=True))
    if len(text) <= LONGEST:
        line = block
    elif block.tag in PARAGRAPHS:
        return None
    prose = block.tag == "p" and text.endswith(".") and len(text) > PROSE
    return None if prose or _is_elsewhere(node) else line


def _is_elsewhere(node: LexborNode) -> bool:
    above, depth = node.parent if node.tag == "-text" else node, 0
    while above is not None and above.tag not in {"body", "main", "html"}:
        depth += 1
        names = f"{above.attributes.get('class')} {above.attributes.get('id')}"
        apart = above.tag in NOT_HERE or ELSEWHERE.search(names)
        card = depth <= CARD_DEPTH and above.tag in BOXES and above.css_first(CARD) is not None
        if (apart or card) and above.css_first("h1") is None:
            return bool(apart) or len(above.text(deep=True)) < 10 * LONGEST
        above = above.parent
    return False


def _read(
    node: LexborNode, block: LexborNode | None, language: str, zone: tzinfo
) -> Iterator[tuple[datetime, str]]:
    """The times of a node, each with what is said of it: in the line before or behind it, by a label, by marks."""
    if block is None:
        return
    before, own, behind = _parts(node, block)
    declared = moment(node.attributes.get("datetime"), zone, language) if node.tag == "time" else None
    if declared is not None:
        yield declared, _said(own, "") or _said(before, behind) or _label(block) or _marked(node, block)
        return
    for at, found in enumerate(found_in(own, language, zone)):
        lead = found.before if at else f"{before} {found.before}"
        if len(before) + len(found.before) + len(found.after) + len(behind) <= PROSE + NEAR:
            yield found.at, _said(lead, found.after or behind) or _label(block) or _marked(node, block)


def _parts(node: LexborNode, block: LexborNode) -> tuple[str, str, str]:
    """The line before a node, its own text, and the line behind it."""
    inside = {node.mem_id} | {child.mem_id for child in node.traverse(include_text=True)}
    parts: list[list[str]] = [[], [], []]
    place = 0
    for child in block.traverse(include_text=True):
        place = 1 if child.mem_id in inside else 2 if place else 0
        if child.tag == "-text":
            parts[place].append(child.text_content or "")
    before, own, behind = (squeeze(" ".join(part)) for part in parts)
    return before, own, behind


def _said(before: str, after: str) -> str:
    """What the last word before a time says of it, or else the first one behind it."""
    if IS_DATE.match(before):
        return "published"
    words = [*SAID.finditer(before[-NEAR:])][-1:] or [*SAID.finditer(after[: NEAR // 2])][:1]
    return str(words[0].lastgroup) if words else ""


def _label(block: LexborNode) -> str:
    """What a short block before the line says, as in lists of label and value."""
    before = block.prev
    while before is not None and before.tag == "-text" and not (before.text_content or "").strip():
        before = before.prev
    text = squeeze(before.text(deep=True)) if before is not None and before.tag not in NOT_HERE else ""
    return _said(text, "") if len(text) < NEAR and not any(map(str.isdecimal, text)) else ""


def _marked(node: LexborNode, block: LexborNode) -> str:
    """What class, property and id of a node and those around it, up to its block, call the time."""
    above: LexborNode | None = node
    while above is not None:
        attributes = above.attributes if above.tag != "-text" else {}
        names = " ".join(
            value or key for key, value in attributes.items() if key in {"class", "id", "itemprop", "pubdate"}
        )
        if marks := [mark.lastgroup for mark in MARKS.finditer(names)]:
            return "published" if "published" in marks else str(marks[0])
        if above.mem_id == block.mem_id:
            return ""
        above = above.parent
    return ""
