"""Pages built in odd ways: tables, several containers, other articles, cards, boxes of sign-ups."""

import pytest

from copydesk.model import Document
from copydesk.reading.documents import read
from made.pages import PROSE, capture

HEADING = "<h1>Gate stays shut until tested</h1>"
TEXT = [f"<p>{text}</p>" for text in PROSE]
OTHERS = [
    (
        f"<p>The ferry to the islands was late again on day {day}, and nobody at the pier could say when it "
        f"would leave.</p>"
    )
    for day in range(4)
]


def lines(body: str) -> list[str]:
    """The lines read from a page with this body."""
    html = f"<html lang=en><head><title>Gate stays shut until tested</title></head><body>{body}</body></html>"
    found = read(capture(html))
    assert isinstance(found, Document), found
    return found.text.split("\n")


def test_article_in_a_layout_table() -> None:
    """A table that holds the page is no table: the paragraphs in it are lines, not one row."""
    menu = "<tr><td colspan=2><a href=/>Home</a></td></tr>"
    body = f"<table>{menu}<tr><td width=80>Weather</td><td>{HEADING}{''.join(TEXT)}</td></tr></table>"
    assert lines(body) == list(PROSE)


def test_data_table_stays() -> None:
    """A table within the article keeps its rows."""
    table = (
        "<table><tr><th>Bridge</th><th>Year</th></tr><tr><td>Upper</td><td>1912</td></tr><tr><td>Lower</td>"
        "<td>1974</td></tr></table>"
    )
    assert "| Upper | 1912 |" in lines(
        f"<article>{HEADING}{''.join(TEXT[:3])}{table}{''.join(TEXT[3:])}</article>"
    )


@pytest.mark.parametrize(
    "between", ["<aside>Advertisement</aside>", "<div class=gallery><img src=a.jpg></div>"]
)
def test_article_in_several_containers(between: str) -> None:
    """Containers of the same kind are one article, in order, also when extraction would take the first one only."""
    chunks = ["".join(TEXT[:3]), "".join(TEXT[3:]), "".join(OTHERS)]
    boxes = [f"<div class=grid-item><div class=article-body>{chunk}</div></div>{between}" for chunk in chunks]
    body = f"<main>{HEADING}<div class=grid>{''.join(boxes)}</div></main>"
    assert lines(body) == [*PROSE, *(text[3:-4] for text in OTHERS)]


def test_comments_are_no_containers_of_the_article() -> None:
    """Comments are equals of one another, not of the article."""
    comments = "".join(f"<div class=comment-text>{text}</div>" for text in OTHERS)
    assert lines(f"<article>{HEADING}{''.join(TEXT)}</article><section>{comments}</section>") == list(PROSE)


def test_other_articles_below() -> None:
    """Where pages scroll on for ever, the next articles are no part of this one."""
    below = "".join(
        f"<article><h2><a href=/{n}>Ferry late</a></h2>{text}</article>" for n, text in enumerate(OTHERS)
    )
    assert lines(f"<main><article>{HEADING}{''.join(TEXT)}</article>{below}</main>") == list(PROSE)


def test_articles_within_the_article() -> None:
    """Entries of a live blog are article elements too, and stay."""
    entries = "".join(f"<article><h2>Entry {n}</h2>{text}</article>" for n, text in enumerate(OTHERS))
    assert len(lines(f"<main><article>{HEADING}{''.join(TEXT)}{entries}</article></main>")) >= len(
        PROSE
    ) + len(OTHERS)


def test_card_behind_a_name() -> None:
    """What opens when the mouse rests on a name is no part of the sentence."""
    card = (
        "<span class=c><span><img src=a.jpg><a href=/p>Ola Berg</a><a href=/1>Mayor rejects toll plan</a>"
        "</span></span>"
    )
    sentence = (
        "<p>The mayor, <a href=/p>Ola Berg</a>{}, said that nobody had told him about the gate before "
        "Monday.</p>"
    )
    body = f"<article>{HEADING}{''.join(TEXT)}{sentence.format(card)}</article>"
    assert (
        lines(body)[-1] == "The mayor, Ola Berg, said that nobody had told him about the gate before Monday."
    )


@pytest.mark.parametrize(
    "box",
    [
        (
            "<section class=p-4><h3>Valley at breakfast</h3><p>Every morning at six: what happened, what will, "
            "honest and close.</p><form><input type=email></form></section>"
        ),
        (
            "<div class=x><p>The week on the river, told by those who live there, for all who care about it.</p>"
            "<a href=/newsletters/river>Get it</a></div>"
        ),
        (
            "<div class=access-wall__box><h2>Enjoying our content?</h2><p>Read everything that our reporters "
            "have found out about the dam.</p></div>"
        ),
        "<div class='sr-only'>This text is only read aloud, and it describes the video that is shown above it.</div>",
        (
            "<div class=article-poll><p>Should the gate be opened before it is tested, as the owners of the "
            "mills demand?</p></div>"
        ),
        "<dl class=debug-info><dt>showWall:</dt><dd>false</dd></dl>",
    ],
)
def test_boxes_without_prose_of_the_article(box: str) -> None:
    """Sign-ups, walls, polls and hidden text leave no line, whatever their sentences look like."""
    assert lines(f"<article>{HEADING}{''.join(TEXT[:3])}{box}{''.join(TEXT[3:])}</article>") == list(PROSE)


@pytest.mark.parametrize("name", ["absatzbild", "image_frame__x1", "photo-box", "td-picture"])
def test_caption_in_a_box_named_after_a_picture(name: str) -> None:
    """A few words beside one image in such a box are its caption; a linked headline or a paragraph is none."""
    box = f"<div class={name}><div><img src=a.jpg></div><p>Ola Berg and the gate of the lower dam</p></div>"
    found = lines(f"<article>{HEADING}{''.join(TEXT[:3])}{box}{''.join(TEXT[3:])}</article>")
    assert found == list(PROSE)
    long = f"<div class={name}><img src=a.jpg>{''.join(TEXT[3:])}</div>"
    assert lines(f"<article>{HEADING}{''.join(TEXT[:3])}{long}</article>") == list(PROSE)


@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
def test_last_subhead_stays(tag: str) -> None:
    """A subhead that nothing follows is kept, and nothing shows how."""
    subhead = "Council to vote on emergency fund"
    body = f"<article>{HEADING}{''.join(TEXT)}<{tag}>{subhead}</{tag}></article>"
    assert lines(body) == [*PROSE, subhead]


def test_table_of_contents_takes_no_heading() -> None:
    """A heading stays although a box of links repeats it."""
    contents = (
        "<div><p>More on this</p><ul><li><a href=#a>The first bridge of all</a></li><li><a href=#b>The "
        "second one</a></li></ul></div>"
    )
    body = f"{HEADING}{contents}{''.join(TEXT[:2])}<h2 id=a>The first bridge of all</h2>{''.join(TEXT[2:])}"
    assert "The first bridge of all" in lines(f"<article>{body}</article>")


def test_list_of_links_behind_the_text() -> None:
    """Teasers as a list, each linked in part, go when nothing follows them."""
    items = "".join(f"<li>What the ferry means <a href=/{n}>for island number {n}</a></li>" for n in range(4))
    assert lines(f"<article>{HEADING}{''.join(TEXT)}<ul>{items}</ul></article>") == list(PROSE)


def test_references_stay() -> None:
    """Links to other owners at the end are sources, and part of the text."""
    items = "".join(
        f"<li>Annual report {n}, <a href=https://river.example/{n}>river authority</a></li>" for n in range(4)
    )
    assert len(lines(f"<article>{HEADING}{''.join(TEXT)}<ul>{items}</ul></article>")) == len(PROSE) + 4
