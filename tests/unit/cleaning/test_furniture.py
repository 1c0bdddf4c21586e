from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning import Surroundings, clean
from copydesk.cleaning.furniture import checksum
from copydesk.cleaning.lines import fold
from made.pages import PROSE

STRIP = "Owned by the readers of the valley since 1987"
KNOWN = frozenset({checksum(fold(STRIP))})


def text(*lines: str) -> str:
    return "\n".join(lines)


def test_known_lines_go_wherever_they_stand() -> None:
    """In other spacing, case and punctuation too; the paragraphs stay."""
    for line in (STRIP, STRIP.upper(), f"  {STRIP.replace(' ', '  ')}. "):
        cleaned = clean(text(*PROSE[:2], line, *PROSE[2:]), Surroundings(furniture=KNOWN))
        assert cleaned.kept == PROSE
        assert [(removed.reason, removed.place) for removed in cleaned.removed] == [("furniture", 2)]


def test_known_subheads_stay_between_paragraphs() -> None:
    """A subhead belongs to its article, unless it is known as one; behind the last paragraph it is furniture."""
    around = Surroundings(furniture=KNOWN, marks={fold(STRIP): frozenset({"heading"})})
    assert clean(text(PROSE[0], STRIP, *PROSE[1:]), around).removed == ()
    assert [line.reason for line in clean(text(*PROSE, STRIP), around).removed] == ["furniture"]
    known = replace(around, furniture=KNOWN | {checksum(fold(STRIP), subhead=True)})
    assert clean(text(PROSE[0], STRIP, *PROSE[1:]), known).kept == PROSE


@given(st.sets(st.integers(0, len(PROSE) - 1)))
def test_furniture_eats_no_text(numbers: set[int]) -> None:
    """However much of a short text a memory holds, at least half of it stays; kept and removed are all of it."""
    known = frozenset(checksum(fold(PROSE[number])) for number in numbers)
    cleaned = clean(text(*PROSE), Surroundings(furniture=known))
    assert 2 * len("".join(cleaned.kept)) >= len("".join(PROSE))
    assert sorted((*cleaned.kept, *(line.text for line in cleaned.removed))) == sorted(PROSE)


def test_what_must_be_kept_is_kept() -> None:
    """No rule takes a line that the desk wants to keep, not even one that holds for any text."""
    line = "Please enable JavaScript to view this content."
    assert clean(text(*PROSE, line)).removed
    assert clean(text(*PROSE, line), Surroundings(keep=frozenset({fold(line)}))).kept == (*PROSE, line)
