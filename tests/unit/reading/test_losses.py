"""Text in scripts alone, lines out of place, and what is lost without a trace."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.cleaning.lines import fold
from copydesk.model import Document
from copydesk.reading.documents import read
from copydesk.reading.losses import Lost, is_back, is_much, lost, misplaced, wrapped
from made.pages import PROSE, capture

TITLE = "Gate stays shut until tested"


def document(body: str, head: str = "") -> Document:
    """The document of a page."""
    answer = read(
        capture(f"<html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>")
    )
    assert isinstance(answer, Document), answer
    return answer


def linked(body: str, **more: object) -> str:
    """A declared body."""
    told = {"@type": "NewsArticle", "headline": TITLE, "articleBody": body, **more}
    return f"<script type='application/ld+json'>{json.dumps(told)}</script>"


@pytest.mark.parametrize(
    "body",
    ["\n".join(PROSE), "\r\n\r\n".join(PROSE), "".join(f"<p>{text}</p>" for text in PROSE), "".join(PROSE)],
)
@pytest.mark.parametrize("shown", ["", f"<p>{PROSE[0]}</p>"])
def test_text_in_json_alone_keeps_its_paragraphs(body: str, shown: str) -> None:
    """Parted by line feeds or tags, or joined without a space: each paragraph is a line."""
    found = document(f"<main><article><h1>{TITLE}</h1>{shown}</article></main>", linked(body))
    assert found.text.split("\n") == list(PROSE)


def test_a_locked_page_that_declares_its_body_is_no_teaser() -> None:
    """What a page gives in its JSON-LD it gives."""
    shown = f"<main><article><h1>{TITLE}</h1><p>{PROSE[0]}</p></article></main>"
    found = document(shown, linked("\n".join(PROSE), isAccessibleForFree=False))
    assert (found.text.split("\n"), found.form) == (list(PROSE), ())


@pytest.mark.parametrize(
    "script",
    [
        "window.__STATE__ = {text};",
        "self.__next_f.push([1, {twice}])",
        "<!-- --> var a = 1; render({html})",
    ],
)
def test_text_in_a_script_alone(script: str) -> None:
    """As a last resort the prose in a script's strings is the text."""
    prose = [*PROSE, *(text.replace("gate", "dam").replace("valley", "plain") for text in PROSE)]
    text = json.dumps({"story": {"body": "\n".join(prose)}})
    filled = script.format(
        text=text,
        twice=json.dumps(f'3:["$","div",{text}]'),
        html=json.dumps("".join(f"<p>{one}</p>" for one in prose)),
    )
    found = document(f"<div id=app></div><script>{filled}</script>")
    assert set(PROSE[1:4]) <= set(found.text.split("\n"))


def test_a_comment_is_not_the_first_line() -> None:
    """What stands behind the article and was put before it is shown among the removed lines."""
    text = "".join(f"<p>{one}</p>" for one in PROSE)
    comment = "They should have listened to the engineers years ago, but nobody ever listens in this town."
    body = (
        f"<main><article><h1>{TITLE}</h1>{text}</article></main><section class=discussion><h2>2 readers</h2>"
        f"<div class=entry><b>cat</b> <span>2 hours ago</span><p>{comment}</p></div></section>"
    )
    found = document(body)
    assert comment not in found.text
    assert (comment, "elsewhere") in [(line.text, line.reason) for line in found.removed]


@pytest.mark.parametrize(
    ("lines", "number"),
    [("zabcd", 1), ("yzabc", 2), ("abcd", 0), ("bacd", 0), ("?abcd", 0), ("", 0), ("zdcba", 0)],
)
def test_lines_before_their_place(lines: str, number: int) -> None:
    """Only lines behind all others count, where the others are in order."""
    assert misplaced([2 * line for line in lines], "".join(2 * letter for letter in "abcdefghyz")) == number


def test_lists_in_a_body_without_container() -> None:
    """Where extraction takes the paragraphs alone, lists and subheads are fetched."""
    items = "".join(f"<li>Point {n} of the plan says what is to be done in year {n}.</li>" for n in range(9))
    text = "".join(f"<p>{one}</p>" for one in PROSE)
    found = document(f"<h1>{TITLE}</h1>{text[:1500]}<h2>What the plan says</h2><ul>{items}</ul>{text}")
    assert "- Point 3 of the plan says what is to be done in year 3." in found.text
    assert found.doubts == ()


def test_what_is_lost_is_told() -> None:
    """Blocks of the container that no line says are counted, with a sample; boxes and links are not missed."""
    html = f"<div><p>{PROSE[0]}</p><p>{PROSE[1]}</p><ul><li>{PROSE[2]}</li><li>Read on</li></ul></div><p>{PROSE[3]}</p>"
    tree, third = LexborHTMLParser(html), (len(fold(PROSE[2])), PROSE[2][:60], False)
    for lines in (PROSE[:2], ()):  # what is told may stand in other lines, as list items and captions do
        assert lost(tree, frozenset(), fold("".join(PROSE[:2])), lines) == third
        assert lost(tree, frozenset([fold(PROSE[2])]), fold("".join(PROSE[:2])), lines) == Lost()
        assert lost(tree, frozenset(), fold("".join(PROSE[:3])), lines) == Lost()
    assert lost(LexborHTMLParser(""), frozenset(), "", ()) == Lost()


@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
@pytest.mark.parametrize(
    "around", ["<div>{}</div>", "<section>{}</section>", "{}", "<table><tr><td>{}</td></tr></table>"]
)
@pytest.mark.parametrize("length", [2, 3, 5])
def test_subheads_of_an_article_without_container_come_back(tag: str, around: str, length: int) -> None:
    """However short it is; with lists beside them too, and nobody is told of a loss."""
    blocks = [f"<p>{text}</p>" for text in PROSE[:length]]
    blocks[1:1] = [f"<{tag}>What engineers found</{tag}>", "<ul><li>Bolts were tested on Friday.</li></ul>"]
    found = document(f"<h1>{TITLE}</h1>{around.format(''.join(blocks))}")
    assert found.text.split("\n")[1:3] == ["What engineers found", "- Bolts were tested on Friday."]
    assert not found.doubts


@pytest.mark.parametrize(("missing", "gained"), [(18, 18), (18, 90), (900, 1300), (1600, 9000)])
def test_what_comes_back_is_what_was_missed(missing: int, gained: int) -> None:
    """Lost subheads with a headline; where much is lost even more of it."""
    text, lost_ = "a" * 5_000, Lost(missing, "What engineers found", subheads=True)
    assert is_much(lost_, text)
    assert is_back(lost_, Lost(), text, "a" * (5_000 + gained))
    assert not is_back(lost_, lost_, text, "a" * (5_000 + gained))


@pytest.mark.parametrize(("missing", "gained"), [(18, 500), (900, 2000)])
def test_what_stands_around_an_article_does_not_come_with_a_subhead(missing: int, gained: int) -> None:
    """The text stays as it is, and the loss is told."""
    lost_ = Lost(missing, "What engineers found", subheads=True)
    assert not is_back(lost_, Lost(), "a" * 5_000, "a" * (5_000 + gained))


def test_a_wrapped_page_has_its_text_once() -> None:
    """The container's children move into the article element; copies beside them made extraction take all twice."""
    paragraphs = "".join(f"<p>{text}</p>" for text in PROSE)
    tree = wrapped(f"<body><div><h2>Below the gate</h2>{paragraphs}</div></body>", fold("".join(PROSE)))
    assert tree is not None
    assert tree.css_first("div > article > h2") is not None
    assert [node.text() for node in tree.css("p")] == list(PROSE)
