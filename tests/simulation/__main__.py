"""`python -m simulation`: seeds, every kill point of one scene, or a soak; how much was met, and what broke."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext

from local import elasticsearch
from simulation.running import Ended, play, stores
from simulation.scenes import draw
from simulation.soaking import drawn, soak, soaking
from simulation.sweeping import points, sweep

MOST_LINES = 8
CALL = "PYTHONPATH=plugins:tools:tests .venv/bin/python -m simulation"


def main() -> int:
    """Run what was asked for; 1 when a law was broken."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many scenes")
    parser.add_argument("--seed", type=int, help="one scene only")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--sweep", action="store_true", help="one scene, killed at every write")
    parser.add_argument("--point", help="one kill point only, such as 17:middle")
    parser.add_argument("--every", type=int, default=1, help="of the kill points every so many-th")
    parser.add_argument(
        "--elasticsearch",
        default=os.environ.get("COPYDESK_TEST_ELASTICSEARCH") if "--sweep" not in sys.argv else "",
        metavar="URL",
        help="play some scenes on this server too",
    )
    parser.add_argument("--on-elasticsearch", type=int, default=0, metavar="N", help="how many of the scenes")
    parser.add_argument(
        "--soak", type=int, metavar="N", help="so many scenes there, over connections that are cut"
    )
    given = parser.parse_args()
    if given.soak:
        return _soak(range(given.first, given.first + given.soak), given.elasticsearch)
    if given.sweep:
        return report(_swept(given), "kill points")
    numbers = [given.seed] if given.seed is not None else range(given.first, given.first + given.seeds)
    return report(_played(numbers, given.elasticsearch, given.on_elasticsearch), "seeds")


def _played(seeds: Iterable[int], server: str | None, most: int) -> Iterator[tuple[str, Ended]]:
    for seed in seeds:
        yield f"{CALL} --seed {seed}", play(draw(seed))
    for seed in list(seeds)[:most]:
        with stores(server or "") as store:
            ended = play(draw(seed), store=store)
        yield f"{CALL} --seed {seed} --elasticsearch {server} --on-elasticsearch 1", ended


def _swept(given: argparse.Namespace) -> Iterator[tuple[str, Ended]]:
    chosen = [given.point] if given.point else list(points())[:: given.every]
    for point in chosen:
        yield f"{CALL} --sweep --point {point}", sweep(point)


def _soak(seeds: Iterable[int], server: str | None) -> int:
    """Soak on a server, or on one that is started for it; what reached it is printed last."""
    counts: Counter[str] = Counter()
    on = f" --elasticsearch {server}" if server else ""

    def played(url: str) -> Iterator[tuple[str, Ended]]:
        with soaking(url) as index:
            for seed in seeds:
                soaked = soak(*drawn(seed), index, url)
                counts.update(soaked.counts, digests_as_undisturbed=int(soaked.is_same))
                yield f"{CALL} --soak 1 --first {seed}{on}", soaked.ended

    with nullcontext(server) if server else elasticsearch.running() as running:
        broken = report(played(running if isinstance(running, str) else running.url), "soaks")
    print("server: " + " ".join(f"{what.replace(' ', '-')}={number}" for what, number in counts.items()))
    return broken


def report(runs: Iterable[tuple[str, Ended]], what: str) -> int:
    """Print what was met, and of each run that broke a law how and how to repeat it."""
    begun, number, failed, touches = time.process_time(), 0, 0, 0
    faults: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for call, ended in runs:
        number += 1
        touches += ended.points
        faults += ended.faults
        failures += ended.failures
        if ended.breaches:
            failed += 1
            print(f"broken: {call}")
            for breach in ended.breaches[:MOST_LINES]:
                print(f"  {breach.law}: {breach.detail}")
    print(
        f"{what}={number} broken={failed} switch_points={touches} cpu_seconds={time.process_time() - begun:.0f}"
    )
    kills = {kind: times for kind, times in faults.items() if kind.startswith("killed")}
    print(
        f"kills={sum(kills.values())} at {len(kills)} kinds of places; tasks that failed={failures.total()}"
    )
    print(
        "faults: "
        + " ".join(
            f"{kind.replace(' ', '-')}={faults[kind]}" for kind in sorted(faults.keys() - kills.keys())
        )
    )
    return 1 if failed else 0


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets is part of a run
        os.execve(  # noqa: S606 (ourselves)
            sys.executable,
            [sys.executable, "-m", "simulation", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": "0"},
        )
    sys.exit(main())
