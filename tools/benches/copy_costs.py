"""What recognising copies costs: processor time beside datasketch and rensa, and state a text."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from benches.copy_peers import PEERS, missing, shingles
from benches.figures import Figure, note, show
from benches.judgements import BATCH, document
from benches.made_sets import make, recipes
from benches.state import TARGET, merged_bytes
from copydesk.adapters.elastic.index import open_index
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind, Write
from copydesk.judging.applying import judge
from copydesk.judging.fingerprint import to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from local import elasticsearch

__all__ = ["datasketch_step", "judge_step", "measure"]

WORDS, ROUNDS = 500, 3
HASHES, BANDS, THRESHOLD, SEED = 128, 32, 0.5, 42
PREFIX = "bench-state-"


def measure(shared: Path, url: str = "") -> list[Figure]:
    """Print the table; its figures. All take turns on the same texts; the best of three rounds counts.

    `url` is that of an Elasticsearch to write to; one is started without it.
    """
    given = make(shared, recipes()[0])
    documents = [document(row, row["text"]) for row in given.docs]
    long = [replace(one, text=_cut(one.text)) for one in documents if len(one.text.split()) >= WORDS]
    names = [
        name for name in ("datasketch", "rensa") if not any(p.name == name and missing(p) for p in PEERS)
    ]
    prints = {"copydesk": make_fingerprints, "datasketch": _datasketch, "rensa": _rensa}
    steps = {"copydesk": judge_step, "datasketch": datasketch_step, "rensa": _rensa_step}
    made = _rates({name: prints[name] for name in ("copydesk", *names)}, long)
    stepped = _rates({name: steps[name] for name in ("copydesk", *names)}, documents)
    if url:
        state = _state(documents, url)
    else:
        with elasticsearch.running() as server:
            state = _state(documents, server.url)
    out = [
        _figure(f"text to fingerprint, {WORDS} words, texts/s", made, names, ">= 4000"),
        _figure("whole step in the worker, texts/s", stepped, names, ">= 700"),
        Figure(what="state in the index, bytes a text", ours=state, target=TARGET),
    ]
    words = mean(len(one.text.split()) for one in documents)
    show(
        f"Costs on one core, {len(documents)} texts of {words:.0f} words, {len(long)} of them cut for the first row",
        out,
        names,
    )
    note(
        "the whole step of ours leaves out the time of the index, a server's in life; libraries keep their own"
    )
    note("")
    return out


def _figure(what: str, rates: dict[str, float], names: Sequence[str], target: str) -> Figure:
    others = {name: f"{rates[name]:,.0f}" for name in names}
    return Figure(what=what, ours=rates["copydesk"], target=target, others=others)


def _cut(text: str) -> str:
    return " ".join(text.split()[:WORDS])


def _rates(
    works: dict[str, Callable[[Sequence[Document]], object]],
    documents: Sequence[Document],
) -> dict[str, float]:
    """Texts a second of processor time; a work that returns seconds says how many of them are not its own."""
    best = dict.fromkeys(works, 0.0)
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            others = work(documents)
            spent = time.process_time() - start - (others if isinstance(others, float) else 0)
            best[name] = max(best[name], len(documents) / spent)
    return best


def judge_step(documents: Sequence[Document]) -> float:
    """The whole step in batches; seconds of it that are the index's."""
    timed: Any = _Timed(MemoryIndex())
    for start in range(0, len(documents), BATCH):
        judge(timed, documents[start : start + BATCH])
    return float(timed.spent)


class _Timed:
    """An index that adds up the processor time of all calls to it."""

    def __init__(self, index: MemoryIndex) -> None:
        self.index = index
        self.spent = 0.0

    def __getattr__(self, name: str) -> Callable[..., object]:
        call = getattr(self.index, name)

        def timed(*given: object, **named: object) -> object:
            start = time.process_time()
            try:
                return call(*given, **named)
            finally:
                self.spent += time.process_time() - start

        return timed


def _datasketch(documents: Sequence[Document]) -> list[Any]:
    from datasketch import MinHash  # noqa: PLC0415 (may be missing, as rensa below)

    sketches = []
    for one in documents:
        sketch = MinHash(num_perm=HASHES)
        sketch.update_batch([run.encode() for run in shingles(one.text)])
        sketches.append(sketch)
    return sketches


def datasketch_step(documents: Sequence[Document]) -> None:
    """Signatures, and each looked up among those before and compared."""
    from datasketch import MinHashLSH  # noqa: PLC0415

    index = MinHashLSH(threshold=THRESHOLD, num_perm=HASHES)
    kept: list[Any] = []
    for number, sketch in enumerate(_datasketch(documents)):
        _ = [sketch.jaccard(kept[other]) for other in index.query(sketch)]
        index.insert(number, sketch)
        kept.append(sketch)


def _rensa(documents: Sequence[Document]) -> list[Any]:
    from rensa import RMinHash  # noqa: PLC0415

    sketches = []
    for one in documents:
        sketch = RMinHash(HASHES, SEED)
        sketch.update(list(shingles(one.text)))
        sketches.append(sketch)
    return sketches


def _rensa_step(documents: Sequence[Document]) -> None:
    from rensa import RMinHashLSH  # noqa: PLC0415

    index = RMinHashLSH(THRESHOLD, HASHES, BANDS)
    kept: list[Any] = []
    for number, sketch in enumerate(_rensa(documents)):
        _ = [sketch.jaccard(kept[other]) for other in index.query(sketch)]
        index.insert(number, sketch)
        kept.append(sketch)


def _state(documents: Sequence[Document], url: str) -> float:
    """Bytes a text in a real index, merged to one segment."""
    index = open_index(url, prefix=PREFIX)
    index.tear_down()
    index.setup()
    texts = make_fingerprints(documents)
    for start in range(0, len(texts), BATCH):
        some = texts[start : start + BATCH]
        index.write([Write(kind=Kind.FINGERPRINTS, id=text.id, body=to_body(text)) for text in some])
        index.refresh(Kind.FINGERPRINTS)
    size = merged_bytes(index, Kind.FINGERPRINTS)
    index.tear_down()
    index.close()
    return float(size / len(texts))
