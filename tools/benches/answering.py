"""How long the pages take: made articles in a real Elasticsearch, the pages asked in this process.

python -m benches.answering [--articles 200000] [--elasticsearch URL]

Printed are the 95th percentiles of 60 requests each, after 10 that are not counted: of our own processor time, which
holds that of the test's client, and of the whole time, which depends on what else the machine does. The articles are
made: the frequency of words falls as in texts, a story has one to six families, each of one to twelve articles.
"""

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from fastapi.testclient import TestClient

from benches.measure import Line, show
from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.config.settings import ElasticsearchSettings, load_settings
from copydesk.connect import open_desk
from copydesk.index import Kind, Write
from copydesk.index.article import Article, to_body
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord
from copydesk.model import Document
from copydesk.page.app import make_app
from local import elasticsearch

__all__ = ["made", "main", "percentile"]

PREFIX = "bench-answering-"
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
DAYS, OUTLETS, PUBLISHERS = 365, 60, 25
FAMILIES, COPIES, GAP = 6, 12, timedelta(minutes=40)
WORDS, MOST_CUT, LINE = 320, 60, 30
CHUNK = 500
WARM, COUNTED = 10, 60
OWN, WHOLE = 25, 300
"""Milliseconds at most."""


def _word(rank: int) -> str:
    """A word of syllables, short for frequent ones."""
    syllables = ("ka", "lo", "mi", "ne", "su", "ta", "ro", "vi", "de", "bu")
    return "".join(syllables[int(digit)] for digit in str(rank + 10))


VOCABULARY = [_word(rank) for rank in range(40_000)]
FREQUENCIES = [1 / (rank + 3) for rank in range(len(VOCABULARY))]


def main() -> None:
    """Fill, ask and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benches.answering",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--articles", type=int, default=10_000, help="how many are made; the target is for 200,000"
    )
    parser.add_argument(
        "--elasticsearch", default="", help="address of a server; one is started if not given"
    )
    given = parser.parse_args()
    if given.elasticsearch:
        show(_measured(given.elasticsearch, given.articles))
        return
    with elasticsearch.running() as server:
        show(_measured(server.url, given.articles))


def _measured(url: str, articles: int) -> list[Line]:
    index = open_index(url, prefix=PREFIX)
    index.tear_down()
    index.setup()
    try:
        stories = _filled(index, articles)
        index.refresh()
        settings = load_settings(elasticsearch=ElasticsearchSettings(url=url, prefix=PREFIX))
        client = TestClient(make_app(open_desk(lambda: settings, writes=False)))
        return [
            line
            for what, addresses in _addresses(stories).items()
            for line in _lines(f"{what}, {articles:,} articles", client, addresses)
        ]
    finally:
        index.tear_down()
        index.close()


def _filled(index: ElasticIndex, articles: int) -> list[str]:
    """Write them; the ids of the stories."""
    stories: list[str] = []
    ahead = made(articles)
    while some := [*islice(ahead, CHUNK)]:
        refused = [answer.reason for answer in index.write(some) if answer.status != "stored"]
        if refused:
            raise SystemExit(f"{len(refused)} not stored: {refused[0]}")
        stories += [one.id for one in some if one.kind == Kind.STORIES]
    return stories


def made(articles: int) -> Iterator[Write]:
    """Stories with their families and articles, at least so many articles; the same ones each time. Pure."""
    chance, count = random.Random(1), 0
    while count < articles:
        first = NOW - timedelta(days=DAYS * chance.random())
        families: list[FamilyRecord] = []
        for _ in range(_few(chance, FAMILIES)):
            family = _family(chance, first, count, families[0].story if families else f"a{count}")
            families.append(family)
            count += len(family.members)
            yield Write(kind=Kind.FAMILIES, id=family.id, body=to_record(family))
            words = chance.choices(VOCABULARY, FREQUENCIES, k=WORDS)
            for carrier in family.carriers:
                article = _article(carrier, words[chance.randrange(MOST_CUT) :], family)
                yield Write(kind=Kind.ARTICLES, id=carrier.article, body=to_body(article))
        story = StoryRecord(
            id=families[0].story,
            families=tuple(family.id for family in families),
            root=families[0].story,
            first_seen_at=first,
            last_seen_at=max(family.last_seen_at for family in families),
        )
        yield Write(kind=Kind.STORIES, id=story.id, body=to_record(story))


def _family(chance: random.Random, first: datetime, count: int, story: str) -> FamilyRecord:
    """A family whose articles come one after the other, in outlets by chance."""
    ids = [f"a{count + place}" for place in range(_few(chance, COPIES))]
    outlets = [chance.randrange(OUTLETS) for _ in ids]
    carriers = tuple(
        Carrier(first + place * GAP, id_, f"o{outlet}", f"p{outlet % PUBLISHERS}", 0.9)
        for place, (id_, outlet) in enumerate(zip(ids, outlets, strict=True))
    )
    return FamilyRecord(
        id=ids[0],
        story=story,
        original=ids[0],
        members=tuple(ids),
        first_seen_at=first,
        last_seen_at=carriers[-1].at,
        carriers=carriers,
    )


def _few(chance: random.Random, most: int) -> int:
    """One to `most`, each further one half as likely."""
    return min(1 + int(-math.log2(1 - chance.random())), most)


def _article(carrier: Carrier, words: Sequence[str], family: FamilyRecord) -> Article:
    lines = [" ".join(words[at : at + LINE]).capitalize() + "." for at in range(0, len(words), LINE)]
    document = Document(
        id=carrier.article,
        url=f"https://{carrier.outlet}.example/{carrier.article}",
        sources=(carrier.outlet,),
        outlet=carrier.outlet,
        publisher=carrier.publisher,
        title=" ".join(words[:8]).capitalize(),
        text="\n".join(lines),
        language="de" if carrier.outlet.endswith("7") else "en",
        checksum=f"sha256:{carrier.article}",
        capture_id=f"{carrier.article}-1",
        fetched_at=carrier.at,
        first_seen_at=carrier.at,
        published_at=carrier.at,
    )
    copies = None if carrier.article == family.original else family.original
    return Article(
        document=document,
        judgement=Judgement(family=family.id, story=family.story, duplicate_of=copies),
    )


def _addresses(stories: Sequence[str]) -> dict[str, list[str]]:
    """What is asked, by what it is; of searches some words in nearly every article and some in few."""
    some = [stories[place * len(stories) // (WARM + COUNTED)] for place in range(WARM + COUNTED)]
    words = [_word(40 + 37 * place) for place in range(WARM + COUNTED)]
    return {
        "the newest": ["/"] * (WARM + COUNTED),
        "a search": [f"/?q={word}" for word in words],
        "an article": [f"/article?id={story}" for story in some],
        "a story": [f"/story?id={story}" for story in some],
    }


def _lines(what: str, client: TestClient, addresses: Sequence[str]) -> Iterator[Line]:
    own: list[float] = []
    whole: list[float] = []
    for address in addresses:
        cpu, wall = time.process_time(), time.perf_counter()
        answer = client.get(address)
        own.append(1000 * (time.process_time() - cpu))
        whole.append(1000 * (time.perf_counter() - wall))
        if not answer.is_success:
            raise SystemExit(f"{address}: {answer.status_code} {answer.text[:200]}")
    for name, times, most in (("own time", own, OWN), ("whole time", whole, WHOLE)):
        yield Line(
            what=f"{what}: {name} p95",
            value=f"{percentile(times[WARM:], 0.95):.0f} ms",
            beside=f"median {percentile(times[WARM:], 0.5):.0f} ms",
            target=f"<= {most} ms with 200,000",
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so large a share (0..1) of them does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


if __name__ == "__main__":
    main()
