"""What the bytes are, when nobody says so or somebody says otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.decoding import decode, scrub

RUSSIAN = "Городской совет сообщил в понедельник, что новый мост откроют весной, когда закончат работы. "
CHINESE = "市议会星期一表示，新桥将于春天开放，届时桥下的全部工程都将完成，居民可以再次步行前往集市。"
TRADITIONAL = "市議會星期一表示，新橋將於春天開放，屆時橋下的全部工程都將完成，居民可以再次步行前往市集。"
JAPANESE = "市議会は月曜日、橋の下の工事がすべて終わる春に新しい橋を開通させると発表した。"
FRENCH = (
    "Le conseil a annoncé que le pont rénové serait rouvert à l’été, après des années de fermeture forcée. "
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "windows-1251"),
        (CHINESE, "gb18030"),
        (JAPANESE, "shift_jis"),
        (TRADITIONAL, "big5"),
        (FRENCH, "cp1252"),
    ],
)
@pytest.mark.parametrize("said", ["", "; charset=utf-8", "; charset=nonsense"])
def test_undeclared_bytes(text: str, encoding: str, said: str) -> None:
    """Bytes that are no UTF-8 are read as what they look like, also where the header insists on UTF-8."""
    body = f"<html><body>{f'<p>{text}</p>' * 20}".encode(encoding)
    assert text.strip() in decode(body, f"text/html{said}")


@pytest.mark.parametrize("said", ["iso-8859-1", "windows-1251", "gb18030", "shift_jis", "us-ascii", "utf-16"])
@pytest.mark.parametrize("text", [RUSSIAN, CHINESE, FRENCH])
def test_utf8_wins_over_declarations(text: str, said: str) -> None:
    """Valid UTF-8 is UTF-8, whatever header and page declare."""
    body = f"<html><head><meta charset={said}></head><body><p>{text}</p>".encode()
    assert text in decode(body, f"text/html; charset={said}")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("said", ["utf-8", "iso-8859-1", "utf-16", ""])
def test_wide_text_with_and_without_mark(encoding: str, said: str) -> None:
    """UTF-16 is told by its mark or by its NUL bytes."""
    body = f"<html><body><p>{FRENCH}</p>".encode(encoding)
    assert decode(body, f"text/html; charset={said}").startswith("<html><body><p>Le conseil")


def test_header_and_page_disagree() -> None:
    """Of two declarations the one that fits the bytes is taken."""
    body = f"<html><head><meta charset=big5></head><body>{f'<p>{TRADITIONAL}</p>' * 5}".encode("big5")
    assert TRADITIONAL in decode(body, "text/html; charset=utf-8")
    assert TRADITIONAL in decode(body, "text/html")


def test_scrub() -> None:
    """NUL, controls, lone surrogates and noncharacters vanish; line ends become line feeds."""
    assert scrub("a\x00b\x08c\ud800d\uffffe\r\nf\rg\x85h\ti") == "abcde\nf\ng\nh\ti"


GREEK = "Το δημοτικό συμβούλιο ανακοίνωσε τη Δευτέρα ότι η νέα γέφυρα θα ανοίξει την άνοιξη. "
ARABIC = "أعلن المجلس البلدي يوم الاثنين أن الجسر الجديد سيفتح في الربيع. "


@pytest.mark.parametrize(
    "text", [RUSSIAN, CHINESE, JAPANESE, FRENCH, GREEK, ARABIC, "„Weiß“, sagt’s Öl – 3 € für Käse"]
)
@pytest.mark.parametrize("told", ["cp1252", "latin-1"])
def test_text_that_was_encoded_twice(text: str, told: str) -> None:
    """UTF-8 that somebody read as a Western character set and wrote as UTF-8 again is mended, in pages and texts."""
    twice = "".join(
        bytes([byte]).decode(told if told == "latin-1" or byte not in b"\x81\x8d\x8f\x90\x9d" else "latin-1")
        for byte in text.encode()
    )
    assert decode(f"<html><p>{twice}</p>".encode(), "text/html") == f"<html><p>{text}</p>"
    assert decode(twice.encode(), "text/plain") == text


@pytest.mark.parametrize(
    "text",
    [
        f"{FRENCH * 3}Au lieu de « é » on lit « Ã© », et « Ã¨ » au lieu de « è », ou même « Ã\xa0 ».",
        "The letters Ã© and Ã¨ stand where é and è should.",
        "NÃO HÁ INSCRIÇÃO SEM CERTIDÃO: É A POSIÇÃO DA CÂMARA",
        "DAS MENÜ“ — DIE TÜR“ — ÄÖÜ“",
        "À « Évian » , Â\xa0peine",
    ],
)
def test_text_that_was_not(text: str) -> None:
    """Letters that could be such bytes stay where they are few, or where others stand beside them."""
    assert decode(text.encode(), "text/plain") == text


@given(st.text(max_size=80))
def test_what_was_written_once_is_not_changed_by_the_mending(text: str) -> None:
    """Decoding a text and decoding it again give the same."""
    once = decode(f"<p>{text}".encode("utf-8", "replace"), "text/html")
    assert decode(once.encode(), "text/html") == once


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Neu\xadbau der Flut\xadmauer", "Neubau der Flutmauer"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("\u200cOpen\u200d", "Open"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d🚒", "👩\u200d🚒"),
    ],
)
def test_what_nobody_sees(text: str, seen: str) -> None:
    """Soft hyphens and marks without width go; joiners stay where letters and emoji need them."""
    assert scrub(text) == seen
