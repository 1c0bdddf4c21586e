"""Every wording of every table is found in its examples, by itself, and the rule it belongs to takes them."""

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from copydesk import cleaning
from copydesk.cleaning import (
    RULES,
    agency,
    bios,
    bylines,
    embeds,
    labels,
    legal,
    notices,
    picture_credits,
    prompts,
    related,
)
from copydesk.cleaning.lines import CUE, HANGUL, Surroundings, Text, measure, tidy
from copydesk.cleaning.phrases import Phrasebook
from copydesk.cleaning.tables import FOLDER, Group, Table, Wording, read_table, read_words

BOOKS = {
    "prompts": prompts.BOOK,
    "notices": notices.BOOK,
    "legal": legal.BOOK,
    "bios": bios.BOOK,
    "professions": bios.PROFESSION,
}
"""Tables whose wordings are looked up by cues."""

TAKEN_BY = {
    "prompts": ("prompt", prompts.takes),
    "notices": ("notice", notices.takes),
    "legal": ("legal", legal.takes),
    "bios": ("author", bios.takes),
    "professions": ("author", bios.takes),
    "labels": ("label", labels.takes),
    "sure_pointers": ("related", related.points_elsewhere),
    "reporting": ("agency", agency.takes),
    "reading_times": ("reading time", bylines.is_reading_time),
    "embeds": ("embed", embeds.takes),
    "credits": ("credit", picture_credits.takes),
}
"""Tables by whose wordings alone a rule takes a line; those of the others are one sign among several."""


def tables() -> Iterator[Table]:
    """Every table that a rule of cleaning reads."""
    for module in pkgutil.iter_modules(cleaning.__path__):
        values = vars(importlib.import_module(f"copydesk.cleaning.{module.name}")).values()
        yield from (value for value in values if isinstance(value, Table))


def alone(line: str) -> Text:
    """A text of one line."""
    measured = measure(tidy(line))
    return Text([measured], Surroundings(), {measured.letters: 0}, 0.0)


TABLES = {table.name: table for table in tables()}
GROUPS = [
    pytest.param(table, group, id=f"{table.name}-{group.wordings[0].pattern[:40]}")
    for table in TABLES.values()
    for group in table.groups
]


def found(table: Table, wording: Wording, line: str) -> bool:
    """Whether this wording alone, as it has to stand in a line, is in the line."""
    return bool(re.search(table.framed(wording.pattern), measure(tidy(line)).bare))


@pytest.mark.parametrize(("table", "group"), GROUPS)
def test_wordings_are_found_in_their_examples(table: Table, group: Group) -> None:
    """Each wording has an example, matches it without help of any other, and by a cue where its rule asks for one."""
    cues = {cue[:CUE] for cue in group.cues}
    for wording in group.wordings:
        assert wording.examples, f"{wording.pattern} has no example"
        for example in wording.examples:
            assert found(table, wording, example), f"{wording.pattern} does not match {example!r}"
            line = measure(tidy(example))
            if table.name in BOOKS and not (line.dense or HANGUL.search(example)):
                assert not line.cues.isdisjoint(cues), f"no cue of {wording.pattern} in {example!r}"
        for other in wording.others:
            assert not found(table, wording, other), f"{wording.pattern} matches {other!r}"


@pytest.mark.parametrize("name", TAKEN_BY)
def test_the_rule_takes_the_examples(name: str) -> None:
    """The rule a table belongs to takes the examples of its wordings."""
    reason, takes = TAKEN_BY[name]
    [rule] = [rule for rule in RULES if rule.takes is takes]
    assert rule.name == reason
    examples = [
        example for group in TABLES[name].groups for wording in group.wordings for example in wording.examples
    ]
    texts = [alone(example) for example in examples]
    assert [text.lines[0].text for text in texts if not takes(text, 0)] == []
    assert [text.lines[0].text for text in texts if text.lines[0].words > rule.longest] == []


WORDS = sorted({path.stem for path in FOLDER.glob("*.txt")} - {*TABLES})


@pytest.mark.parametrize("name", WORDS)
def test_words_are_read(name: str) -> None:
    """What is no table is a file of words, each once and a pattern by itself, and a rule reads it."""
    words = read_words(name)
    assert len({*words}) == len(words)
    assert all(re.compile(word) for word in words)
    assert max(map(len, (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines())) <= 120
    assert any(f'("{name}")' in path.read_text(encoding="utf-8") for path in FOLDER.parent.glob("*.py"))


def test_tables_are_packaged() -> None:
    """What is installed holds the tables too."""
    project = tomllib.loads((FOLDER.parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["copydesk.cleaning"]
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert files
    assert all(any(path.relative_to(FOLDER.parent).match(glob) for glob in patterns) for path in files)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_table_can_be_read_by_people(table: Table) -> None:
    """Lines are short, no wording stands twice, and every cue is one word that a line can hold."""
    lines = (FOLDER / f"{table.name}.txt").read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= 120
    for group in table.groups:
        patterns = [wording.pattern for wording in group.wordings]
        assert len({*patterns}) == len(patterns)
        assert all(re.fullmatch(r"\w{4,}", cue) for cue in group.cues)
        assert len({cue[:CUE] for cue in group.cues}) == len(group.cues), "two cues begin alike"


@pytest.mark.parametrize("name", BOOKS)
def test_book_holds_every_wording(name: str) -> None:
    """A phrasebook is its table: each cue leads to the wordings of its groups, and to nothing else."""
    book: Phrasebook = BOOKS[name]
    expected: dict[str, set[str]] = {}
    for group in TABLES[name].groups:
        for cue in group.cues:
            expected.setdefault(cue[:CUE], set()).add(group.pattern)
    assert {cue: {found.pattern for found in patterns} for cue, patterns in book.by_cue.items()} == expected


TABLE = """# a remark
{PAPER}
  paper | e-?paper
  journal
{OUR}
  our {PAPER}
[en] subscribe subscribing
    subscriber
^subscribe to {OUR}   = Subscribe to our e-paper
  = Subscribe to our paper
  ! Few subscribe to our paper

thanks for subscribing
[zh ja]
订阅
"""


def test_a_table_is_read(tmp_path: Path) -> None:
    """Parts are filled in, cues go on, and a wording without signs is its own example."""
    path = tmp_path / "mine.txt"
    path.write_text(TABLE, encoding="utf-8")
    table = read_table(path, before="^", behind="$")
    pattern = "^subscribe to (?:our (?:paper|e-?paper|journal))"
    assert table.name == "mine"
    assert table.groups == (
        Group(
            ["en"],
            ["subscribe", "subscribing", "subscriber"],
            [
                Wording(
                    pattern,
                    ["Subscribe to our e-paper", "Subscribe to our paper"],
                    ["Few subscribe to our paper"],
                ),
                Wording("thanks for subscribing", ["thanks for subscribing"]),
            ],
        ),
        Group(["zh", "ja"], [], [Wording("订阅", ["订阅"])]),
    )
    assert table.pattern == f"^(?:{pattern}|thanks for subscribing|订阅)$"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("wording before any group", 1),
        ("[en]\n= example of nothing", 2),
        ("[en]\n\n! example of nothing", 3),
        ("[en]\nread our {PAPER}", 2),
        ("{PAPER}\n  our {OTHER}", 2),
    ],
)
def test_a_faulty_table_is_named(tmp_path: Path, content: str, line: int) -> None:
    """A line that has no place in a table is said with its file and number."""
    path = tmp_path / "mine.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^mine\.txt:{line}: .* has no place in a table$"):
        read_table(path)
