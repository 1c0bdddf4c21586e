"""docs/words.md against the code: each term is part of a name in its file, and no name has a word that was given up."""

import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from local.processes import ROOT

LIBRARY = ROOT / "plugins" / "copydesk"
PAGE = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
TABLES, GIVEN_UP = PAGE.split("\n## Given up\n")


def rows(text: str) -> list[list[str]]:
    """The cells of each row of the tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] not in {"term", "word"}]


TERMS = rows(TABLES)
WORDS = [
    (word, set(re.findall(r"`([^`]+)`", but)))
    for words, _, but in rows(GIVEN_UP)
    for word in words.split(", ")
]


def words_of(name: str) -> tuple[str, ...]:
    """A name in small words: MustLink, must_link and MUST_LINK are ("must", "link")."""
    return tuple(word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name))


@cache
def names_in(path: Path) -> frozenset[tuple[str, ...]]:
    """All names in a file of code."""
    with tokenize.open(path) as file:
        tokens = tokenize.generate_tokens(file.readline)
        return frozenset(words_of(token.string) for token in tokens if token.type == tokenize.NAME)


def holds(name: tuple[str, ...], term: tuple[str, ...]) -> bool:
    """Whether a name has the words of a term in a row; the last may be a plural on either side."""
    *before, last = term
    ends = {last, f"{last}s", last.removesuffix("s"), re.sub("y$", "ies", last)}
    return any(
        list(name[at : at + len(before)]) == before and name[at + len(before)] in ends
        for at in range(len(name) - len(before))
    )


@pytest.mark.parametrize(("term", "file"), [(row[0], row[3]) for row in TERMS])
def test_each_term_is_part_of_a_name_in_its_file(term: str, file: str) -> None:
    names = names_in(LIBRARY / file.strip("`"))
    assert any(holds(name, words_of(term)) for name in names)


@pytest.mark.parametrize(("word", "but"), WORDS, ids=[word for word, _ in WORDS])
def test_what_was_given_up_is_in_no_name(word: str, but: set[str]) -> None:
    """Nor in that of a file; the files a row names may, for the reason it gives."""
    found = {
        str(path.relative_to(LIBRARY))
        for path in LIBRARY.rglob("*.py")
        if word in words_of(path.stem) or any(word in name for name in names_in(path))
    }
    assert found <= but


def test_no_exception_outlives_its_reason() -> None:
    for words, _, but in rows(GIVEN_UP):
        for file in re.findall(r"`([^`]+)`", but):
            names = names_in(LIBRARY / file)
            assert any(word in name for name in names for word in words.split(", ")), (words, file)


def test_no_term_stands_twice_or_was_given_up() -> None:
    terms = [row[0] for row in TERMS]
    assert len(terms) == len(set(terms))
    assert not set(terms) & {word for word, _ in WORDS}


def test_a_name_is_cut_into_its_words() -> None:
    assert words_of("_MustLink") == words_of("MUST_LINK") == words_of("must_link") == ("must", "link")
    assert holds(("families", "of"), ("family",))
    assert not holds(("link", "must"), ("must", "link"))
