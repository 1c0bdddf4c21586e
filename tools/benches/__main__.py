"""`make bench`: speed as ratios within one run, of processor time where not said otherwise.

python -m benches [reading | pages | fetching | archiving | bulk | judging | topics] ...
python -m benches pages --all      the acceptance run: every page, the funnel, and what was lost
python -m benches capacity         what a page takes, of a tenth of the pages and of all: only when it is named
python -m benches lookups          copies among a million texts: half an hour, only when it is named
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benches import archiving, bulk, capacity, fetching, judging, lookups, pages, reading, topics
from benches.measure import Line, show
from benches.samples import SHARED, Page, texts
from benches.samples import pages as all_pages
from copydesk.model import Document
from local import elasticsearch

PARTS = ("reading", "pages", "fetching", "archiving", "bulk", "judging", "topics")
NAMED = (*PARTS, "capacity", "lookups")
SAMPLE = 100


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benches", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=f"which of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--all", action="store_true", help="every page, and a report on each that was lost")
    parser.add_argument("--texts", type=int, default=1_000_000, help="how many texts lookups stores first")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the development sets")
    parser.add_argument(
        "--elasticsearch", default="", help="address of a server; one is started if not given"
    )
    given = parser.parse_args()
    if wrong := set(given.parts) - set(NAMED):
        parser.error(f"{', '.join(sorted(wrong))}: must be of {', '.join(NAMED)}")
    with _server(
        given.elasticsearch,
        needed={"pages", "fetching", "bulk", "capacity", "lookups"} & set(given.parts or PARTS),
    ) as url:
        show([line for part in given.parts or PARTS for line in _measured(part, given, url)])


def _measured(part: str, given: argparse.Namespace, url: str) -> list[Line]:
    match part:
        case "lookups":
            return lookups.measure(url, given.texts)
        case "fetching":
            return fetching.measure(url)
        case "judging" | "bulk" | "topics":
            return _of_texts(part, texts(given.shared), url)
        case _:
            return _of_pages(part, all_pages(given.shared), url, every=given.all)


def _of_texts(part: str, some: Sequence[Document], url: str) -> list[Line]:
    match part:
        case "judging":
            return judging.measure(some)
        case "bulk":
            return bulk.measure(some[:500], url)
        case _:
            return topics.measure(some[: topics.ARTICLES])


def _of_pages(part: str, pages_: Sequence[Page], url: str, *, every: bool) -> list[Line]:
    sample = pages_ if every else pages_[:: max(len(pages_) // SAMPLE, 1)]
    match part:
        case "reading":
            return reading.measure(pages_)
        case "capacity":
            return capacity.measure(pages_, url)
        case "pages":
            return pages.measure(sample, url, report=every)
        case _:
            return archiving.measure(sample)


@contextmanager
def _server(url: str, *, needed: set[str]) -> Iterator[str]:
    if url or not needed:
        yield url
        return
    with elasticsearch.running() as server:
        yield server.url


if __name__ == "__main__":
    main()
