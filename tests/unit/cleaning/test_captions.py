"""Captions as plain lines, on captions and paragraphs written for this: data/captions.txt and its neighbours.

`captions_missed.txt` holds those that nothing but a picture beside them would give away; they may stay.
"""

import pytest

from copydesk.cleaning import clean
from copydesk.cleaning.picture_credits import Credit, credit_of
from made.pages import PROSE
from made.places import ROOT

DATA = ROOT / "tests" / "data"


def lines(name: str) -> list[str]:
    """The lines of a data file."""
    return (DATA / name).read_text(encoding="utf-8").splitlines()


CAPTIONS, MISSED, PARAGRAPHS = lines("captions.txt"), lines("captions_missed.txt"), lines("no_captions.txt")


def cleaned(*between: str) -> tuple[str, ...]:
    """What is left of these lines in the middle of an article."""
    return tuple(
        line for line in clean("\n".join([*PROSE[:3], *between, *PROSE[3:]])).kept if line not in PROSE
    )


@pytest.mark.parametrize("caption", CAPTIONS)
def test_caption_goes(caption: str) -> None:
    """A caption that says by its grammar, credit, date or places what it is goes, and no paragraph with it."""
    assert cleaned(caption) == ()


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_paragraph_stays(paragraph: str) -> None:
    """Short sentences, leads in the present, previews, results, verse, subheads and quotes stay."""
    assert cleaned(paragraph) == (paragraph,)


def test_most_captions_go() -> None:
    """Of varied captions, those included that read like any sentence, seven in ten go."""
    assert len(CAPTIONS) >= 0.7 * len(CAPTIONS + MISSED)


def test_block_pulls_its_neighbours() -> None:
    """Beside a sure caption one sign less is enough."""
    doubtful = "Mia and Jonas Falk on their wedding day"
    assert cleaned("Petra Holm, left, with her lawyer at the court in Nordhavn. (Getty)", doubtful) == ()


def test_list_without_bullets_stays() -> None:
    """Short lines without end marks among others of their kind are items, however long each of them is."""
    items = (
        "Repair of the lower gate before the next winter",
        "A new road along the river between the two mills of the valley",
        "Regular tests of the alarm in every village",
    )
    assert cleaned(*items) == items


def test_repeated_name_is_a_sign() -> None:
    """A report names a person in full once; the line that does so again is the caption."""
    told = "Ola Berg, who built the gate, was not asked about it by the council before the vote of last week."
    caption = "Ola Berg and his team of divers have been at work since the gate was shut"
    assert told in cleaned(told, "The inquiry goes on.", caption)
    assert caption not in cleaned(told, "The inquiry goes on.", caption)


@pytest.mark.parametrize(
    ("line", "kind", "body"),
    [
        ("The gate at night. (Ola Berg/AFP)", Credit.PICTURE, "The gate at night."),
        ("The gate at night. Photo: Ola Berg", Credit.PICTURE, "The gate at night."),
        ("The gate at night (AP Photo/Ola Berg)", Credit.PICTURE, "The gate at night"),
        ("The gate at night. [Ola Berg/AGN]", Credit.PICTURE, "The gate at night."),
        ("Das Tor bei Nacht. (Archivbild)", Credit.PICTURE, "Das Tor bei Nacht."),
        ("The talks go on. (Reuters)", Credit.AGENCY, "The talks go on."),
        ("The talks go on.", None, "The talks go on."),
    ],
)
def test_credit(line: str, kind: Credit | None, body: str) -> None:
    """The credit is parted from what stands before it; an agency alone may own the text as well."""
    assert credit_of(line) == (kind, body)


OTHERS = [
    "Marta Lund (l.) und Ola Berg bei der Eröffnung der Brücke in Aldervik.",
    "Ola Berg beim Besuch der Baustelle am unteren Damm",
    "Das Tor am unteren Damm, aufgenommen am 3. Juni 2031.",
    "Die Brücke nach der Flut. (Archivbild)",
    "Obras en el puente de Aldervik, el 3 de junio de 2031.",
    "Marta Lund durante la inauguración del puente nuevo en Aldervik",
    "Le pont d'Aldervik, le 3 juin 2031.",
    "Marta Lund lors de l'inauguration du nouveau pont à Aldervik",
    "Il ponte di Aldervik dopo la piena, 3 giugno 2031.",
    "A ponte de Aldervik, em 3 de junho de 2031. Foto: Marta Lund/AFP",
    "Марта Лунд (слева) на открытии моста",
]


@pytest.mark.parametrize("caption", OTHERS)
def test_caption_in_other_languages_goes(caption: str) -> None:
    """Sides in brackets, credits, whole dates without a verb of the past, and two names at an event."""
    assert caption not in clean("\n".join([*GERMAN[:2], caption, *GERMAN[2:]])).kept


GERMAN = (
    "Die Flussbehörde teilte am Montag mit, dass das untere Tor geschlossen bleibt, bis alle Bolzen geprüft sind.",
    "Die Bewohner des Tals verlangen seit der Flut im Frühjahr einen Zeitplan, weil zwei Brücken weggerissen wurden.",
    "Der Rat stimmt in der kommenden Woche über einen Notfonds von vier Millionen Kronen ab, hieß es im Ausschuss.",
    "Die Arbeiten an einer neuen Brücke könnten im Herbst beginnen, wenn am nördlichen Ufer fester Fels gefunden wird.",
)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Der Prozess beginnt am 3. Juni.",
        "Er starb am 3. Juni 2031 in Aldervik.",
        "El juicio comenzará el 3 de junio de 2031.",
        "La ley fue aprobada el 3 de junio de 2031.",
        "Das Gericht vertagte sich auf den 3. Juni 2031 und will dann das Urteil verkünden.",
    ],
)
def test_paragraph_in_other_languages_stays(paragraph: str) -> None:
    """A date at the end of a sentence that tells something is no sign."""
    assert paragraph in clean("\n".join([*GERMAN[:2], paragraph, *GERMAN[2:]])).kept


DATED = [
    "Das Gesetz über die Dämme gilt ab dem 1. Januar 2032.",
    "Das Museum am Hafen schließt am 3. Juni 2031.",
    "Der Frachter sank vor der Küste am 12. Dezember 1999.",
    "Le cargo Alma a coulé le 12 décembre 1999.",
    "Le nouveau pont ouvre le 3 juin 2031.",
    "Il naquit dans la vallée le 3 mai 1941.",
    "La ley de presas entra en vigor el 1 de enero de 2032.",
    "El barco zarpa el 3 de junio de 2031.",
    "La legge sulle dighe entra in vigore il 1 gennaio 2032.",
    "Il museo del porto riapre il 3 giugno 2031.",
    "A lei das barragens entra em vigor em 1 de janeiro de 2032.",
    "O navio parte em 3 de junho de 2031.",
    "Закон о плотинах вступает в силу 1 января 2032 года.",
    "Паром затонул у берега 12 декабря 1999 года.",
    "The trial of the two engineers starts on Monday, June 8, 2031.",
    "The council votes on the new bridge on Monday, June 9, 2031.",
    "The insurance covers damage of up to 2 million crowns a house.",
    "The report of the authority covers the years from 2015 to 2024.",
    "The society's main activities cover the mill, the ferry and the school.",
    "The council of the lower valley defines nearly ninety rules of the port.",
    "The three villages of the Ulve form the oldest parish of the coast.",
    "The divers of Aldervik recognize them.",
    "The lower valley used to be under water.",
    "Ministry of Harbours and Rivers.",
    "Over the long career at the College of Aldervik, Dr.",
    "Die Sitzung ist öffentlich und beginnt am Montag, 9. Juni 2031.",
    "A sessão do conselho começa na segunda-feira, 9 de junho de 2031.",
    "Ola Anna Berg, née le 3 juin 1952.",
    "Dépêche du consul Roux, 20 mai 1844.",
    "Giornata del porto, 22 settembre 2031 vieni anche tu!",
    "Nadie volvió a hablar del asunto en el pueblo durante muchos años…",
    "Nessuno in paese ha più parlato della piena per molti anni…",
]


@pytest.mark.parametrize("sentence", DATED)
def test_dated_sentences_stay(sentence: str) -> None:
    """The day on which something begins or happened is no sign, nor is a rare verb, nor a writer who falls silent."""
    around = PROSE if sentence.startswith("The ") else GERMAN
    assert sentence in clean("\n".join([*around[:2], sentence, *around[2:]])).kept
    assert sentence in clean("\n".join([*around, sentence])).kept


def test_office_and_name_are_a_caption() -> None:
    """A name behind an office says who is to be seen; the name of an authority alone does not."""
    for caption in ("Harbour Minister Ola Berg.", "The Mayor of Aldervik, Ida Holm."):
        assert caption not in cleaned(*PROSE[:2], caption, *PROSE[2:])
    assert "Harbour Board of Aldervik." in cleaned(*PROSE[:2], "Harbour Board of Aldervik.", *PROSE[2:])
