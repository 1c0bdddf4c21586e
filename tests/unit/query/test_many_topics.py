"""Many topics at once, and drawn ones: each is met by just what holds what it asks for."""

from dataclasses import replace
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Document
from copydesk.query import holding
from copydesk.query.evaluator import find_matches, is_met_by_all, match_article, tree_of
from copydesk.query.mistakes import QueryError
from copydesk.query.parser import parse
from copydesk.query.seen import see_document
from copydesk.topic import Topic
from made.texts import written

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
    """Topics looked for together are met as if each were the only one, by the same words and names."""
    named = [topic.model_copy(update={"name": f"t{number}"}) for number, topic in enumerate(topics)]
    articles = {str(number): replace(one, id=str(number)) for number, one in enumerate(documents)}
    alone = [
        match for topic in named for article in articles.values() if (match := match_article(topic, article))
    ]
    assert find_matches(named, articles) == (alone, {})


@given(st.lists(TOPICS, max_size=8), st.lists(ARTICLES, max_size=3))
def test_topics_that_are_not_looked_at_are_not_met(topics: list[Topic], documents: list[Document]) -> None:
    """Whichever terms lead to a topic beside others, it is met by just the articles that hold what it asks for."""
    named = [topic.model_copy(update={"name": f"t{number}"}) for number, topic in enumerate(topics)]
    articles = {str(number): replace(one, id=str(number)) for number, one in enumerate(documents)}
    met = {
        (topic.name, id_)
        for topic in named
        for id_, article in articles.items()
        if not is_met_by_all(topic)
        and (not topic.outlets or article.outlet in topic.outlets)
        and holding.meets(tree_of(topic), see_document(article))
    }
    matches, faults = find_matches(named, articles)
    assert ({(one.topic, one.article) for one in matches}, faults) == (met, {})


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
