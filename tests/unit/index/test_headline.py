"""How articles without a title are called."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.index.headline import LONGEST, first_sentence, headline_of
from copydesk.query.analysis import word_count
from made.texts import document

BLANK = replace(document("a", []), title="", standfirst=None)

SENTENCES = {
    "Mr. Roe of St. Ives said on Monday he would go. He did.": "Mr. Roe of St. Ives said on Monday he would go.",
    "The U.S. Senate voted on Monday. It passed.": "The U.S. Senate voted on Monday.",
    "Am 3. Mai fuhr Dr. Roe weg. Dann kam er.": "Am 3. Mai fuhr Dr. Roe weg.",
    "Yes! Then the ship went down. Nobody saw.": "Yes! Then the ship went down.",
    "He said: \u201cWe go.\u201d Then he left.": "He said: \u201cWe go.\u201d",
    "\u6771\u4eac\u3067\u4f1a\u8b70\u304c\u958b\u304b\u308c\u305f\u3002\u591a\u3044\u3002": (
        "\u6771\u4eac\u3067\u4f1a\u8b70\u304c\u958b\u304b\u308c\u305f\u3002"
    ),
    "A line\nThe text begins.": "A line",
    "word " * 60: "word " * 24 + "\u2026",
    "no end": "no end",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_the_first_sentence_is_whole(text: str) -> None:
    """Up to its end, not to the full stop of an initial or a date; a long one is cut between words."""
    assert first_sentence(replace(BLANK, text=text)) == SENTENCES[text]


def test_a_title_goes_before_a_standfirst_before_the_text() -> None:
    """The page's own title; else the first sentence of the standfirst, else that of the text."""
    made = replace(BLANK, text="The text goes on.", standfirst="What it is about. More.")
    assert headline_of(replace(made, title="A title")) == "A title"
    assert headline_of(made) == "What it is about."
    assert headline_of(replace(made, standfirst=None)) == "The text goes on."


@given(st.text(st.sampled_from("aB .!?\n\u3002\u201d1"), min_size=1, max_size=900))
def test_a_headline_is_one_short_line_of_the_text(text: str) -> None:
    """Of any text, never longer than the longest, never two lines, and nothing but the text's beginning."""
    made = first_sentence(replace(BLANK, text=text))
    assert len(made) <= LONGEST + 2
    assert "\n" not in made
    assert " ".join(text.split()).startswith(made.removesuffix(" \u2026"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two words.", 2),
        ("\u201cQuoted \u2013 dashed\u201d -- 3,500 e-mails", 4),
        ("\u6771\u4eac 2025", 3),
        ("L\u2019\u00c9lys\u00e9e va bien", 3),
        (" -- ", 0),
        ("", 0),
    ],
)
def test_words_are_counted_as_people_count_them(text: str, words: int) -> None:
    """Between spaces, dashes alone are none; each sign of a script that sets no spaces."""
    assert word_count(text) == words
