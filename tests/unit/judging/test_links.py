"""What two texts must have in common to be linked as copies, or as accounts of one event."""

import pytest

from copydesk.judging.clustering.features import features_of
from copydesk.judging.clustering.links import copies, related
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.texts import document, paragraphs

QUOTES = [
    "We were told of it only when the first lorries had arrived",
    "Nobody in this town will sign such a paper without reading it",
    "The river does not wait for a committee to make up its mind",
    "I have asked the minister for an answer before the end of the week",
]
FORM = (
    "{name} Corp said its first quarter net income was {a} million, or {b} cents a share, against {c} "
    "million a year earlier.\n"
    "Revenues were {d} million against {e} million. The company said average shares outstanding were {f} million.\n"
    "The board set a dividend of {g} cents a share, payable next month to holders of record at the end of this month."
)


def linked(*documents: Document) -> bool:
    return bool(copies(features_of(make_fingerprints(documents)))[0, 1])


def told(lead: str, rest: str, quotes: list[str]) -> list[str]:
    return [
        f"{lead} In Aldmoor and Corvey people spoke of Drummond, Fontaine and Moreau.",
        *(f"“{quote},” {rest}." for quote in quotes),
    ]


WIRE = paragraphs(21, 10)
OWN = paragraphs(22, 12)

LEAD = "A goods train left the rails near Brackwater on Tuesday and blocked the line between Ostrey and Palmouth."
NEWS = [
    "Three of its 22 wagons fell down the embankment above the river Tolm, the rail operator Coastline said.",
    "The driver, Edwin Marrable, 54, and a guard were taken to the hospital in Palmouth with light injuries.",
    "About 140 tonnes of gravel lie on both tracks, and a crane has to come by road from Ketterhaven.",
    "Some 6,300 commuters will travel by bus until Friday, said Coastline's spokeswoman Moira Lindquist.",
]
BACKGROUND = [
    "Brackwater saw a similar accident nine years ago, when melting snow washed out the bed below the rails.",
    "Coastline promised 17 million for drains after a court in Ostrey had heard the engineers of both sides.",
    "The line is the only one along the coast; a tunnel was planned twice and given up for its price.",
]
REWORDED = [
    "Commuters on the coast need patience: both tracks at Brackwater are under gravel, 140 tonnes of it.",
    "Edwin Marrable, who is 54 and drove the train on Tuesday, came away with bruises, as did the guard.",
    "Twenty-two wagons were rolling from Ostrey to Palmouth; three now lie beside the Tolm, as Coastline admits.",
    "By the reckoning of Moira Lindquist, who speaks for Coastline, 6,300 people must change to buses until Friday.",
    "From Ketterhaven the heavy crane sets out at dawn, for there is none nearer to Palmouth.",
]
NEXT = [
    (
        "Investigators found a broken axle below the ninth wagon, said Coastline's chief engineer Ivo "
        "Pettersen on Wednesday."
    ),
    "Minister Karla Brandt wants all 480 axles of that make looked at before the summer, in Ostrey and elsewhere.",
    "The union of drivers asked for 12 more inspectors and for slower trains where the ground is soft.",
]
SPOKEN = [
    "We heard a noise like thunder and then the whole house shook for a minute",
    "Nobody should have to wait nine years for a drain that was promised to them",
]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (WIRE, True),
        (WIRE[:4], True),
        ([*OWN[:6], *WIRE[:6], *OWN[6:]], True),
        ([OWN[0], *WIRE[1:]], True),
        ([line.replace("The ", "A ").replace(" was ", " had been ") for line in WIRE], True),
        (list(reversed(WIRE)), True),
        ([*OWN, *WIRE[7:9]], False),
        (OWN, False),
    ],
    ids=["whole", "cut", "expanded", "new lead", "edited", "moved", "borrowed background", "other"],
)
def test_what_is_a_copy(lines: list[str], expected: bool) -> None:  # noqa: FBT001 (a column of the table)
    """Copies are found however they were cut and filled; two borrowed paragraphs make none."""
    one = document("wire", WIRE, title="Bridge near Aldmoor closed")
    assert linked(one, document("other", lines, title="What the paper calls it")) is expected


@pytest.mark.parametrize("count", [2, 4])
def test_a_run_of_the_same_quotes_makes_a_copy(count: int) -> None:
    """Four identical quotes in other words are the same agency's; two are not enough a day later."""
    one = document(
        "one", told("Residents of the valley protested on Monday.", "a farmer told the agency", QUOTES)
    )
    other = document(
        "other",
        told("Angry words fell in the town hall.", "according to a man who was there", QUOTES[:count]),
        minutes=24 * 60,
    )
    assert linked(one, other) is (count == 4)


def test_one_long_statement_quoted_by_all_makes_no_copy() -> None:
    """Everybody quotes the same post, sentence for sentence: it is one quote."""
    post = ". ".join(QUOTES)
    one = document("one", [*OWN[:3], f"“{post},” the minister wrote."])
    other = document("other", [*WIRE[:3], f"The minister said: “{post}.”"])
    assert not linked(one, other)


def test_the_same_form_with_other_figures_is_no_copy() -> None:
    """Results of two companies share most words and none of the numbers."""
    filled = [
        FORM.format(name=name, **dict(zip("abcdefg", figures, strict=True)))
        for name, figures in (("Aldine", range(11, 18)), ("Barrow", range(41, 48)))
    ]
    one, other = (document(f"d{n}", text.split("\n"), title=f"Results {n}") for n, text in enumerate(filled))
    assert not linked(one, other)


def test_rival_agencies_do_not_copy_each_other() -> None:
    """A link by quotes alone does not hold between texts credited to two agencies."""
    one = document(
        "one", told("Residents protested on Monday.", "a farmer said", QUOTES), agency="Alpha Press"
    )
    other = document("other", told("Angry words fell in the hall.", "he said", QUOTES), agency="Beta Wire")
    assert not linked(one, other)


def train(id_: str, lines: list[str], *, hours: float = 0, outlet: str = "") -> Document:
    return document(
        id_, lines, title="Train derails at Brackwater", minutes=round(60 * hours), outlet=outlet or id_
    )


@pytest.mark.parametrize(
    ("kept", "hours", "expected"),
    [
        (NEWS[:3], 3, True),
        (NEWS[:3], 30, False),
        (NEWS[:1], 3, False),
    ],
    ids=["same hours", "next day", "another agency's words"],
)
def test_little_text_and_all_facts_make_a_copy_while_it_is_new(
    kept: list[str],
    hours: float,
    expected: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    """A text turned round with three sentences left is a copy in the same hours; with one, anybody may write it."""
    wire = train("wire", [LEAD, *NEWS, *BACKGROUND])
    assert linked(wire, train("turned", [*REWORDED, *kept], hours=hours)) is expected


@pytest.mark.parametrize(
    ("lines", "hours", "expected"),
    [
        ([NEXT[0], LEAD, *NEWS], 5, True),
        ([*NEXT, *BACKGROUND], 5, False),
        ([*NEXT, *BACKGROUND], 26, False),
        ([LEAD, *NEWS, NEXT[0]], 26, False),
        ([LEAD, *NEWS, *BACKGROUND], 26, True),
    ],
    ids=["update", "other news", "next day's news", "next day's update", "published twice"],
)
def test_what_an_outlet_had_before(lines: list[str], hours: float, expected: bool) -> None:  # noqa: FBT001
    """An outlet's own earlier text is a copy when it is updated within hours, or the same; not for its background."""
    first = train("first", [LEAD, *NEWS, *BACKGROUND], outlet="coast")
    assert linked(first, train("second", lines, hours=hours, outlet="coast")) is expected


@pytest.mark.parametrize(("hours", "expected"), [(2, True), (20, False)], ids=["same hours", "a day later"])
def test_two_quotes_and_all_facts_make_a_copy_while_it_is_new(hours: float, expected: bool) -> None:  # noqa: FBT001
    """A text in other words that keeps both quotes and the facts is a copy of the same hours, not of the day after."""
    said = [f"“{quote},” a woman told reporters." for quote in SPOKEN]
    wire = train("wire", [LEAD, *NEWS[:2], said[0], *NEWS[2:], said[1]])
    again = train("again", [*REWORDED[:3], said[1], *REWORDED[3:], said[0]], hours=hours)
    assert linked(wire, again) is expected


@pytest.mark.parametrize(
    ("quote", "hours", "expected"),
    [(SPOKEN[0], 6, True), (SPOKEN[0], 40, False), (SPOKEN[1], 6, False)],
    ids=["same quote", "days later", "other quote"],
)
def test_one_quote_and_names_tell_of_the_same_event(quote: str, hours: float, expected: bool) -> None:  # noqa: FBT001
    """Two accounts in other words are of one event if both quote one sentence within a day."""
    one = train("one", [LEAD, *NEWS, f"“{SPOKEN[0]},” a woman told reporters."])
    other = document(
        "other",
        [
            "Moira Lindquist of Coastline spoke of luck that evening, and so did people above the river.",
            f"“{quote},” said one of them, who lives beside the bend at Brackwater.",
            (
                "Where the town keeps its ambulances nobody expects much to do at that hour, "
                "yet a doctor, Anne Kestrel, was there by six with a nurse."
            ),
            (
                "What becomes of the Whitsun fair, for which stalls were on the way to Ketterhaven, "
                "its mayor Lothar Wiese cannot say."
            ),
        ],
        title="Luck in the dark",
        minutes=round(60 * hours),
    )
    assert bool(related(features_of(make_fingerprints([one, other])))[0, 1]) is expected


@pytest.mark.parametrize(
    ("hours", "figures", "expected"),
    [
        (3, (140, 22, 54, 6300, 17), True),
        (30, (140, 22, 54, 6300, 17), False),
        (3, (9, 31, 12, 480, 4), False),
    ],
    ids=["same hours", "next day", "other figures"],
)
def test_one_outlet_tells_an_event_twice(hours: float, figures: tuple[int, ...], expected: bool) -> None:  # noqa: FBT001
    """Two accounts on one outlet are of one event if names and figures are the same within hours, whatever the words.

    A third text would have joined them later, when both had rung.
    """
    wagons, *rest = figures
    one = train("one", [LEAD, *NEWS, BACKGROUND[1]], outlet="coast")
    other = document(
        "other",
        [
            f"Commuters around Brackwater wait: {wagons} tonnes of gravel from {rest[0]} wagons lie below Ostrey.",
            f"Edwin Marrable, {rest[1]}, bruised, left Palmouth's hospital, as Moira Lindquist of Coastline knows.",
            (
                f"Coastline reckons with {rest[2]:,} people in buses and {rest[3]} million for the drains it once "
                f"promised."
            ),
        ],
        title="Patience on the commuters' line",
        minutes=round(60 * hours),
        outlet="coast",
    )
    assert bool(related(features_of(make_fingerprints([one, other])))[0, 1]) is expected
