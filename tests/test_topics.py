from collections.abc import Mapping

import pytest

from copydesk.model import Topic
from copydesk.topics import match_article, snippet_around, words_of


def meets(topic: Mapping[str, object], **body: str) -> tuple[str, ...] | None:
    match = match_article(Topic.model_validate({"name": "t", **topic}), "a", body)
    return match.matched if match else None


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("ferry", "The Ferry sank.", True),
        ("ferry", "Two ferryboats sank.", False),
        ("FERRY", "a ferry, then", True),
        ("storm surge", "A storm-surge warning", True),
        ("storm surge", "A storm; later a surge", False),
        ("surge storm", "storm surge", False),
        ("Ankara", "Ankara'da seçim", True),
        ("Europe", "toute l\u2019Europe attend", True),
        ("Europe", "Europe\u2019s banks", True),
        ("Europe", "Peurope", False),
        ("Unione europea", "dell'Unione europea", True),
        ("l'Europe", "l\u2019europe", True),
        ("東京", "昨日東京都で地震", True),
        ("地震", "昨日東京都で地 震", True),
        ("カー", "スーパーカー展", True),
        ("トヨタ自動車", "新型トヨタ自動車の", True),
        ("ไทย", "ประเทศไทยชนะ", True),
        ("ไทย", "ประเทศลาวชนะ", False),
        ("हिन्दी", "वह हिन्दी बोलता", True),
        ("हिन्द", "वह हिन्दी बोलता", False),
        ("경제", "경제 성장", True),
        ("경제", "경제는 성장", False),
        ("İstanbul", "istanbul", True),
        ("ΣΑΣ", "σας", False),
        ("3,5", "um 3,5 Prozent", True),
        ("3,5", "um 13,5 Prozent", False),
        ("a.b*c", "aXbbc", False),
        ("!!!", "Wow!!!", False),
    ],
)
def test_words_match_whole_and_in_order(word: str, text: str, expected: bool) -> None:  # noqa: FBT001 (a table)
    """A word matches as a whole word, a phrase as consecutive words, and inside a run where no spaces are written."""
    assert (meets({"any": [word]}, text=text) is not None) is expected


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ({"any": ["ferry", "port"]}, ("ferry",)),
        ({"all": ["ferry", "storm"]}, ("ferry", "storm")),
        ({"all": ["ferry", "port"]}, None),
        ({"any": ["port"], "all": ["ferry"]}, None),
        ({"any": ["storm"], "all": ["ferry"]}, ("storm", "ferry")),
        ({"any": ["ferry"], "none": ["storm"]}, None),
        ({"any": ["ferry"], "none": ["port"]}, ("ferry",)),
        ({"any": ["ferry"], "outlets": ["north"]}, ("ferry",)),
        ({"any": ["ferry"], "outlets": ["south"]}, None),
        ({"any": ["ferry"], "languages": ["de"]}, None),
        ({"any": ["Tuesday"]}, ("Tuesday",)),
        ({"none": ["port"]}, None),
        ({}, None),
    ],
)
def test_any_all_none_and_filters(topic: dict[str, object], expected: tuple[str, ...] | None) -> None:
    """Words are looked for in title, standfirst and text together; a topic without a wish is met by nothing."""
    body = {
        "title": "Ferry late",
        "standfirst": "A storm",
        "text": "On Tuesday.",
        "outlet": "north",
        "language": "en",
    }
    assert meets(topic, **body) == expected


def test_a_phrase_does_not_span_fields() -> None:
    """The end of the title and the beginning of the text are no phrase."""
    assert meets({"any": ["late ferry"]}, title="Running late", text="Ferry sank") is None


def test_words_are_those_of_the_standard_analyzer() -> None:
    """Numbers and abbreviations stay whole, hyphens separate, unspaced scripts give single signs or runs."""
    assert words_of("U.S. 3,500.5 AT&T twenty-one a_b 東京 カード ไทย don't") == [
        "u.s", "3,500.5", "at", "t", "twenty", "one", "a_b", "東", "京", "カード", "ไทย", "don't",
    ]  # fmt: skip


def test_the_snippet_shows_the_match_on_one_line() -> None:
    """A snippet is cut between words around the first match, without line breaks."""
    text = "alpha " * 100 + "the ferry\nsank " + "omega " * 100
    snippet = snippet_around({"title": "x", "text": text}, ("ferry",))
    assert "the ferry sank" in snippet
    assert snippet.startswith("… alpha")
    assert snippet.endswith("omega …")
    assert len(snippet) < 210
