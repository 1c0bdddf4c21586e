import pytest

from copydesk.reading.people import names, reporters


@pytest.mark.parametrize(
    ("byline", "found"),
    [
        ("By OLA BERG", ("Ola Berg",)),
        ("Von Ola Berg", ("Ola Berg",)),
        ("Par Ola Berg et Marta Lund", ("Ola Berg", "Marta Lund")),
        ("Ola Berg, staff writer", ("Ola Berg",)),
        ("Текст: Иван Петров", ("Иван Петров",)),
        ("Ola Berg, our chief political correspondent", ("Ola Berg",)),
        ("Ola Berg (Korrespondent in Brunn)", ("Ola Berg",)),
        ("Por Ola Berg y Marta Lund", ("Ola Berg", "Marta Lund")),
        ("Di Ola Berg e Marta Lund", ("Ola Berg", "Marta Lund")),
        ("作者：林明", ("林明",)),
        ("بقلم: علي حسن", ("علي حسن",)),
        ("Reuters and Ola Berg", ("Reuters", "Ola Berg")),
        ("admin", ()),
        ("Web Desk", ()),
        ("Staff Reporter", ()),
        ("Die Redaktion", ()),
        ("La rédaction", ()),
        ("Редакция", ()),
        ("", ()),
    ],
)
def test_names(byline: str, found: tuple[str, ...]) -> None:
    """Names are taken out of bylines in several languages."""
    assert names([byline]) == found


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        ("(Reporting by Ola Berg in Oslo and Ines Duarte; Editing by Tom Reed)", ("Ola Berg", "Ines Duarte")),
        ("Additional reporting by Mara Lindqvist.", ("Mara Lindqvist",)),
        ("Redaktionelle Mitarbeit: Jana Weiss, Paul Hirt", ("Jana Weiss", "Paul Hirt")),
        ("记者：王小明", ("王小明",)),
        ("Editing by Tom Reed", ()),
        ("Compiled from wires", ()),
    ],
)
def test_who_reported_is_named_in_credits(credit: str, found: tuple[str, ...]) -> None:
    """A credit around the text names who reported it, but not who edited it."""
    assert reporters([credit]) == found
