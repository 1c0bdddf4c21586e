import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benches.scoring import Score
from benches.wire_cache import checksum, kept_rows, read_rows
from benches.wire_scores import Scores
from benches.wire_sets import LOCKED, all_sets
from benches.wire_stories import as_rows, read_pairs
from benches.wire_tables import Line
from benches.wire_targets import aimed

ROW: dict[str, Any] = {
    "id": "a",
    "source": "harbour.example",
    "published": "2026-03-02T06:00:00",
    "title": "Ferry runs aground",
    "text": "SKARRA (NPA) - A ferry with 214 people ran aground off Skarra on Monday.\nAdvertisement\nNobody was hurt.",
}


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_documents_are_the_same_from_the_cache() -> None:
    """What was read once is kept with the row's id, cleaned, with its language and a time with its zone."""
    first = read_rows([ROW])
    assert read_rows([ROW]) == first
    assert (first[0].id, first[0].language) == ("a", "en")
    assert "Advertisement" not in first[0].text
    assert first[0].first_seen_at.tzinfo is not None


def test_a_row_without_a_text_has_no_document() -> None:
    """A text of which cleaning keeps nothing is left out, the others stay."""
    assert [one.id for one in read_rows([{**ROW, "id": "b", "text": " "}, ROW])] == ["a"]


def test_other_rows_are_read_anew() -> None:
    """The cache knows rows by all that is in them."""
    read_rows([ROW])
    assert read_rows([{**ROW, "text": "Another text, a full sentence of it."}])[0].text.startswith("Another")


def test_rows_are_made_once_a_name() -> None:
    """A second call with the name gives what the first made; another name makes anew."""
    kept_rows("one", lambda: [ROW])
    assert kept_rows("one", list) == [ROW]
    assert kept_rows("two", list) == []


def test_checksum_changes_with_any_file_below(tmp_path: Path) -> None:
    """A changed wording changes the checksum of its folder, a file of another kind does not."""
    (tmp_path / "words").mkdir()
    before = checksum(tmp_path)
    (tmp_path / "words" / "note.md").write_text("x", encoding="utf-8")
    assert checksum(tmp_path) == before
    (tmp_path / "words" / "list.txt").write_text("x", encoding="utf-8")
    assert checksum(tmp_path) != before


def test_sets_of_the_repository_need_nothing_beside_it(tmp_path: Path) -> None:
    """Without development sets there are handwritten texts and crowded events, and what is locked says so."""
    sets = {one.name: one for one in all_sets(tmp_path)}
    assert {"hand-all", "world-crowd-1"} <= sets.keys()
    assert not any(name.startswith(("real", "made")) for name in sets)
    crowded = {name.removeprefix("crowded-"): one.locked for name, one in sets.items() if "crowded-" in name}
    assert crowded == {letter: letter in LOCKED for letter in crowded}


def test_pairs_of_stories_stand_a_month_apart(tmp_path: Path) -> None:
    """A pair's texts come an hour apart at two outlets; unclear pairs come too, but count nowhere."""
    folder = tmp_path / "eval" / "stories"
    folder.mkdir(parents=True)
    pairs = [
        {"texts": ["A", "B"], "languages": ["fr", "de"], "overall": 1.0},
        {"texts": ["C", "D"], "languages": ["en", "en"], "overall": 2.0},
    ]
    with gzip.open(folder / "pairs-dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(pair) + "\n" for pair in pairs)
    across, within = (read_pairs(tmp_path, across=across) for across in (True, False))
    assert (across[0].languages, across[0].same, within[0].same) == ("de-fr", True, None)
    times = [row["published"][:16] for row in as_rows([*across, *within])]
    assert times == ["1990-01-01T00:00", "1990-01-01T01:00", "1990-01-31T00:00", "1990-01-31T01:00"]


def test_targets_are_of_a_line_by_its_name() -> None:
    """Counts are held to a share; a figure that the line has not has no target."""
    line = Line(
        name="crowded-a",
        texts=3,
        locked=False,
        who="",
        setting="",
        scores=Scores(all=Score(1.0, 0.9)),
        counts={"rival texts": "1/100", "cut found": "1/2"},
    )
    assert [(one.what, one.met) for one in aimed(line)] == [("F1", False), ("rival texts", False)]
