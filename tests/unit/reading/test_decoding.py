"""What the bytes are, when nobody says so or somebody says otherwise."""

import pytest

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
