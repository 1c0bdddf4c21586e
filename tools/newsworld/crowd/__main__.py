"""``python -m newsworld.crowd``: print a crowded event as JSON lines, the truth in each."""

import argparse
import dataclasses
import datetime as dt
import json
import sys

from newsworld.crowd import crowd

START = dt.datetime(2026, 3, 2, 6, 0, tzinfo=dt.UTC)


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m newsworld.crowd", description=__doc__)
    parser.add_argument("--texts", type=int, default=600, help="how many lines, up to 50,000")
    parser.add_argument(
        "--events", type=int, default=1, help="how many events they are shared out among, up to 10"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other events")
    parser.add_argument(
        "--start", type=dt.datetime.fromisoformat, default=START, help="date of the first text, with its zone"
    )
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> None:
    """Print the rows."""
    wishes = arguments(words)
    for row in crowd(wishes.texts, wishes.events, wishes.seed, wishes.start):
        sys.stdout.write(json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    try:
        main()
    except ValueError as exc:
        sys.exit(str(exc))
