import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Document, Profile, Rejection
from copydesk.reading.documents import read
from copydesk.reading.selecting import fault
from made.pages import PROSE, capture, page

BOX = (
    '<aside class="fact sidebar"><h4>The gate in numbers</h4><ul><li>Built in 1987</li><li>Forty '
    "bolts</li></ul></aside>"
)
LINES = ["The gate in numbers", "Built in 1987", "Forty bolts"]
STRAY = (
    '<div class="stray"><p>The mill was painted red in the year the bridge was built, as every child in '
    "the valley knows.</p></div>"
)


def document(html: str, *, remove: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> Document:
    answer = read(capture(html), Profile(remove=remove, keep=keep))
    assert isinstance(answer, Document)
    return answer


@pytest.mark.parametrize(
    ("selector", "says"),
    [
        (".box", ""),
        ("div.a > p:first-of-type, [class*=promo i]", ""),
        ("main:has(.x)", ""),
        ("", "is no CSS selector"),
        ("a[", "is no CSS selector"),
        (".a, :bogus", "is no CSS selector"),
        ("p:contains('x')", "is no CSS selector"),
        ("//div[@class='x']", "is no CSS selector"),
        ("p\ud800", "is no CSS selector"),
        ("*", "would take whole pages"),
        ("body", "would take whole pages"),
    ],
)
def test_faults(selector: str, says: str) -> None:
    """Broken selectors are told from good ones, and so are those that mean every page as a whole."""
    assert fault(selector) == says


def test_removed_nodes_are_shown_in_their_place() -> None:
    """A paragraph that no rule would take goes, and stands among the removed lines where it stood."""
    html = page(STRAY)
    before, after = document(html), document(html, remove=("form", ".stray"))
    assert len(before.text.split("\n")) == len(PROSE) + 1
    assert after.text.split("\n") == list(PROSE)
    assert [(line.reason, line.place, line.text[:8]) for line in after.removed] == [
        *((line.reason, line.place, line.text[:8]) for line in before.removed),
        ("selector", 3, "The mill"),
    ]


def test_a_removed_part_of_a_paragraph_leaves_the_rest() -> None:
    """An inline node goes alone."""
    html = page().replace("said on Monday", "said <b class=x>(opens in a new tab)</b> on Monday")
    found = document(html, remove=(".x",))
    assert found.text.split("\n") == list(PROSE)
    assert [line.text for line in found.removed if line.reason == "selector"] == ["(opens in a new tab)"]


def test_kept_nodes_come_back_in_their_place() -> None:
    """Lines of a box that extraction leaves out stand where the page has them, in their order."""
    assert LINES[1] not in document(page(BOX)).text
    found = document(page(BOX), keep=(".fact",)).text.split("\n")
    assert found == [*PROSE[:3], *LINES, *PROSE[3:]]


def test_keeping_what_is_in_the_text_doubles_nothing() -> None:
    """The whole article may be named: its paragraphs stand there once, and no rule takes its lines."""
    noise = "<p>Read more: Mayor rejects the toll plan</p>"
    found = document(page(noise), keep=("article",))
    assert found.text.split("\n") == [
        "Gate stays shut until tested",
        *PROSE[:3],
        "Read more: Mayor rejects the toll plan",
        *PROSE[3:],
    ]


def test_the_inner_of_two_counts() -> None:
    """What is to be removed goes out of what is kept, and what is kept stays of what is removed."""
    advert = BOX.replace("</ul>", '</ul><p class="ad">Buy bolts here</p>')
    assert document(page(advert), keep=(".fact",), remove=(".ad",)).text.split("\n")[3:6] == LINES
    found = document(page(advert), remove=(".fact",), keep=("ul",))
    assert found.text.split("\n") == [*PROSE[:3], *LINES[1:], *PROSE[3:]]
    gone = [line.text for line in found.removed if line.reason == "selector"]
    assert gone == [LINES[0], "Buy bolts here"]
    both = document(page(BOX), remove=(".fact",), keep=("aside",))
    assert both.text.split("\n")[3:6] == LINES


@pytest.mark.parametrize("keep", [(), (".nowhere", "#none")])
def test_selectors_that_meet_nothing_change_nothing(keep: tuple[str, ...]) -> None:
    """A page that changed its classes is read as ever."""
    html = page(BOX, STRAY)
    assert document(html, keep=keep, remove=(".gone",)) == document(html)


def test_a_page_is_never_removed_as_a_whole() -> None:
    """A class that its body carries too takes the nodes inside only; a page without a paragraph left is rejected."""
    html = page(STRAY).replace("<body>", '<body class="stray">')
    assert document(html, remove=(".stray",)).text.split("\n") == list(PROSE)
    assert isinstance(read(capture(page()), Profile(remove=("main",))), Rejection)


@given(st.text(alphabet="<>/p aulidv.=\"'x\x01\x02\x03&#1;", max_size=80))
def test_any_page_can_be_selected_from(piece: str) -> None:
    """Broken markup, and pages that forge our marks, are read; nothing of the report is lost."""
    answer = read(capture(page(piece)), Profile(remove=("ul", "a"), keep=("div", ".x")))
    assert isinstance(answer, Document | Rejection)
