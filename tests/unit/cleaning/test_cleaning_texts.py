"""What cleaning makes of lines by those around them, and by what the page says."""

import pytest

from copydesk.cleaning import Surroundings, clean
from copydesk.cleaning.lines import fold
from made.pages import PROSE


def test_series_stays() -> None:
    """A wording that ends every part of a guide is a part of it; three in an article are furniture."""
    for many, stay in ((3, False), (5, True)):
        lines = [
            line
            for n in range(many)
            for line in (f"{PROSE[0]} {n}.", f"Read more: Bridge number {n} of the valley")
        ]
        kept = clean("\n".join([*lines, *PROSE])).kept
        assert (f"Read more: Bridge number {many - 1} of the valley" in kept) is stay
    box = [f"Read more: Bridge number {n} of the valley" for n in range(7)]
    assert clean("\n".join([*PROSE, *box])).kept == PROSE


def test_sources_go_as_a_list() -> None:
    """One item that says "own research" tells what the list below the text is; other lists stay."""
    listed = ["- Own research", "- river.example: The gate and its bolts", "- Annual report of the authority"]
    assert clean("\n".join([*PROSE, *listed])).kept == PROSE
    assert clean("\n".join([*PROSE, *listed[1:]])).kept == (*PROSE, *listed[1:])


def test_roles_go_in_company() -> None:
    """Several lines of role and name behind the text are its credits; one alone may be anything."""
    roles = ["Camera: Ola Berg", "Schnitt: Marta Lund", "Режиссёр: Анна Петрова"]
    assert clean("\n".join([*PROSE, *roles])).kept == PROSE
    assert clean("\n".join([*PROSE, "Venue: the upper hall"])).kept == (*PROSE, "Venue: the upper hall")


SUMMARY = [
    "Key points",
    "Das Wichtigste in Kürze",
    "L’essentiel",
    "Lo esencial",
    "In sintesi",
    "Em resumo",
    "Главное",
    "ملخص",
    "要点",
]


@pytest.mark.parametrize("label", SUMMARY)
def test_summary_above_the_text(label: str) -> None:
    """Points above the text go with their label, where enough text follows; the same list further down stays."""
    points = [
        "- The lower gate stays shut until every bolt is tested",
        "- A vote on four million crowns is due next week",
    ]
    cleaned = clean("\n".join([label, *points, *PROSE]))
    assert cleaned.kept == PROSE
    assert {removed.reason for removed in cleaned.removed} == {"summary"}
    assert clean("\n".join([*PROSE[:4], *points, PROSE[4]])).kept == (*PROSE[:4], *points, PROSE[4])


def test_announced_links_stay() -> None:
    """A list of links below a sentence with a colon is what the sentence announces."""
    items = [f"- Report number {n} of the river authority" for n in range(3)]
    marks = {fold(item[2:]): frozenset({"link", "links"}) for item in items}
    intro = "The river authority has put these papers about the gate on its pages since the spring:"
    for lines in ([*PROSE[:2], intro, *items, *PROSE[2:]], [*PROSE, intro, *items]):
        assert clean("\n".join(lines), Surroundings(marks=marks)).kept == tuple(lines)


def test_tags_may_head_parts() -> None:
    """A subhead that is also a tag of the page stays; the name of a section does not."""
    around = Surroundings(
        labels=("River bed",), marks={"riverbed": frozenset({"heading"}), "politics": frozenset({"heading"})}
    )
    assert "River bed" in clean("\n".join([*PROSE[:3], "River bed", *PROSE[3:]]), around).kept
    assert "Politics" not in clean("\n".join([*PROSE[:3], "Politics", *PROSE[3:]]), around).kept


def test_label_takes_the_headlines_below_it() -> None:
    """A label of a box goes with the headlines below it, up to the next paragraph."""
    lines = [
        *PROSE[:3],
        "Related stories",
        "Storm closes harbour for third day",
        "Mayor rejects new toll plan",
        *PROSE[3:],
    ]
    cleaned = clean("\n".join(lines))
    assert cleaned.kept == PROSE
    assert {removed.reason for removed in cleaned.removed} == {"related"}


def test_block_of_captions_behind_the_text() -> None:
    """A row of captions behind the text goes as a whole, the cut ones too."""
    captions = [
        "Empty streets and closed shops in the centre of Aldervik ahead of a ruling on the disputed...",
        "The flag of the province on a building in the east of the town, January 9, 2031. —...",
        "A woman shovels snow on the main street during a snowstorm in Aldervik, December 24, 2030.—...",
    ]
    assert clean("\n".join([*PROSE, *captions])).kept == PROSE


def test_lists_without_bullets_stay() -> None:
    """Items of a list behind a colon have no end marks, and are no captions."""
    items = [
        "The plan that the council is to vote on next week, in a public session, sets out to:",
        "Recognise the owners of the mills as part of the economy of the valley and its many villages; and",
        "Set out clear procedures for registration, planning and public works along the whole of the river",
        "Keep the roads open",
    ]
    assert clean("\n".join([*PROSE[:3], *items, *PROSE[3:]])).kept == (*PROSE[:3], *items, *PROSE[3:])


def test_transcripts_stay() -> None:
    """A text that does without end marks keeps all of its lines."""
    lines = tuple(
        f"Speaker {n}: and so we went on along the river for another hour or so until it was dark {n}"
        for n in range(30)
    )
    assert clean("\n".join(lines)).kept == lines


def test_repeated_paragraph_goes_once() -> None:
    """A paragraph that stands twice is kept where it stands first, whatever its end mark."""
    cleaned = clean("\n".join([*PROSE, PROSE[1].rstrip(".")]))
    assert cleaned.kept == PROSE
    assert cleaned.removed[0].reason == "repeat"


def test_short_text_is_not_eaten() -> None:
    """A text of two paragraphs keeps them although weak rules would take more than half of it."""
    text = "Foto: Ola Berg und die Feuerwehr\nOla Berg (links) mit dem Tor, Juni 2031\nTor zu."
    assert len(clean(text).kept) > 1


def test_declared_body_is_a_witness() -> None:
    """A line that the page's own declared body does not hold goes if it looks like furniture, prose stays."""
    around = Surroundings(body=fold(" ".join(PROSE)))
    other = (
        "Nobody in the valley had expected the gate to be shut for so long, and nobody was asked about it."
    )
    cleaned = clean("\n".join([*PROSE[:2], "The best of the week", other, *PROSE[2:]]), around)
    assert [removed.text for removed in cleaned.removed] == ["The best of the week"]


def test_linked_headlines() -> None:
    """A line that is a link to another article goes, unless links are what the text consists of."""
    links = ["Storm closes the harbour for a third day", "Mayor rejects the new toll plan of the region"]
    marks = {fold(link): frozenset({"link"}) for link in links}
    assert clean("\n".join([*PROSE[:2], *links, *PROSE[2:]]), Surroundings(marks=marks)).kept == PROSE
    guide = [f"Chapter {n}: how to build a bridge over a river" for n in range(9)]
    marks = {fold(link): frozenset({"link"}) for link in guide}
    assert clean("\n".join([PROSE[0], *guide]), Surroundings(marks=marks)).kept == (PROSE[0], *guide)
