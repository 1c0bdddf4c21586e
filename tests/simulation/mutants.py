"""Streets of which one piece is broken, each to be noticed by the laws named beside it and by no others."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from copydesk.index import Json, Kind, Probe, Stored, Write
from copydesk.model import Capture, Document, Rejection, Segment
from copydesk.ports import Archive, Message, Notifier, Ports, Reader, Sent
from simulation.changed import Changed
from simulation.made import STOCK, make
from simulation.misreading import gives_up_what_is_damaged, invents_what_is_damaged
from simulation.scenes import Scene
from simulation.street import Mutant

__all__ = ["MUTANTS", "mutant_of", "scene_of"]


def _writes(ports: Ports, change: Callable[[Write], Write | None]) -> Ports:
    """The ports with an index that changes writes, or says of those it drops that they are stored."""

    def write(method: Callable[[Sequence[Write]], list[Stored]], writes: Sequence[Write]) -> list[Stored]:
        changed = [change(one) for one in writes]
        answers = iter(method([one for one in changed if one is not None]))
        return [Stored("stored") if one is None else next(answers) for one in changed]

    return replace(ports, index=cast("Any", Changed(ports.index, "write", write)))


@dataclass(eq=False)
class Once:
    """Says yes the first time only, for each of some things."""

    seen: set[str] = field(default_factory=set)

    def __call__(self, what: str) -> bool:
        """Whether it is the first time."""
        is_new = what not in self.seen
        self.seen.add(what)
        return is_new


def dies_of_a_mistake() -> Mutant:
    """A step of ours that handles no item raises what nobody raises on purpose, once."""
    once = Once()

    def listed(method: Callable[[], list[Segment]]) -> list[Segment]:
        if once("listed"):
            raise RuntimeError("a mistake of ours")
        return method()

    return lambda ports: replace(ports, archive=cast("Archive", Changed(ports.archive, "segments", listed)))


def never_finishes() -> Mutant:
    """A segment is never marked as done."""

    def change(one: Write) -> Write | None:
        is_mark = one.kind is Kind.SEGMENTS and "processed_at" in (one.body or {}) and not one.create
        return None if is_mark else one

    return lambda ports: _writes(ports, change)


def hands_out_early(address: str) -> Mutant:
    """An archive that hands a segment out before it lies in its place; it gets there a little later."""
    hidden: list[tuple[Path, Path]] = []

    def appear() -> None:
        while hidden:
            away, place = hidden.pop()
            away.rename(place)

    @dataclass(eq=False)
    class Early:
        real: Archive

        def __getattr__(self, name: str) -> Any:
            appear()
            return getattr(self.real, name)

        def close(self) -> Segment | None:
            segment = self.real.close()
            places = Path(address).glob(f"segments/**/{segment.name}.warc.gz") if segment else ()
            hidden.extend((place.rename(place.with_suffix(".part")), place) for place in places)
            return segment

    return lambda ports: replace(ports, archive=cast("Archive", Early(ports.archive)))


def appends_twice() -> Mutant:
    """Each page is written twice."""

    def append(method: Callable[[Capture], None], capture: Capture) -> None:
        method(capture)
        method(capture)

    return lambda ports: replace(ports, archive=cast("Archive", Changed(ports.archive, "append", append)))


def counts_one_less() -> Mutant:
    """A segment is registered with a page less than it has."""

    def change(one: Write) -> Write:
        if one.kind is Kind.SEGMENTS and one.create and one.body and one.body["captures"]:
            return replace(one, body={**one.body, "captures": int(str(one.body["captures"])) - 1})
        return one

    return lambda ports: _writes(ports, change)


def loses_an_entry(url: str) -> Mutant:
    """The ledger never keeps an address, and says it does."""

    def change(one: Write) -> Write | None:
        return None if one.kind is Kind.LEDGER and one.body and one.body["url"] == url else one

    return lambda ports: _writes(ports, change)


def keeps_versions_twice() -> Mutant:
    """Each earlier state is kept under two ids."""

    def write(method: Callable[[Sequence[Write]], list[Stored]], writes: Sequence[Write]) -> list[Stored]:
        method(
            [replace(one, id=f"{one.id}-again") for one in writes if one.kind is Kind.VERSIONS and one.body]
        )
        return method(writes)

    return lambda ports: replace(ports, index=cast("Any", Changed(ports.index, "write", write)))


def finds_no_copies() -> Mutant:
    """The search for candidates finds nothing."""

    def candidates(_: Callable[..., Any], probes: Sequence[Probe], **__: int) -> list[list[str]]:
        return [[] for _ in probes]

    return lambda ports: replace(ports, index=cast("Any", Changed(ports.index, "candidates", candidates)))


def orders_by_first_sight() -> Mutant:
    """A page without a date counts as published when it was first seen."""

    def change(one: Write) -> Write:
        if one.kind is Kind.FINGERPRINTS and one.body and one.body.get("published_at") is None:
            return replace(one, body={**one.body, "published_at": one.body["first_seen_at"]})
        return one

    return lambda ports: _writes(ports, change)


def changes(kind: Kind, **fields: Json) -> Mutant:
    """Some fields of one kind of record are always the same."""

    def change(one: Write) -> Write:
        return replace(one, body={**one.body, **fields}) if one.kind is kind and one.body else one

    return lambda ports: _writes(ports, change)


def loses(kind: Kind) -> Mutant:
    """A kind of record is never kept, and said to be."""
    return lambda ports: _writes(ports, lambda one: None if one.kind is kind else one)


def reads_no_language() -> Mutant:
    """Reading does not tell languages."""

    def read(
        method: Callable[..., Iterator[Document | Rejection]], captures: Iterable[Capture], *more: Any
    ) -> Iterator[Document | Rejection]:
        for answer in method(captures, *more):
            yield replace(answer, language="und") if isinstance(answer, Document) else answer

    return lambda ports: replace(ports, reader=cast("Reader", Changed(ports.reader, "read", read)))


def forgets_that_it_told() -> Mutant:
    """That a delivery was sent is not written down the first time."""
    once = Once()

    def change(one: Write) -> Write | None:
        is_end = one.kind is Kind.DELIVERIES and (one.body or {}).get("state") == "sent"
        return None if is_end and once(one.id) else one

    return lambda ports: _writes(ports, change)


def tells_nobody() -> Mutant:
    """Messages count as sent and go nowhere."""

    def send(_: Callable[[Message], Sent], __: Message) -> Sent:
        return Sent("sent")

    return lambda ports: replace(ports, notifier=cast("Notifier", Changed(ports.notifier, "send", send)))


def forgets_to_be_quiet() -> Mutant:
    """What the first poll found is archived like everything else."""

    def append(method: Callable[[Capture], None], capture: Capture) -> None:
        method(replace(capture, quiet=False))

    return lambda ports: replace(ports, archive=cast("Archive", Changed(ports.archive, "append", append)))


def keeps_what_is_forgotten() -> Mutant:
    """A takedown leaves the archive as it is."""

    def rewrite(_: Callable[..., int], *__: Any) -> int:
        return 0

    return lambda ports: replace(ports, archive=cast("Archive", Changed(ports.archive, "rewrite", rewrite)))


WORLD, DATELESS = 3, 5
SCENE = Scene(seed=WORLD, world=WORLD, alone=True, rounds=0, switching=0.0, most_rounds=40)
MUTANTS: Mapping[str, frozenset[str]] = {
    "dies of a mistake": frozenset({"nothing escapes"}),
    "never finishes": frozenset({"all ends"}),
    "hands out early": frozenset({"archive first"}),
    "appends twice": frozenset({"one outcome"}),
    "counts one less": frozenset({"balance"}),
    "loses an entry": frozenset({"nothing lost"}),
    "keeps versions twice": frozenset({"nothing doubled"}),
    "finds no copies": frozenset({"same families", "told once"}),
    "orders by first sight": frozenset({"same families"}),
    "loses families": frozenset({"same families", "records agree"}),
    "loses stories": frozenset({"same families", "records agree", "told once"}),
    "miscounts owners": frozenset({"same families"}),
    "follows a stranger": frozenset({"same families"}),
    "keeps no evidence": frozenset({"records agree"}),
    "forgets what was told": frozenset({"told once"}),
    "reads no language": frozenset({"same texts"}),
    "forgets that it told": frozenset({"told once"}),
    "tells nobody": frozenset({"told once"}),
    "forgets to be quiet": frozenset({"quiet", "told once"}),
    "keeps what is forgotten": frozenset({"forgotten"}),
    "invents what is damaged": frozenset({"lost by name", "one outcome", "same texts"}),
    "gives up what is damaged": frozenset({"lost by name", "nothing lost", "same texts", "same families"}),
}
"""Each broken piece, and the laws that notice it."""


def scene_of(name: str) -> Scene:
    """Where a broken piece is looked at: on a disk that loses something, if it is about that."""
    if (
        name == "orders by first sight"
    ):  # in the usual world no text without a date stands before one that has one
        return replace(SCENE, seed=DATELESS, world=DATELESS)
    return replace(SCENE, rot=0) if "damaged" in name else SCENE


def mutant_of(name: str, address: str) -> Mutant:
    """The broken piece of that name, in the world `WORLD` with an archive at an address."""
    if name == "hands out early":
        return hands_out_early(address)
    if name == "loses an entry":
        world = make(WORLD)
        stock = [page for page in world.pages.values() if page.states[0].since == STOCK and not page.events]
        return loses_an_entry(next(page.url for page in stock if not world.is_forgotten(page)))
    made: dict[str, Callable[[], Mutant]] = {
        "dies of a mistake": dies_of_a_mistake,
        "never finishes": never_finishes,
        "appends twice": appends_twice,
        "counts one less": counts_one_less,
        "keeps versions twice": keeps_versions_twice,
        "finds no copies": finds_no_copies,
        "orders by first sight": orders_by_first_sight,
        "loses families": partial(loses, Kind.FAMILIES),
        "loses stories": partial(loses, Kind.STORIES),
        "miscounts owners": partial(changes, Kind.FAMILIES, publishers=1),
        "follows a stranger": partial(changes, Kind.STORIES, follows="a stranger"),
        "keeps no evidence": partial(changes, Kind.ARTICLES, evidence=None),
        "forgets what was told": partial(loses, Kind.TOLD),
        "reads no language": reads_no_language,
        "forgets that it told": forgets_that_it_told,
        "tells nobody": tells_nobody,
        "forgets to be quiet": forgets_to_be_quiet,
        "keeps what is forgotten": keeps_what_is_forgotten,
        "invents what is damaged": invents_what_is_damaged,
        "gives up what is damaged": gives_up_what_is_damaged,
    }
    return made[name]()
