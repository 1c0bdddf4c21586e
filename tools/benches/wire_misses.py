"""What is judged wrong in a set, text by text, for a person to read. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from benches.made_sets import Row
from benches.wire_scores import ASIDE, Answers, Label

__all__ = ["wrong_families", "wrong_pairs"]

TITLE = 60


def wrong_pairs(rows: Sequence[Row], labels: Sequence[Label], answers: Answers) -> Iterator[str]:
    """Labelled pairs that are joined and should not be, or apart and should not be."""
    of, titles = answers.families, {row["id"]: row["title"][:TITLE] for row in rows}
    for one in labels:
        joined = one.one in of and of[one.one] == of.get(one.other)
        if joined != (one.label == "S") and one.label != "U":
            told = f"{one.one} {titles.get(one.one, '')} / {one.other} {titles.get(one.other, '')}"
            yield f"{'joined' if joined else 'apart'} {one.label} ({one.note}): {told}"


def wrong_families(rows: Sequence[Row], answers: Answers) -> Iterator[str]:
    """Families with copies of several texts, and texts with copies in several families, the largest first.

    Then roundups nobody saw, and what was taken for one.
    """
    told = [row for row in rows if row["kind"] not in ASIDE]
    yield from _parts("mixed", [(answers.families[row["id"]], row["family"], row) for row in told])
    yield from _parts("parted", [(row["family"], answers.families[row["id"]], row) for row in told])
    for row in rows:
        is_one, seen = row["kind"] in ASIDE, row["id"] in (answers.holding or ())
        if is_one != seen:
            yield f"{'roundup not seen' if is_one else 'taken for a roundup'}: {_told(row)}"


def _parts(what: str, placed: Sequence[tuple[str, str, Row]]) -> Iterator[str]:
    """Groups (first) that consist of several parts (second), with the texts of each."""
    groups: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for group, part, row in placed:
        groups[group][part].append(_told(row))
    for name, parts in sorted(groups.items(), key=lambda one: -sum(map(len, one[1].values()))):
        if len(parts) > 1:
            yield f"{what} {name}: " + " | ".join(
                f"{part}: {', '.join(texts)}"
                for part, texts in sorted(parts.items(), key=lambda one: -len(one[1]))
            )


def _told(row: Row) -> str:
    return f"{row['id']} {row['kind']}"
