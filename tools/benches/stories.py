"""Stories against the events of made news worlds, and the founding texts."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

from benches.copy_peers import PEERS, missing
from benches.figures import Figure, note, show
from benches.judgements import answers, cleaned, document, families, judged
from benches.made_sets import Row, tool
from benches.peer_settings import joined
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.judging.applying import judge
from copydesk.model import Document
from newsworld import Kind, Page, build

__all__ = ["measure"]

WORLDS = (1, 2, 3)
ONE_AGENCY = frozenset({"000", "002", "003"})
"""The founding texts of one agency, which share quotes."""
NEAR = 0.8
"""Containment from which on a copy is a near copy."""

ROWS = {
    "stories: B-cubed F1 against events": ("stories", ">= 0.92"),
    "stories: texts of another event": ("strangers", "<= 0.01"),
    "families: ARI": ("ari", ">= 0.985"),
    "families: B-cubed F1": ("b3_f1", ">= 0.99"),
    "families that mix items": ("mixed_clusters", "<= 0.03"),
    "roundups found": ("roundups", ""),
}


def measure(shared: Path) -> list[Figure]:
    """Print the tables; their figures. For a library, a family is a story too: it knows no other."""
    evalkit = tool(shared, "evalkit")
    names = [peer.name for peer in PEERS if not missing(peer)]
    worlds = [_world(evalkit, seed) for seed in WORLDS]
    out = []
    for what, (key, target) in ROWS.items():
        others = {
            name: f"{mean(theirs[name][key] for _, theirs in worlds):.3f}"
            for name in names
            if key in worlds[0][1][name]
        }
        value = mean(ours[key] for ours, _ in worlds)
        out.append(Figure(of="worlds", what=what, ours=value, target=target, others=others))
    show(f"Made news worlds {', '.join(map(str, WORLDS))}; libraries with their usual setting", out, names)
    return out + _seeds(shared / "seeds", names)


def _world(evalkit: Any, seed: int) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Our figures for a world, and those of the libraries; pages come one by one, as they are published."""
    world = build(seed, "demo")
    last: dict[str, tuple[Document, Page]] = {}
    index = MemoryIndex()
    for page in world.pages:
        row = {
            "id": page.outlet + page.path,
            "source": page.outlet,
            "title": page.title,
            "published": world.time_of(page.first_at).isoformat(),
        }
        made = replace(
            document(row, "\n".join(page.paragraphs)),
            publisher=world.outlet(page.outlet).publisher,
            agency=page.agency or None,
        )
        judge(index, [made])
        last[made.id] = (made, page)
    result = answers(index)
    pages = {id_: page for id_, (_, page) in last.items()}
    roundups = [id_ for id_, page in pages.items() if page.kind is Kind.ROUNDUP]
    ours = _figures(evalkit, pages, families(result), {id_: row["story"] for id_, row in result.items()})
    ours["roundups"] = mean("contains" in result[id_] for id_ in roundups)
    theirs = {}
    for peer in (peer for peer in PEERS if not missing(peer)):
        pairs = peer.find([made.text for made, _ in last.values()], [peer.usual])[0]
        found = joined(list(last), pairs)
        theirs[peer.name] = _figures(evalkit, pages, found, found)
    return ours, theirs


def _figures(
    evalkit: Any, pages: Mapping[str, Page], in_family: Mapping[str, str], in_story: Mapping[str, str]
) -> dict[str, float]:
    truth = [
        {"id": id_, "item": page.item, "kind": "digest" if page.kind is Kind.ROUNDUP else page.kind.value}
        for id_, page in pages.items()
    ]
    events = {id_: page.event for id_, page in pages.items() if page.kind is not Kind.ROUNDUP}
    told = evalkit.score(truth, in_family)
    stories: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for id_, event in events.items():
        stories[in_story[id_]][event] += 1
    return {key: told[key] for key in ("ari", "b3_f1", "mixed_clusters")} | {
        "stories": evalkit.bcubed(events, in_story)[2],
        "strangers": sum(story.total() - max(story.values()) for story in stories.values()) / len(events),
    }


def _seeds(folder: Path, names: Sequence[str]) -> list[Figure]:
    """The founding texts: one family by quotes, one story, no near copy."""
    start = datetime(2024, 11, 7, 18, tzinfo=UTC)
    texts: list[Row] = [
        {
            "id": path.name[:3],
            "source": path.name,
            "title": "",
            "text": path.read_text(encoding="utf-8"),
            "published": (start + timedelta(hours=hour)).isoformat(),
        }
        for hour, path in enumerate(sorted(folder.glob("*.txt")))
    ]
    result = judged([document(row) for row in texts])
    groups = _groups(families(result))
    stories = _groups({id_: row["story"] for id_, row in result.items()})
    ties = {id_: row["evidence"] for id_, row in result.items() if row.get("duplicate_of")}
    others = {}
    for peer in (peer for peer in PEERS if peer.name in names):
        pairs = peer.find([cleaned(row) for row in texts], [peer.usual])[0]
        others[peer.name] = _told(_groups(joined([row["id"] for row in texts], pairs)))
    out = [
        Figure(
            of="founding texts",
            what="families",
            ours=int(groups == [set(ONE_AGENCY)]),
            target=">= 1",
            shown=_told(groups),
            wanted=_told([set(ONE_AGENCY)]),
            others=others,
        ),
        Figure(
            of="founding texts",
            what="stories",
            ours=int(stories == [set(result)]),
            target=">= 1",
            shown=_told(stories),
            wanted=_told([set(result)]),
        ),
        Figure(
            what=f"copies that share {NEAR:.0%} or more of their text",
            ours=sum(tie["containment"] >= NEAR for tie in ties.values()),
            target="<= 0",
        ),
    ]
    show("Founding texts, cleaned", out, names)
    for id_, tie in ties.items():
        note(
            f"{id_} of {tie['other']}: {tie['quotes']} quotes in common, containment {tie['containment']:.2f}"
        )
    note("")
    return out


def _groups(labels: Mapping[str, str]) -> list[set[str]]:
    """The groups of two and more."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for id_, label in labels.items():
        members[label].add(id_)
    return [group for group in members.values() if len(group) > 1]


def _told(groups: Sequence[set[str]]) -> str:
    return " ".join("{" + ",".join(sorted(group)) + "}" for group in groups) or "none"
