"""How well and how fast copies, roundups and stories are recognised.

    python benches/copies.py [FOLDER ...] [--seeds FOLDER] [--worlds 1,2] [--quick]

A FOLDER holds docs.jsonl and truth.jsonl as wiregen.py makes them (or the same with .gz). Texts are cleaned as
they would be when read; --raw leaves them as they are. Speeds are texts a second of processor time on one core.
"""

import argparse
import gzip
import hashlib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from copydesk.adapters.memory import MemoryIndex
from copydesk.index import Kind
from copydesk.judging.deciding import judge, look_again
from copydesk.judging.fingerprint import make_fingerprint, to_body
from copydesk.model import Document
from copydesk.reading.documents import read_text

Row = Mapping[str, Any]
Labels = Mapping[str, str]

SHARED = Path(__file__).resolve().parents[2] / "shared"
WORKERS, LATE, WORDS = 4, 50, 500


def load(folder: Path, name: str) -> list[Row]:
    """The rows of a file of a set, packed or not."""
    packed = folder / f"{name}.jsonl.gz"
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def document(row: Row, *, raw: bool) -> Document:
    """A row as the document reading would make of it."""
    at = datetime.fromisoformat(row["published"])
    text = row["text"] if raw else "\n".join(read_text(row["text"], row["title"]).kept)
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


def judged(documents: Sequence[Document], batch: int = 200) -> dict[str, Row]:
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


def speed(work: Callable[[], object], texts: int) -> int:
    """Texts a second of processor time."""
    start = time.process_time()
    work()
    return round(texts / (time.process_time() - start))


def pairs(count: int) -> int:
    """Pairs among so many."""
    return count * (count - 1) // 2


def agreement(truth: Labels, found: Labels) -> dict[str, float]:
    """Adjusted Rand index and B-cubed precision, recall and F1."""
    cells = Counter((truth[id_], found[id_]) for id_ in truth)
    rows, columns = Counter(truth.values()), Counter(found[id_] for id_ in truth)
    both, one, other = (sum(map(pairs, counts.values())) for counts in (cells, rows, columns))
    chance = one * other / max(1, pairs(len(truth)))
    precision = sum(n * n / columns[f] for (_, f), n in cells.items()) / len(truth)
    recall = sum(n * n / rows[t] for (t, _), n in cells.items()) / len(truth)
    f1 = 2 * precision * recall / (precision + recall)
    return {
        "ari": (both - chance) / ((one + other) / 2 - chance),
        "b3_p": precision,
        "b3_r": recall,
        "b3_f1": f1,
    }


def found_by_kind(truth: Sequence[Row], found: Labels) -> dict[str, float]:
    """By kind: copies that share a family with most of their item; of kinds that stand alone, those joined to others."""
    items = defaultdict(list)
    for row in truth:
        items[row["item"]].append(row)
    members = Counter(found[row["id"]] for row in truth)
    hits, joined, all_ = Counter[str](), Counter[str](), Counter[str]()
    for rows in items.values():
        family, most = Counter(found[row["id"]] for row in rows).most_common(1)[0]
        for row in rows:
            all_[row["kind"]] += 1
            hits[row["kind"]] += found[row["id"]] == family and most > 1
            joined[row["kind"]] += len(rows) == 1 and members[found[row["id"]]] > 1
    alone = {kind for kind in all_ if kind in {"single", "template", "bgshare", "form"}}
    return {
        (f"joined {kind}" if kind in alone else kind): (joined if kind in alone else hits)[kind] / all_[kind]
        for kind in sorted(all_)
    }


def mixed(truth: Labels, found: Labels) -> tuple[float, float]:
    """Share of families of two or more that mix items; share of texts that stand with a majority of another item."""
    families: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for id_, item in truth.items():
        families[found[id_]][item] += 1
    several = [items for items in families.values() if items.total() > 1]
    strangers = sum(items.total() - max(items.values()) for items in several)
    return sum(len(items) > 1 for items in several) / max(1, len(several)), strangers / len(truth)


def show(name: str, figures: Mapping[str, float]) -> None:
    """One line of figures."""
    print(f"{name:<24}", "  ".join(f"{key} {value:.4f}" for key, value in figures.items()), flush=True)


def score_set(folder: Path, *, raw: bool, quick: bool) -> None:
    """All figures of a made set."""
    documents = [document(row, raw=raw) for row in load(folder, "docs")]
    everything = load(folder, "truth")
    truth = [row for row in everything if row["kind"] != "digest"]
    items = {row["id"]: row["item"] for row in truth}
    result: dict[str, Row] = {}
    rate = speed(lambda: result.update(judged(documents)), len(documents))
    families = {id_: row["family"] for id_, row in result.items()}
    originals = {id_: row.get("duplicate_of") or id_ for id_, row in result.items()}
    show(f"{folder.name} families", agreement(items, families) | {"mixed": mixed(items, families)[0]})
    show("  found", found_by_kind(truth, families))
    raws = [row for row in truth if row["kind"] == "raw"]
    roundups = [row for row in everything if row["kind"] == "digest"]
    show(
        "  originals, roundups",
        {
            "raw is original": sum(originals[row["id"]] == row["id"] for row in raws) / max(1, len(raws)),
            "roundups found": sum("contains" in result[row["id"]] for row in roundups)
            / max(1, len(roundups)),
            "others taken for one": sum("contains" in result[row["id"]] for row in truth) / len(truth),
        },
    )
    stories = {id_: row["story"] for id_, row in result.items()}
    show("  stories", agreement(items, stories) | {"texts in another": mixed(items, stories)[1]})
    print(f"  judged {rate}/s")
    if not quick:
        shuffled = random.Random(1).sample(documents, len(documents))
        same_order, same_workers = judged(shuffled, batch=37), by_workers(documents)
        for name, other in (("shuffled", same_order), ("four workers, 50 late", same_workers)):
            found = {id_: row["family"] for id_, row in other.items()}
            differing = sum(result[id_] != other[id_] for id_ in result)
            show(
                f"  {name}",
                {"ari": agreement(items, found)["ari"], "differently judged": differing / len(result)},
            )


def score_world(seed: int) -> None:
    """Families and stories of the made news world."""
    from newsworld.world import build  # noqa: PLC0415 (only this part of the bench needs it)

    world = build(seed, "demo")
    last: dict[str, tuple[Document, Any]] = {}
    index = MemoryIndex()
    for page in world.pages:
        row = {
            "id": page.outlet + page.path,
            "source": page.outlet,
            "title": page.title,
            "text": "\n".join(page.paragraphs),
            "published": world.time_of(page.first_at).isoformat(),
        }
        made = replace(
            document(row, raw=True), publisher=world.outlet(page.outlet).publisher, agency=page.agency or None
        )
        judge(index, [made])
        last[made.id] = (made, page)
    result = answers(index)
    truth = [
        {"id": id_, "item": page.item, "kind": page.kind.value}
        for id_, (_, page) in last.items()
        if page.kind.value != "roundup"
    ]
    items, events = (
        {row["id"]: row["item"] for row in truth},
        {row["id"]: last[row["id"]][1].event for row in truth},
    )
    families = {id_: row["family"] for id_, row in result.items()}
    stories = {id_: row["story"] for id_, row in result.items()}
    show(f"world {seed} families", agreement(items, families))
    show("  found", found_by_kind(truth, families))
    roundups = [id_ for id_, (_, page) in last.items() if page.kind.value == "roundup"]
    show("  roundups", {"found": sum("contains" in result[id_] for id_ in roundups) / max(1, len(roundups))})
    show("  stories", agreement(events, stories) | {"texts in another": mixed(events, stories)[1]})


def show_seeds(folder: Path) -> None:
    """The founding texts: which family and story each is in."""
    start = datetime(2024, 11, 7, 18, tzinfo=UTC)
    rows = [
        {
            "id": path.name[:3],
            "source": path.name,
            "title": "",
            "text": path.read_text(encoding="utf-8"),
            "published": (start + timedelta(hours=hour)).isoformat(),
        }
        for hour, path in enumerate(sorted(folder.glob("*.txt")))
    ]
    for id_, row in sorted(judged([document(row, raw=False) for row in rows]).items()):
        print(
            f"seed {id_}: family {row['family']} story {row['story']} duplicate_of {row.get('duplicate_of')} {row.get('evidence', '')}"
        )


def show_costs(folder: Path) -> None:
    """Speed of fingerprinting and size of what is kept, for texts of 500 words and as they come."""
    documents = [document(row, raw=True) for row in load(folder, "docs")]
    cut = [
        replace(one, text=" ".join(one.text.split()[:WORDS]))
        for one in documents
        if len(one.text.split()) >= WORDS
    ]
    make_fingerprint(cut[0])
    print(f"fingerprints of 500 words: {speed(lambda: [make_fingerprint(one) for one in cut], len(cut))}/s")
    for name, some in (("500 words", cut), ("as they come", documents)):
        bodies = [to_body(make_fingerprint(one)) for one in some]
        # a searched key costs about 7.6 bytes in the index (dedupe.md 5); the rest is packed source
        keys = sum(len(str(body[field])) / 8 for body in bodies for field in ("terms", "quotes", "names"))
        kept = sum(
            len(json.dumps({k: v for k, v in body.items() if k not in {"terms", "quotes", "names"}}))
            for body in bodies
        )
        print(
            f"state of {name}: {kept / len(bodies):.0f} bytes of JSON and {keys / len(bodies):.0f} searched keys a text"
        )


def main(words: Iterable[str] | None = None) -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[SHARED / "eval" / "wire"])
    parser.add_argument("--seeds", type=Path, default=SHARED / "seeds")
    parser.add_argument(
        "--worlds", default="1", help="seeds of made news worlds, with commas; empty for none"
    )
    parser.add_argument("--raw", action="store_true", help="do not clean the texts")
    parser.add_argument("--quick", action="store_true", help="leave out other orders and several workers")
    wishes = parser.parse_args(list(words) if words is not None else None)
    for folder in wishes.folders:
        score_set(folder, raw=wishes.raw, quick=wishes.quick)
    for seed in filter(None, wishes.worlds.split(",")):
        score_world(int(seed))
    if wishes.seeds.is_dir():
        show_seeds(wishes.seeds)
    show_costs(wishes.folders[0])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
