"""News agencies: whose own page a text stands on. Pure."""

import re

from copydesk.judging.fingerprint import Fingerprint

__all__ = ["is_own_page"]

WORD = re.compile(r"[^\W_]+")


def is_own_page(text: Fingerprint) -> bool:
    """Whether the outlet or its publisher is the agency that wrote the text.

    That is so when one of its words is the agency's name or initials, alone or before "news" (AP: apnews.com), or
    when its own initials are (DPN: Delta Press Network).
    """
    if text.agency is None:
        return False
    names = {name for name in ("".join(_words(text.agency)), _initials(text.agency)) if len(name) > 1}
    signs = names | {f"{name}news" for name in names}
    return any(
        signs & {*_words(name), "".join(_words(name)), _initials(name)}
        for name in (text.outlet, text.publisher)
    )


def _words(name: str) -> list[str]:
    return WORD.findall(name.casefold())


def _initials(name: str) -> str:
    words = _words(name)
    return "".join(word[0] for word in words) if len(words) > 1 else ""
