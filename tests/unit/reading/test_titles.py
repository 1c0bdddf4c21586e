"""The headline among its wordings: without the name of the site, and never a subhead or a cut one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from copydesk.reading.facts import gather
from copydesk.reading.titles import BARS, read_title

URL = "https://www.post.example/valley/gate"
HEADLINE = "Gate stays shut until bolts are tested"


def title(head: str, body: str = "", site: str = "Aldervik Post", url: str = URL) -> str:
    """The title of a page with this head and body."""
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return read_title(gather(LexborHTMLParser(page)), site, url)


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


@pytest.mark.parametrize("bar", [*BARS, "--", *(f" {mark} " for mark in "~/\\►▶›<>→★◆■·–—-»:∙○⋆")])
@pytest.mark.parametrize("shown", ["", f"<h1>{HEADLINE}</h1>"])
def test_the_site_behind_any_bar(bar: str, shown: str) -> None:
    """Whatever parts the name of the site from the headline, at either end, with and without a heading."""
    assert title(og(f"{HEADLINE}{bar}Aldervik Post"), shown) == HEADLINE
    assert title(og(f"Aldervik Post{bar}{HEADLINE}"), shown) == HEADLINE
    assert title(f"<title>{HEADLINE}{bar}Post.example</title>", shown, site="") == HEADLINE


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Gate shut for good – post office closed", "Post"),
        ("Council votes on bridge: the time is now", "Time"),
        ("Was jetzt gilt – und was nun folgt", "nu"),
        ("Two killed as bridge falls - star of the valley mourned", "Star"),
        ("Father / mother: who stays at home", "Valley Herald"),
        ("“Gate – shut”, says council", "Shut"),
        ("Gate * shut & barred + bolted = safe", "Aldervik Post"),
        ("Who said 3:2 was no result", "Result"),
    ],
)
def test_a_headline_is_not_cut_in_its_middle(text: str, site: str) -> None:
    """A dash or a colon within a headline that happens to hold the word of the site."""
    assert title(og(text), site=site, url="https://www.example.org/a") == text


@pytest.mark.parametrize(
    ("text", "site", "found"),
    [
        (f"{HEADLINE} | The Post of the valley", "Post", HEADLINE),
        ("Gate stays shut - Post", "The Aldervik Post", "Gate stays shut"),
        ("Gate stays shut - Post News", "Post", "Gate stays shut"),
        ("Gate stays shut | Valley | Aldervik Post", "Aldervik Post", "Gate stays shut | Valley"),
        ("Aldervik Post", "Aldervik Post", "Aldervik Post"),
    ],
)
def test_the_site_shortened_or_with_words_more(text: str, site: str, found: str) -> None:
    """A part of the name, or the name among few others."""
    assert title(og(text), site=site) == found


@pytest.mark.parametrize(
    "linked",
    [
        '{"@type":"WebSite","name":"Valley Herald"}',
        '{"@type":"NewsArticle","headline":"Gate","publisher":{"name":"Valley Herald"}}',
    ],
)
def test_the_site_by_its_linked_data(linked: str) -> None:
    """What the page's data call site or publisher is no part of the headline either."""
    script = f'<script type="application/ld+json">{linked}</script>'
    assert title(og(f"{HEADLINE} ¦ Valley Herald") + script, site="") == HEADLINE


@pytest.mark.parametrize("subhead", ["The gate", "Gate and bolts", "Council: the bolts"])
def test_a_subhead_is_no_headline(subhead: str) -> None:
    """A heading that shares a word or two with the title element is not the headline."""
    text = "Gate stays shut until all bolts are tested, says river authority"
    assert title(f"<title>{text} - Aldervik Post</title>", f"<h1>{subhead}</h1>") == text


def test_a_heading_that_words_the_title_anew() -> None:
    """The heading is taken where it says most of what the title element says."""
    shown = "Gate stays shut until engineers have tested all bolts"
    assert title("<title>Gate stays shut until bolts tested - Post</title>", f"<h1>{shown}</h1>") == shown


@given(st.text(alphabet="ab |-:»/–¦'\"", max_size=40), st.sampled_from(["ab", "b", "", "a b"]))
def test_any_title_keeps_a_part_of_itself(text: str, site: str) -> None:
    """Nothing is ever put into a title, and one with letters is never emptied."""
    found = title(f"<title>{text}</title>", site=site, url="https://ab.example/")
    assert found in " ".join(text.split())
    assert found or not " ".join(text.split()).strip(" |-:»/–¦'\"")
