"""The marks and words of a query, each with its place. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import regex

from copydesk.query.mistakes import QueryError

__all__ = ["FIELDS", "Mark", "marks_of"]

FIELDS: Final = (
    "title", "outlet", "publisher", "agency", "lang", "author", "section", "form", "story", "since",
    "until",
)  # fmt: skip
"""What may stand before a colon."""

_DOUBLE: Final = (
    '"\u201c\u201d\u201e\u201f\uff02\u301d\u301e\u301f\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f'
)
_MARK: Final = regex.compile(
    rf"""
      (?P<space> [\s\p{{Cf}}\p{{Cc}}\p{{Cs}}]+ )
    | (?P<open> [(\uff08] )
    | (?P<close> [)\uff09] )
    | [{_DOUBLE}] (?P<phrase> (?: (?<=\p{{Hebrew}})"(?=\p{{Hebrew}}) | [^{_DOUBLE}] )* ) [{_DOUBLE}]
    | (?P<unclosed> [{_DOUBLE}] )
    | (?<= [\s(\uff08:\-] | ^ ) ['\u2018\u201a] (?P<single> \S [^'\u2018\u2019{_DOUBLE}]* (?: (?<=\w) ['\u2019]
        (?=\w) [^'\u2018\u2019{_DOUBLE}]* )* ) ['\u2019] (?! \w )
    | (?P<near> NEAR (?: / \d+ )? (?= [\s(\uff08)\uff09{_DOUBLE}] | $ ) )
    | (?P<operator> (?: AND | OR | NOT ) (?= [\s(\uff08)\uff09{_DOUBLE}] | $ ) )
    | (?P<minus> [-\u2212] (?= [^\s\-\u2212] ) )
    | (?P<plus> \+ (?= [^\s+] ) )
    | (?P<field> [^\W\d_]+ ) [:\uff1a] (?! // ) (?P<gap> \s* )
    | (?P<word> (?: [^\s(){_DOUBLE}\uff08\uff09] | (?<=\p{{Hebrew}})"(?=\p{{Hebrew}}) )+ )
    """,
    regex.VERBOSE,
)

Kind = Literal["open", "close", "phrase", "near", "and", "or", "not", "field", "word"]

_KINDS: Final[Mapping[str, Kind]] = {
    "open": "open",
    "close": "close",
    "phrase": "phrase",
    "single": "phrase",
    "near": "near",
    "minus": "not",
    "word": "word",
}
_OPERATORS: Final[Mapping[str, Kind]] = {"AND": "and", "OR": "or", "NOT": "not"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One of a query's marks: its kind, what it says, where it begins and how long it is."""

    kind: Kind
    text: str
    place: int
    length: int


def marks_of(query: str) -> list[Mark]:
    """All marks of a query. Raises QueryError at a quotation mark that is not closed, or an unknown field."""
    return list(_read(query))


def _read(query: str) -> Iterator[Mark]:
    for match in _MARK.finditer(query):
        group, text, start = str(match.lastgroup), match.group(), match.start()
        if group == "gap":
            yield _field(match["field"], start, len(text))
        elif group == "unclosed":
            raise QueryError(
                "this quotation mark is not closed", f"write {text} at the end of the phrase too", start, 1
            )
        elif group in _KINDS:
            inside = match[group] if group in {"phrase", "single"} else text
            yield Mark(_KINDS[group], inside, start, len(text))
        elif group == "operator":
            yield Mark(_OPERATORS[text], text, start, len(text))


def _field(name: str, start: int, length: int) -> Mark:
    if name.lower() in FIELDS:
        return Mark("field", name.lower(), start, length)
    known = ", ".join(f"{field}:" for field in FIELDS)
    raise QueryError(
        f"there is no {name}: to search in",
        f"there are {known}; to look for the words, put them in quotation marks",
        start,
        length,
    )
