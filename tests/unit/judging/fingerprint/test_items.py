"""Pages of several items, on pages written for this: data/items_*.txt, and on lines drawn at random."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning import Surroundings, clean
from copydesk.cleaning.tables import Group, Table
from copydesk.judging.fingerprint.items import DIGESTS, OPENINGS, THREADS, is_thread, items_of, shape_of
from copydesk.judging.fingerprint.marks import Mark, names_in, read_lines, share_names

DATA = Path(__file__).parents[3] / "data"
STORY = (
    "The Tarrow bridge will close on Monday for six weeks, the roads office in Hollen said in a statement.\n"
    "Maud Ferring of the roads office said that the bearings of the Tarrow bridge had been worn for years.\n"
    "A ferry to Hollen will run every ten minutes, and Ms Ferring asked drivers to leave their cars at home.\n"
    "The Tarrow bridge was built in 1911 by Walt Hibbert, whose grandson still oils its wheels in Hollen.\n"
)
BRIEFS = (
    "HOLLEN - The roads office will close the Tarrow bridge on Monday for six weeks while its bearings are renewed.\n"
    "BRECKHAM - Pupils of Saint Odile won the national prize for school orchestras with a piece by Maud Ferring.\n"
    "WENDLE - A retired plumber was fined because he fed the swans of Mayor Abrams, and he said he would go on.\n"
)


@dataclass(frozen=True)
class Page:
    """A page as written: what kind it is, and where its items begin."""

    kind: str
    title: str
    text: str
    starts: tuple[int, ...]


def pages(name: str) -> Iterator[Page]:
    """The pages of a file; the first lines of items_locked.txt show its form."""
    for block in (DATA / name).read_text(encoding="utf-8").split("\n@ ")[1:]:
        header, _, body = block.partition("\n")
        _, kind, title = header.split(" ", 2)
        parts = body.strip().split("§")
        starts = [len("".join(parts[:number])) for number in range(1, len(parts))]
        yield Page(kind, title, "".join(parts), tuple(starts))


PAGES = [
    pytest.param(page, id=f"{name}-{page.title[:40]}")
    for name in ("items_seen.txt", "items_locked.txt", "items_late.txt")
    for page in pages(name)
]
BARE = [pytest.param(page, id=page.title[:40]) for page in pages("items_bare.txt")]
WORDINGS = [
    pytest.param(table, group, id=f"{table.name}-{group.wordings[0].pattern[:40]}")
    for table in (DIGESTS, THREADS, OPENINGS)
    for group in table.groups
]


@pytest.mark.parametrize("page", PAGES)
def test_items_begin_where_they_were_written_to(page: Page) -> None:
    """Each item of a digest or thread is found at its heading or mark, and an ordinary report has none."""
    assert items_of(page.title, page.text) == page.starts
    assert is_thread(page.title, page.text) == (page.kind == "thread")


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_told_after_cleaning(page: Page) -> None:
    """What cleaning takes from the edges of a page, a first time or the lines that part items, is not missed."""
    kept = "\n".join(clean(page.text, Surroundings(titles=(page.title,))).kept)
    assert bool(items_of(page.title, kept)) == bool(page.starts)


@pytest.mark.parametrize("page", BARE)
def test_items_without_marks_are_found(page: Page) -> None:
    """No start of an item is missed; a paragraph that names nothing from the one before is taken for one too."""
    starts = items_of(page.title, page.text)
    assert bool(starts) == bool(page.starts)
    assert set(page.starts) <= set(starts)
    assert not is_thread(page.title, page.text)


@pytest.mark.parametrize(("table", "group"), WORDINGS)
def test_wordings_are_found_in_their_examples(table: Table, group: Group) -> None:
    """Each wording has an example, matches it by itself, and does not match what stands beside it as another thing."""
    for wording in group.wordings:
        assert wording.examples, f"{wording.pattern} has no example"
        for example in wording.examples:
            assert re.search(table.framed(wording.pattern), example.lower()), f"{wording.pattern}: {example}"
        for other in wording.others:
            assert not re.search(table.framed(wording.pattern), other.lower()), f"{wording.pattern}: {other}"


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("___", Mark.RULE),
        ("* * *", Mark.RULE),
        ("14:05", Mark.TIME),
        ("2:15 p.m.", Mark.TIME),
        ("6 p.m.", Mark.TIME),
        ("14.05 Uhr: Die Brücke ist wieder offen.", Mark.TIME),
        ("+++ 14:05 Die Brücke ist wieder offen +++", Mark.TIME),
        ("14h05 - Le pont est rouvert.", Mark.TIME),
        ("ore 17.45 - Il ponte è riaperto.", Mark.TIME),
        ("March 3, 2:15 p.m.: The bridge is open.", Mark.TIME),
        ("vor 5 Minuten", Mark.TIME),
        ("HOLLEN, March 3 (NPA) - The bridge is open.", Mark.DATELINE),
        ("Hollen (nda) - Die Brücke ist offen.", Mark.DATELINE),
        ("【临河桥封闭六周】临河市", Mark.DATELINE),
        ("HOLLEN — The bridge is open.", Mark.CAPITALS),
        ("VALDERA.- El puente está abierto.", Mark.CAPITALS),
        ("Hollen. The bridge is open.", Mark.LABEL),
        ("Ferry aground: Nobody was hurt.", Mark.LABEL),
        ("3) The bridge is open.", Mark.NUMBER),
        ("• The bridge is open.", Mark.BULLET),
        ("Bridge open again", Mark.HEADING),
        ("IS THE BRIDGE OPEN?", Mark.HEADING),
        ("$13.55", Mark.HEADING),
        ("The bridge is open.", Mark.NONE),
        ("16 Uhr war es, als die Brücke wieder geöffnet wurde.", Mark.NONE),
        ("12.50 Euro kostet die Fahrt über die Brücke von Montag an.", Mark.NONE),
        ("2026 was the year in which the bridge was closed.", Mark.NONE),
        ("It was 2:15 p.m. when the bridge was opened.", Mark.NONE),
    ],
)
def test_lines_have_the_mark_they_begin_with(line: str, mark: Mark) -> None:
    """Times, datelines, labels, numbers and bullets are told from sentences that begin with a figure or name."""
    assert [read.mark for read in read_lines(f"\n{line}\n")] == [mark]


def test_teasers_make_no_digest() -> None:
    """A report whose page goes on with one sentence each of other stories stays an ordinary report."""
    teasers = "Breckham: Pupils win the orchestra prize\nWendle: A plumber is fined over swans\nSarn: Maps get wet\n"
    assert items_of("Tarrow bridge to close for six weeks", STORY + teasers) == ()


def test_a_wording_alone_makes_no_digest() -> None:
    """A report on one matter is none, whatever its title says: its names run through all of its paragraphs."""
    assert items_of("News in brief", STORY) == ()
    assert not is_thread("Live updates: Tarrow bridge to close", STORY)


def test_labels_in_capitals_make_a_digest_under_any_title() -> None:
    """Paragraphs that begin with places and share no names need no wording, but no introduction may precede them."""
    assert len(items_of("Bridge, orchestra and swans", BRIEFS)) == 3
    assert items_of("Bridge, orchestra and swans", STORY + BRIEFS) == ()


def test_a_wording_makes_a_digest_of_paragraphs_without_marks() -> None:
    """Under a title that says so paragraphs that share no names are items."""
    bare = re.sub(r"(?m)^[A-Z]+ - ", "", BRIEFS)
    assert len(items_of("News in brief", bare)) == 3
    assert items_of("Bridge, orchestra and swans", bare) == ()


def test_a_paragraph_that_shares_a_name_goes_on_with_its_item() -> None:
    """Of paragraphs without marks only those begin an item that name nothing from the one before."""
    more = "Walt Hibbert, who looks after the Tarrow bridge, says that it was closed in 1951 for the last time.\n"
    first, second, third = re.sub(r"(?m)^[A-Z]+ - ", "", BRIEFS).splitlines(keepends=True)
    starts = items_of("News in brief", first + more + second + third)
    assert starts == (0, len(first + more), len(first + more + second))


def test_a_name_in_most_paragraphs_makes_one_matter_of_them() -> None:
    """A title that says so is not enough where one name runs through a text without marks, whatever else is named."""
    bare = re.sub(r"(?m)^[A-Z]+ - (.*)\.$", r"\1, a clerk in Hollen said.", BRIEFS)
    assert items_of("News in brief", bare) == ()


def test_days_of_the_week_are_no_names() -> None:
    """Texts on any matter share them."""
    assert names_in("It was on Monday that Maud Ferring spoke.") == ["Maud", "Ferring"]
    assert names_in("Im Tal wurden 40 Menschen gezählt, sagte Bürgermeister Kolbe.") == [
        "Tal",
        "Bürgerm",
        "Kolbe",
    ]
    assert not share_names("The ferry sank on Monday.", "Pupils won a prize, they heard on Monday.")
    assert share_names("The bridge at Hollen is closed.", "Hollen waits for a ferry.")


def test_both_answers_stand_in_the_shape() -> None:
    """Items and thread are read at once."""
    assert shape_of("News in brief", BRIEFS).items == items_of("News in brief", BRIEFS)
    assert shape_of("Live: the bridge", "9:05\n" + BRIEFS.replace("\n", "\n8:05\n", 1)).thread


def test_a_title_that_says_live_needs_no_long_entries() -> None:
    """Entries of one short sentence make a thread under such a title, and none under another."""
    entries = (
        "17:50 The mayor arrives on foot and without a coat.\n"
        "17:20 The hall is full, and more chairs are brought.\n"
        "16:55 The doors of the hall are open, and it rains.\n"
    )
    assert is_thread("Live: the vote in Hollen", entries)
    assert not is_thread("The vote in Hollen", entries)


def test_times_that_run_forwards_are_a_chronicle() -> None:
    """Without a title that says so, times make a thread only when the newest stands first."""
    entries = [f"{hour}:05\n{line}" for hour, line in zip((18, 16, 11), BRIEFS.splitlines(), strict=True)]
    assert is_thread("The bridge of Hollen", "\n".join(entries))
    assert not is_thread("The bridge of Hollen", "\n".join(reversed(entries)))
    assert is_thread("The bridge of Hollen: live updates", "\n".join(reversed(entries)))


LINES = st.lists(
    st.sampled_from(
        [
            *BRIEFS.splitlines(),
            *STORY.splitlines(),
            "___",
            "14:05",
            "6 p.m.",
            "Heading of an item",
            "COMPANIES",
            "",
            " ",
        ]
    )
    | st.text(max_size=40),
    max_size=12,
)
TITLES = st.sampled_from(["", "News in brief", "The Latest: a bridge", "A bridge"]) | st.text(max_size=300)


@given(TITLES, LINES)
def test_offsets_rise_within_any_text(title: str, lines: list[str]) -> None:
    """Any title and text are fine; offsets rise, lie on characters that are not blank, and are no less than two."""
    text = "\n".join(lines)
    starts = items_of(title, text)
    assert len(starts) != 1
    assert all(one < other for one, other in pairwise(starts))
    assert all(0 <= start < len(text) and not text[start].isspace() for start in starts)


@given(TITLES)
def test_an_empty_text_has_no_items(title: str) -> None:
    """Whatever the title says."""
    assert items_of(title, "") == ()
    assert not is_thread(title, "")


DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
)


@pytest.mark.parametrize("table", [DIGESTS, THREADS, OPENINGS], ids=lambda table: table.name)
def test_what_names_a_digest_on_one_day_names_it_on_all(table: Table) -> None:
    """An example with a day of the week is matched with each of the seven."""
    pattern = re.compile(table.pattern)
    examples = [one for group in table.groups for wording in group.wordings for one in wording.examples]
    missed = [
        turned
        for example in examples
        for names in map(str.split, DAYS)
        for day in names
        if re.search(rf"\b{day}\b", example.lower())
        for other in names
        if not pattern.search(turned := re.sub(rf"\b{day}\b", other, example.lower()))
    ]
    assert missed == []
