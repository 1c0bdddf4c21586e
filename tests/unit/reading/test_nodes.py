"""Ways through the tree of a page."""

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from copydesk.reading.images import CAPTIONS, FRAMED
from copydesk.reading.labels import ASIDES, BOXES, EMBEDS
from copydesk.reading.nodes import named, names

WORDS = st.sampled_from(
    [
        "newsletter",
        "Related-Links",
        "Poll",
        "x-poll",
        "cookie",
        "SUMMARY",
        "summary",
        "twitter-tweet",
        "photo",
        "credit",
    ]
)
TAGS = st.sampled_from(["div", "blockquote", "span", "figcaption", "p"])
NAMES = st.sampled_from(["class", "id", "aria-label", "itemprop"])


@given(
    st.lists(st.tuples(TAGS, NAMES, WORDS), max_size=8),
    st.sampled_from([ASIDES, BOXES, EMBEDS, CAPTIONS, FRAMED]),
)
def test_only_selectors_that_find_nothing_are_left_out(
    elements: list[tuple[str, str, str]], selectors: str
) -> None:
    """What is found among many selectors is what all of them find, in the order of the page."""
    page = "".join(f'<{tag} {name}="a {word} b">text</{tag}>' for tag, name, word in elements)
    tree = LexborHTMLParser(f"<body>{page}</body>")
    assert [node.mem_id for node in named(tree, selectors, names(tree))] == [
        node.mem_id for node in tree.css(selectors)
    ]
