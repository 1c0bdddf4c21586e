"""Two states of an article, side by side in one column."""

from hypothesis import given
from hypothesis import strategies as st

from copydesk.views.changes import Line, changes

TEXTS = st.lists(st.sampled_from(["The ferry left.", "It was late.", "Nobody saw it.", ""]), max_size=12).map(
    "\n".join
)


def test_what_went_out_stands_before_what_came_in() -> None:
    """A mended line is shown in both of its forms, in its place."""
    before, after = "The fery left.\nIt was late.", "The ferry left.\nIt was late.\nNobody saw it."
    assert changes(before, after) == [
        Line("The fery left.", "out"),
        Line("The ferry left.", "in"),
        Line("It was late."),
        Line("Nobody saw it.", "in"),
    ]


@given(TEXTS, TEXTS)
def test_both_states_can_be_read_from_it(before: str, after: str) -> None:
    """Without what came in it is the earlier state, without what went out the later one."""
    found = changes(before, after)
    assert "\n".join(line.text for line in found if line.change != "in") == before
    assert "\n".join(line.text for line in found if line.change != "out") == after
