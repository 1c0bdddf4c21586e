"""`python -m benches.demo_pairs`: copies found, and pairs wrongly joined, in made worlds of the demo's size.

Six seeds on one day, and the first of them on the six days after it: what hangs on a weekday shows. Texts are taken as
they are written, so only judging is looked at; `--verbose` names each wrong pair. The scoreboard is that of the demo.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, TypeAlias

import newsworld
from benches.judgements import document
from copydesk.judging.clustering.decision import decide
from copydesk.judging.fingerprint.making import make_fingerprints
from local.scoreboard import score

__all__ = ["main"]

Row: TypeAlias = Mapping[str, Any]

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WORLDS = [
    *((seed, MONDAY) for seed in range(1, 7)),
    *((1, MONDAY + timedelta(days=days)) for days in range(1, 7)),
]


def main() -> None:
    """Judge and print."""
    parser = argparse.ArgumentParser(prog="python -m benches.demo_pairs", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="name each wrong pair")
    verbose = parser.parse_args().verbose
    found = all_wrong = all_joined = wanted = 0
    for seed, day in WORLDS:
        rows = _rows(seed, day)
        families = _families(rows)
        articles = {
            row["url"]: {"text": "", "family": families[row["url"]], "id": row["url"]} for row in rows
        }
        told = score(rows, {}, articles, [])
        print(f"seed {seed} {day:%A}: {_told(told.copies, told.joined)}")
        if verbose:
            for line in _wrong(rows, families):
                print(line)
        wanted, found = wanted + told.copies[0], found + told.copies[1]
        all_joined, all_wrong = all_joined + told.joined[0], all_wrong + told.joined[1]
    print(f"all {len(WORLDS)} worlds: {_told((wanted, found), (all_joined, all_wrong))}")


def _told(copies: tuple[int, int], joined: tuple[int, int]) -> str:
    return f"{copies[1]} of {copies[0]} copies, {joined[1]} of {joined[0]} joined pairs wrong"


def _rows(seed: int, day: datetime) -> list[Row]:
    """The last states of a world's pages that a robot may fetch."""
    world = newsworld.build(seed, "demo", day)
    bases = {outlet.name: f"https://{outlet.name}.example" for outlet in world.outlets}
    return [row for row in newsworld.rows(world, bases) if row["until"] is None and not row["refused"]]


def _families(rows: Sequence[Row]) -> dict[str, str]:
    texts = [
        document(
            {"id": row["url"], "published": row["published"], "source": row["outlet"], "title": row["title"]},
            "\n".join(row["paragraphs"]),
        )
        for row in rows
    ]
    judgements = decide(make_fingerprints(texts)).judgements
    return {id_: judgement.family for id_, judgement in judgements.items()}


def _wrong(rows: Sequence[Row], families: Mapping[str, str]) -> Iterator[str]:
    for one, two in combinations(rows, 2):
        if families[one["url"]] == families[two["url"]] and (
            one["item"] != two["item"] or "roundup" in (one["kind"], two["kind"])
        ):
            yield f"  {one['kind']} {one['title']}  |  {two['kind']} {two['title']}"


if __name__ == "__main__":
    main()
