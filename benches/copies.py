"""How well copies, roundups and stories are recognised, with the libraries of copy_peers.py beside it.

    python -m benches.quality copies [--quick] [--misses]

Every set is scored by the scorer of the development sets, families against items. A library is measured twice: with
its usual setting on the texts as they come ("usual"), and with the setting, on texts as they come or as we cleaned
them, that has the best ARI on the given set ("best"). What it joins by pairs, and by pairs of pairs, is a family.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

from benches.copy_peers import PEERS, Pairs, Peer, missing
from benches.figures import Figure, note, show
from benches.made_sets import GIVEN, Row, WireSet, tool, wire_sets
from copydesk.adapters.memory import MemoryIndex
from copydesk.index import Kind
from copydesk.judging.deciding import judge, look_again
from copydesk.model import Document
from copydesk.reading.documents import read_text

__all__ = ["answers", "cleaned", "document", "families", "joined", "judged", "measure"]

Labels = Mapping[str, str]
Figures = dict[str, float]

WORKERS, LATE = 4, 50
BATCH, OTHER_BATCH = 200, 37
JOBS = 2

ROWS = {
    "ARI": ("ari", ">= 0.985"),
    "B-cubed F1": ("b3_f1", ">= 0.99"),
    "found: cut": ("found trunc", ">= 0.99"),
    "found: expanded": ("found expand", ">= 0.98"),
    "found: edited": ("found edit", ">= 0.99"),
    "found: updated": ("found update", ">= 0.95"),
    "found: rewritten": ("found rewrite", ">= 0.90"),
    "found: light": ("found light", ""),
    "found: with noise": ("found noisy", ""),
    "falsely joined: single": ("falsely_joined single", "<= 0.005"),
    "falsely joined: form-like": ("falsely_joined template", "<= 0.02"),
    "falsely joined: shared background": ("falsely_joined bgshare", "<= 0.10"),
    "families of two or more that mix items": ("mixed_clusters", "<= 0.03"),
    "ARI, shuffled, as a stream": ("shuffled", ">= 0.97"),
    "judged otherwise by four workers, 50 late": ("workers", "<= 0"),
    "judged otherwise when shuffled": ("moved", ""),
    "the raw wire is the original": ("original", ""),
    "roundups found": ("roundups", ""),
    "other texts taken for roundups": ("taken", ""),
}
"""What is shown → its name among the figures of a set, and its target."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting of a library, and whether it gets the texts as we cleaned them."""

    setting: float
    clean: bool

    def told(self, peer: Peer) -> str:
        """As written below a table."""
        return f"{peer.name} {peer.setting} {self.setting:g}{' on cleaned text' if self.clean else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """All figures of a set: ours, and of each library with its usual and its best setting."""

    name: str
    group: str
    ours: Figures
    peers: Mapping[str, tuple[Figures, Figures]]
    misses: Sequence[str]


def measure(shared: Path, *, quick: bool = False, misses: bool = False) -> list[Figure]:
    """Print the tables of all sets; their figures. `quick` takes the given set alone, `misses` names each miss."""
    sets = [one for one in wire_sets(shared) if one.name == GIVEN or not quick]
    peers = [peer for peer in PEERS if not missing(peer)]
    with ProcessPoolExecutor(JOBS) as pool:
        best = dict(
            zip((one.name for one in peers), pool.map(partial(_best, shared, sets[0]), peers), strict=True)
        )
        scored = []
        for one in pool.map(partial(_score, shared, best), sets):
            scored.append(one)
            _tell(one, misses=misses)
    note("")
    out: list[Figure] = []
    for group in dict.fromkeys(one.group for one in scored):
        figures = _table(group, [one for one in scored if one.group == group])
        show(f"Wire copies, {_title(group, scored)}", figures, [peer.name for peer in peers])
        out += figures
    note("libraries: usual / best; usual " + ", ".join(Choice(p.usual, clean=False).told(p) for p in peers))
    note("best on the given set: " + ", ".join(best[peer.name].told(peer) for peer in peers))
    note("text-dedup's way: as its settings for news say, on datasketch; 0.4.1 itself needs Python 3.12")
    for peer in PEERS:
        if reason := missing(peer):
            note(f"{peer.name}: not installable: {reason}")
    note("")
    return out


def document(row: Row, text: str | None = None) -> Document:
    """A row as the document reading would make of it; its text cleaned, if no other is given."""
    at = datetime.fromisoformat(row["published"])
    text = cleaned(row) if text is None else text
    return Document(
        id=row["id"],
        url=row["id"],
        sources=(row["source"],),
        outlet=row["source"],
        publisher=row["source"],
        title=row["title"],
        text=text,
        language="und",
        checksum=hashlib.sha256(f"{row['title']}\n{text}".encode()).hexdigest(),
        capture_id=row["id"],
        fetched_at=at,
        first_seen_at=at,
        published_at=at,
    )


def cleaned(row: Row) -> str:
    """The text of a row as reading keeps it."""
    return "\n".join(read_text(row["text"], row["title"]).kept)


def judged(documents: Sequence[Document], batch: int = BATCH) -> dict[str, Row]:
    """The judgements of documents that come in this order, without their revisions."""
    index = MemoryIndex()
    for start in range(0, len(documents), batch):
        judge(index, documents[start : start + batch])
    return answers(index)


def by_workers(documents: Sequence[Document]) -> dict[str, Row]:
    """The same by several workers at once, each blind to the last texts of all; each looks again after a refresh."""
    index = MemoryIndex(lag=True)
    for start in range(0, len(documents), LATE):
        window = documents[start : start + LATE]
        for worker in range(WORKERS):
            judge(index, window[worker::WORKERS])
        index.refresh(*Kind)
        for worker in range(WORKERS):
            look_again(index, [one.id for one in window[worker::WORKERS]])
    index.refresh(*Kind)
    return answers(index)


def answers(index: MemoryIndex) -> dict[str, Row]:
    """All judgements, without what depends on the way there."""
    return {
        row.id: {k: v for k, v in row.body.items() if k != "revision"} for row in index.scan(Kind.JUDGEMENTS)
    }


def families(result: Mapping[str, Row]) -> dict[str, str]:
    """The family of each text."""
    return {id_: row["family"] for id_, row in result.items()}


def joined(evalkit: Any, ids: Sequence[str], pairs: Pairs) -> dict[str, str]:
    """Families of what hangs together by pairs."""
    union = evalkit.Union()
    for one, other in pairs:
        union.join(ids[one], ids[other])
    return {id_: union.find(id_) for id_ in ids}


def _best(shared: Path, given: WireSet, peer: Peer) -> Choice:
    """The setting with the best ARI on the given set."""
    evalkit = tool(shared, "evalkit")
    tried = []
    for clean in (False, True):
        found = peer.find(_texts(given, clean=clean), peer.grid)
        for setting, pairs in zip(peer.grid, found, strict=True):
            ari = evalkit.score(given.truth, joined(evalkit, [row["id"] for row in given.docs], pairs))["ari"]
            tried.append((ari, setting, clean))
    _, setting, clean = max(tried)
    return Choice(setting, clean)


def _texts(made: WireSet, *, clean: bool) -> list[str]:
    return [cleaned(row) if clean else row["text"] for row in made.docs]


def _score(shared: Path, best: Mapping[str, Choice], made: WireSet) -> Scored:
    evalkit, ids = tool(shared, "evalkit"), [row["id"] for row in made.docs]
    score: Callable[[Labels], Figures] = lambda labels: _flat(evalkit.score(made.truth, labels))  # noqa: E731
    documents = [document(row) for row in made.docs]
    result = judged(documents)
    ours = score(families(result)) | _own(made, result)
    shuffled = judged(random.Random(1).sample(documents, len(documents)), OTHER_BATCH)
    ours["shuffled"] = score(families(shuffled))["ari"]
    for name, other in (("moved", shuffled), ("workers", by_workers(documents))):
        ours[name] = sum(result[id_] != other[id_] for id_ in ids) / len(ids)
    raw, clean = _texts(made, clean=False), [one.text for one in documents]
    theirs = {}
    for peer in (peer for peer in PEERS if peer.name in best):
        choice = best[peer.name]
        usual = peer.find(raw, [peer.usual])[0]
        tuned = peer.find(clean if choice.clean else raw, [choice.setting])[0]
        theirs[peer.name] = (score(joined(evalkit, ids, usual)), score(joined(evalkit, ids, tuned)))
    misses = list(_misses(made, families(result)))
    return Scored(name=made.name, group=made.group, ours=ours, peers=theirs, misses=misses)


def _flat(told: Mapping[str, Any]) -> Figures:
    """What the scorer says, with "found trunc" for found by kind and the like."""
    single = {name: value for name, value in told.items() if not isinstance(value, dict)}
    kinds = {
        f"{name} {kind}": value for name in ("found", "falsely_joined") for kind, value in told[name].items()
    }
    return single | kinds


def _own(made: WireSet, result: Mapping[str, Row]) -> Figures:
    """Of originals and roundups, which libraries do not know."""
    raws = [row["id"] for row in made.truth if row["kind"] == "raw"]
    digests = [row["id"] for row in made.truth if row["kind"] == "digest"]
    others = result.keys() - set(digests)
    return {
        "original": mean((result[id_].get("duplicate_of") or id_) == id_ for id_ in raws),
        "roundups": mean("contains" in result[id_] for id_ in digests),
        "taken": mean("contains" in result[id_] for id_ in others),
    }


def _misses(made: WireSet, labels: Labels) -> Iterator[str]:
    """Texts that stand apart from most of their item, or with another item."""
    items, members = defaultdict(list), defaultdict(list)
    truth = {row["id"]: row for row in made.truth if row["kind"] != "digest"}
    for id_, row in truth.items():
        items[row["item"]].append(labels[id_])
        members[labels[id_]].append(row["item"])
    for id_, row in truth.items():
        home = Counter(items[row["item"]]).most_common(1)[0][0]
        others = sorted(set(members[labels[id_]]) - {row["item"]})
        if labels[id_] != home or (
            others and Counter(members[labels[id_]]).most_common(1)[0][0] != row["item"]
        ):
            where = f"with {', '.join(others)}" if others else "apart"
            yield f"{made.name}: {id_} {row['kind']} of {row['item']} (own share {row['share']}) stands {where}"


def _table(group: str, scored: Sequence[Scored]) -> list[Figure]:
    """The figures of a group of sets: means, and in brackets the worst of ours."""
    out = []
    for what, (key, target) in ROWS.items():
        values = [one.ours[key] for one in scored]
        worst = min(values) if target.startswith(">") else max(values)
        others = {}
        for name in scored[0].peers:
            if key in scored[0].peers[name][0]:
                usual, best = (mean(one.peers[name][way][key] for one in scored) for way in (0, 1))
                others[name] = f"{usual:.3f} / {best:.3f}"
        shown = f"{mean(values):.4f}" + (f" (worst {worst:.4f})" if target and len(values) > 1 else "")
        name = f"{group}: {what}"
        out.append(Figure(what=name, ours=mean(values), target=target, shown=shown, others=others))
    return out


def _title(group: str, scored: Sequence[Scored]) -> str:
    sets = [one for one in scored if one.group == group]
    texts = sum(round(one.ours["docs"]) for one in sets)
    return f"{group}: {len(sets)} set{'s' if len(sets) > 1 else ''}, {texts:,} texts ({', '.join(s.name for s in sets)})"


def _tell(one: Scored, *, misses: bool) -> None:
    """A line on a set as soon as it is done."""
    note(
        f"{one.name:<16} ARI {one.ours['ari']:.4f}  B3 {one.ours['b3_f1']:.4f}"
        f"  shuffled {one.ours['shuffled']:.4f}  texts astray {len(one.misses)}"
    )
    for miss in one.misses if misses else ():
        note(f"  {miss}")
