"""JSON-LD with faults in it → its objects, each without the faulty values alone. Pure.

Content systems write it by hand: quotation marks within a text, escapes that JSON does not know, comments, two objects
in one script, entities, an end that is missing. A strict parser then gives nothing of a page's times and authors.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import orjson

from copydesk.reading.facts import ARTICLE, Facts, Node

__all__ = ["completed", "mended"]

SCRIPT = re.compile(
    r"<script\b[^>]{0,300}application/ld\+json[^>]{0,100}>(.*?)</script", re.IGNORECASE | re.DOTALL
)
LONGEST = 200_000
"""Characters of a script that is mended."""

MOST_SCRIPTS = 20
DEEPEST = 40
MOST_QUOTES = 400
"""Quotation marks in a text that are tried as its end; articles with their whole body have fewer."""

COMMENT = r"/\*[^*]{0,500}\*/"
GAP = re.compile(rf"(?:[\s,;]|//(?=\s)[^\n]{{0,500}}|{COMMENT}|<!--|-->|<!\[CDATA\[|\]\]>)*")
SPACE = re.compile(rf"(?:\s|{COMMENT})*")
KEY = re.compile(r"""\s*(?:"([^"\\]{1,100})"|'([^'\\]{1,100})'|([A-Za-z@][\w@]{0,60}))\s*:""")
NAME = r"""(?:"[^"\\\n]{1,100}"|'[^'\\\n]{1,100}')\s*:"""
NEXT_KEY = re.compile(rf"[}}\]]|(?<=[,{{\s]){NAME}")
OPENING = re.compile(r"[{\[]")
LITERAL = re.compile(r"(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,}\]]|\s*$)")
ENDS = {
    "{": re.compile(rf"\s*(?:$|}}|(?:{COMMENT}\s*)?,?\s*(?:{COMMENT}\s*)?(?:{NAME}|}}))"),
    "[": re.compile(r"""\s*(?:$|]|,\s*(?:["{\[\]]|-?\d|true|false|null))"""),
}
"""What stands behind the end of a text, in an object and in a list; another quotation mark is within it."""

SWALLOWED = re.compile(r',\s*"[\w@]{1,60}"\s*:\s*["{\[]')
QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"')
BARE_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)"')
UNKNOWN_ESCAPE = re.compile(r'(?<!\\)((?:\\\\)*)\\(?!["\\/bfnrtu])')

Value = object
LOST = object()
"""A value that cannot be read."""


MOST_NODES = 3_000
NEEDED = ("headline", "datePublished", "author")


def completed(facts: Facts, page: str) -> Facts:
    """The declarations, with what the faulty scripts of the page say of the article and nothing else did."""
    if not page or all(facts.article.get(key) for key in NEEDED):
        return facts
    nodes = [node for value in mended(page) for node in _nodes(value)]
    articles = [node for node in nodes if ARTICLE.search(str(node.get("@type", "Article")))]
    best = max(articles, key=lambda node: sum(bool(node.get(key)) for key in NEEDED), default={})
    return replace(facts, article={**best, **facts.article}, nodes=(*facts.nodes, *nodes))


def _nodes(root: Value) -> Iterator[Node]:
    """All objects of a value, in order; it is at most `DEEPEST` deep."""
    stack, left = [root], MOST_NODES
    while stack and left:
        item, left = stack.pop(), left - 1
        if isinstance(item, dict):
            yield item
        if isinstance(item, dict | list):
            stack.extend(reversed(list(item.values() if isinstance(item, dict) else item)))


def mended(page: str) -> list[Value]:
    """The values of the JSON-LD scripts of a page that no strict parser reads; [] where all are well or none is."""
    found: list[Value] = []
    for script in list(SCRIPT.finditer(page))[:MOST_SCRIPTS]:
        text = script[1].strip()
        if len(text) <= LONGEST and not _is_well(text):
            found.extend(_values(html.unescape(text) if "&quot;" in text else text))
    return found


def _is_well(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _values(text: str) -> list[Value]:
    """The objects and lists of a text, one after the other."""
    found: list[Value] = []
    at = 0
    while (opening := OPENING.search(text, at)) is not None:
        value, at = _value(text, opening.start(), "[", 0)
        found.append(value)
    return found


def _value(text: str, at: int, inside: str, depth: int) -> tuple[Value, int]:
    space = SPACE.match(text, at)
    at = space.end() if space else at
    mark = text[at : at + 1]
    if mark == "{" and depth < DEEPEST:
        return _object(text, at + 1, depth + 1)
    if mark == "[" and depth < DEEPEST:
        return _list(text, at + 1, depth + 1)
    if mark == '"':
        return _text(text, at + 1, inside)
    if literal := LITERAL.match(text, at):
        return json.loads(literal[1]), literal.end()
    return LOST, _next(text, at)


def _object(text: str, at: int, depth: int) -> tuple[Value, int]:
    found: dict[str, Value] = {}
    while (at := _behind_gap(text, at)) < len(text) and text[at] != "}":
        key = KEY.match(text, at)
        if key is None:
            behind = _next(text, at)
            at = behind if behind > at else at + 1
            continue
        value, at = _value(text, key.end(), "{", depth)
        if value is not LOST:
            found.setdefault(key[1] or key[2] or key[3], value)
    return found, at + 1


def _list(text: str, at: int, depth: int) -> tuple[Value, int]:
    found: list[Value] = []
    while (at := _behind_gap(text, at)) < len(text) and text[at] not in "]}" and not KEY.match(text, at):
        before = at
        value, at = _value(text, at, "[", depth)
        if value is not LOST:
            found.append(value)
        elif at == before:
            at += 1
    return found, at + (text[at : at + 1] == "]")


def _text(text: str, at: int, inside: str) -> tuple[Value, int]:
    """A text, up to the first quotation mark behind which the object or list can go on.

    Where another key stands in it, its own end is missing: it is lost, and the key is read.
    """
    quotes = _quotes(text, at)
    end = next((quote for quote in quotes if ENDS[inside].match(text, quote)), None)
    if end is None:
        return LOST, quotes[-1] if quotes else len(text)
    if swallowed := SWALLOWED.search(text, at, end):
        return LOST, swallowed.start()
    return _unescaped(text[at : end - 1]), end


def _quotes(text: str, at: int) -> list[int]:
    """The places behind the next quotation marks that are not escaped."""
    found: list[int] = []
    while len(found) < MOST_QUOTES and (quote := QUOTE.search(text, at)) is not None:
        at = quote.end()
        found.append(at)
    return found


def _unescaped(raw: str) -> str:
    text = UNKNOWN_ESCAPE.sub(r"\1", BARE_QUOTE.sub(r'\1\\"', raw))
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return raw


def _behind_gap(text: str, at: int) -> int:
    gap = GAP.match(text, at)
    return gap.end() if gap else at


def _next(text: str, at: int) -> int:
    """Where the next key or the end of an object or list stands."""
    found = NEXT_KEY.search(text, at)
    return found.start() if found else len(text)
