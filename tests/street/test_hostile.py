"""Pages made to hurt: each ends as text or as a rejection with a reason, and the next page is read as ever."""

from collections.abc import Iterator

import orjson
import pytest

from copydesk.adapters.child.parent import ChildReader
from copydesk.model import Document, Rejection
from copydesk.outcomes import Reason
from copydesk.reading.decoding import scrub
from made.pages import PROSE, capture, page

AFTER = capture(page())
WIDE = orjson.dumps(
    {
        "@type": "NewsArticle",
        "headline": "Gate",
        "author": [{"name": f"Ola Berg {n}"} for n in range(50_000)],
        **{f"key{n}": "x" * 40 for n in range(50_000)},
    }
).decode()


def linked_data(text: str) -> str:
    """A page that declares this JSON-LD."""
    return page(head=f'<script type="application/ld+json">{text}</script>')


READ: dict[str, str | bytes] = {
    "deep JSON-LD": linked_data('{"a":' * 800_000 + "1" + "}" * 800_000),
    "lists in JSON-LD": linked_data("[" * 2_500_000 + "]" * 2_500_000),
    "wide JSON-LD": linked_data(WIDE),
    "broken JSON-LD": linked_data('{"@type": "NewsArticle", "headline": "' + "x" * 1_000_000),
    "unknown charset": page(head="<meta charset=utf-9000>").encode() + b"\xe9\xff" * 500,
    "two charsets": page(head="<meta charset=utf-16><meta charset=koi8-r>"),
    "lone surrogates": page(f"<p>{'&#xD800;' * 20_000}</p>"),
    "one word": page(f"<p>{'x' * 1_000_000}</p>"),
    "one row of dots": "\n".join([*PROSE, "." * 3_000_000]),
    "one row of dashes": "\n".join([*PROSE, "—" * 1_000_000]),
    "one paragraph": page(f"<p>{' '.join(PROSE * 2_000)}</p>"),
    "one attribute": page(f"<p><a href='/{'x' * 10_000_000}'>The gate stays shut.</a></p>"),
    "one class": page(f"<div class='{'caption ' * 1_000_000}'>The gate stays shut.</div>"),
    "nested inline tags": page("<span>" * 100_000),
    "nested tables": page("<table><tr><td>" * 5_000 + "gate"),
    "labels in nested boxes": page("<div>" * 1_000 + "<h3>Related Posts</h3>" * 300),
    "links in one paragraph": page(f"<p>{'<a href=/x>Storm closes the harbour</a> word ' * 1_500}</p>"),
    "entities": page(f"<p>{'&nbsp;&zwj;&shy;' * 50_000}</p>"),
    "scripts": page(head=f"<script>{'var a = 1;' * 500_000}</script>"),
}
"""Pages whose article can still be found."""

COSTLY: dict[str, str | bytes] = {
    "50,000 attributes": "<html><body><div " + " ".join(f'a{n}="{n}"' for n in range(50_000)) + f">{page()}",
    "100,000 nested tags": page("<div>" * 100_000),
    "200,000 paragraphs": page("<p>The gate stays shut.</p>" * 200_000),
    "100,000 links": page("".join(f"<a href=/{n}>Headline {n} of the day</a> " for n in range(100_000))),
    "300,000 lines": "\n".join(f"line {n} of the gate" for n in range(300_000)),
    "one block 700,000 times": page("<div><p>gate</p></div>" * 700_000),
}
"""Pages that cost more than a page may."""

OTHERS: dict[str, str | bytes] = {
    "NUL bytes": page(f"<p>{chr(0) * 1_000_000}</p>"),
    "NUL bytes alone": b"\0" * 100_000,
    "false byte order mark": b"\xff\xfe" + page().encode(),
    "half a tag": "<html><body><p" * 10_000,
    "an end without a start": "</div>" * 100_000,
    "a compressed page": b"\x1f\x8b" + page().encode(),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ChildReader]:
    """A warmed child with the limits of every day."""
    with ChildReader(wall=120.0) as started:
        yield started


@pytest.fixture(scope="module")
def strict() -> Iterator[ChildReader]:
    """A warmed child; its limit of a second keeps the tests of costly pages short."""
    with ChildReader(cpu=1, wall=120.0) as started:
        yield started


def after(reader: ChildReader, body: str | bytes) -> Document | Rejection:
    """What becomes of the page; the one behind it in the batch must be read as ever, by the same child."""
    list(reader.read([AFTER]))
    child = reader.pid
    plain = isinstance(body, str) and "<" not in body[:100]
    answer, behind = reader.read([capture(body, "text/plain" if plain else "text/html"), AFTER])
    assert isinstance(behind, Document)
    assert behind.text.split("\n") == list(PROSE)
    assert reader.pid == child
    return answer


@pytest.mark.parametrize("name", READ)
def test_the_article_is_found(reader: ChildReader, name: str) -> None:
    """What surrounds the article costs little, and does not hide it."""
    answer = after(reader, READ[name])
    assert isinstance(answer, Document), answer
    assert PROSE[0] in answer.text
    assert scrub(answer.text + answer.title) == answer.text + answer.title


@pytest.mark.parametrize("name", COSTLY)
def test_too_costly(strict: ChildReader, name: str) -> None:
    """A page beyond the limits is rejected with that reason."""
    answer = after(strict, COSTLY[name])
    assert isinstance(answer, Rejection)
    assert (answer.reason, answer.capture_id) == (Reason.TOO_COSTLY, "c1")
    assert answer.detail


@pytest.mark.parametrize("name", OTHERS)
def test_text_or_reason(reader: ChildReader, name: str) -> None:
    """Whatever the bytes are, the answer is text that every index takes, or a reason with a detail."""
    answer = after(reader, OTHERS[name])
    if isinstance(answer, Document):
        assert scrub(answer.text) == answer.text
    else:
        assert answer.detail
