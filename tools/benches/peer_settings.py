"""A library with its usual setting and with its best: choosing that, measuring both, telling them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benches.copy_peers import PEERS, Pairs, Peer, missing
from benches.figures import note

__all__ = ["Choice", "Texts", "best_choice", "explain", "joined", "side_by_side", "usual", "usual_and_best"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting of a library, and whether it gets the texts as we cleaned them."""

    setting: float
    clean: bool

    def told(self, peer: Peer) -> str:
        """As written below a table."""
        return f"{peer.name} {peer.setting} {self.setting:g}{' on cleaned text' if self.clean else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of a set as they come, and as we cleaned them."""

    raw: Sequence[str]
    clean: Sequence[str]


def usual(peer: Peer) -> Choice:
    """The setting people use, on texts as they come."""
    return Choice(peer.usual, clean=False)


def best_choice(peer: Peer, texts: Texts, score: Callable[[Pairs], float]) -> Choice:
    """The setting that scores best."""
    tried = []
    for clean in (False, True):
        found = peer.find(texts.clean if clean else texts.raw, peer.grid)
        tried += [(score(pairs), setting, clean) for setting, pairs in zip(peer.grid, found, strict=True)]
    _, setting, clean = max(tried)
    return Choice(setting, clean)


def usual_and_best(peer: Peer, best: Choice, texts: Texts) -> Sequence[Pairs]:
    """Pairs with the usual setting and with the best; texts are fingerprinted once if both take them as they come."""
    if not best.clean:
        return peer.find(texts.raw, [peer.usual, best.setting])
    return [*peer.find(texts.raw, [peer.usual]), *peer.find(texts.clean, [best.setting])]


def joined(ids: Sequence[str], pairs: Pairs) -> dict[str, str]:
    """Families of what hangs together by pairs."""
    above = list(range(len(ids)))

    def top(place: int) -> int:
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    for one, other in pairs:
        above[top(one)] = top(other)
    return {id_: ids[top(place)] for place, id_ in enumerate(ids)}


def side_by_side(*figures: float) -> str:
    """A library's figures: usual / best, or one if they are the same; counts without decimals."""
    told = [str(one) if isinstance(one, int) else f"{one:.3f}" for one in figures]
    return " / ".join(dict.fromkeys(told))


def explain(best: Mapping[str, Choice], chosen_on: str) -> None:
    """Say what the columns of the libraries are; `chosen_on` is "" where all have their usual setting."""
    measured = [peer for peer in PEERS if peer.name in best]
    as_usual = ", ".join(usual(peer).told(peer) for peer in measured)
    if chosen_on:
        note(f"libraries: usual / best setting; usual {as_usual}")
        note(f"best on {chosen_on}: " + ", ".join(best[peer.name].told(peer) for peer in measured))
    else:
        note(f"libraries with their usual setting: {as_usual}")
    note("text-dedup: its settings for news on datasketch, for 0.4.1 itself needs Python 3.12")
    for peer in PEERS:
        if reason := missing(peer):
            note(f"{peer.name}: not installed: {reason}")
    note("")
