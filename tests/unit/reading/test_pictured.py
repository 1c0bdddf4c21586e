"""Captions that no figure holds: by their place beside a picture, and a second sign that they are no prose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.model import Document
from copydesk.reading.documents import read
from made.pages import PROSE, capture

SOUP = '<div class="c14"><div class="txt">{}</div></div>'
PLAIN = "<p>{}</p>"
CAPTIONS = [
    "Ola Berg on the quay below the lower gate",
    "A midge of the kind that spreads lake fever",
    "Der Kran am unteren Tor der Schleuse",
    "La sede de la compañía del río",
    "Пустой цех компании «Велвента»",
    "A scene from “The Winter Tenant”",
]
BESIDE = [
    '<div class="c9"><img src="/i/x1.gif"><div class="c9b">{}</div></div>',
    '<p><a href="/large.jpg"><img src="a.jpg"></a></p><p class="small">{}</p>',
    '<img src="a.jpg"><p><em>{}</em></p>',
    '<div class="r"><picture><source srcset="a.webp"><img src="a.jpg"></picture><br><div>{}</div></div>',
    '<table><tr><td><img src="a.jpg"><br>{}</td></tr></table>',
]
PARAGRAPHS = [
    "Nobody was hurt.",
    "The ferry to the island leaves on Monday.",
    "“We shall wait,” she said.",
    "Das Wasser fiel am Abend.",
    "Le bac repart lundi.",
    "Паром пойдёт в понедельник.",
    *PROSE,
]
PICTURES = ["<img src=a.jpg>", "<p><img src=a.jpg></p>", "<div class=c9><a href=/b><img src=a.jpg></a></div>"]
SUBHEADS = [
    "What the council wants",
    "Two years of work",
    "Was jetzt geschieht",
    "Four Ways To Cross The River",
]


def text_of(*blocks: str) -> list[str]:
    """The lines of an article with these blocks."""
    body = "".join(blocks)
    page = f"<html><head><title>Gate shut</title></head><body><article><h1>Gate shut</h1>{body}</article></body></html>"
    document = read(capture(page))
    assert isinstance(document, Document)
    return document.text.split("\n")


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize("at", [0, 3])
def test_caption_marked_otherwise_than_prose_goes(beside: str, caption: str, at: int) -> None:
    """Wherever it stands: the place, its markup and the missing end mark tell it."""
    prose = [SOUP.format(text) for text in PROSE]
    assert text_of(*prose[:at], beside.format(caption), *prose[at:]) == list(PROSE)


@pytest.mark.parametrize("caption", CAPTIONS)
def test_caption_above_the_first_paragraph_goes(caption: str) -> None:
    """Marked as prose is; but no subhead stands where no paragraph is above it."""
    assert text_of(f'<img src="a.jpg"><p>{caption}</p>', *map(PLAIN.format, PROSE)) == list(PROSE)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PARAGRAPHS), st.sampled_from(["", *PICTURES]), st.sampled_from(["", " class=intro"])),
        min_size=4, max_size=9, unique_by=lambda drawn: drawn[0],
    )
)  # fmt: skip
def test_prose_beside_pictures_stays(drawn: list[tuple[str, str, str]]) -> None:
    """Sentences stay behind and before pictures, however many there are and whichever paragraphs have a class."""
    body = [f"{picture}<p{kind}>{text}</p>" for text, picture, kind in drawn]
    kept = text_of(*map(PLAIN.format, PROSE[:2]), *body, *map(PLAIN.format, PROSE[2:]))
    assert {text for text, _, _ in drawn} <= set(kept)


@pytest.mark.parametrize("subhead", SUBHEADS)
@pytest.mark.parametrize(
    "markup", ["<p><b>{}</b></p>", "<h3>{}</h3>", "<p>{}</p>", "<p class=subhead>{}</p>"]
)
def test_subhead_below_a_picture_stays(subhead: str, markup: str) -> None:
    """It has no end mark either, and stands above prose as captions do."""
    prose = [*map(PLAIN.format, PROSE)]
    assert subhead in text_of(*prose[:2], f"<img src=a.jpg>{markup.format(subhead)}", *prose[2:])


@pytest.mark.parametrize("subhead", SUBHEADS)
def test_subhead_above_a_picture_stays(subhead: str) -> None:
    """What stands before a picture heads a part more often than it tells of the picture."""
    prose = [*map(PLAIN.format, PROSE)]
    assert subhead in text_of(*prose[:2], f"<div class=sub><p>{subhead}</p></div><img src=a.jpg>", *prose[2:])
