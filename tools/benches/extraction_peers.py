"""Extractors of articles, each from a page to what it finds; evaluation only, see requirements-eval.in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

import trafilatura
from selectolax import lexbor

__all__ = ["EXTRACTORS", "QUICK", "Extractor", "Found", "folded", "missing"]

WORD = re.compile(r"\w+")
BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|blockquote|pre|tr)>|<br */?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an extractor finds in a page, and the lines we took out; "" and nothing for what it does not."""

    text: str
    title: str = ""
    authors: Sequence[str] = ()
    published: datetime | None = None
    removed: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """An extractor as one uses it.

    Attributes:
        name: How it is called in tables.
        module: What must be importable.
        find: Page and address → what it finds.
        fields: Which of title, authors, day and minute it gives at all.
    """

    name: str
    module: str
    find: Callable[[str, str], Found]
    fields: Sequence[str] = ()


def missing(extractor: Extractor) -> str:
    """Why an extractor cannot be measured; "" if it can."""
    try:
        import_module(extractor.module)
    except ImportError as error:
        return str(error)
    return ""


def folded(name: str) -> str:
    """A name without case and punctuation, for extractors spell them in many ways."""
    return " ".join(WORD.findall(name.casefold()))


def _trafilatura(html: str, url: str) -> Found:
    text = trafilatura.extract(html, url=url or None, include_comments=False)
    said = trafilatura.extract_metadata(html, default_url=url or None)
    if said is None:
        return Found(text=text or "")
    return Found(
        text=text or "",
        title=said.title or "",
        authors=tuple(name.strip() for name in (said.author or "").split(";") if name.strip()),
        published=datetime.fromisoformat(said.date) if said.date else None,
    )


def _precise(html: str, url: str) -> Found:
    return Found(
        text=trafilatura.extract(html, url=url or None, include_comments=False, favor_precision=True) or ""
    )


def _newspaper(html: str, url: str) -> Found:
    from newspaper import Article  # noqa: PLC0415 (may be missing, as in all functions below)

    article = Article(url or "https://example.org/page", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    published = article.publish_date
    return Found(
        text=article.text or "",
        title=article.title or "",
        authors=tuple(article.authors),
        published=published if isinstance(published, datetime) else None,
    )


def _readability(html: str, url: str) -> Found:
    from readability import Document  # noqa: PLC0415

    page = Document(html, url=url or None)
    text = lexbor.LexborHTMLParser(BLOCK_END.sub(r"\g<0>\n", page.summary())).text()
    lines = (" ".join(line.split()) for line in text.splitlines())
    return Found(text="\n".join(line for line in lines if line), title=page.short_title() or "")


def _resiliparse(html: str, _url: str) -> Found:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415

    tree = HTMLTree.parse(html)
    text = extract_plain_text(tree, main_content=True, alt_texts=False, list_bullets=False)
    return Found(text=text, title=tree.title or "")


EXTRACTORS = (
    Extractor(
        name="trafilatura", module="trafilatura", find=_trafilatura, fields=("title", "authors", "day")
    ),
    Extractor(name="precision mode", module="trafilatura", find=_precise),
    Extractor(
        name="newspaper4k", module="newspaper", find=_newspaper, fields=("title", "authors", "day", "minute")
    ),
    Extractor(name="readability", module="readability", find=_readability, fields=("title",)),
    Extractor(name="resiliparse", module="resiliparse", find=_resiliparse, fields=("title",)),
)
QUICK = ("trafilatura", "precision mode")
"""The extractors that a quick run leaves in."""
