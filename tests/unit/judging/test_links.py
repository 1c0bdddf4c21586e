"""What two texts must have in common to be linked as copies, or as accounts of one event."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.judging.clustering.features import Features
from copydesk.judging.clustering.links import apart, copies, events
from copydesk.judging.clustering.rarity import features_of
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.texts import document, later, paragraphs

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


def between(*documents: Document) -> Features:
    return features_of(make_fingerprints(documents))


def linked(*documents: Document) -> bool:
    return bool(copies(between(*documents)).strength[0, 1])


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
def test_a_text_that_is_mostly_the_same_quotes_is_a_copy(count: int) -> None:
    """Four identical quotes with other words around them are a statement; two are not enough a day later."""
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
    """Results of two companies share most words and none of the numbers, and tell of two matters."""
    filled = [
        FORM.format(name=name, **dict(zip("abcdefg", figures, strict=True)))
        for name, figures in (("Aldine", range(11, 18)), ("Barrow", range(41, 48)))
    ]
    one, other = (document(f"d{n}", text.split("\n"), title=f"Results {n}") for n, text in enumerate(filled))
    assert not linked(one, other)
    assert not events(between(one, other)).strength[0, 1]


WEATHER = (
    "A ridge of high pressure keeps the {name} valley dry until the evening, the weather office said on its page.\n"
    "In the morning it is {} degrees in the villages and {} on the hills; by noon {} and {} are reached.\n"
    "Wind comes from the west at {} to {} kilometres an hour, with gusts of {} in the open country near {name}.\n"
    "The sun rises at {} and sets at {}; the pollen count of birch stands at {} and that of grass at {}."
)


@pytest.mark.parametrize(("same", "expected"), [(2, False), (10, True)])
def test_a_table_filled_in_anew_is_neither_copy_nor_the_same_event(same: int, expected: bool) -> None:  # noqa: FBT001
    """Two reports in one wording that differ in six numbers and more tell of two matters; a corrected one is a copy."""
    one, other = (
        document(f"d{n}", WEATHER.format(*figures, name=name).split("\n"), title=f"Weather for {name}")
        for n, (name, figures) in enumerate(
            (
                ("Lamse", range(20, 32)),
                ("Wipnitz" if same < 6 else "Lamse", [*range(20, 20 + same), *range(60, 72 - same)]),
            )
        )
    )
    assert linked(one, other) is expected
    assert not events(between(one, other)).strength[0, 1]


def test_a_version_with_other_figures_is_not_linked_but_not_apart() -> None:
    """A running report may look like a table filled in anew: what lies between two of its versions may join them."""
    counted = "The {} ward counted {} patients and {} visitors that day."
    wards = [
        [("maple", n, n + 200), ("linden", n + 7, n + 209), ("poplar", n + 14, n + 218)] for n in (400, 700)
    ]
    one, other = (
        document(f"d{n}", [LEAD, *NEWS, *(counted.format(*ward) for ward in told), *paragraphs(60 + n, 2)])
        for n, told in enumerate(wards)
    )
    assert not linked(one, other)
    assert not apart(between(one, other))[0, 1]


def test_what_is_told_depends_on_no_third_text() -> None:
    """However many texts tell of an event too, two accounts of it are as alike as they were."""
    one, other = train("one", [LEAD, *NEWS]), train("other", REWORDED, hours=1)
    more = [train(f"m{n}", [LEAD, NEWS[n % 4], *paragraphs(30 + n, 2)], hours=2) for n in range(20)]
    alone, among = between(one, other), between(one, other, *more)
    assert alone.telling[0, 1] == pytest.approx(among.telling[0, 1], abs=1e-5)


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
        (NEWS[:1], 30, False),
    ],
    ids=["same hours", "next day", "one sentence"],
)
def test_little_text_and_all_facts_make_a_copy_while_it_is_new(
    kept: list[str],
    hours: float,
    expected: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    """A text turned round with three sentences left is a copy in the same hours, and not a day later."""
    wire = train("wire", [LEAD, *NEWS, *BACKGROUND])
    assert linked(wire, train("turned", [*REWORDED, *kept], hours=hours)) is expected


@pytest.mark.parametrize(
    ("lines", "hours", "expected"),
    [
        ([NEXT[0], LEAD, *NEWS], 5, True),
        ([*NEXT, *BACKGROUND], 5, False),
        ([*NEXT, *BACKGROUND], 26, False),
        ([LEAD, *NEWS, NEXT[0]], 26, True),
        ([LEAD, *NEWS, *BACKGROUND], 26, True),
    ],
    ids=["update", "other news", "next day's news", "next day's update", "published twice"],
)
def test_what_an_outlet_had_before(lines: list[str], hours: float, expected: bool) -> None:  # noqa: FBT001
    """An outlet's own earlier text is a copy when most of it is the same, not for its background."""
    first = train("first", [LEAD, *NEWS, *BACKGROUND], outlet="coast")
    assert linked(first, train("second", lines, hours=hours, outlet="coast")) is expected


@pytest.mark.parametrize(
    ("lines", "title", "expected"),
    [
        (REWORDED, "Goods train off the rails near Brackwater", True),
        (OWN, "Council of Aldmoor votes on its budget", False),
        (WIRE, "Train derails at Brackwater", False),
    ],
    ids=["other words", "other event", "other event, same title"],
)
def test_what_tells_of_the_same_event(lines: list[str], title: str, expected: bool) -> None:  # noqa: FBT001
    """Two accounts in other words are of one event if titles and texts name the same; a title alone says little."""
    features = between(train("one", [LEAD, *NEWS]), document("other", lines, title=title, minutes=90))
    assert bool(events(features).strength[0, 1]) is expected


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 8), st.integers(0, 8), st.floats(0, 100), st.booleans())
def test_links_go_both_ways_and_none_is_between_what_is_apart(
    seed: int,
    taken: int,
    own: int,
    hours: float,
    home: bool,  # noqa: FBT001 (drawn)
) -> None:
    """Whatever two texts have in common."""
    one = document("one", paragraphs(seed, 8), agency="Alpha Press", outlet="here")
    lines = [*paragraphs(seed, 8)[:taken], *paragraphs(seed + 1, own)]
    other = later(document("two", lines, agency="DPN", outlet="here" if home else "there"), hours=hours)
    features = between(one, other)
    for links in (copies(features), events(features)):
        assert (links.strength == links.strength.T).all()
        assert (links.apart == links.apart.T).all()
        assert not links.apart.diagonal().any()
        assert (links.strength >= 0).all()
        assert not links.strength[links.apart].any()


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 8), st.integers(0, 6), st.floats(0, 50), st.floats(0, 50))
def test_time_makes_no_copy(seed: int, taken: int, own: int, sooner: float, more: float) -> None:
    """What is no copy of a text within some hours is none later, and tells of the same event as long as it is one."""
    one = document("one", paragraphs(seed, 8))
    other = document("two", [*paragraphs(seed, 8)[:taken], *paragraphs(seed + 1, own)])
    soon, late = (between(one, later(other, hours=hours)) for hours in (sooner, sooner + more))
    before, after = (bool(copies(features).strength[0, 1]) for features in (soon, late))
    assert before or not after
    assert before != after or events(soon).strength[0, 1] == events(late).strength[0, 1]


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(4, 8), st.integers(0, 6), st.integers(0, 12))
def test_half_of_a_text_is_a_copy_of_the_same_day(seed: int, taken: int, own: int, hours: int) -> None:
    """Whichever half it is, and whatever the paper adds."""
    wire = paragraphs(seed, 8)
    rng = random.Random(seed)
    lines = [*rng.sample(wire, taken), *paragraphs(seed + 1, own)]
    rng.shuffle(lines)
    one, other = document("one", wire, title="Bridge closed"), document("two", lines, title="No way across")
    assert linked(one, later(other, hours=hours))


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 20), st.integers(1, 20))
def test_texts_with_no_sentence_in_common_are_no_copies(seed: int, length: int, other: int) -> None:
    """However long or short they are, and though they have phrases in common."""
    features = between(
        document("one", paragraphs(seed, length)), document("two", paragraphs(seed + 1, other))
    )
    assert not copies(features).strength[0, 1]
