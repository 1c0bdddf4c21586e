"""An article as queries see it: the words of its fields, its labels, its date. Pure.

The same words are kept on the server (`columns_of`) and looked at here (`Seen`), so both give the same answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

from copydesk.model import Document
from copydesk.query.analysis import UNSPACED, Token, other_forms, tokens_of
from copydesk.query.stemming import stem_of

__all__ = ["LABELS", "Field", "Seen", "label", "labels_of", "see", "see_document", "whole_milliseconds"]

LABELS: Final = ("outlet", "publisher", "agency", "lang", "author", "section", "form")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN: Final = (
    "title", "standfirst", "text", "language", "outlet", "publisher", "agency", "section", "authors", "form",
)  # fmt: skip
"""What queries see of a document, beside its story and its date."""

LONGEST_LABEL: Final = 200
LONGEST_TEXT: Final = 1_000_000
"""Characters of a field that are looked at: longer than any article, short enough to be sent thrice."""
MOST_NAMES: Final = 8
"""Words of an author's name: each part of it is looked for too."""


@dataclass(slots=True)
class Field:
    """The words of a title, standfirst or text.

    Attributes:
        text: The field as it is printed.
        tokens: Its words.
        language: Of the article.
    """

    text: str
    tokens: Sequence[Token]
    language: str
    _words: tuple[str, ...] = ()
    _at: dict[str, list[int]] = field(default_factory=dict)
    _stems: list[str] = field(default_factory=list)
    _stem_at: dict[str, list[int]] = field(default_factory=dict)
    _loose: frozenset[str] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words as they stand."""
        if not self._words:
            self._words = tuple(token.word for token in self.tokens)
        return self._words

    @property
    def beginnings(self) -> frozenset[str]:
        """Each word, and each with the one behind it: how terms may begin in it."""
        words = self.words
        return frozenset(chain(words, map(" ".join, pairwise(words))))

    @property
    def at(self) -> Mapping[str, Sequence[int]]:
        """Word -> where it stands, as the number of the word."""
        if not self._at:
            self._at = _places(token.word for token in self.tokens)
        return self._at

    @property
    def stems(self) -> Sequence[str]:
        """What stands for each word without its endings; for signs without spaces the sign and the next one."""
        if not self._stems:
            self._stems = _stemmed(self.tokens, self.language)
        return self._stems

    @property
    def stem_at(self) -> Mapping[str, Sequence[int]]:
        """Stem -> where it stands."""
        if not self._stem_at:
            self._stem_at = _places(self.stems)
        return self._stem_at

    @property
    def loose(self) -> frozenset[str]:
        """Stems of other forms under which words of the field are found."""
        if self._loose is None:
            self._loose = _loosely(self.tokens, self.text, self.language)
        return self._loose

    def loose_at(self, place: int) -> frozenset[str]:
        """The same of the words at one place, and of the one they are joined with by a hyphen."""
        return _loosely(self.tokens[place : place + 2], self.text, self.language)


@dataclass(frozen=True, slots=True)
class Seen:
    """An article as queries see it.

    Attributes:
        title: Its title.
        body: Standfirst and text.
        labels: Its properties, see `label`.
        story: The story it belongs to, "" when that is not known.
        dated_at: When it was published, or first seen if nobody says.
    """

    title: Field
    body: tuple[Field, ...]
    labels: frozenset[str] = frozenset()
    story: str = ""
    dated_at: datetime | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Title, standfirst and text."""
        return (self.title, *self.body)


def see(record: Mapping[str, object]) -> Seen:
    """An article's record as queries see it; what it lacks is empty."""
    language = str(record.get("language") or "")
    title, *body = (_field(str(record.get(name) or ""), language) for name in ("title", "standfirst", "text"))
    dated_at = record.get("published_at") or record.get("first_seen_at")
    return Seen(
        title,
        tuple(body),
        labels_of(record),
        str(record.get("story") or ""),
        dated_at if isinstance(dated_at, datetime) else _moment(str(dated_at or "")),
    )


def see_document(document: Document, story: str = "") -> Seen:
    """An article as queries see it."""
    record = {name: getattr(document, name) for name in SHOWN}
    return see({**record, "story": story, "published_at": document.published_at or document.first_seen_at})


def labels_of(record: Mapping[str, object]) -> frozenset[str]:
    """The labels of an article's record; an author is found by any words of his name in a row."""
    whole = [
        label(name, str(record.get(name) or "")) for name in ("outlet", "publisher", "agency", "section")
    ]
    code = str(record.get("language") or "").partition("-")[0]
    parts = chain.from_iterable(map(_name_parts, _texts(record.get("authors"))))
    authors = (label("author", part) for part in parts)
    forms = (label("form", form) for form in _texts(record.get("form")))
    return frozenset(filter(None, [*whole, label("lang", code), *authors, *forms]))


def _texts(value: object) -> list[str]:
    """A field that has one text or several."""
    return [value] if isinstance(value, str) else list(map(str, value)) if isinstance(value, Sequence) else []


@lru_cache(maxsize=10_000)
def label(name: str, value: str) -> str:
    """A property as it is kept: `outlet:my paper`; "" when the value holds no word."""
    words = " ".join(token.word for token in tokens_of(value[: 2 * LONGEST_LABEL]))
    return f"{name}:{words}"[:LONGEST_LABEL] if words else ""


def _name_parts(name: str) -> Iterable[str]:
    words = [token.word for token in tokens_of(name)][:MOST_NAMES]
    return {
        " ".join(words[begin:end]) for begin in range(len(words)) for end in range(begin + 1, len(words) + 1)
    }


@lru_cache(maxsize=32)
def _field(text: str, language: str) -> Field:
    return Field(text, tokens_of(text[:LONGEST_TEXT]), language)


def _places(words: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(words):
        places[word].append(number)
    return dict(places)


def _stemmed(tokens: Sequence[Token], language: str) -> list[str]:
    stems = [stem_of(token.raw, language) if token.raw else token.word for token in tokens]
    signs = [UNSPACED.match(token.word) is not None for token in tokens]
    for at, sign in enumerate(signs[:-1]):
        if sign and signs[at + 1]:
            stems[at] = tokens[at].word + tokens[at + 1].word
    return stems


def _loosely(tokens: Sequence[Token], text: str, language: str) -> frozenset[str]:
    others = {stem_of(form, language) for form in other_forms(list(tokens), text)}
    bare = {
        stem_of(token.word, language)
        for token in tokens
        if token.raw != token.word and token.raw and not token.raw.isascii()
    }
    return frozenset(filter(None, others | bare))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def whole_milliseconds(moment: datetime) -> int:
    """A moment as the server keeps it: milliseconds since 1970, cut."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
