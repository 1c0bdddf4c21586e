"""Entries of `sources.yml` as text, put behind those that are there: comments and order stay. And OPML, in and out."""

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import yaml
from lxml import etree

from copydesk import urls
from copydesk.config.files import parse_sources
from copydesk.config.yamlfile import position, read_file
from copydesk.errors import ConfigError
from copydesk.model import LONGEST_NAME, Source

__all__ = [
    "added",
    "entry_of",
    "from_opml",
    "known_text",
    "name_for",
    "readdressed",
    "to_opml",
    "write_whole",
]

ITEM = re.compile(r"^( *)- ", re.MULTILINE)
ODD = re.compile(r"[^a-z0-9._-]+")
WEB = frozenset({"rss", "atom", "json", "sitemap", "ninjs", "newsml", "section"})


def entry_of(source: Source) -> Mapping[str, object]:
    """A source as it is written: without what is meant anyway."""
    return source.model_dump(mode="json", exclude_defaults=True)


def added(text: str, file: str, sources: Sequence[Source]) -> str:
    """The text of a file with these sources put behind its own.

    Raises ConfigError when the file is wrong, when a name is taken, or when its sources are written in a form to which
    nothing can be put by itself; then the lines to be put there are told.
    """
    before = parse_sources(text, file) if text.strip() else ()
    lines = _lines(sources, text)
    made = f"{text.rstrip()}\n{lines}" if before else f"{_without_list(text)}sources:\n{lines}"
    try:
        whole = parse_sources(made, file)
    except ConfigError as exc:
        if "each name once" in str(exc):
            raise
        whole = ()
    if whole != (*before, *sources):
        raise ConfigError(f"{file}: its list of sources cannot be added to; put this into it:\n{lines}")
    return made


def readdressed(text: str, file: str, urls_of: Mapping[str, str]) -> str:
    """The text of a file with other addresses for these sources, by their names; nothing else in it changes.

    Raises ConfigError when an address does not stand in a line of its own; then what is to be put there is told.
    """
    before = parse_sources(text, file)
    lines = text.splitlines(keepends=True)
    for number, source in enumerate(before):
        if source.name in urls_of:
            told = position(text, file, ("sources", number, "url")).removeprefix(f"{file}:")
            at = int(told.partition(":")[0]) - 1
            lines[at] = lines[at].replace(source.url, urls_of[source.name], 1)
    wanted = tuple(one.model_copy(update={"url": urls_of.get(one.name, one.url)}) for one in before)
    made = "".join(lines)
    try:
        whole = parse_sources(made, file)
    except ConfigError:
        whole = ()
    if whole != wanted:
        told = "; ".join(f"{name}: url: {url}" for name, url in urls_of.items())
        raise ConfigError(f"{file}: its addresses cannot be replaced; put this into it: {told}")
    return made


def _lines(sources: Sequence[Source], text: str) -> str:
    found = ITEM.search(text)
    indent = found[1] if found else "  "
    made = yaml.safe_dump(
        [dict(entry_of(source)) for source in sources], sort_keys=False, allow_unicode=True, width=1000
    )
    return "".join(f"{indent}{line}\n" for line in made.splitlines())


def _without_list(text: str) -> str:
    """A file without sources: its comments, without the empty list."""
    left = re.sub(r"^sources:\s*(\[\s*\])?\s*$", "", text, flags=re.MULTILINE).rstrip()
    return f"{left}\n" if left else ""


def write_whole(path: Path, text: str) -> None:
    """Replace a file, whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be written: {exc.strerror}") from exc


def known_text(path: Path) -> str:
    """What the file holds; "" when there is none yet."""
    return read_file(path) if path.exists() else ""


def name_for(words: str, taken: Iterable[str]) -> str:
    """A name for a source, made of words or a host, that no other has."""
    plain = ODD.sub("-", words.lower().removeprefix("www.")).strip("-._")[: LONGEST_NAME - 10] or "source"
    names, number = set(taken), 1
    while (name := plain if number == 1 else f"{plain}-{number}") in names:
        number += 1
    return name


def from_opml(content: bytes, taken: Iterable[str]) -> tuple[list[Source], int]:
    """The feeds of an OPML file as sources with names of their own, and how many entries name no web address.

    Groups are not kept. Raises ConfigError for what is no OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise ConfigError(f"no OPML: {exc}") from exc
    if root is None or str(root.tag).lower() != "opml":
        raise ConfigError("no OPML: its root is not <opml>")
    names, found, lacking = set(taken), list[Source](), 0
    for outline in root.iter("{*}outline"):
        values = {str(key).lower(): str(value).strip() for key, value in outline.attrib.items()}
        url, title = values.get("xmlurl", ""), values.get("title") or values.get("text") or ""
        if "xmlurl" not in values:
            continue
        if not urls.host(url):
            lacking += 1
            continue
        name = name_for(title or urls.host(url), names)
        names.add(name)
        outlet = (title or urls.host(values.get("htmlurl", "")) or urls.host(url))[:LONGEST_NAME]
        kind = values.get("type", "rss").lower()
        kind = kind if kind in WEB - {"section"} else "rss"
        language = values.get("language", "")[:LONGEST_NAME] or None
        found.append(
            Source.model_validate(
                {"name": name, "kind": kind, "url": url, "outlet": outlet, "language": language}
            )
        )
    return found, lacking


def to_opml(sources: Sequence[Source]) -> str:
    """The web sources as OPML 2.0, as other readers take it; inboxes and section pages are of no use to them."""
    lines = [
        f"    <outline type={quoteattr(source.kind)} text={quoteattr(source.name)} title={quoteattr(source.outlet)}"
        f" xmlUrl={quoteattr(source.url)}"
        + (f" language={quoteattr(source.language)}" if source.language else "")
        + "/>"
        for source in sources
        if source.kind in WEB - {"section"}
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head/>\n  <body>'
    return "\n".join([head, *lines, "  </body>", "</opml>", ""])
