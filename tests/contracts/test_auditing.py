"""Drawing pairs for review, and what the answers say."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.index.judgement import Evidence
from copydesk.judging.applying import judge
from copydesk.model import Document
from copydesk.operating.auditing import Figure, Pair, draw, figures, interval, stratum_of
from made.commands import call
from made.documents import article, put
from made.texts import family, paragraphs


def index_of(documents: list[Document]) -> MemoryIndex:
    """An index that holds and has judged the documents."""
    index = MemoryIndex()
    judge(index, documents)
    put(index, Kind.ARTICLES, {one.id: article(one.title, one.text) for one in documents})
    index.refresh()
    return index


@pytest.fixture(scope="module")
def index() -> MemoryIndex:
    """Eight families of five."""
    return index_of([one for seed in range(8) for one in family(seed, minutes=seed)])


def pair(*, joined: bool, same: bool | None, weight: float = 1.0, language: str = "en") -> Pair:
    """A reviewed pair."""
    return Pair(
        one="a",
        other="b",
        language=language,
        joined=joined,
        stratum="joined, weak",
        weight=weight,
        evidence=Evidence(other="b"),
        same=same,
    )


def test_a_draw_can_be_repeated(index: MemoryIndex) -> None:
    """The same index and seed draw the same pairs, another seed others; no pair comes twice."""
    first = draw(index, texts=100, pairs=20, seed=1)
    assert first == draw(index, texts=100, pairs=20, seed=1)
    assert first != draw(index, texts=100, pairs=20, seed=2)
    assert len({frozenset((one.one, one.other)) for one in first}) == len(first) == 20


def test_weights_stand_for_all_pairs(index: MemoryIndex) -> None:
    """Drawn pairs weigh as much as all pairs that might have been drawn: ten in each family of five."""
    drawn = draw(index, texts=100, pairs=20, seed=1)
    joined = [one for one in drawn if one.joined]
    assert sum(one.weight for one in joined) == pytest.approx(8 * 10)
    assert all(one.same is None for one in drawn)


def test_nothing_is_drawn_from_nothing() -> None:
    """An empty index, and one of a single text, give no pairs."""
    assert draw(MemoryIndex(), texts=100, pairs=20) == []
    assert draw(index_of(family(71)[:1]), texts=100, pairs=20) == []


@pytest.mark.parametrize(
    ("containment", "quotes", "joined", "stratum"),
    [
        (0.9, 0, True, "joined, clear"),
        (0.2, 5, True, "joined, weak"),
        (0.15, 0, False, "apart, near"),
        (0.0, 2, False, "apart, near"),
        (0.05, 1, False, "apart, far"),
    ],
)
def test_strata_lie_around_the_threshold(
    containment: float,
    quotes: int,
    joined: bool,  # noqa: FBT001
    stratum: str,
) -> None:
    """A pair's stratum says on which side of the threshold it lies and how near."""
    evidence = Evidence(other="b", containment=containment, quotes=quotes)
    assert stratum_of(evidence, joined=joined) == stratum


def test_answers_become_precision_and_recall() -> None:
    """Precision counts joined pairs, recall same ones, each with its weight; open pairs do not count."""
    reviewed = [
        *[pair(joined=True, same=True)] * 8,
        *[pair(joined=True, same=False)] * 2,
        pair(joined=False, same=True, weight=4.0),
        pair(joined=False, same=False, weight=50.0),
        pair(joined=True, same=None),
    ]
    found = {(one.language, one.name): one for one in figures(reviewed)}
    precision, recall = found["all", "precision"], found["all", "recall"]
    assert (precision.share, recall.share) == pytest.approx((0.8, 8 / 12))
    assert (precision.pairs, recall.pairs) == (10, 9)
    assert replace(found["en", "recall"], language="all") == recall


def test_every_language_has_its_figures() -> None:
    """Figures come for all languages and then for each; a share of nothing is none, with all possible limits."""
    found = figures([pair(joined=True, same=True), pair(joined=True, same=False, language="de")])
    assert [(one.language, one.name) for one in found] == [
        (language, name) for language in ("all", "de", "en") for name in ("precision", "recall")
    ]
    assert Figure("de", "recall", None, 0.0, 1.0, 0) in found


@given(st.floats(0, 1), st.floats(1, 10_000))
def test_limits_hold_the_share(share: float, size: float) -> None:
    """Limits lie within 0 and 1 around the share, and narrow as the sample grows."""
    low, high = interval(share, size)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1
    wider = interval(share, size / 2)
    assert high - low <= wider[1] - wider[0] + 1e-9


def test_limits_are_those_of_wilson() -> None:
    """Ten of ten leave room down to .722, the known limit of Wilson's interval."""
    assert interval(1.0, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("prefix")
def test_answers_are_kept_in_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`audit` draws into a file, and turns the answers it finds there into figures."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    wire = paragraphs(9)
    for name, lines in (("a", wire), ("b", wire[:5])):
        (inbox / f"{name}.txt").write_text("\n".join(lines))
    assert call(capsys, "ingest", "--inbox", str(inbox)).code == 0
    file = tmp_path / "pairs.jsonl"
    drawn = call(capsys, "audit", str(file))
    assert (drawn.out, drawn.err) == ("no pair is reviewed yet\n", f"{file}: 1 pairs drawn\n")
    file.write_text(file.read_text().replace('"same":null', '"same":true'))
    rows = call(capsys, "audit", str(file), "--json").rows
    assert [(row["language"], row["name"], row["share"], row["pairs"]) for row in rows[:2]] == [
        ("all", "precision", 1.0, 1),
        ("all", "recall", 1.0, 1),
    ]
    assert "100.0%" in call(capsys, "audit", str(file)).out

    file.write_text(file.read_text() + '{"same": "perhaps"}\n')
    wrong = call(capsys, "audit", str(file))
    assert wrong.code == 2
    assert wrong.err.startswith(f"copydesk: {file}:2: must be a pair as drawn: ")
    assert wrong.err.count("\n") == 1
