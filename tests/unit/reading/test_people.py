import pytest

from copydesk.reading.not_people import is_agency, is_person
from copydesk.reading.people import declared_names, names, reporters


@pytest.mark.parametrize(
    ("byline", "found"),
    [
        ("By OLA BERG", ("Ola Berg",)),
        ("Von Ola Berg", ("Ola Berg",)),
        ("Par Ola Berg et Marta Lund", ("Ola Berg", "Marta Lund")),
        ("Ola Berg, staff writer", ("Ola Berg",)),
        ("Текст: Иван Петров", ("Иван Петров",)),
        ("Ola Berg, our chief political correspondent", ("Ola Berg",)),
        ("Ola Berg Senior Reporter", ("Ola Berg",)),
        ("Ola Berg (Korrespondent in Brunn)", ("Ola Berg",)),
        ("Por Ola Berg y Marta Lund", ("Ola Berg", "Marta Lund")),
        ("Di Ola Berg e Marta Lund", ("Ola Berg", "Marta Lund")),
        ("Abby Holm, Thomas Karr and Robert Pell", ("Abby Holm", "Thomas Karr", "Robert Pell")),
        ("作者：林明", ("林明",)),
        ("作者：张三、李思远、王五一", ("张三", "李思远", "王五一")),
        ("بقلم: علي حسن", ("علي حسن",)),
        ("Reuters and Ola Berg", ("Reuters", "Ola Berg")),
        ("John Writer", ("John Writer",)),
        ("Thomas More and Piers Read", ("Thomas More", "Piers Read")),
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
    ("byline", "found"),
    [
        ("Mika Carver in Lowmere", ("Mika Carver",)),
        ("Ida Holm, Niederau", ("Ida Holm",)),
        ("Von Ola Berg und Marta Lund, Nairobi", ("Ola Berg", "Marta Lund")),
        ("and Ida Holm", ("Ida Holm",)),
        ("Ola Berg; editing by Ida Holm", ("Ola Berg",)),
        ("Editing by Ida Holm", ()),
        ("责编：王小明", ()),
        ("Email the author", ()),
        ("More stories by Cora Lund", ()),
        ("E-Mail schreiben", ()),
        ("Follow", ()),
        ("Ola Berg 7 hours ago", ()),
        ("12:20pm Jan 7, 2024", ()),
        ("Photo: Getty Images", ()),
        ("Image: Ola Berg/Reuters", ()),
        ("ola-berg", ()),
        ("staff_reporter", ()),
        ("www.post.example", ()),
        ("https://post.example/ola", ()),
        ("ola@post.example", ()),
    ],
)
def test_what_is_no_name_in_a_byline(byline: str, found: tuple[str, ...]) -> None:
    """Places, editors, buttons, picture agencies, slugs, times and addresses are nobody."""
    assert names([byline]) == found


@pytest.mark.parametrize(
    "name",
    [
        "Jordi Puig i Serra", "Marcelo Costa e Silva", "José Ortega y Gasset", "John Writer", "Max Editor",
        "Di Mauro Sara", "Martin L. Kerr, Jr.", "Ida Holm, PhD", "Ludwig van der Meer", "Charles de Gaulle",
        "D'Angelo Russo", "Berg, Ola", "Prof. Dr. Hans Müller", "Ali bin Hassan", "علي حسن", "新間",
        "배윤경", "Lê Phương",
        "Heryadi", "Ola BERG",
        "Emily Post", "Von Berg Ola", "Anna-Lena von der Heide", "AA Gill", "Иван Петров",
    ],
)  # fmt: skip
def test_declared_names_are_left_whole(name: str) -> None:
    """What JSON-LD declares as one person is one name, whatever its parts mean elsewhere."""
    assert declared_names(name, one=True) == (name,)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Dr. Ida Holm, Political Editor", ("Dr. Ida Holm",)),
        ("By Ola Berg and Marta Lund", ("Ola Berg", "Marta Lund")),
        ("Ola Berg und Marta Lund, dpa", ("Ola Berg", "Marta Lund", "dpa")),
        ("Ola Berg, Marta Lund", ("Ola Berg", "Marta Lund")),
        ("Ola Berg | Reuters", ("Ola Berg", "Reuters")),
        ("Ola Berg, Lille", ("Ola Berg",)),
        ("Ola Berg (Korrespondent)", ("Ola Berg",)),
        ("OLA BERG", ("Ola Berg",)),
        ("Newsroom", ()),
        ("ola-berg", ()),
        ("https://post.example/ola", ()),
    ],
)
def test_declared_lists_roles_and_places(said: str, found: tuple[str, ...]) -> None:
    """Only what stands in no name parts a declared one; roles, places and accounts go."""
    assert declared_names(said, one=True) == found


@pytest.mark.parametrize(
    ("name", "agency", "person"),
    [
        ("dpa", True, False), ("AFP", True, False), ("Associated Press", True, False), ("AFP Deutschland", True, False),
        ("dpa/AFP", True, False), ("Pa", False, False), ("AA Gill", False, True), ("Ola Berg", False, True),
        ("Web Desk", False, False), ("Post Online", False, False), ("Politikredaktion", False, False),
        ("東京新聞", False, False), ("Harbour", False, False), ("林明", False, True), ("ola berg", False, False),
        ("Emily Post", False, True), ("Sarah Press", False, True), ("Ola Berg said", False, False),
    ],
)  # fmt: skip
def test_agencies_and_people(name: str, *, agency: bool, person: bool) -> None:
    """An agency by its name alone; a person by the shape of a full name without the words of bodies."""
    assert (is_agency(name), is_person(name)) == (agency, person)


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
