"""The evaluator and a real server hold the same: drawn articles, drawn queries, one answer."""

from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.adapters.elastic.index import ElasticIndex
from copydesk.index import Body, Kind, Write
from copydesk.query.holding import meets
from copydesk.query.parser import MOST_TERMS, parse
from copydesk.query.seen import see
from copydesk.query.terms import Clock
from copydesk.query.tree import And, Label, Near, Node, Not, Or, Story, Term
from made.documents import article
from made.queries import NOW

PIECES = [
    "ferry", "ferries", "Ferry's", "l'Europe", "Europe", "Ankara'da", "d’Ankara", "storm-surge", "surge", "storm",
    "O'Brien", "Brien", "D'Angelo", "Jean-Luc", "Luc", "rock'n'roll", "hadn't", "e-mail", "email", "emails",
    "東京", "京都", "京", "カー", "スーパーカー", "カー2号", "ไทย", "ประเทศไทย", "한국", "हिन्दी", 'צה"ל',
    "3,5", "1,500", "1500", "F-35B", "35", "U.S.", "us", "C++", "AT&T", "İstanbul", "Straße", "strasse",
    "Müller", "Mueller", "muller", "élysée", "Elysee", "élevée", "élevées", "Häuser", "Haus", "журналистов",
    "журналисты", "المحادثات", "محادثات", "a_b", "🚢", "x²", ";", "col·lecció",
]  # fmt: skip
TEXTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", " ", " ", ", ", "-", "\n"])), max_size=12
).map(lambda pieces: "".join(chain.from_iterable(pieces)))
LANGUAGES = st.sampled_from(["en", "fr", "de", "ru", "ar", "tr", "no", "nb", "ja", "und", ""])
ARTICLES = st.builds(
    lambda title, standfirst, text, language, outlet, at: article(
        title,
        text,
        language=language,
        standfirst=standfirst,
        outlet=outlet,
        authors=["Ann O’Brien", "Li 東京"],
        story="a story",
        published_at=at,
    ),
    TEXTS,
    TEXTS,
    TEXTS,
    LANGUAGES,
    st.sampled_from(["North Star", "Süd"]),
    st.sampled_from(
        [None, "2026-11-21T12:00:00.000Z", "2026-11-21T11:59:59.9999Z", "2026-11-25T08:00:00+09:00"]
    ),
)
WORDS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", "-", ""])), min_size=1, max_size=3
).map(lambda pieces: "".join(chain.from_iterable(pieces)))
TERMS = st.builds(
    Term, WORDS.filter(lambda text: see({"text": text}).fields[-1].tokens), st.booleans(), st.booleans()
)
PARTS = st.builds(
    lambda word, more, title: Term(word, more=more, title=title),
    st.sampled_from(["fer", "ferr", "stra", "35", "urg", "c++", "at&", "カ", "elys", "haus"]),
    st.sampled_from(["after", "around", "before"]),
    st.booleans(),
)
NEAR = st.builds(
    lambda one, other, title, within: Near(
        Term(one.text, one.exact, title), Term(other.text, other.exact, title), within
    ),
    TERMS,
    TERMS,
    st.booleans(),
    st.integers(0, 6),
)
LABELS = st.builds(
    Label,
    st.sampled_from(["outlet", "author", "lang"]),
    st.sampled_from(["north star", "NORTH", "sud", "Ann", "obrien", "ann o'brien", "東京", "en", "de"]),
    st.booleans(),
)
DATES = st.builds(
    lambda query: parse(query, Clock(NOW)),
    st.sampled_from(
        ["since:7d", "until:7d", "since:2026-11-25", "until:2026-11-24", "since:2026-11-21T12:00"]
    ),
)
STORIES = st.builds(Story, st.sampled_from(["a story", "a"]))
LEAVES = st.one_of(TERMS, TERMS, PARTS, NEAR, LABELS, DATES, STORIES)
TREES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda some: And(tuple(some))),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: Or(tuple(some))),
        parts.map(Not),
    ),
    max_leaves=5,
)


@pytest.mark.elasticsearch
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bodies=st.lists(ARTICLES, min_size=1, max_size=6),
    trees=st.lists(TREES, min_size=1, max_size=12),
)
def test_the_server_finds_what_the_evaluator_holds(
    elastic: ElasticIndex, bodies: list[Body], trees: list[Node]
) -> None:
    """Whatever is asked of whatever articles, in any language: the same ones are found."""
    named: dict[str, Body] = {
        f"drawn-{number}": {**body, "story": f"{body['story']} {number}"}
        for number, body in enumerate(bodies)
    }
    _fill(elastic, named)
    for tree in trees:
        found = {hit.id for hit in elastic.search(tree, limit=100).hits}
        assert found == {id_ for id_, body in named.items() if meets(tree, see(body))}, tree


def _fill(index: ElasticIndex, bodies: dict[str, Body]) -> None:
    """These articles and no other."""
    gone = [row.id for row in index.scan(Kind.ARTICLES) if row.id not in bodies]
    index.write([Write(kind=Kind.ARTICLES, id=id_, body=None) for id_ in gone])
    index.write([Write(kind=Kind.ARTICLES, id=id_, body=body) for id_, body in bodies.items()])
    index.refresh(Kind.ARTICLES)


@pytest.mark.elasticsearch
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=120), language=LANGUAGES)
def test_a_text_is_found_by_all_its_own_words(elastic: ElasticIndex, text: str, language: str) -> None:
    """Any text in any script is found by its words together, as words and as a phrase."""
    body = article("t", text, language=language, story="s")
    tokens = see(body).fields[-1].tokens[:MOST_TERMS]
    _fill(elastic, {"drawn-0": body})
    words = [text[token.start : token.end] for token in tokens]
    for tree in [Term(word) for word in words[:6]] + [Term(" ".join(words), exact=True)] * bool(words):
        assert meets(tree, see(body)), tree
        assert [hit.id for hit in elastic.search(tree).hits] == ["drawn-0"], tree


@pytest.mark.elasticsearch
def test_the_most_that_may_be_asked_is_answered(elastic: ElasticIndex) -> None:
    """A query as long as the limits allow is no more than a small server takes."""
    _fill(elastic, {"drawn-0": article("t", "A ferry.", story="s")})
    longest = " OR ".join(f"fährée{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(70))
    assert elastic.search(parse(longest)).articles == 0
    assert elastic.search(parse(" OR ".join(f'"word{number}"' for number in range(MOST_TERMS)))).articles == 0
