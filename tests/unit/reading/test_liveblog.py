"""Live blogs: all posts, each with its time, in the order of the page."""

import json
import re

import pytest

from copydesk.model import Document
from copydesk.reading.documents import read
from copydesk.reading.liveblog import clock
from made.pages import PROSE, capture

POSTS = (("14.32", "The wall gets higher"), ("13.50", "Applause"), ("13.05", "A late start"))
TITLE = "Council vote: live"
TEXT = "".join(f"<p>{text}</p>" for text in PROSE[:2])
LINES = [
    *PROSE[:2],
    "14.32: The wall gets higher", PROSE[2], "13.50: Applause", PROSE[3], "13.05: A late start", PROSE[4],
]  # fmt: skip


def document(body: str, title: str = TITLE, head: str = "") -> Document:
    """The document of a page."""
    answer = read(
        capture(
            f"<html lang=en><head><title>{title}</title>{head}</head><body><main>{body}</main></body></html>"
        )
    )
    assert isinstance(answer, Document), answer
    return answer


def posts(form: str) -> str:
    """The posts in some markup of time, heading and text."""
    return "".join(
        form.format(at=at, head=head, text=text) for (at, head), text in zip(POSTS, PROSE[2:], strict=True)
    )


@pytest.mark.parametrize(
    "form",
    [
        "<article class=post><a rel=bookmark href=/t/{at}>{at}</a><h3>{head}</h3><p>{text}</p></article>",
        "<article class=post><h3><a href='#p{at}'>{head}</a></h3><time>{at}</time><p>{text}</p></article>",
        "<div class=post><span>{at} Uhr</span><h2>{head}</h2><p>{text}</p></div>",
        "<section><div><p>{at}</p></div><h3>{head}</h3><p>{text}</p></section>",
    ],
)
@pytest.mark.parametrize("around", ["{}", "<ol>{}</ol>", "<div>{}</div>"])
def test_posts_beside_the_intro(form: str, around: str) -> None:
    """Whatever the posts are, they are text, below the intro, with the time before the heading."""
    found = document(f"<article><h1>{TITLE}</h1>{TEXT}</article>{around.format(posts(form))}")
    assert found.text.replace(" Uhr:", ":").split("\n") == LINES
    assert found.form == ("live",)


def test_posts_in_the_article() -> None:
    """Posts that stand in the article stay where they are."""
    form = "<li><time datetime=2031-06-03T{at}:00>now</time><h3>{head}</h3><p>{text}</p></li>"
    inner = (
        f"<ul>{posts(form)}</ul>".replace("T14.32", "T14:32")
        .replace("T13.50", "T13:50")
        .replace("T13.05", "T13:05")
    )
    found = document(f"<article><h1>{TITLE}</h1>{TEXT}{inner}</article>")
    assert [
        line.replace(":", ".", 1) if line[:2].isdigit() else line for line in found.text.split("\n")
    ] == LINES


def test_posts_in_json_alone() -> None:
    """Posts that only the JSON-LD has are read from it."""
    updates = [
        {
            "@type": "BlogPosting",
            "headline": head,
            "articleBody": text,
            "datePublished": f"2031-06-03T{at.replace('.', ':')}:00Z",
        }
        for (at, head), text in zip(POSTS, PROSE[2:], strict=True)
    ]
    linked = json.dumps({"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": updates})
    linked = re.sub(r"T(\d\d)\.", r"T\1:", linked)
    found = document(
        f"<article><h1>{TITLE}</h1></article>", head=f"<script type='application/ld+json'>{linked}</script>"
    )
    assert found.form == ("live",)
    assert {"14:32: The wall gets higher", *PROSE[2:]} <= set(found.text.split("\n"))


@pytest.mark.parametrize(
    ("title", "kind"),
    [("Gate stays shut until tested", "comment"), (TITLE, "comments"), ("Alive: a film", "entry")],
)
def test_comments_are_no_posts(title: str, kind: str) -> None:
    """Times beside comments make no live blog, on whatever page."""
    comments = posts(f"<div class={kind}><b>{{head}}</b><time>{{at}}</time><p>{{text}}</p></div>")
    found = document(
        f"<article><h1>{title}</h1>{TEXT}{TEXT}</article><section class={kind}s>{comments}</section>", title
    )
    assert found.form == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("14.32 Uhr", "14.32"), ("2:05 pm", "2:05 pm"), ("13h50", "13h50"), ("Updated 09:15", "09:15"),
        ("The council voted at 14.32 on the higher of the two drafts", ""), ("1432", ""), ("25.10", ""),
    ],
)  # fmt: skip
def test_what_is_a_time_of_day(text: str, said: str) -> None:
    """A time of day and little else, as the page writes it."""
    assert clock(text) == said
