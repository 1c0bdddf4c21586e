"""Which article meets which topic: words, names and queries, many of them, and one topic that fails."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from copydesk.query.evaluator import find_matches, match_article, tree_of
from copydesk.query.keys import keys_of
from copydesk.query.seen import see
from copydesk.query.snippets import snippet_around
from copydesk.query.tree import leaves, phrase, terms_of
from copydesk.topic import Topic
from made.alerts import Broken
from made.texts import written


def meets(topic: Mapping[str, object], **fields: str) -> tuple[str, ...] | None:
    match = match_article(Topic.model_validate({"name": "t", **topic}), written(**fields))
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
        ("ΣΑΣ", "σας", True),
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


WIRE = replace(
    written(title="Ferry late", text="One two three four five.", outlet="The North", publisher="Nord-Verlag",
            agency="Reuters", language="en"),
    authors=("Jane Roe", "Dr. Émile Faure"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "met"),
    [
        ({"outlets": ["the north"]}, True),
        ({"outlets": ["South", "The North"]}, True),
        ({"outlets": ["North"]}, False),
        ({"not_outlets": ["The North"]}, False),
        ({"not_outlets": ["South"]}, True),
        ({"publishers": ["nord verlag"]}, True),
        ({"publishers": ["South"]}, False),
        ({"not_publishers": ["South", "NORD-VERLAG"]}, False),
        ({"agencies": ["reuters"]}, True),
        ({"agencies": ["AP", "dpa"]}, False),
        ({"authors": ["Roe"]}, True),
        ({"authors": ["emile faure"]}, True),
        ({"authors": ["Jane Faure"]}, False),
        ({"languages": ["de", "en"]}, True),
        ({"languages": ["de"]}, False),
        ({"min_words": 5}, True),
        ({"min_words": 6}, False),
        ({"outlets": ["The North"], "agencies": ["AP"]}, False),
    ],
)
def test_keys_narrow_what_a_topic_looks_at(keys: dict[str, object], met: bool) -> None:  # noqa: FBT001 (a table)
    """Of several keys all must hold, of the values of one any; they say which texts, and match nothing themselves."""
    match = match_article(Topic.model_validate({"name": "t", "any": ["ferry"], **keys}), WIRE)
    assert (match.matched if match else None) == (("ferry",) if met else None)


def test_a_phrase_does_not_span_fields() -> None:
    """The end of the title and the beginning of the text are no phrase."""
    assert meets({"any": ["late ferry"]}, title="Running late", text="Ferry sank") is None


def test_the_snippet_shows_the_match_on_one_line() -> None:
    """A snippet is cut between words around the first match, without line breaks."""
    text = "alpha " * 100 + "the ferry\nsank " + "omega " * 100
    snippet = snippet_around(see({"title": "x", "text": text}), [phrase("ferry")])
    assert "the ferry sank" in snippet
    assert snippet.startswith("… alpha")
    assert snippet.endswith("omega …")
    assert len(snippet) < 210


@pytest.mark.parametrize(("language", "met"), [("nb", True), ("no", True), ("nn", True), ("en", False)])
def test_both_kinds_of_norwegian_are_one(language: str, met: bool) -> None:  # noqa: FBT001 (a table)
    """An ending is found in a text of either, whichever of its names the page gives the language."""
    article = written(text="Kronprinsen sank.", language=language)
    assert (match_article(Topic(name="t", query="kronprinser"), article) is not None) == met


@pytest.mark.parametrize(
    ("asks", "keys"),
    [
        ({"query": "minister Marnhaven"}, ["Marnhaven"]),
        ({"query": "minister OR Marnhaven"}, ["Marnhaven", "minister"]),
        ({"query": "(minister OR premier) -Marnhaven"}, ["minister", "premier"]),
        ({"query": "(minister OR Marnhaven) ferry"}, ["ferry"]),
        ({"query": "minister NEAR/3 Marnhaven"}, ["Marnhaven"]),
        ({"query": "minister outlet:one"}, ["minister"]),
        ({"query": "minister OR outlet:one"}, None),
        ({"query": "outlet:one"}, None),
        ({"any": ("a", "b"), "all": ("the",)}, ["the"]),
        ({"query": "a the"}, ["the"]),
    ],
)
def test_what_leads_to_a_topic(asks: Mapping[str, Any], keys: list[str] | None) -> None:
    """The terms one of which it needs, that fewest topics ask for, else those of longer words; none of labels."""
    tree = tree_of(Topic(name="t", **asks))
    spread = {term: 1 + 99 * (term.text == "minister") for leaf in leaves(tree) for term in terms_of(leaf)}
    found = keys_of(tree, spread)
    assert (found and sorted(term.text for term in found)) == keys


def test_a_topic_that_fails_is_named_and_all_others_are_met() -> None:
    """What nobody expected is that topic's alone, for that article; the others are met by it all the same."""
    broken = Topic.model_construct(
        name="broken", query="", any=("ferry",), all=(), none=(), outlets=Broken(), languages=()
    )
    topics = [Topic(name="before", any=("ferry",)), broken, Topic(name="after", any=("sank",))]
    matches, faults = find_matches(topics, dict.fromkeys(("a", "b"), written(text="The ferry sank.")))
    assert [(match.topic, match.article) for match in matches] == [
        ("before", "a"), ("before", "b"), ("after", "a"), ("after", "b"),
    ]  # fmt: skip
    assert {key: fault.type for key, fault in faults.items()} == {
        ("broken", "a"): "RuntimeError",
        ("broken", "b"): "RuntimeError",
    }
