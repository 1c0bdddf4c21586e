"""Turns a page into the HTML its outlet serves, and says which visible lines are noise. Pure."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

import yaml

from newsworld.grammar import load
from newsworld.model import Outlet, Page, World

TEMPLATES = Path(__file__).parent / "templates"
OTHERS = 3
NO_NOISE = {
    *("language", "head", "outlet", "menu", "title", "byline", "date", "captions", "body", "text"),
    *("url_1", "url_2", "url_3"),
}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A template file: how a paragraph, caption and credit look, what stands after which paragraph, the rest."""

    paragraph: str
    caption: str
    credit: str
    inside: Mapping[int, str]
    skeleton: str


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The HTML and its noise: visible lines that are no text of the article."""

    html: str
    noise: tuple[str, ...]


@cache
def layout(name: str) -> Layout:
    """Read ``templates/NAME.html``: YAML, a line of three hyphens, the page."""
    header, skeleton = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8").split("\n---\n", 1)
    return Layout(skeleton=skeleton, **yaml.safe_load(header))


def render(world: World, page: Page, bases: Mapping[str, str]) -> Rendered:
    """The page as its outlet serves it; ``bases`` gives each outlet's address without a closing slash."""
    outlet = world.outlet(page.outlet)
    form = layout(outlet.template)
    lines = _lines(world, outlet, page)
    values = {name: html.escape(text) for name, text in lines.items()} | _addresses(world, page, bases)
    used = [form.skeleton]
    blocks = []
    for place, text in enumerate(page.paragraphs, start=1):
        blocks.append(Template(form.paragraph).substitute(text=html.escape(text)))
        if place in form.inside:
            used.append(form.inside[place])
            blocks.append(Template(form.inside[place]).substitute(values))
    if page.credit:
        blocks.append(Template(form.credit).substitute(text=html.escape(page.credit)))
    captions = [_caption(form, values, caption) for caption in page.captions]
    used += [form.caption] if captions else []
    values |= {
        "language": page.language,
        "head": _head(world, outlet, page, bases),
        "outlet": html.escape(outlet.title),
        "menu": " ".join(f'<a href="/{section}/">{section}</a>' for section in outlet.sections),
        "title": html.escape(page.title),
        "byline": html.escape(", ".join(page.authors)),
        "date": _date(world, outlet, page),
        "captions": "\n".join(captions),
        "body": "\n".join(blocks),
    }
    return Rendered(html=Template(form.skeleton).substitute(values), noise=_noise(used, lines, page))


def _caption(form: Layout, values: Mapping[str, str], text: str) -> str:
    return Template(form.caption).substitute({**values, "text": html.escape(text)})


def _noise(used: list[str], lines: Mapping[str, str], page: Page) -> tuple[str, ...]:
    """The furniture lines of the templates in use, each once, and the credit line."""
    names = [name for text in used for name in Template(text).get_identifiers() if name not in NO_NOISE]
    texts = [lines[name] for name in dict.fromkeys(names) if lines[name]]
    return tuple(dict.fromkeys([*texts, *([page.credit] if page.credit else [])]))


def _lines(world: World, outlet: Outlet, page: Page) -> dict[str, str]:
    """Every furniture line a template may ask for, unescaped."""
    furniture: dict[str, str] = dict(load(page.language).names["furniture"])
    others = _others(world, page)
    author = page.authors[0] if page.authors else outlet.title
    published = world.time_of(page.at).strftime("%d.%m.%Y %H:%M")
    lines = {
        **furniture,
        "bio_line": f"{author} {furniture['bio']}",
        "photo_line": f"{furniture['photo']} {page.agency or outlet.title}",
        "updated_line": f"{furniture['updated']} {published}",
        "more_line": f"{furniture['more']}: {others[0].title}" if others else furniture["more"],
    }
    for place in range(OTHERS):
        lines[f"other_{place + 1}"] = others[place].title if place < len(others) else ""
    return lines


def _addresses(world: World, page: Page, bases: Mapping[str, str]) -> dict[str, str]:
    others = _others(world, page)
    return {
        f"url_{place + 1}": bases[others[place].outlet] + others[place].path if place < len(others) else "/"
        for place in range(OTHERS)
    }


def _others(world: World, page: Page) -> list[Page]:
    """Earlier pages of the same outlet and language about something else, the newest first."""
    earlier = [
        other
        for other in world.pages
        if other.outlet == page.outlet
        and other.language == page.language
        and other.first_at < page.first_at
        and other.event != page.event
    ]
    return earlier[::-1][:OTHERS]


def _date(world: World, outlet: Outlet, page: Page) -> str:
    published = world.time_of(page.first_at)
    shown = published.strftime("%d.%m.%Y %H:%M")
    return f'<time datetime="{published.isoformat()}">{shown}</time>' if "time" in outlet.metadata else shown


def canonical(world: World, page: Page, bases: Mapping[str, str]) -> str:
    """The address the page names as canonical: the agency's for outlets that copy so, else its own."""
    outlet = world.outlet(page.outlet)
    if outlet.canonical == "agency" and page.source_page:
        agency, path = page.source_page
        return bases[agency] + path
    return bases[page.outlet] + page.path


def _head(world: World, outlet: Outlet, page: Page, bases: Mapping[str, str]) -> str:
    parts = [f'<meta charset="utf-8"><title>{html.escape(page.title)} | {html.escape(outlet.title)}</title>']
    if "canonical" in outlet.metadata:
        parts.append(f'<link rel="canonical" href="{canonical(world, page, bases)}">')
    if "og" in outlet.metadata:
        parts += _open_graph(world, outlet, page, bases)
    if "jsonld" in outlet.metadata:
        data = json.dumps(_json_ld(world, outlet, page, bases), ensure_ascii=False).replace("</", "<\\/")
        parts.append(f'<script type="application/ld+json">{data}</script>')
    return "\n".join(parts)


def _open_graph(world: World, outlet: Outlet, page: Page, bases: Mapping[str, str]) -> list[str]:
    properties = {
        "og:type": "article",
        "og:title": page.title,
        "og:site_name": outlet.title,
        "og:url": bases[page.outlet] + page.path,
        "og:locale": page.language,
        "article:published_time": world.time_of(page.first_at).isoformat(),
        "article:modified_time": world.time_of(page.at).isoformat(),
    }
    return [f'<meta property="{name}" content="{html.escape(value)}">' for name, value in properties.items()]


def _json_ld(world: World, outlet: Outlet, page: Page, bases: Mapping[str, str]) -> dict[str, object]:
    kind = "Organization" if page.agency and page.authors == (page.agency,) else "Person"
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "inLanguage": page.language,
        "articleSection": page.section,
        "datePublished": world.time_of(page.first_at).isoformat(),
        "dateModified": world.time_of(page.at).isoformat(),
        "author": [{"@type": kind, "name": author} for author in page.authors],
        "publisher": {"@type": "Organization", "name": outlet.title},
        "mainEntityOfPage": canonical(world, page, bases),
    }
