"""Reading and cleaning on what the scorers make up: shapes of boilerplate, captions as plain lines, founding texts."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benches import reading
from benches.extraction_peers import EXTRACTORS, QUICK, missing
from benches.figures import Figure, note, show
from benches.made_sets import tool
from benches.reading_wrappers import extract
from benches.samples import pages

__all__ = ["measure"]

CLEANER = "benches.reading_wrappers:clean_text"
REPEATED = "same paragraph twice"
KEEP = "(to keep)"
EVERY = 4
"""One page in so many is read for the comparison of cost."""


def measure(shared: Path, *, quick: bool = False, verbose: bool = False) -> list[Figure]:
    """Print the table; its figures. `quick` leaves out all but trafilatura beside ours."""
    sys.path.insert(0, str(shared / "eval"))
    probe = tool(shared, "probe_shapes")
    extractors = [one for one in EXTRACTORS if not missing(one) and (not quick or one.name in QUICK)]
    wrong = {one.name: list(_wrong(probe, partial(_text, one.find))) for one in extractors}
    ours = list(_wrong(probe, lambda html: extract(html, None)))
    places = 2 * len(probe.SHAPES)
    others = {name: f"{places - len(shapes)} of {places}" for name, shapes in wrong.items()}
    out = [
        Figure(what="shapes left or taken wrongly", ours=len(ours), target="<= 0",
               shown=f"{places - len(ours)} of {places} right", others=others),
        *_seeds(shared),
        *_captions(shared),
        _cost(shared),
    ]  # fmt: skip
    show(f"{places // 2} made-up shapes, mid-article and at the end; plain text; cost", out, list(wrong))
    for shape in ours if verbose else ours[:5]:
        note(f"shape wrong: {shape}")
    return out


def _text(find: Callable[[str, str], Any], html: str) -> str:
    return str(find(html, "").text)


def _wrong(probe: Any, extracted: Callable[[str], str]) -> Iterator[str]:
    """Shapes that are left where they should go, or gone where they should stay, or that cost prose."""
    for name, shape in probe.SHAPES.items():
        pieces = [
            piece for piece in (" ".join(part.split()) for part in re.split(r"<[^>]+>", shape)) if piece
        ]
        for where in ("middle", "end"):
            out = " ".join(extracted(probe.page(shape, where)).split())
            kept = sum(piece in out for piece in pieces)
            if name == REPEATED:
                kept = out.count(probe.PARA[1]) - 1
            lost = [text for text in probe.PARA if text not in out]
            right = kept == len(pieces) if KEEP in name else kept == 0
            if lost or not right:
                yield f"{name}, {where}{', prose lost' if lost else ''}"


def _seeds(shared: Path) -> Iterator[Figure]:
    told = _score(shared, "seed_lines", "--seeds", str(shared / "seeds"))
    gone, noise, lost, prose = map(int, re.findall(r"\d+", told.splitlines()[-1]))
    yield Figure(
        what="noise lines of the founding texts left",
        ours=noise - gone,
        target="<= 0",
        shown=f"{gone} of {noise} out",
    )
    yield Figure(
        what="prose lines of the founding texts lost", ours=lost, target="<= 0", shown=f"{lost} of {prose}"
    )


def _captions(shared: Path) -> Iterator[Figure]:
    """Real captions between real paragraphs, over the three ways they are placed."""
    dataset = str(shared / "eval/pages/fundus-dev.jsonl.gz")
    told = _score(shared, "score_captions", "--dataset", dataset, "--lang", "en")
    counts = re.findall(r"removed (\d+)/(\d+).*lost (\d+)/", told)
    gone, all_, lost = (sum(map(int, column)) for column in zip(*counts, strict=True))
    yield Figure(what="English captions as plain lines: removed", ours=gone / all_, target=">= 0.45")
    yield Figure(
        what="English captions as plain lines: precision", ours=gone / max(1, gone + lost), target=">= 0.95"
    )


def _score(shared: Path, scorer: str, *options: str) -> str:
    """What a scorer says of cleaning; what it complains of goes where ours does."""
    done = subprocess.run(  # noqa: S603 (our own interpreter on the scorers of the development sets)
        [sys.executable, str(shared / "eval" / f"{scorer}.py"), "--cleaner", CLEANER, *options],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def _cost(shared: Path) -> Figure:
    """Reading in its child beside trafilatura's bare extraction with metadata, on the same pages in turn."""
    line, *_ = reading.measure(pages(shared / "eval")[::EVERY])
    return Figure(
        what=f"CPU of {line.what}, against trafilatura's",
        ours=line.ratio or 0.0,
        target="<= 0.95",
        others={"trafilatura": f"1 ({line.beside.rpartition(' ')[2]} ms)"},
        shown=f"{line.ratio:.2f} ({line.value.partition(' CPU')[0]})",
    )
