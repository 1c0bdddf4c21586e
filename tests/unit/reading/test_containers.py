"""Text in elements that mostly hold none."""

import pytest

from copydesk.model import Document
from copydesk.reading.documents import read
from made.pages import PROSE, capture

HEADING = "<h1>Gate stays shut until tested</h1>"
TEXT = "".join(f"<p>{text}</p>" for text in PROSE)


def lines(body: str) -> list[str]:
    """The lines read from a page with this body."""
    html = f"<html lang=en><head><title>Gate stays shut until tested</title></head><body>{body}</body></html>"
    found = read(capture(html))
    assert isinstance(found, Document), found
    return found.text.split("\n")


@pytest.mark.parametrize(
    "around",
    [
        "<story-body><template shadowrootmode=open><div>{}</div></template></story-body>",
        "<a-b><template shadowrootmode=closed><c-d><TEMPLATE shadowroot=open>{}</TEMPLATE></c-d></template></a-b>",
        "<noscript>{}</noscript>",
        "<dialog open>{}</dialog>",
        "<div role=dialog>{}</div>",
        "<div role=contentinfo>{}</div>",
    ],
)
def test_article_in_a_container_that_mostly_holds_none(around: str) -> None:
    """What holds nearly all of a page's paragraphs holds the article, whatever it is."""
    assert lines(f"<main>{HEADING}{around.format(TEXT)}</main>") == list(PROSE)


@pytest.mark.parametrize(
    "around",
    [
        "<template><p>{}</p></template>",
        "<noscript><p>{}</p></noscript>",
        "<div role=dialog><p>{}</p></div>",
        "<button aria-expanded=false>{}</button>",
        "<p><button>Share</button> <button>Save</button></p>",
    ],
)
def test_a_notice_in_such_a_container_is_none(around: str) -> None:
    """Beside the article they hold notices and what is there for scripts."""
    notice = "Please turn on scripts, or you will not see the pictures of this page at all."
    assert lines(f"<main><article>{HEADING}{TEXT}{around.format(notice)}</article></main>") == list(PROSE)


@pytest.mark.parametrize(
    ("block", "line"),
    [
        (
            "<p>They voted for the <button>caisson</button> method, in which boxes are sunk.</p>",
            "They voted for the caisson method, in which boxes are sunk.",
        ),
        (
            "<p>They asked <b><button>Ida Holm</button></b>, who runs the yard, for her opinion of it.</p>",
            "They asked Ida Holm, who runs the yard, for her opinion of it.",
        ),
        ("<h3><button aria-expanded=false>Who pays for the wall?</button></h3>", "Who pays for the wall?"),
        ("<div><button aria-expanded=false>Who pays?</button><div>{}</div></div>", "Who pays?"),
    ],
)
def test_buttons_that_hold_words_of_the_text(block: str, line: str) -> None:
    """Terms that open an explanation and questions that open an answer are text."""
    answer = "<p>Most of it is paid by the region, and the rest by a levy on the firms of the harbour.</p>"
    found = lines(f"<article>{HEADING}{TEXT}{block.format(answer)}{answer}{TEXT[:200]}</article>")
    assert line in [one.removeprefix("- ") for one in found]


@pytest.mark.parametrize(
    "hidden", ["<span class=sr-only>{}</span>", "<span hidden>{}</span>", "<em style='display:none'>{}</em>"]
)
def test_hidden_words_in_a_sentence_go(hidden: str) -> None:
    """What is only read aloud splits no sentence; an element that hides a whole paragraph hides nothing of one."""
    said = hidden.format(" (opens in a new window)")
    block = f"<p>The plans can be seen <a href=https://a.example>in the town hall{said}</a> until the end of May.</p>"
    assert "The plans can be seen in the town hall until the end of May." in lines(
        f"<article>{HEADING}{TEXT}{block}{TEXT}</article>"
    )


def test_lists_in_cells_are_rows() -> None:
    """A table whose cells are lists keeps what stands in them."""
    rows = "".join(
        f"<tr><td>{day}</td><td><ul><li>{at}</li></ul></td></tr>"
        for day, at in (("Mon", "10:00"), ("Tue", "11:00"))
    )
    table = f"<table><tr><th>Day</th><th>Open</th></tr>{rows}</table>"
    found = lines(f"<article>{HEADING}{TEXT}{table}{TEXT}</article>")
    assert {"| Mon | 10:00 |", "| Tue | 11:00 |"} <= set(found)
