"""`audit`: how right judging is on the live index, by people's answers to drawn pairs."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import orjson
import typer
from pydantic import ValidationError

from copydesk.cli.beside import show_beside
from copydesk.cli.output import AsJson, emit, note, out, table, working
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.errors import ConfigError
from copydesk.index import Index
from copydesk.index.records import from_record, to_record
from copydesk.operating.auditing import Figure, Pair, draw, figures
from copydesk.views.pairs import set_beside

__all__ = ["register"]

ANSWERS = {"y": True, "n": False}
QUESTION = "Does one carry the text, or the run of quotes, of the other? [y]es, [n]o, [s]kip, [q]uit"


def audit(
    file: Annotated[Path, typer.Argument(help="Where the pairs and the answers are kept, as JSON lines.")],
    *,
    pairs: Annotated[int, typer.Option(min=1, help="Pairs to draw.")] = 100,
    texts: Annotated[int, typer.Option(min=1, help="Texts to draw them from.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Another number draws others.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Draw pairs near the threshold into FILE, ask about them, and say how right judging is.

    A FILE that exists is gone on with. On a terminal each open pair is shown without what was judged of it; elsewhere
    answers are written into FILE by hand: "same": true or false. Then precision and recall follow, with 95 % limits,
    of all languages and of each; with --json a line each: {"language", "name", "share", "low", "high", "pairs"}.
    """
    with connect(load_settings(), patient=False) as ports:
        if file.exists():
            known = list(_load(file))
        else:
            with working("drawing pairs"):
                known = draw(ports.index, texts=texts, pairs=pairs, seed=seed)
            _save(file, known)
            note(f"{file}: {len(known)} pairs drawn")
        if sys.stdin.isatty() and sys.stdout.isatty():
            known = _review(ports.index, file, known)
    _show(figures(known), as_json=as_json)


def _review(index: Index, file: Path, pairs: Sequence[Pair]) -> list[Pair]:
    """Ask about the open pairs; every answer is saved at once."""
    known = list(pairs)
    open_ = [place for place, pair in enumerate(known) if pair.same is None]
    for number, place in enumerate(open_, 1):
        show_beside(set_beside(index, known[place].one, known[place].other))
        answer = ""
        while answer not in {*ANSWERS, "s", "q"}:
            answer = typer.prompt(f"{number} of {len(open_)}: {QUESTION}", err=True).strip().lower()[:1]
        if answer == "q":
            break
        if answer in ANSWERS:
            known[place] = replace(known[place], same=ANSWERS[answer])
            _save(file, known)
    return known


def _load(file: Path) -> Iterator[Pair]:
    """Raises ConfigError naming file and line."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as exc:
        raise ConfigError(f"{file}: cannot be read: {exc.strerror}") from exc
    for number, line in enumerate(lines, 1):
        try:
            yield from_record(Pair, orjson.loads(line))
        except (orjson.JSONDecodeError, ValidationError) as exc:
            why = exc.errors()[0] if isinstance(exc, ValidationError) else {"loc": (), "msg": str(exc)}
            where = ".".join(map(str, why["loc"]))
            raise ConfigError(f"{file}:{number}: must be a pair as drawn: {where} {why['msg']}") from exc


def _save(file: Path, pairs: Sequence[Pair]) -> None:
    content = b"".join(orjson.dumps({"same": None, **to_record(pair)}) + b"\n" for pair in pairs)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as exc:
        raise ConfigError(f"{file}: cannot be written: {exc.strerror}") from exc


def _show(found: Sequence[Figure], *, as_json: bool) -> None:
    if as_json:
        for figure in found:
            emit(to_record(figure))
        return
    if not any(figure.pairs for figure in found):
        out.print("no pair is reviewed yet")
        return
    rows = [
        [figure.language, figure.name, _percent(figure.share), _limits(figure), str(figure.pairs)]
        for figure in found
    ]
    table(["language", "figure", "share", "95 % limits", "pairs"], rows, numbers=[2, 3, 4])


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _limits(figure: Figure) -> str:
    return f"{_percent(figure.low)} to {_percent(figure.high)}" if figure.pairs else "-"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(rich_help_panel="Copies")(audit)
