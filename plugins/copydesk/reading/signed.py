"""Who signs an article, by a line of its page that says so: "By", "Von", "Autor:". Pure."""
# ruff: noqa: RUF001 (words of several scripts)

import re

from selectolax.lexbor import LexborHTMLParser

from copydesk.reading.facts import squeeze

__all__ = ["signed_in"]

LINES = "p,li,div,span,dd,address,h4,h5,h6"
MOST_LINES = 4_000
MOST_WITHIN = 200_000
"""Elements within these lines that are gone through in all: 100,000 boxes in one another took a minute."""
LONGEST = 90
"""Characters of such a line; what is longer is prose."""

NOT_HERE = "aside,footer,figure,[class*=comment i],[class*=related i],[class*=teaser i],[class*=sidebar i]"

SIGNED = re.compile(
    r"^\s*(?:(?i:by|written by|von|par|por|przez|door)\s*:?\s+(?=[A-ZÀ-Þ])|"
    r"(?i:author|autor(?:in)?(?:/autor(?:in)?)?|auteur(?:e|ice)?|autore|autrice|text|tekst|reporter|автор|текст)"
    r"\s*[:：]?\s+(?=[A-ZÀ-ÞА-ЯЁ])|(?:作者|记者|記者|文|撰文|기자)\s*[:：]\s*|(?:بقلم|كتب)\s*[:：]?\s+)"
)

START = re.compile(r"\s*[bwvpdatrат作记記文撰기بك]", re.IGNORECASE)
"""What such a line begins with: most do not, at a twentieth of the time."""


def signed_in(html: str) -> str:
    """The first short line of a stripped page that names who wrote it, introduction and all; "" without one."""
    tree = LexborHTMLParser(html)
    for node in tree.css(NOT_HERE):
        if node.css_first("h1") is None:
            node.remove()
    lines = tree.css(LINES)[:MOST_LINES]
    few = len(lines) * len(tree.css("*")) <= MOST_WITHIN
    within = 0
    for node in lines:
        within += 0 if few else len(node.css("*"))
        if within > MOST_WITHIN:
            break
        text = node.text(deep=True)
        if (
            len(text) < 20 * LONGEST
            and START.match(text)
            and SIGNED.match(text)
            and len(line := squeeze(text)) <= LONGEST
        ):
            return line
    return ""
