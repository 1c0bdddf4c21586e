"""Live blogs: the posts of a page brought into its article, each with its time, in the order of the page.

Called by `page` before other articles leave the tree: posts are articles of their own on many sites.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.cleaning.tables import read_table
from copydesk.reading.facts import Facts, squeeze, strings, visible
from copydesk.reading.nodes import around, move_children

__all__ = ["clock", "gather_posts", "is_live", "linked_posts"]

LIVE_BLOGS = read_table(Path(__file__).with_name("wordings") / "live_blogs.txt")
WORDING = re.compile(LIVE_BLOGS.pattern, re.IGNORECASE)

IN_ADDRESS = re.compile(
    r"live-?blog|live-?ticker|news-?blog|newsticker|/live/|[-/]ticker[-/]|minute-by-minute", re.IGNORECASE
)

CLOCK = re.compile(
    r"^\D{0,20}?\b([01]?\d|2[0-3])\s?[.:hH]\s?([0-5]\d)\b(?:\s?(?:uhr|h|am|pm|a\.m\.|p\.m\.))?.{0,20}$",
    re.IGNORECASE | re.DOTALL,
)
"""A text that is a time of day and little else."""

SIGNS = "time,a,span,strong,b,h3,h4,h5,p,div"
POSTS = frozenset(["article", "li", "div", "section"])
HEADS = "h2,h3,h4,h5,h6,p"
ELSEWHERE = re.compile(r"comment|reply|discussion|teaser|related|recommend|sidebar", re.IGNORECASE)

FEWEST = 2
PROSE = 40
"""Characters of a post's paragraphs."""

LONGEST_SIGN = 40
MOST = 1_000
"""Elements that are looked at for a time."""


def is_live(facts: Facts, url: str) -> bool:
    """Whether a page says that it is a live blog: in its JSON-LD, its title or its address."""
    if any("LiveBlogPosting" in strings(node.get("@type")) for node in facts.nodes):
        return True
    titles = (facts.first("og:title"), facts.title, *facts.headings[:1])
    return any(WORDING.search(title) for title in titles) or bool(IN_ADDRESS.search(url))


def gather_posts(tree: LexborHTMLParser) -> int:
    """Change the tree of a live blog in place so that its posts stand in its article; how many there are."""
    posts = _posts(tree)
    if len(posts) < FEWEST:
        return 0
    main = tree.css_first("article:has(h1)") or tree.css_first("main") or tree.body
    inside = {node.mem_id for node in main.css("article,li,div,section")} if main is not None else set()
    for post, sign in posts:
        _set_time(post, sign)
        division = post.parser.create_node("div")
        move_children(post, division)
        if main is None or post.mem_id in inside:
            post.replace_with(division)
        else:
            main.insert_child(division)
            post.remove()
    return len(posts)


def _posts(tree: LexborHTMLParser) -> list[tuple[LexborNode, LexborNode]]:
    """Posts with the elements that hold their times: of siblings with a time and prose those with most prose."""
    groups: dict[tuple[int, str], dict[int, tuple[LexborNode, LexborNode]]] = defaultdict(dict)
    for sign in _signs(tree):
        for above in around(sign):
            if above.tag in POSTS and above.parent is not None:
                groups[above.parent.mem_id, str(above.tag)].setdefault(above.mem_id, (above, sign))
    best: list[tuple[LexborNode, LexborNode]] = []
    most = 0
    for group in groups.values():
        told = [pair for pair in group.values() if _prose(pair[0]) >= PROSE]
        prose = sum(_prose(post) for post, _ in told)
        # the narrowest group of many that hold the same posts comes first
        if len(told) >= FEWEST and prose > most and not _is_elsewhere(told[0][0]):
            best, most = told, prose
    return best


def _signs(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    for node in tree.css(SIGNS)[:MOST]:
        text = node.text(deep=True)
        if len(text) <= LONGEST_SIGN and (CLOCK.match(squeeze(text)) or node.tag == "time"):
            yield node


def _is_elsewhere(post: LexborNode) -> bool:
    return any(
        ELSEWHERE.search(f"{node.attributes.get('class')} {node.attributes.get('id')}")
        for node in (post, *around(post))
        if node.tag not in {"body", "html"}
    )


def _prose(post: LexborNode) -> int:
    return sum(len(node.text(deep=True).strip()) for node in post.css("p"))


def _set_time(post: LexborNode, sign: LexborNode) -> None:
    """Put the time of a post before its first line, if that does not say it."""
    said = clock(visible(sign)) or clock(_time_of_day(sign.attributes.get("datetime") or ""))
    first = next(
        (
            node
            for node in post.css(HEADS)
            if visible(node) and not _holds(node, sign) and not _holds(sign, node)
        ),
        None,
    )
    if said and first is not None and said not in visible(first)[:LONGEST_SIGN]:
        first.insert_child(f"{said}: ") if first.first_child is None else first.first_child.insert_before(
            f"{said}: "
        )
        sign.remove()


def _holds(node: LexborNode, sign: LexborNode) -> bool:
    return node.mem_id == sign.mem_id or any(above.mem_id == node.mem_id for above in around(sign))


def clock(text: str) -> str:
    """A time of day as the page writes it, "14.32"; "" where there is none."""
    found = re.search(r"\b(?:[01]?\d|2[0-3])\s?[.:hH]\s?[0-5]\d\b(?:\s?[ap]\.?m\b\.?)?", text)
    return found[0] if found and CLOCK.match(text) else ""


def _time_of_day(moment: str) -> str:
    """The time of day of an ISO time, as it is written there: "14:32"."""
    found = re.search(r"T(\d\d:\d\d)", moment)
    return found[1] if found else ""


def linked_posts(facts: Facts) -> list[str]:
    """The posts that a live blog declares in its JSON-LD, as lines: time and headline, then the text."""
    lines: list[str] = []
    blogs = [node for node in facts.nodes if "LiveBlogPosting" in strings(node.get("@type"))]
    updates = [blog.get("liveBlogUpdate") for blog in blogs]
    for post in (
        post for posts in updates if isinstance(posts, list) for post in posts if isinstance(post, dict)
    ):
        if isinstance(post.get("articleBody"), str):
            at = _time_of_day(str(post.get("datePublished") or ""))
            head = " ".join(strings(post.get("headline"))[:1])
            lines += [f"{at}: {head}" if at and head else head or at, *strings(post["articleBody"])]
    return [line for line in lines if line]
