"""Text that a page has in its scripts alone: the body of its JSON-LD, and as a last resort prose in other scripts.

Called by `documents` where the page itself shows less. Pure.
"""

import json
import re
from collections.abc import Iterator

from copydesk.cleaning.lines import END_MARKS, fold
from copydesk.reading.decoding import scrub
from copydesk.reading.facts import Facts, squeeze, without_tags

__all__ = ["declared_lines", "fuller", "script_lines"]

LEAST = 400
"""Characters of a body that is more than a teaser."""

SHOWN = 0.4
"""Share of the declared body up to which the page shows too little of it."""

STRANGE = 0.2
"""Share of what the page shows that may be missing from the declared body, as its standfirst is."""

HEADLINE = 100
"""Letters that may be missing from it in any case."""

BREAK = re.compile(
    r"(?:</?(?:p|div|li|h[1-6]|br|ul|ol|blockquote)\b[^<>]{0,300}>|\s*[\r\n]\s*)+", re.IGNORECASE
)
JOINT = re.compile(
    r"(?<=[a-zà-ÿа-я0-9)”“»\"][.!?])(?=[A-ZÀ-ÞА-Я„“«¿¡])|(?<=[a-zà-ÿа-я][.!?][”»\"])(?=[A-ZÀ-ÞА-Я„“«¿¡])"
)
"""Where two paragraphs were joined: a full stop with a capital right behind it."""

STRING = re.compile(r'"((?:[^"\\]|\\.){200,200000})"')
SCRIPT = re.compile(r"<script\b(?![^>]*ld\+json)[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
PROSE = 60
"""Characters of a line of a script that is prose, which ends like a sentence."""

MOST_LETTERS = 2_000_000
"""Characters of scripts that are looked through."""

SPACED = 0.1
"""Share of spaces in prose; in code and in packed data there are fewer, in scripts without spaces letters tell."""


def declared_lines(facts: Facts) -> list[str]:
    """The paragraphs of the declared body; [] where there is none of some length."""
    body = facts.article.get("articleBody")
    if not isinstance(body, str) or len(body) < LEAST:
        return []
    lines = _lines(body)
    return lines if len(lines) > 1 else [line for line in map(squeeze, JOINT.split(lines[0])) if line]


def fuller(extracted: str, declared: list[str]) -> bool:
    """Whether declared paragraphs hold what was extracted and are more, or the same in one line."""
    body, lines = fold(" ".join(declared)), extracted.split("\n")
    if len(body) < LEAST / 2:
        return False
    inside = sum(len(fold(line)) for line in lines if fold(line) in body)
    shown = len(fold(extracted))
    if shown - inside > max(STRANGE * shown, HEADLINE):
        return False
    return shown < SHOWN * len(body) or (len(declared) > 1 and any(fold(line) == body for line in lines))


def script_lines(html: str) -> list[str]:
    """The prose in the strings of scripts: of all strings the one that holds most; [] where there is no article."""
    best: list[str] = []
    most = 2 * LEAST
    for script in SCRIPT.finditer(html[:MOST_LETTERS]):
        for text in _strings(script[1]):
            lines = [line for line in _lines(text) if _is_prose(line)]
            if (letters := sum(map(len, lines))) >= most:
                best, most = lines, letters + 1
    return best


def _strings(script: str, depth: int = 0) -> Iterator[str]:
    """The long strings of a script, also of a script in a string."""
    for found in STRING.finditer(script):
        try:
            text = json.loads(f'"{found[1]}"', strict=False)
        except ValueError:
            continue
        yield text
        if depth == 0 and '"' in text:
            yield from _joined(_strings(text, 1))


def _joined(texts: Iterator[str]) -> Iterator[str]:
    """Strings one by one, then all of them: a story is often kept paragraph by paragraph."""
    found = list(texts)
    yield from found
    yield "\n".join(found)


def _lines(text: str) -> list[str]:
    parts = (squeeze(scrub(without_tags(part))) for part in BREAK.split(text))
    return [part for part in parts if part]


def _is_prose(line: str) -> bool:
    return (
        len(line) >= PROSE
        and line[-1] in END_MARKS
        and (line.count(" ") >= SPACED * len(line) or not line.isascii())
        and not re.search(r"[{}<>;=]{2}|function\b|https?://\S+\s*$|\\", line)
    )
