"""What an outlet declares as the summary of page after page, and the standfirst of a page."""

from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Document, Profile
from copydesk.outlets.learning import STORIES, Printed, furniture_among, lines_of
from copydesk.reading.documents import read
from made.pages import capture, page
from made.world import START

BANNER = "Owned by the readers of the valley since 1987"


def printed(number: int) -> list[Printed]:
    """So many articles with the banner, each of a story of its own."""
    return [Printed(f"s{n}", START, (BANNER,)) for n in range(number)]


@given(st.integers(0, 6), st.sampled_from(["og:description", "description"]))
def test_a_standfirst_is_asked_on_how_many_pages_it_stands(stories: int, name: str) -> None:
    """From three stories on it is the outlet's: it leads no page, and is shown among what was removed."""
    known = Profile(furniture=furniture_among(printed(stories), START))
    head = f'<meta property="{name}" content="{BANNER}">'
    own = '<meta name="description" content="The gate stays shut.">' if name == "og:description" else ""
    answer = read(capture(page(head=head + own)), known)
    assert isinstance(answer, Document)
    if stories < STORIES:
        assert answer.standfirst == BANNER
        assert BANNER not in [line.text for line in answer.removed]
    else:
        assert answer.standfirst == ("The gate stays shut." if own else None)
        assert (BANNER, "furniture") in [(line.text, line.reason) for line in answer.removed]


def test_a_standfirst_that_is_known_stays_known() -> None:
    """What is looked at of an article holds its standfirst, whether it is still one or was removed."""
    head = f'<meta name="description" content="{BANNER}">'
    for known in (Profile(), Profile(furniture=furniture_among(printed(3), START))):
        answer = read(capture(page(head=head)), known)
        assert isinstance(answer, Document)
        assert BANNER in lines_of(answer)
