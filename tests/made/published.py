"""What outlets publish in the tests of the flow, and the flow over it."""

from collections import Counter
from datetime import timedelta

from copydesk.config.topics import TopicsFile
from copydesk.fetching.polling import poll
from copydesk.index import Body, Kind
from copydesk.model import Source
from copydesk.pipeline import ingest_once, process
from copydesk.topic import Topic
from made.world import World, feed, page, source

LEASE = timedelta(minutes=1)


BOX = timedelta(minutes=5)


TOPICS = TopicsFile(topics=(Topic(name="harbour", any=("Marnhaven",)),))


WIRE = (
    "The harbour of Marnhaven was closed on Monday after a crane fell across the main quay, officials said.",
    "Nobody was hurt, but forty ships had to wait outside the breakwater until late in the evening hours.",
    "“We have never seen a storm like this in forty years of service here,” harbour master Ilse Dornbach said.",
    "The port handles about nine million tonnes of grain and timber every year, more than any other in the region.",
    "Repairs are expected to take three weeks, according to the operator, which owns eleven such cranes in all.",
    "Insurers put the damage at twenty-two million crowns in a first estimate published on Monday evening.",
)


OTHER = (
    "A museum in Tolvik has bought a lost painting by the landscape artist Per Aldersund for an unnamed sum.",
    "The canvas shows a ferry crossing in winter and had hung in a school canteen for more than sixty years.",
    "“A pupil noticed the signature behind the radiator,” the director of the museum, Runa Felt, told reporters.",
    "Visitors will be able to see the picture from the first week of May in the newly built northern wing.",
    "The school will get a copy, a new radiator, and free entrance to the museum for every pupil until 2040.",
)


def published(world: World) -> list[Source]:
    """Three outlets: two carry the same wire text, one of them cut, the third another story."""
    sources = [source(name) for name in ("one", "two", "three")]
    texts = {"one": WIRE, "two": WIRE[:4], "three": OTHER}
    for name, text in texts.items():
        address = f"https://{name}.example/story"
        world.web.pages[f"https://{name}.example/feed"] = feed(address)
        world.web.pages[address] = page(f"{name} says what happened", *text)
    return sources


def run(world: World, sources: list[Source], topics: TopicsFile = TOPICS) -> Counter[str]:
    """One round of ingest and process, a moment later."""
    world.clock.wait(timedelta(seconds=1))
    until = world.clock.now() + BOX
    poll(world.ports, sources, lease=LEASE)
    world.clock.wait(timedelta(seconds=1))
    counts = ingest_once(world.ports, sources, shards=range(16), lease=LEASE, until=until)
    return counts + process(world.ports, topics, lease=LEASE, until=until)


def articles(world: World) -> dict[str, Body]:
    world.index.refresh(Kind.ARTICLES)
    return {str(row.body["outlet"]): {**row.body, "id": row.id} for row in world.index.scan(Kind.ARTICLES)}
