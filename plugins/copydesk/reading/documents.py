"""Reading: Capture → Document, or a Rejection. Pure; called in the reading child, which bounds its cost.

Bytes become text, the page gives its declarations, trafilatura finds the article in it, cleaning sorts its lines, and
the kept ones decide the language. The order of the steps stands here and, with their files, in `reading`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from copydesk import cleaning, signals
from copydesk.cleaning.agency import agency_in, credited
from copydesk.cleaning.lines import Rule, fold
from copydesk.model import NO_PROFILE, Capture, Document, Image, Profile, Rejection, Removed
from copydesk.outcomes import Reason
from copydesk.reading import bodies, decoding, facts, language, metadata, page, selecting
from copydesk.reading.access import is_partial
from copydesk.reading.extracting import extract, extract_fast
from copydesk.reading.gate import no_article
from copydesk.reading.liveblog import linked_posts
from copydesk.reading.losses import Lost, is_back, is_much, lost, misplaced, wrapped
from copydesk.reading.people import names, reporters
from copydesk.urls import canonicalize, url_key

__all__ = ["read", "read_text"]

T = TypeVar("T", str, str | None)

LONGEST_TITLE = 1_000
LONGEST_STANDFIRST = 5_000
LONGEST_NAME = 200
MOST_AUTHORS = 30
MOST_IMAGES = 200
"""Characters and numbers of what a page declares: several times the longest of real articles, and far below what
Elasticsearch takes of a keyword (32,766 bytes), so that no declaration makes it refuse an article."""

LEAST = 200
"""Characters of paragraphs, and of text, that a page has at least which shows its article without scripts."""

FEW = 40
"""Letters from which what is lost is told; subheads are told however short they are."""

ELSEWHERE = frozenset(["link", "links", "related", "box", "aside"])
"""Marks of blocks that nobody misses."""

FEWEST, MOST = 3, 20
"""Words of a first line that is a headline."""


def read(
    capture: Capture,
    profile: Profile = NO_PROFILE,
    rules: tuple[Rule, ...] = cleaning.RULES,
    respect: frozenset[Reason] = frozenset(),
) -> Document | Rejection:
    """Read one capture. The same capture, profile and rules give the same answer, in any process and order.

    A page that gives one of the signals to `respect` is rejected, unless its profile permits it.
    """
    try:
        text = decoding.decode(capture.body, capture.content_type)
    except decoding.NotText as reason:
        return _rejected(capture, Reason.NOT_TEXT, str(reason))
    if not text.strip():
        return _rejected(capture, Reason.NO_TEXT, "the body is empty")
    if _is_plain(capture, text):
        return _read_plain(capture, text, profile, rules)
    return _read_page(capture, text, profile, rules, frozenset() if profile.permitted else respect)


def read_text(
    text: str,
    title: str = "",
    furniture: frozenset[str] = frozenset(),
    rules: tuple[Rule, ...] = cleaning.RULES,
) -> cleaning.Cleaned:
    """Clean a plain text, one paragraph a line, exactly as a capture of it would be."""
    around = cleaning.Surroundings(titles=(title,) if title else (), furniture=furniture)
    return cleaning.clean(decoding.scrub(text), around, rules)


def _is_plain(capture: Capture, text: str) -> bool:
    media = capture.content_type.partition(";")[0].strip().lower()
    return media == "text/plain" or (media != "text/html" and not decoding.is_markup(text))


def _read_plain(
    capture: Capture, text: str, profile: Profile, rules: tuple[Rule, ...]
) -> Document | Rejection:
    title, text = _headline(capture.entry_title or "", text)
    cleaned = read_text(text, title, profile.furniture, rules)
    said = metadata.Metadata(url=canonicalize(capture.url), title=title, published_at=_announced(capture))
    return _document(capture, said, cleaned, declared=capture.language, images=())


def _headline(declared: str, text: str) -> tuple[str, str]:
    """The title of a plain text: the one announced, else its first line when it looks like a headline."""
    if declared:
        return declared, text
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    looks = (
        FEWEST <= len(first.split()) <= MOST
        and first[-1:] not in ".:;,…"
        and len(rest.strip()) > 2 * len(first)
    )
    return (first, rest) if looks else ("", text)


def _read_page(
    capture: Capture, text: str, profile: Profile, rules: tuple[Rule, ...], respect: frozenset[Reason]
) -> Document | Rejection:
    chosen = selecting.select(text, profile.remove, profile.keep)
    parsed = page.parse(chosen.html, capture.final_url)
    if signal := signals.first_of(signals.in_page(parsed.facts.meta) & respect):
        return _rejected(capture, signal, "in a meta element")
    extracted, losses = _extracted(parsed, capture.final_url)
    said = metadata.read_metadata(
        parsed.facts,
        url=capture.final_url,
        fetched_at=capture.fetched_at,
        announced_at=capture.entry_published_at,
        html=parsed.html,
        zone=ZoneInfo(profile.zone) if profile.zone else UTC,
        shared=profile.shared,
        furniture=profile.furniture,
    )
    around = replace(_surroundings(parsed, said), furniture=profile.furniture)

    def cleaned_of(lines: str) -> cleaning.Cleaned:
        whole, keep = selecting.put_back(lines, chosen)
        return selecting.shown(cleaning.clean(whole, replace(around, keep=keep), rules), chosen)

    declared = _declared(parsed, extracted)
    lines = declared or extracted.split("\n")
    elsewhere = misplaced(lines, parsed.text)
    cleaned = cleaned_of("\n".join(lines[elsewhere:]))
    foreign = tuple(Removed(line, "elsewhere", len(cleaned.kept)) for line in lines[:elsewhere])
    cleaned = replace(cleaned, removed=(*cleaned.removed, *foreign))
    if sum(map(len, cleaned.kept)) < LEAST and parsed.paragraphs < LEAST:
        scripted = bodies.script_lines(chosen.html)
        cleaned = cleaned_of("\n".join(scripted)) if scripted else cleaned
    if found := no_article(
        parsed.facts,
        cleaned,
        html=chosen.html,
        url=capture.final_url,
        cards=parsed.cards,
        teasers=_teasers(cleaned, parsed),
        locked=parsed.locked,
    ):
        return _rejected(capture, found.reason, found.detail)
    document = _document(
        capture, said, cleaned, declared=parsed.facts.language or capture.language, images=parsed.images
    )
    if isinstance(document, Rejection):
        return document
    return replace(
        document, form=_form(parsed, cleaned, whole=bool(declared)), doubts=(*document.doubts, *losses)
    )


def _teasers(cleaned: cleaning.Cleaned, parsed: page.Page) -> int:
    """Characters of the lines that the page marks as other articles."""
    related = {said for said, marked in parsed.marks.items() if "related" in marked}
    return sum(len(line) for line in cleaned.kept if fold(line) in related) if related else 0


def _extracted(parsed: page.Page, url: str) -> tuple[str, tuple[str, ...]]:
    """The lines of the article, and what a person is told of lines that were lost.

    Where much is lost, or subheads, the article stands in an element that extraction does not take for one: of such
    it takes the paragraphs alone.
    """
    text = extract(parsed.html, url, paragraphs=parsed.paragraphs, visible=parsed.visible)
    folded = fold(text)
    missing = _missing(parsed, parsed.tree, text, folded)
    if is_much(missing, folded) and (tree := wrapped(parsed.html, folded)):
        other = extract_fast(tree.html or "", url)
        refolded = fold(other)
        left = _missing(parsed, tree, other, refolded)
        if len(other) > len(text) and is_back(missing, left, folded, refolded):
            text, folded, missing = other, refolded, left
    if missing.letters < FEW and not missing.subheads:
        return text, ()
    told = f"{missing.letters} letters beside {len(folded)} are in neither text nor removed: {missing.sample}"
    return text, (told,)


def _missing(parsed: page.Page, tree: LexborHTMLParser, text: str, folded: str) -> Lost:
    declared = (*metadata.titles(parsed.facts), *metadata.read_summaries(parsed.facts)[:1])
    images = (image.caption for image in parsed.images)
    marks = frozenset(said for said, marked in parsed.marks.items() if marked & ELSEWHERE)
    return lost(tree, marks, folded + fold("\n".join((*declared, *images))), text.split("\n"))


def _declared(parsed: page.Page, extracted: str) -> list[str]:
    """What the page declares as its body, or as its posts, where that is what was extracted and more; else []."""
    posts, body = linked_posts(parsed.facts), bodies.declared_lines(parsed.facts)
    return next((lines for lines in (posts, body) if lines and bodies.fuller(extracted, lines)), [])


def _form(parsed: page.Page, cleaned: cleaning.Cleaned, *, whole: bool) -> tuple[str, ...]:
    """The forms that a document has, see Document; `whole` says that the page declares all of its text."""
    live = bool(parsed.posts or linked_posts(parsed.facts))
    partial = not whole and is_partial(cleaned, locked=parsed.locked)
    return tuple(form for form, has in (("live", live), ("partial", partial)) if has)


def _surroundings(parsed: page.Page, said: metadata.Metadata) -> cleaning.Surroundings:
    body = parsed.facts.article.get("articleBody")
    return cleaning.Surroundings(
        titles=tuple(dict.fromkeys((said.title, *metadata.titles(parsed.facts)))),
        labels=tuple(label for label in (said.section, said.site_name, *said.tags) if label),
        authors=said.authors,
        marks=parsed.marks,
        body=fold(facts.without_tags(body)) if isinstance(body, str) else "",
    )


def _announced(capture: Capture) -> datetime | None:
    """The time that the announcement gives, unless it lies behind the fetching."""
    said = capture.entry_published_at
    return said if said and said <= capture.fetched_at else None


def _document(
    capture: Capture,
    said: metadata.Metadata,
    cleaned: cleaning.Cleaned,
    *,
    declared: str | None,
    images: tuple[Image, ...],
) -> Document | Rejection:
    text = "\n".join(cleaned.kept)
    if not text:
        return _rejected(
            capture, Reason.NO_TEXT, f"{len(cleaned.removed)} lines, none of them part of an article"
        )
    title = _cut(said.title or capture.entry_title or "", LONGEST_TITLE) or ""
    authors = tuple(_cut(name, LONGEST_NAME) for name in said.authors or _signed(cleaned.removed))[
        :MOST_AUTHORS
    ]
    agency, dateline = credited(cleaned.kept, cleaned.removed, authors)
    return Document(
        id=url_key(said.url),
        url=said.url,
        sources=(capture.source,),
        outlet=capture.outlet,
        publisher=capture.publisher,
        title=title,
        text=text,
        language=language.detect(text, declared),
        checksum="sha256:" + hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
        capture_id=capture.id,
        fetched_at=capture.fetched_at,
        first_seen_at=capture.first_seen_at,
        published_at=said.published_at,
        modified_at=said.modified_at,
        authors=authors,
        agency=agency,
        dateline=dateline,
        standfirst=_cut(said.standfirst, LONGEST_STANDFIRST),
        section=_cut(said.section, LONGEST_NAME),
        site_name=_cut(said.site_name, LONGEST_NAME),
        image=said.image,
        tags=said.tags,
        images=tuple(
            replace(image, caption=_cut(image.caption, LONGEST_STANDFIRST)) for image in images[:MOST_IMAGES]
        ),
        removed=(*(Removed(text, "furniture", 0) for text in said.standing), *cleaned.removed),
        doubts=said.doubts,
    )


def _cut(text: T, longest: int) -> T:
    """A declared text, cut at the end of a word where it is endless; None stays None."""
    if text is None or len(text) <= longest:
        return text
    head = text[:longest]
    return head[: head.rfind(" ")] if " " in head[longest // 2 :] else head


def _signed(removed: Sequence[Removed]) -> tuple[str, ...]:
    """Who wrote, by the lines around the text: its byline, else who is credited with reporting."""
    return names(line.text for line in removed if line.reason == "byline") or reporters(
        line.text for line in removed if line.reason == "agency" and agency_in(line.text) is None
    )


def _rejected(capture: Capture, reason: Reason, detail: str) -> Rejection:
    return Rejection(url=capture.url, capture_id=capture.id, step="read", reason=reason, detail=detail)
