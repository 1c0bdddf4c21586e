import pytest
from wires import document, paragraphs

from copydesk.judging.evidence import tie
from copydesk.judging.families import find_families, find_roundups
from copydesk.judging.fingerprinting import make_fingerprint
from copydesk.judging.links import copies
from copydesk.model import Document

QUOTES = [
    "We were told of it only when the first lorries had arrived",
    "Nobody in this town will sign such a paper without reading it",
    "The river does not wait for a committee to make up its mind",
    "I have asked the minister for an answer before the end of the week",
]
FORM = (
    "{name} Corp said its first quarter net income was {a} million, or {b} cents a share, against {c} million a year earlier.\n"
    "Revenues were {d} million against {e} million. The company said average shares outstanding were {f} million.\n"
    "The board set a dividend of {g} cents a share, payable next month to holders of record at the end of this month."
)


def linked(*documents: Document) -> bool:
    return bool(copies(tie([make_fingerprint(one) for one in documents]))[0, 1])


def told(lead: str, rest: str, quotes: list[str]) -> list[str]:
    return [
        f"{lead} In Aldmoor and Corvey people spoke of Drummond, Fontaine and Moreau.",
        *(f"“{quote},” {rest}." for quote in quotes),
    ]


WIRE = paragraphs(21, 10)
OWN = paragraphs(22, 12)


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
    """Four identical quotes in other words are the same agency's; two are not enough."""
    one = document(
        "one", told("Residents of the valley protested on Monday.", "a farmer told the agency", QUOTES)
    )
    other = document(
        "other",
        told("Angry words fell in the town hall.", "according to a man who was there", QUOTES[:count]),
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
    """A tie by quotes alone does not hold between texts credited to two agencies."""
    one = document(
        "one", told("Residents protested on Monday.", "a farmer said", QUOTES), agency="Alpha Press"
    )
    other = document("other", told("Angry words fell in the hall.", "he said", QUOTES), agency="Beta Wire")
    assert not linked(one, other)


def test_a_teaser_left_on_the_page_makes_no_roundup() -> None:
    """A cut copy with the beginning of another text below it stays a copy."""
    other = paragraphs(47, 4)
    found = [
        document("raw", WIRE, title="Bridge closed"),
        document("other", other, title="Harbour reopens"),
        document("cut", [*WIRE[:6], other[0]], title="Bridge closed"),
        document("brief", [*WIRE[:2], *other[:2]], title="News in brief"),
    ]
    texts = [make_fingerprint(one) for one in found]
    ties = tie(texts)
    assert set(find_roundups(texts, ties, copies(ties))) == {3}
    assert copies(ties)[0, 2]


def test_a_roundup_is_told_from_a_long_text() -> None:
    """A text with the beginnings of three others is a roundup; one with two halves of the same text is none."""
    items = [paragraphs(seed, 8) for seed in (41, 42, 43)]
    roundup = document("roundup", [line for item in items for line in item[:2]], title="News in brief")
    wires = [document(f"w{n}", item, title=item[0][:60]) for n, item in enumerate(items)]
    texts = [make_fingerprint(one) for one in (*wires, roundup)]
    ties = tie(texts)
    assert find_roundups(texts, ties, copies(ties)) == {3: [0, 1, 2]}
    halves = [
        document("top", WIRE[:5], title="Bridge closed"),
        document("end", WIRE[5:], title="Bridge closed"),
        document("whole", WIRE, title="Bridge closed"),
    ]
    texts = [make_fingerprint(one) for one in halves]
    ties = tie(texts)
    assert find_roundups(texts, ties, copies(ties)) == {}


@pytest.mark.parametrize(
    ("documents", "original"),
    [
        ([document("a", WIRE[:4]), document("b", WIRE, minutes=5), document("c", WIRE[:8], minutes=7)], "b"),
        ([document("a", WIRE), document("b", WIRE, minutes=5)], "a"),
        ([document("a", WIRE), document("b", WIRE[:6], minutes=5, agency="DPN")], "b"),
        (
            [
                document("a", WIRE, agency="DPN"),
                document("b", WIRE[:6], minutes=9, agency="DPN", outlet="Delta Press Network"),
            ],
            "b",
        ),
    ],
    ids=["the widest", "the earliest", "with agency", "the agency's own page"],
)
def test_which_text_is_the_original(documents: list[Document], original: str) -> None:
    """The agency's own page, else one with its byline, else the widest, else the earliest; in any order."""
    for some in (documents, documents[::-1]):
        texts = [make_fingerprint(one) for one in some]
        ties = tie(texts)
        (family,) = find_families(texts, ties, copies(ties))
        assert texts[family.original].id == original


def test_families_do_not_chain() -> None:
    """Versions that share half with the next do not make one family of the first and the last."""
    lines = paragraphs(51, 24)
    versions = [document(f"v{n}", lines[n * 4 : n * 4 + 8], minutes=n) for n in range(5)]
    texts = [make_fingerprint(one) for one in versions]
    ties = tie(texts)
    families = find_families(texts, ties, copies(ties))
    assert len(families) > 1
    assert all({0, 4} - set(family.members) for family in families)
