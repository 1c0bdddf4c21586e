"""Faults in JSON-LD: each loses its own value and no other."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from copydesk.reading.facts import gather
from copydesk.reading.mending import mended
from copydesk.reading.metadata import read_metadata
from made.pages import FETCHED

ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Gate stays shut",
    "keywords": ["dams", "floods"],
    "datePublished": "2031-06-03T10:42:00Z",
    "author": {"@type": "Person", "name": "Ola Berg"},
    "description": "Until the bolts are tested.",
}
TEXT = json.dumps(ARTICLE)


def page(script: str) -> str:
    return f'<html><head><script type="application/ld+json">{script}</script></head><body><p>Gate</p></body></html>'


@pytest.mark.parametrize(
    ("script", "headline"),
    [
        (TEXT.replace("Gate stays", 'Gate "stays"'), 'Gate "stays" shut'),
        (TEXT.replace("Gate stays", 'He said "no", then "gate stays'), 'He said "no", then "gate stays shut'),
        (TEXT.replace("Gate stays", r"Gate\'s way"), "Gate's way shut"),
        (TEXT.replace("Gate stays", "Gate\nstays"), "Gate stays shut"),
        (TEXT.replace('"', "&quot;"), "Gate stays shut"),
        (TEXT + TEXT.replace("NewsArticle", "WebPage"), "Gate stays shut"),
        ('{"@type": "WebSite", "name": "Post"},' + TEXT, "Gate stays shut"),
        (f"/* made by hand */ {TEXT}", "Gate stays shut"),
        (f"// made by hand\n{TEXT}", "Gate stays shut"),
        (TEXT.replace('"keywords"', '/* "old": 1, */ "keywords"'), "Gate stays shut"),
        (TEXT.replace('["dams", "floods"]', ""), "Gate stays shut"),
        (TEXT.replace('["dams", "floods"]', "dams, floods"), "Gate stays shut"),
        (TEXT.replace('"floods"', '"floods'), "Gate stays shut"),
        (TEXT.replace('"keywords"', "'keywords'"), "Gate stays shut"),
        (TEXT.replace('shut", "key', 'shut" "key'), "Gate stays shut"),
        (TEXT[:-12], "Gate stays shut"),
        (f"{TEXT}}}", "Gate stays shut"),
        ("[" + TEXT.replace("tested", 'tested at "once"') + ", {}]", "Gate stays shut"),
    ],
)
def test_a_fault_loses_nothing_but_its_value(script: str, headline: str) -> None:
    """Author and time of publication are read whatever is wrong elsewhere."""
    html = page(script)
    found = read_metadata(
        gather(LexborHTMLParser(html)), url="https://post.example/gate", fetched_at=FETCHED, html=html
    )
    assert (found.authors, found.published_at) == (("Ola Berg",), datetime(2031, 6, 3, 10, 42, tzinfo=UTC))
    assert found.title in {headline, headline.strip()}


def test_a_text_without_its_end_does_not_take_the_next() -> None:
    """A missing quotation mark costs the text before it."""
    (found,) = mended(page(TEXT.replace('shut"', "shut")))
    assert found == {key: value for key, value in ARTICLE.items() if key != "headline"}


def test_what_is_well_is_not_mended() -> None:
    """A strict parser has read it."""
    assert mended(page(TEXT)) == []


@given(st.sampled_from(sorted(ARTICLE)), st.integers(0, 40), st.sampled_from("\"\\,:{}[]\n'x"))
def test_a_mark_put_into_any_text(key: str, at: int, mark: str) -> None:
    """A stray mark within one text leaves the others as they are."""
    text = json.dumps({key: ARTICLE[key]})[1:-1]
    place = min(len(key) + 5 + at, len(text) - 2)
    if not isinstance(ARTICLE[key], str):
        return
    script = TEXT.replace(text, text[:place] + mark + text[place:])
    others = {other: value for other, value in ARTICLE.items() if other != key}
    for found in mended(page(script)):
        assert isinstance(found, dict)
        assert {other: found.get(other) for other in others} == others


@given(st.text(alphabet="{}[]\":,\\/*ab \n'1&", max_size=300))
def test_any_script_ends(script: str) -> None:
    """Whatever stands in a script, its values come out or none do."""
    assert isinstance(mended(page(script)), list)


@pytest.mark.parametrize(
    "piece", ['{"a":"b', '{"a": "x, ', '"/*', '["', '[{"a":1,', '\\"', "{ : ", '{"a":/*']
)
def test_a_long_faulty_script_is_read_in_one_go(piece: str) -> None:
    """Pieces that never end cost time in proportion to their length."""
    assert isinstance(mended(page(f'{{"a":"{piece * (100_000 // len(piece))}')), list)
