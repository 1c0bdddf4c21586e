"""Analysis: a text → its words, as they are kept and looked for on every server. Pure.

The server only splits at the spaces that are set here, so it needs no analyzers and every one gives the same answer.

- An elided article and whatever follows an apostrophe are words of their own: `l'Europe`, `Ankara'da`. Not so behind
  a single letter that elides nothing (`O'Brien`) and in `hadn't`.
- Letters and digits part: `F-35`, `F35B` and `iPhone 17` are found however they are set.
- `1,500`, `1.500` and `1500` are one number, `3,5` and `3.5` too.
- `C++`, `C#`, `AT&T`, `U.S.` are one word each.
- Of scripts without spaces each sign is a word; what is looked for there is signs in a row.

`others` are the forms under which a word is found as well: `email` for `e-mail`, `Mueller` for `Müller`.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import regex

from copydesk.query.folding import LONGEST, folded, lowered

__all__ = ["ELISIONS", "UNSPACED", "Token", "other_forms", "tokens_of", "word_count"]

_FRENCH: Final = ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"]
_ITALIAN: Final = [
    "un",
    "gl",
    "all",
    "dall",
    "dell",
    "nell",
    "sull",
    "coll",
    "quell",
    "quest",
    "bell",
    "sant",
]
ELISIONS: Final = frozenset([*_FRENCH, *_ITALIAN])
"""French, Italian and Catalan words that lose their vowel before another one."""

_APOSTROPHE: Final = "'\u2019\u2018\u02bc\u02bb\u2032\uff07`\u00b4"
_UNSPACED: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\uff70]|\p{LB=SA}"
_WORD: Final = regex.compile(
    r"""
      (?P<picture> (?= \p{Extended_Pictographic} | \p{Emoji_Presentation} ) (?! [\u00a9\u00ae\u2122] ) \X )
    | (?P<letters> (?<! [\p{L}\p{N}] ) (?: \p{L} \. ){2,} (?: \p{L} (?! [\p{L}\p{M}\p{N}] ) )? )
    | (?P<symbol> (?<! [\p{L}\p{N}] ) (?: [A-Za-z] (?: \+\+ | \# ) | \p{L}{1,3} & \p{L}{1,3} )
        (?! [\p{L}\p{N}\p{M}&] ) )
    | (?P<number> \p{Nd}+ (?: [.,\u00a0\u202f'\u2019] \p{Nd}+ )* )
    | (?P<sign> (?: {unspaced} ) [\p{M}\p{Cf}]{0,8} )
    | (?P<word> {letter}+ (?: (?: [{apostrophe}\u00b7] | (?<=\p{Hebrew}) ["\u05f4] ) {letter}+ )* )
    """.replace("{letter}", r"(?: (?! {unspaced} ) [\p{L}\p{M}\p{Cf}] )")
    .replace("{unspaced}", _UNSPACED)
    .replace("{apostrophe}", _APOSTROPHE),
    regex.VERBOSE,
)
_RUN: Final = regex.compile(r"[^ \t\n\r\f\v]+")
_COMMON: Final = 40
"""Characters of what is remembered, for most of a text are words that were read before."""
UNSPACED: Final = regex.compile(_UNSPACED)
"""A sign of a script that sets no spaces."""

_PARTS: Final = regex.compile(rf"[{_APOSTROPHE}]")
_SEPARATOR: Final = regex.compile(r"[.,\u00a0\u202f'\u2019]")
_CLITICS: Final = frozenset(["s", "re", "ll", "ve", "d", "m"])
_HYPHENS: Final = "-\u2010\u2011"
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_THOUSAND: Final = 3


def word_count(text: str) -> int:
    """How many words a text has, as people count them: between spaces, and each sign of a script that sets none."""
    signs = 0
    if not text.isascii():
        text, signs = UNSPACED.subn(" ", text)
    return signs + sum(word.isalnum() or any(map(str.isalnum, word)) for word in text.split())


class Token(NamedTuple):
    """A word of a text.

    Attributes:
        word: As it is compared: folded.
        raw: In lower case with its accents, for stemming; "" for what has no endings.
        start: Where it begins, `end` where it ends, in characters.
        others: Further forms under which it is found.
    """

    word: str
    raw: str
    start: int
    end: int
    others: tuple[str, ...] = ()


def tokens_of(text: str) -> list[Token]:
    """The words of a text in order."""
    found: list[Token] = []
    for match in _RUN.finditer(text):
        run, start = match.group(), match.start()
        for word, raw, begin, end, others in _seldom(run) if len(run) > _COMMON else _often(run):
            found.append(Token(word, raw, start + begin, start + end, others))
    return found


def _seldom(run: str) -> tuple[Token, ...]:
    """The words of what stands between two spaces, with their places in it."""
    found: list[Token] = []
    for match in _WORD.finditer(run):
        kind = match.lastgroup
        if kind == "word":
            found += _words(match.group(), match.start())
        elif kind == "number":
            found += _numbers(match.group(), match.start())
        else:
            found.append(_whole(str(kind), match.group(), match.start()))
    return tuple(found)


_often = lru_cache(maxsize=100_000)(_seldom)


def other_forms(tokens: list[Token], text: str) -> Iterator[str]:
    """The forms under which words are found beside their own: of single ones, and of those joined by hyphens."""
    for token in tokens:
        yield from token.others
    at = 0
    while at < len(tokens):
        end = at
        while end + 1 < len(tokens) and _joined(tokens[end], tokens[end + 1], text):
            end += 1
        if end > at:
            whole = "".join(token.raw for token in tokens[at : end + 1])
            if len(whole) <= LONGEST:
                yield whole
        at = end + 1


def _joined(one: Token, next_: Token, text: str) -> bool:
    return next_.start == one.end + 1 and text[one.end] in _HYPHENS and bool(one.raw) and bool(next_.raw)


def _whole(kind: str, text: str, start: int) -> Token:
    end = start + len(text)
    word = folded(text)
    if kind == "letters":
        bare = word.replace(".", "")
        return Token(word.rstrip("."), "", start, end, (bare,))
    return Token(word, "", start, end)


def _numbers(text: str, start: int) -> list[Token]:
    parts = [_digits(part) for part in _SEPARATOR.split(text)]
    separators = _SEPARATOR.findall(text)
    if len(set(separators)) <= 1 and _grouped(parts):
        parts = ["".join(parts)]
    elif separators[-1] in ".," and separators[-1] not in separators[:-1] and _grouped(parts[:-1]):
        parts = [f"{''.join(parts[:-1])}.{parts[-1]}"]
    return [Token(part[:LONGEST], "", start, start + len(text)) for part in parts]


def _digits(text: str) -> str:
    return text if text.isascii() else "".join(str(unicodedata.decimal(digit)) for digit in text)


def _grouped(parts: list[str]) -> bool:
    """Whether these are the digits of one number, in threes from the right."""
    first, *others = parts
    return not others or (
        0 < len(first) <= _THOUSAND and first[0] != "0" and all(len(part) == _THOUSAND for part in others)
    )


def _words(text: str, start: int) -> list[Token]:
    """The words within a run of letters and apostrophes, the first with the run's other forms."""
    parts, others = _split(text)
    found = []
    for begin, end in parts:
        raw = lowered(_PARTS.sub("", text[begin:end]).replace('"', "").replace("\u05f4", ""))[:LONGEST]
        spelled = raw.translate(_UMLAUTS)
        forms = [*others, spelled] if spelled != raw else others
        found += [Token(folded(raw), raw, start + begin, start + end, tuple(forms))]
        others = []
    return [token for token in found if token.word]


def _split(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Where the words of a run begin and end, and the run in one word where that is also written."""
    marks = [match.start() for match in _PARTS.finditer(text)]
    parts: list[tuple[int, int]] = []
    start = 0
    for mark, end in zip(marks, [*marks, len(text)][1:], strict=True):
        head, tail = text[start:mark].lower(), text[mark + 1 : end].lower()
        lone = len(head) == 1 and head not in ELISIONS
        if not lone and not (tail == "t" and head.endswith("n")):
            parts.append((start, mark))
            start = mark + 1
    parts.append((start, len(text)))
    if len(parts) == 1:
        return parts, []
    head, tail = (text[begin:end] for begin, end in (parts[0], parts[-1]))
    elided = head.lower() in ELISIONS and not (head[0].isupper() and tail[0].isupper())
    return parts, [] if elided or lowered(tail) in _CLITICS else [lowered(_PARTS.sub("", text))[:LONGEST]]
