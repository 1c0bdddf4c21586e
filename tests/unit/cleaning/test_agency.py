"""Whose text it is: credits and datelines become fields, in the languages agencies write in."""

import pytest

from copydesk.cleaning.agency import dateline_of
from copydesk.model import Document
from copydesk.reading.documents import read
from made.pages import PROSE, capture, page


def read_page(html: str) -> Document:
    """The document of a page that is none to reject."""
    document = read(capture(html))
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("With reporting by Reuters", "Reuters"),
        ("(With inputs from PTI)", "PTI"),
        ("Source: AP", "AP"),
        ("Associated Press writer Ola Berg contributed to this report.", "AP"),
        ("© 2031 AFP", "AFP"),
        ("Mit Material von dpa und AFP", "dpa"),
        ("Quelle: APA/dpa", "APA"),
        ("dpa", "dpa"),
        ("(Avec AFP)", "AFP"),
        ("Con información de EFE", "EFE"),
        ("(ANSA)", "ANSA"),
        ("Com informações da Agência Brasil", "Agência Brasil"),
        ("Источник: Интерфакс", "Interfax"),
        ("المصدر: رويترز", "Reuters"),
        ("来源：新华社", "Xinhua"),
        ("© 2031 Aldervik Post", None),
    ],
)
def test_credit_behind_the_text_becomes_the_agency(line: str, agency: str | None) -> None:
    """The line leaves the text, whichever rule takes it, and its agency stands in the field."""
    document = read_page(page("", f"<p>{line}</p>"))
    assert document.agency == agency
    assert line not in document.text


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("BERLIN (AP) — The gate stays shut.", "Berlin", "AP"),
        ("LONDON, June 3 (Reuters) - The gate stays shut.", "London", "Reuters"),
        ("NEW DELHI: The gate stays shut.", "New Delhi", None),
        ("WASHINGTON — The gate stays shut.", "Washington", None),
        ("Berlin (dpa) - Das Tor bleibt zu.", "Berlin", "dpa"),
        ("Wien (APA) - Das Tor bleibt zu.", "Wien", "APA"),
        ("Paris (AFP) – La porte reste fermée.", "Paris", "AFP"),
        ("Madrid, 3 jun (EFE).- La puerta sigue cerrada.", "Madrid", "EFE"),
        ("(ANSA) - ROMA, 3 GIU - Il cancello resta chiuso.", "Roma", "ANSA"),
        ("Brasília, 3 jun (Reuters) - A comporta continua fechada.", "Brasília", "Reuters"),
        ("Lisboa, 03 jun 2031 (Lusa) – A comporta continua fechada.", "Lisboa", "Lusa"),
        ("МОСКВА, 3 июня. /ТАСС/. Ворота останутся закрытыми.", "Москва", "TASS"),
        ("МОСКВА, 3 июня - РИА Новости. Ворота останутся закрытыми.", "Москва", "RIA"),
        ("القاهرة (رويترز) - ستبقى البوابة مغلقة.", "القاهرة", "Reuters"),
        ("新华社北京6月3日电 闸门将继续关闭。", "北京", "Xinhua"),
        ("【北京共同】水門は閉じたままだ。", "北京", "Kyodo"),
        ("(서울=연합뉴스) 수문은 닫혀 있다.", "서울", "Yonhap"),
        ("ALDERVIK (MNW) - The gate stays shut.", "Aldervik", "MNW"),
        ("Aldervik (MNW) - The gate stays shut.", "Aldervik", "MNW"),
        ("ALDERVIK, June 3 (Delta Press) -- The gate stays shut.", "Aldervik", "Delta Press"),
        ("Aldervik (mnw). Das Tor bleibt zu.", "Aldervik", "mnw"),
        ("Aldervik, 3 jun (Nexo).- «La puerta sigue cerrada».", "Aldervik", "Nexo"),
        ("(Tirso) - ALDERVIK, 3 GIU - Il cancello resta chiuso.", "Aldervik", "Tirso"),
        ("ALDERVIK (MNW/own report) - The gate stays shut.", "Aldervik", "MNW"),
        ("ALDERVIK, June 3 (MNW): The gate stays shut.", "Aldervik", "MNW"),
        ("(해동=한빛통신) 수문은 닫혀 있다.", "해동", "한빛통신"),
        ("东河社临江6月3日电 闸门将继续关闭。", "临江", "东河社"),
        ("ALDERVIK (left) - The gate stays shut.", None, None),
        ("Ola Berg (Greens): The gate stays shut.", None, None),
        ("Ola Berg (54) - The gate stays shut.", None, None),
        ("Ola Berg (MNW) - the gate stays shut.", None, None),
        ("AP — The gate stays shut.", None, None),
        ("Gate: It stays shut.", None, None),
        ("Berlin: Das Tor bleibt zu.", None, None),
        ("Berg (left) – the engineer – agreed.", None, None),
        ("", None, None),
    ],
)
def test_dateline(paragraph: str, place: str | None, agency: str | None) -> None:
    """Place and agency at the start of a text, whether the agency is in the list or not.

    Without an agency only a place in capitals counts.
    """
    assert dateline_of(paragraph) == (place, agency)


def test_dateline_becomes_a_field_and_stays_in_the_text() -> None:
    """The first paragraph is kept as it was written."""
    first = (
        "BERLIN (AP) — The gate of the lower dam stays shut until all of it is tested, the authority said."
    )
    document = read_page(page("", "").replace(PROSE[0], first))
    assert (document.agency, document.dateline) == ("AP", "Berlin")
    assert document.text.startswith("BERLIN (AP) —")
