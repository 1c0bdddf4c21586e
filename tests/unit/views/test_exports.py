"""What a search finds, unfolded, and read back from files by real readers."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.index import Body
from copydesk.views.exports import COLUMNS, as_csv, as_lines, unfolded
from copydesk.views.search import search
from made.desks import carried, news

ROW: Body = {**dict.fromkeys(COLUMNS), "share": 1.0, "word_count": 12, "form": ["live", "partial"]}
CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30
) | st.sampled_from(
    ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", 'a "quoted", one', "two\nlines", "'=1"]
)


def rows(text: str) -> list[dict[str, str]]:
    """A file as Python's own reader has it."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_stories_are_unfolded() -> None:
    """Every article of a story that is found, once, with the original it copies; no other story's."""
    index = carried().index
    index.refresh()
    found = list(unfolded(index, search(index, "outlet:two")))
    assert sorted(str(row["outlet"]) for row in found) == ["one", "two"]
    assert {row["story"] for row in found} == {found[0]["story"]}
    (original,) = {row["original"] for row in found}
    assert original in {row["article"] for row in found}
    assert [str(row["published_at"]) for row in found] == sorted(str(row["published_at"]) for row in found)
    assert all(tuple(row) == COLUMNS for row in found)
    numbers = (
        "carried_by_outlets",
        "carried_by_publishers",
        "story_articles",
        "story_outlets",
        "story_publishers",
    )
    assert {tuple(row[name] for name in numbers) for row in found} == {(2, 2, 2, 2, 2)}
    assert list(unfolded(index, search(index, "nowhere"))) == []


def test_a_whole_index_is_exported_once() -> None:
    """Of the newest stories of a whole world: as many rows as the search counts articles, none twice."""
    index = news().index
    index.refresh()
    found = search(index, limit=1000)
    ids = [row["article"] for row in unfolded(index, found)]
    assert not found.is_cut
    assert len(ids) == len(set(ids)) == found.articles


@given(CELLS)
def test_no_cell_is_computed(cell: str) -> None:
    """A spreadsheet takes no title for a formula; without the apostrophe that says so it is the title."""
    (read,) = rows(as_csv([{**ROW, "title": cell}]).removeprefix("\ufeff"))
    shown = read["title"]
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in {shown, shown.removeprefix("'")}
    (raw,) = rows(as_csv([{**ROW, "title": cell}], raw=True))
    assert raw["title"] == cell


@pytest.mark.parametrize("raw", [True, False])
def test_what_is_unknown_is_empty(*, raw: bool) -> None:
    """Numbers are numbers, several forms one cell."""
    (read,) = rows(as_csv([ROW], raw=raw).removeprefix("\ufeff"))
    assert (read["share"], read["word_count"], read["form"], read["agency"]) == (
        "1.0",
        "12",
        "live partial",
        "",
    )
    assert rows(as_csv([], raw=raw)) == []


@given(st.lists(CELLS, max_size=4))
def test_lines_are_json(cells: list[str]) -> None:
    """One line a row, whatever stands in it."""
    lines = as_lines([{**ROW, "title": cell} for cell in cells]).split("\n")
    assert [json.loads(line)["title"] for line in lines[:-1]] == cells
    assert lines[-1] == ""
