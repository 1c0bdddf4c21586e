"""Which article meets which topic: words, names and queries, many of them, and one topic that fails."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Document
from copydesk.query import holding
from copydesk.query.evaluator import find_matches, is_met_by_all, match_article, tree_of
from copydesk.query.mistakes import QueryError
from copydesk.query.parser import parse
from copydesk.query.seen import see, see_document
from copydesk.query.snippets import snippet_around
from copydesk.query.tree import phrase
from copydesk.topic import Topic
from made.alerts import Broken
from made.texts import document

BLANK = replace(document("a", []), outlet="", language="")


def meets(topic: Mapping[str, object], **fields: str) -> tuple[str, ...] | None:
    match = match_article(Topic.model_validate({"name": "t", **topic}), written(**fields))
    return match.matched if match else None


def written(**fields: str) -> Document:
    """An article that says nothing but this."""
    return replace(BLANK, **fields)  # type: ignore[arg-type]


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


PIECES = [
    "ferry", "l'Europe", "Europe", "europe\u2019s", "Ankara'da", "d\u2019Ankara", "Ankara", "storm-surge", "surge",
    "storm", "O'Brien", "O\u2019Brien's", "d'O'Brien", "Brien", "Jean-Luc", "Luc", "Smith", "Smith's", "John",
    "rock'n'roll", "n'roll",
    "東京", "京都", "カー", "スーパーカー", "トヨタ", "自動車", "カー2号", "カー_x", "ไทย", "ประเทศไทย",
    "ไทย2", "한국", "हिन्दी", 'צה"ל', "3,5", "U.S.",
    "dpa:Berlin", "İstanbul", "Straße", "a_b", "dell'Unione", "Unione", "europea",
    "🚢", "🇩🇪", "👩‍👩‍👧", "x²", ";", "l·l",
]  # fmt: skip
TEXTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", " ", ", ", "-"])), max_size=8
).map(lambda pieces: "".join(chain.from_iterable(pieces)))
NAMES = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", " ", "-", ""])), min_size=1, max_size=3
).map(lambda pieces: "".join(chain.from_iterable(pieces)))
QUERIES = st.lists(
    st.sampled_from(
        ["ferry", "ferries", "-storm", "OR", '"l\'Europe"', "Ankara NEAR/2 storm", "stor*", "*urge*", "outlet:north",
         "title:ferry", "-outlet:north", "lang:en", "O'Brien", "Brien", "東京", "email"]
    ),
    max_size=4,
).map(" ".join)  # fmt: skip


def understood(query: str) -> bool:
    try:
        parse(query)
    except QueryError:
        return False
    return True


TOPICS = st.builds(
    lambda query, any_, all_, none, outlets: Topic(
        name="t", query=query, any=any_, all=all_, none=none, outlets=outlets
    ),
    st.just("") | QUERIES.filter(understood),
    st.lists(NAMES, max_size=3).map(tuple),
    st.lists(NAMES, max_size=1).map(tuple),
    st.lists(NAMES, max_size=1).map(tuple),
    st.sampled_from([(), ("north",)]),
)
ARTICLES = st.builds(
    lambda *fields: written(
        **dict(zip(("title", "standfirst", "text", "outlet", "language"), fields, strict=True))
    ),
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(["north", "south"]),
    st.sampled_from(["en", "fr", "ja", ""]),
)


@given(
    article=ARTICLES,
    field=st.sampled_from(["outlet", "publisher", "agency", "author"]),
    values=st.lists(st.sampled_from(["north", "south", "North-South"]), min_size=1, max_size=2),
    has=st.sampled_from(["north", "South", "north south", ""]),
)
def test_a_key_narrows_as_the_query_does(article: Document, field: str, values: list[str], has: str) -> None:
    """`agencies: [x, y]` is `agency:(x OR y)`, `not_outlets: [x]` is `-outlet:x`, and so all others."""
    keys = {"outlet": "outlets", "publisher": "publishers", "agency": "agencies", "author": "authors"}
    shown = replace(article, publisher=has, agency=has, authors=(has,))
    asked = " OR ".join(f'"{value}"' for value in values)
    for key, query in (
        (keys[field], f"{field}:({asked})"),
        ("not_outlets", f"-outlet:({asked})"),
        ("not_publishers", f"-publisher:({asked})"),
    ):
        by_key = Topic.model_validate({"name": "t", "any": ["ferry", "Europe"], key: values})
        by_query = Topic(name="t", any=("ferry", "Europe"), query=query)
        assert (match_article(by_key, shown) is None) == (match_article(by_query, shown) is None)


@given(topic=TOPICS, article=ARTICLES)
def test_a_topic_is_met_by_what_its_query_finds(topic: Topic, article: Document) -> None:
    """Topics are looked up by their words; what they meet is what a search for the same finds."""
    tree = tree_of(topic)
    named = not topic.outlets or article.outlet in topic.outlets
    found = named and not is_met_by_all(topic) and holding.meets(tree, see_document(article))
    match = match_article(topic, article)
    assert (match is not None) == found
    assert match is None or match.matched


@given(st.lists(TOPICS, max_size=6), st.lists(ARTICLES, max_size=3))
def test_many_topics_at_once_are_each_alone(topics: list[Topic], documents: list[Document]) -> None:
    """Topics looked for together are met as if each were the only one, by the same words, with the same snippet."""
    named = [topic.model_copy(update={"name": f"t{number}"}) for number, topic in enumerate(topics)]
    articles = {str(number): replace(one, id=str(number)) for number, one in enumerate(documents)}
    alone = [
        match for topic in named for article in articles.values() if (match := match_article(topic, article))
    ]
    assert find_matches(named, articles) == (alone, {})


def test_a_thousand_names_in_one_topic() -> None:
    """A parliament is one topic: each of its members is found, and a name that is none of them is not."""
    members = tuple(f"Hedda{number} Wilmsen{number}" for number in range(1000))
    articles = {
        str(number): written(text=f"The bridge, said {members[number].upper()}'s office.")
        for number in range(0, 1000, 9)
    }
    matches, _ = find_matches(
        [Topic(name="people", any=members)], {**articles, "none": written(text="Hedda1 Wilmsen2")}
    )
    assert [(match.article, match.matched) for match in matches] == [
        (id_, (members[int(id_)],)) for id_ in articles
    ]


def test_a_thousand_topics() -> None:
    """Each of a thousand topics finds its own article among two hundred, and no other."""
    topics = [Topic(name=f"t{number}", any=(f"Hedda Wilmsen{number}", "no such")) for number in range(1000)]
    articles = {
        str(number): written(text=f"The council thanked Hedda Wilmsen{number * 5}.") for number in range(200)
    }
    matches, _ = find_matches(topics, articles)
    assert [(match.topic, match.article) for match in matches] == [
        (f"t{number * 5}", str(number)) for number in range(200)
    ]


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
