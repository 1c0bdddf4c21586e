from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Capture, Document, Image, Rejection
from copydesk.outcomes import Reason
from copydesk.reading.decoding import decode, scrub
from copydesk.reading.documents import read, read_text
from made.pages import PROSE, capture, page


def document(of: Capture) -> Document:
    """The document of a capture that must not be rejected."""
    answer = read(of)
    assert isinstance(answer, Document), answer
    return answer


def test_page_becomes_document() -> None:
    """Text without furniture, with title, language and address."""
    found = document(capture(page()))
    assert found.text.split("\n") == list(PROSE)
    assert (found.title, found.language, found.url) == (
        "Gate stays shut until tested",
        "en",
        "https://post.example/gate",
    )
    assert found.checksum.startswith("sha256:")


def test_same_page_same_document() -> None:
    """Reading has no memory: other pages in between change nothing."""
    first = read(capture(page()))
    for _ in range(3):
        read(capture(page("<p>Something else about the mill and its owner.</p>")))
    assert read(capture(page())) == first


CAPTION = "A worker inspects the closed gate of the lower dam"
CREDITED = "The mill below the second bridge. Photo: Ola Berg"


@pytest.mark.parametrize(
    ("block", "address"),
    [
        (f"<figure><img src=a.jpg><figcaption>{CAPTION}</figcaption></figure>", "https://post.example/a.jpg"),
        (f"<p class=imageCaption>{CAPTION}</p>", ""),
        (f"<p><img src=/b/a.jpg><span class=caption>{CAPTION}</span></p>", "https://post.example/b/a.jpg"),
        (
            (
                f"<div class=wp-caption><img src=data:image/gif;base64,R0 data-src=//pictures.example/a.jpg><p "
                f"class=wp-caption-text>{CAPTION}</p></div>"
            ),
            "https://pictures.example/a.jpg",
        ),
        (
            (
                f"<figure><div><picture><source srcset='/s.webp 1x, /l.webp 2x'></picture></div>"
                f"<figcaption>{CAPTION}</figcaption></figure>"
            ),
            "https://post.example/s.webp",
        ),
        (f"<figure><img src=a.jpg><img src=b.jpg><figcaption>{CAPTION}</figcaption></figure>", ""),
        (f"<figure><img src='http://[broken'><figcaption>{CAPTION}</figcaption></figure>", ""),
    ],
)
def test_captions_are_kept_with_their_image(block: str, address: str) -> None:
    """A caption told by markup is no line of the text but stands with its image, whose address may be unknown."""
    found = document(capture(page(block)))
    assert found.text.split("\n") == list(PROSE)
    assert found.images == (Image(address, CAPTION),)


def test_captions_go_with_their_own_image() -> None:
    """Two figures are two pairs, in the order of the page."""
    figures = [
        f"<figure><img src={name}.jpg><figcaption>{text}</figcaption></figure>"
        for name, text in (("a", CAPTION), ("b", CREDITED))
    ]
    assert document(capture(page(*figures))).images == (
        Image("https://post.example/a.jpg", CAPTION),
        Image("https://post.example/b.jpg", CREDITED),
    )


@pytest.mark.parametrize(
    "block",
    [
        "<div class=newsletter-signup><p>The valley at breakfast</p><a href=/nl>Get it</a></div>",
        (
            "<h3>Related Posts</h3><ul><li><a href=/1>Storm closes harbour for third day</a></li><li><a "
            "href=/2>Mayor rejects new toll plan</a></li></ul>"
        ),
        "<p><a href=/4><strong>HARBOUR STAYS CLOSED AFTER STORM, OFFICIALS SAY</strong></a></p>",
        "<p>READ MORE: <a href=/3>Storm closes harbour for third day</a></p>",
        "<h2>International</h2>",
        "<p>Your browser does not support iframes.</p>",
        "<div style='display:none'><p>Hidden text that a reader never sees on the page.</p></div>",
        (
            "<table class=image><tr><td><img src=a.jpg></td></tr><tr><td>A worker inspects the closed gate near "
            "Aldervik, June 3, 2031</td></tr></table>"
        ),
    ],
)
def test_furniture_of_pages(block: str) -> None:
    """Boxes, linked headlines, labels and notices leave no line in the text."""
    assert document(capture(page(block))).text.split("\n") == list(PROSE)


@pytest.mark.parametrize(
    "block",
    [
        "<h2>Council to vote on emergency fund</h2>",
        "<p><strong>Council to vote on emergency fund</strong></p>",
        "<p>“Never again,” she said</p>",
        "<ul><li>Two bridges were carried away.</li><li>The road was cut for nine days.</li></ul>",
        "<p>The plan is <a href=/plan>published in full</a> by the river authority of the province.</p>",
    ],
)
def test_what_belongs_stays(block: str) -> None:
    """Subheads, short quotes, lists and paragraphs with links stay."""
    assert len(document(capture(page(block))).text.split("\n")) > len(PROSE)


def test_article_inside_a_form() -> None:
    """Server-side frameworks wrap the whole article in a form."""
    assert document(capture(page().replace("<main>", "<main><form>"))).text.split("\n") == list(PROSE)


def test_class_words_on_wrappers() -> None:
    """A box name on the wrapper of the whole article takes nothing."""
    for name in ("related-content", "newsletter", "caption", "share-page"):
        assert document(capture(page().replace("<article>", f"<article class={name}>"))).text.split(
            "\n"
        ) == list(PROSE)


def test_credits_become_fields() -> None:
    """Agency, dateline and byline leave the text, or stay in its first paragraph, and are fields."""
    blocks = page("", "<p>By Ola Berg</p>", "<p>With reporting by Reuters</p>")
    found = document(capture(blocks.replace("<p>The river", "<p>ALDERVIK: The river", 1)))
    assert (found.agency, found.dateline, found.authors) == ("Reuters", "Aldervik", ("Ola Berg",))
    assert {line.reason for line in found.removed} >= {"byline", "agency"}


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", Reason.NO_TEXT),
        (b"   \n ", "text/html", Reason.NO_TEXT),
        (b"<html><body></body></html>", "text/html", Reason.NO_TEXT),
        (b"%PDF-1.7\n1 0 obj", "application/pdf", Reason.NOT_TEXT),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "text/html", Reason.NOT_TEXT),
        (b'{"a": 1}', "application/json", Reason.NOT_TEXT),
        (bytes(range(32)) * 40, "text/plain", Reason.NOT_TEXT),
    ],
)
def test_rejections(body: bytes, content_type: str, reason: Reason) -> None:
    """What holds no text is rejected with a reason and a detail."""
    answer = read(capture(body, content_type))
    assert isinstance(answer, Rejection)
    assert (answer.reason, answer.step, bool(answer.detail)) == (reason, "read", True)


def test_plain_text() -> None:
    """A plain text is cleaned by the same rules; its headline is the first line, unless the announcement gives one."""
    text = "\n\n".join(["Gate stays shut", *PROSE[:3], "Your browser does not support iframes.", *PROSE[3:]])
    found = document(capture(text, "text/plain", url="inbox:1"))
    assert (found.title, found.text.split("\n"), found.url) == ("Gate stays shut", list(PROSE), "inbox:1")
    assert [line.reason for line in found.removed] == ["notice"]
    told = document(replace(capture("\n".join(PROSE), "text/plain"), entry_title="The gate"))
    assert (told.title, told.text.split("\n")) == ("The gate", list(PROSE))


def test_read_text_cleans_as_read_does() -> None:
    """`copydesk read --jsonl` and an inbox file give the same lines."""
    text = "\n".join([*PROSE, "+ posts", "Related Posts"])
    assert "\n".join(read_text(text).kept) == document(capture(text, "text/plain")).text


UMLAUTS = "Größe und Übermut: „Schluß“, sagte der Müller – für fünf Öre."


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (UMLAUTS.encode(), "text/html; charset=iso-8859-1"),
        (UMLAUTS.encode("cp1252"), "text/html; charset=utf-8"),
        (UMLAUTS.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (f"<meta charset=windows-1252>{UMLAUTS}".encode("cp1252"), "text/html; charset=utf-8"),
        (UMLAUTS.encode("utf-8-sig"), "text/html"),
        (UMLAUTS.encode("utf-16"), "text/html; charset=utf-8"),
        (UMLAUTS.encode("utf-16-le"), "text/html"),
        (f"{UMLAUTS * 40} caf\xe9".encode().replace("é".encode(), b"\xe9"), "text/html; charset=utf-8"),
    ],
)
def test_charset_is_what_the_bytes_are(body: bytes, content_type: str) -> None:
    """Header and page may say what they like; the bytes decide."""
    assert UMLAUTS in decode(body, content_type)


@pytest.mark.parametrize(
    "charset",
    ["windows-1251", "koi8-r", "gb18030", "big5", "shift_jis", "euc-kr", "iso-2022-jp", "windows-1256"],
)
def test_declared_charsets(charset: str) -> None:
    """A declared charset is used for bytes that are no UTF-8, also when only the page declares it."""
    words = {
        "windows-1251": "Мост закрыт",
        "koi8-r": "Мост закрыт",
        "gb18030": "新桥将开放",
        "big5": "新橋將開放",
        "shift_jis": "橋が開通した",
        "euc-kr": "다리가 열렸다",
        "iso-2022-jp": "橋が開通した",
        "windows-1256": "الجسر مغلق",
    }[charset]
    body = f"<html><head><meta charset={charset}></head><body><p>{words * 30}</p>".encode(charset)
    assert words in decode(body, "text/html")
    assert words in decode(body, f"text/html; charset={charset}")


@given(
    st.binary(max_size=400),
    st.sampled_from(
        ["text/html", "text/html; charset=utf-8", "text/plain; charset=utf-16", "text/html; charset=nonsense"]
    ),
)
def test_any_bytes_end_as_clean_text_or_rejection(noise: bytes, content_type: str) -> None:
    """Whatever the bytes, the text is valid UTF-8 without NUL, controls and surrogates."""
    answer = read(capture(page().encode() + noise, content_type))
    if isinstance(answer, Document):
        assert answer.text.encode()
        assert scrub(answer.text) == answer.text


def test_surrogates_and_nul() -> None:
    """Lone surrogates and NUL, raw or as references, vanish from text and title."""
    found = document(
        capture(
            page(
                "<p>The gate\x00 was \ud800 shut &#xD800;&#0; at noon and stays so until the morning.</p>",
                title="Gate \x00stays shut",
            )
        )
    )
    assert "\x00" not in found.text + found.title
    assert not any("\ud800" <= char <= "\udfff" for char in found.text)


@pytest.mark.parametrize("reference", ["&#1;", "&#11;", "&#xFFFE;", "&#xFFFF;", "&#xD800;", "&#0;"])
def test_a_reference_to_no_character_costs_no_page(reference: str) -> None:
    """What no tree may hold leaves the text, which is read all the same."""
    found = document(capture(page().replace(PROSE[0], f"{PROSE[0]}{reference}")))
    assert len(found.text.split("\n")) == len(PROSE)
