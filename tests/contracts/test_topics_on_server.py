"""Which article meets which topic: words and names as people write them, many of them, and one topic that fails."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import pytest
import regex
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.model import Document, Topic
from copydesk.query.analysis import ELISIONS
from copydesk.query.evaluator import find_matches, match_article, snippet_around
from copydesk.query.words import SINGLE, UNSPACED, words_of
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
    snippet = snippet_around(("x", "", text), ("ferry",))
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
TOPICS = st.builds(
    lambda any_, all_, none, outlets: Topic(name="t", any=any_, all=all_, none=none, outlets=outlets),
    st.lists(NAMES, max_size=3).map(tuple),
    st.lists(NAMES, max_size=1).map(tuple),
    st.lists(NAMES, max_size=1).map(tuple),
    st.sampled_from([(), ("north",)]),
)
ARTICLES = st.builds(
    lambda *fields: written(**dict(zip(("title", "standfirst", "text", "outlet"), fields, strict=True))),
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(["north", "south"]),
)


def pattern_of(words: Sequence[str]) -> str:
    """The rule for a term as a regular expression over a text's words, each between newlines."""
    parts = [form(word, number == 0, number == len(words) - 1) for number, word in enumerate(words)]
    return r"(?<=\n)" + r"\n".join(parts) + r"(?=\n)" if words else r"(?!)"


def form(word: str, first: bool, last: bool) -> str:  # noqa: FBT001 (where it stands in its term)
    exact = str(regex.sub(r"\\?['\u2019]", "['\u2019]", regex.escape(word)))
    if UNSPACED.match(word):
        return exact if SINGLE.match(word) else r"[^\n]*" * first + exact + r"[^\n]*" * last
    forms = [exact]
    forms += [rf"(?:{'|'.join(ELISIONS)})['\u2019]{exact}"] if first else []
    forms += [rf"{exact}['\u2019][^\n]*"] if last else []
    return f"(?:{'|'.join(forms)})"


@pytest.mark.elasticsearch
@settings(max_examples=150, deadline=None)
@given(topic=TOPICS, article=ARTICLES)
def test_topics_are_met_by_the_words_that_elasticsearch_sees(
    server: Elasticsearch, topic: Topic, article: Document
) -> None:
    """O'Brien in either spelling, hyphens, elisions, runs of letters: the rule says what is met, word by word."""
    texts = (article.title, article.standfirst or "", article.text)
    lines = [f"\n{NEWLINE.join(analyzed(server, text))}\n" for text in texts]

    def holds(word: str) -> bool:
        return any(regex.search(pattern_of(analyzed(server, word)), line) for line in lines)

    meant = (
        (not topic.outlets or article.outlet in topic.outlets)
        and (not topic.any or any(map(holds, topic.any)))
        and all(map(holds, topic.all))
        and not any(map(holds, topic.none))
    )
    matched = tuple(word for word in dict.fromkeys((*topic.any, *topic.all)) if holds(word))
    match = match_article(topic, article)
    assert (match.matched if match else ()) == (matched if meant else ())


NEWLINE = "\n"


def analyzed(server: Elasticsearch, text: str) -> list[str]:
    """The words of a text as the server's standard analyzer makes them."""
    return [token["token"] for token in server.indices.analyze(analyzer="standard", text=text)["tokens"]]


@pytest.fixture(scope="module")
def server(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_url) as client:
        yield client


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
        name="broken", any=("ferry",), all=(), none=(), outlets=Broken(), languages=()
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


class Broken(tuple[str, ...]):
    """Outlets that cannot be asked about."""

    __slots__ = ()

    def __contains__(self, _outlet: object) -> bool:
        raise RuntimeError("no outlets")

    def __bool__(self) -> bool:
        return True
