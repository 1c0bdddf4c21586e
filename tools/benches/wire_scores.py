"""Scores of one set of wire copies, from families and stories to figures. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from benches.made_sets import Row
from benches.scoring import Labels, Score, bcubed, found, pairwise

__all__ = [
    "Answers",
    "Label",
    "Scores",
    "adjusted_rand",
    "answers_of",
    "by_labels",
    "by_truth",
    "count_labels",
    "count_truth",
    "intruders",
    "rivals",
]

ASIDE = frozenset({"roundup", "thread", "digest"})
"""Kinds that hold items of several texts: no copies, judged by what is told of them."""
FOUND = {"cut found": {"cut", "trunc"}, "rewritten found": {"rewritten"}}
"""Copies of these kinds that stand with another text of their family are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was judged, by id of the text; `holding` are those told to hold items of others, None for who cannot say."""

    families: Labels
    stories: Labels
    holding: Collection[str] | None = None


def answers_of(rows: Sequence[Row], result: Mapping[str, Row]) -> Answers:
    """What was judged of all rows; one that could not be read stands alone."""
    alone = {row["id"]: row["id"] for row in rows}
    return Answers(
        families={**alone, **{id_: row["family"] for id_, row in result.items()}},
        stories={**alone, **{id_: row["story"] for id_, row in result.items()}},
        holding={id_ for id_, row in result.items() if "contains" in row},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The figures of a set.

    Attributes:
        all: Pairs of copies.
        second: F1 without what is easy (labelled pairs) or what no text shows (rewritten); None where neither is known.
        ari, b3: The adjusted Rand index and B-cubed F1 of families; None where only pairs are labelled.
    """

    all: Score
    second: float | None = None
    ari: float | None = None
    b3: float | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled pair: S copies, C one holds the other, R related, N unrelated or a form, U undecided."""

    one: str
    other: str
    label: str
    weight: float
    note: str


def by_labels(labels: Sequence[Label], answers: Answers) -> Scores:
    """Figures over labelled pairs: S against R and N by weight; hard ones are those not word for word or nearly so."""
    wrong = sum(one.weight for one in labels if one.label in {"R", "N"} and _joined(one, answers))

    def score(wanted: Sequence[Label]) -> Score:
        right = sum(one.weight for one in wanted if _joined(one, answers))
        total = sum(one.weight for one in wanted)
        return Score(right / (right + wrong) if right + wrong else 1.0, right / total if total else 1.0)

    copies = [one for one in labels if one.label == "S"]
    return Scores(all=score(copies), second=score([one for one in copies if "verbatim" not in one.note]).f1)


def count_labels(labels: Sequence[Label], answers: Answers) -> dict[str, str]:
    """Items in a family with the digest that holds them; forms, and other pairs with nothing in common, joined."""
    forms = [one for one in labels if one.label == "N" or (one.label == "R" and "form" in one.note)]
    items = [one for one in labels if one.label == "C"]
    return {
        "items joined": _of(sum(_joined(one, answers) for one in items), len(items)),
        "forms joined": _of(sum(_joined(one, answers) for one in forms), len(forms)),
    }


def _joined(pair: Label, answers: Answers) -> bool:
    of = answers.families
    return pair.one in of and of[pair.one] == of.get(pair.other)


def by_truth(rows: Sequence[Row], answers: Answers) -> Scores:
    """Figures of texts that each have a family and a kind."""
    truth = {row["id"]: row["family"] for row in rows if row["kind"] not in ASIDE}
    rewritten = {row["id"] for row in rows if row["kind"] == "rewritten"}
    known = {id_: family for id_, family in truth.items() if id_ not in rewritten}
    return Scores(
        all=pairwise(truth, answers.families),
        second=pairwise(known, answers.families).f1 if rewritten else None,
        ari=adjusted_rand(truth, answers.families),
        b3=bcubed(truth, answers.families).f1,
    )


def count_truth(rows: Sequence[Row], answers: Answers) -> dict[str, str]:
    """What goes right and wrong beside: by the heading of its column, as shown; each where the set has such texts."""
    told = [row for row in rows if row["kind"] not in ASIDE]
    met = found({row["id"]: row["family"] for row in told}, answers.families)
    out = {}
    for name, kinds in FOUND.items():
        if those := [met[row["id"]] for row in told if row["kind"] in kinds and row["id"] in met]:
            out[name] = _of(sum(those), len(those))
    if "story" in rows[0]:
        out["rival pairs"] = _of(*rivals(told, answers.families))
    if "agency" in rows[0]:
        out["rival texts"] = _of(len(intruders(told, answers.families)), len(told))
    if aside := [row["id"] for row in rows if row["kind"] in ASIDE]:
        out |= _holding(aside, [row["id"] for row in told], answers)
    if "story" in rows[0] and answers.holding is not None:
        out["stories B3"] = f"{bcubed({row['id']: row['story'] for row in told}, answers.stories).f1:.3f}"
    return out


def _holding(aside: Sequence[str], told: Sequence[str], answers: Answers) -> dict[str, str]:
    """Of texts that hold items: in a family with another, told to be such; and others told to be."""
    sizes = Counter(answers.families.values())
    out = {"roundups joined": _of(sum(sizes[answers.families[id_]] > 1 for id_ in aside), len(aside))}
    if answers.holding is not None:
        out["recognised"] = _of(len(set(aside) & set(answers.holding)), len(aside))
        out["others taken"] = _of(len(set(told) & set(answers.holding)), len(told))
    return out


def rivals(rows: Sequence[Row], labels: Labels) -> tuple[int, int]:
    """Pairs of another family on the same event, one of them told by another reporter: how many joined, of how many."""
    others = [row for row in rows if row["kind"] != "same-event"]
    one = {row["id"]: "" for row in rows}
    return _apart(rows, labels) - _apart(others, labels), _apart(rows, one) - _apart(others, one)


def _apart(rows: Sequence[Row], labels: Labels) -> int:
    """Pairs of one story and one label, of two families."""
    in_story = Counter((labels[row["id"]], row["story"]) for row in rows)
    in_family = Counter((labels[row["id"]], row["story"], row["family"]) for row in rows)
    return _pairs(in_story.values()) - _pairs(in_family.values())


def intruders(rows: Sequence[Row], labels: Labels) -> list[str]:
    """Texts that stand with another text than their own, most of which another agency or outlet wrote.

    A family belongs to the text that most of its members are made of; who wrote it is their agency, for own reports
    the outlet. Of two as frequent ones the first in order counts.
    """
    members: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        members[labels[row["id"]]].append(row)
    out = []
    for group in members.values():
        owner = Counter(row["family"] for row in group).most_common(1)[0][0]
        writers = {_writer(row) for row in group if row["family"] == owner}
        out += [row["id"] for row in group if row["family"] != owner and _writer(row) not in writers]
    return out


def adjusted_rand(truth: Labels, labels: Labels) -> float:
    """The Rand index beyond chance: 1 for the same groups, about 0 for drawn ones."""
    count = len(truth)
    both = _pairs(Counter((item, labels[id_]) for id_, item in truth.items()).values())
    wanted, told = (
        _pairs(Counter(truth.values()).values()),
        _pairs(Counter(labels[id_] for id_ in truth).values()),
    )
    chance = wanted * told / max(comb(count, 2), 1)
    most = (wanted + told) / 2
    return (both - chance) / (most - chance) if most != chance else 1.0


def _pairs(sizes: Iterable[int]) -> int:
    return sum(comb(size, 2) for size in sizes)


def _writer(row: Row) -> str:
    return str(row.get("agency") or row["source"])


def _of(some: int, all_: int) -> str:
    return f"{some}/{all_}"
