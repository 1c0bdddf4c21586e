"""What papers do with a running report: take it over, cut, expand and edit it, with what else stands on their pages."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from random import Random

from newsworld.crowd import wire
from newsworld.crowd.model import Draft, Kind, Line, Step
from newsworld.crowd.own import reported
from newsworld.crowd.phrases import choose, stock
from newsworld.crowd.shelf import Shelf

NAMES = {
    "en": (
        [
            "harbour",
            "valley",
            "morning",
            "northern",
            "county",
            "evening",
            "island",
            "capital",
            "border",
            "lake",
            "union",
        ],
        ["post", "echo", "ledger", "courier", "times"],
    ),
    "de": (["hafen", "tal", "morgen", "nord", "kreis"], ["blatt", "bote", "kurier", "zeitung"]),
}
OUTLETS = {language: tuple(map("".join, itertools.product(*parts))) for language, parts in NAMES.items()}
SHARE = {"raw": 24, "cut": 32, "edit": 20, "expand": 14, "rewrite": 40}
"""How often a copy is of a kind; rewrites there are of some reports alone."""
AGAIN, STUBS, EARLY = 0.18, 0.12, 0.5
"""How often an outlet puts up a later state of what it has, has the stub where there is one, and takes the first
state of what is whole."""
TEASERS, CAPTION, CREDIT, DATELINE, RETITLED = 0.35, 0.35, 0.4, 0.4, 0.35
KEPT = ((0.3, 0.6), (0.6, 0.85))
"""How much a cut leaves: mostly the first, else the second."""
DEEP_CUT = 0.75
REWRITTEN, KEPT_WHOLE = 0.5, 0.25
FEWEST = 45
"""Words a cut leaves at least."""
ROLLS = 60
Edit = Callable[[Line, int, Random], list[str]]


def copies(line: Line, size: int, others: Shelf, rng: Random) -> Iterator[Draft]:
    """So many texts of a report: the agency's own, and those of outlets, each one or two."""
    takers = list(OUTLETS[line.language])
    rng.shuffle(takers)
    left = size
    if rng.random() < min(0.9, size / 4):
        kind: Kind = "next-day" if line.day else "raw"
        yield _page(line, 1, kind, line.agency, list(wire.written(line, 1)), line.times[1])
        left -= 1
    stubs = _has_stub(line)
    while left > 0 and takers:
        outlet = takers.pop()
        if stubs and rng.random() < STUBS:
            state, first = 0, _stub(line, outlet, rng)
        else:
            state = 1 if rng.random() < EARLY else rng.randrange(1, len(line.times))
            first = _copy(line, state, outlet, others, rng)
        yield first
        left -= 1
        if left > 0 and state + 1 < len(line.times) and rng.random() < (1 / 2 if state == 0 else AGAIN):
            yield _later(line, rng.randrange(state + 1, len(line.times)), outlet, others, rng, first.at)
            left -= 1


def room(line: Line) -> int:
    """How many texts of a report there may be."""
    return len(OUTLETS[line.language])


def _has_stub(line: Line) -> bool:
    return any(step.what == "stub" for steps in line.plan for step in steps)


def _page(
    line: Line, state: int, kind: Kind, source: str, body: Sequence[str], at: int, title: str = ""
) -> Draft:
    return Draft(
        at=at,
        source=source,
        title=title or wire.title(line, state),
        paragraphs=tuple(body),
        family=line.family,
        story=line.event.name,
        kind=kind,
        agency=wire.AGENCIES[line.agency],
    )


def _stub(line: Line, outlet: str, rng: Random) -> Draft:
    at = line.times[0] + rng.randrange(60, 800)
    return _page(line, 0, "stub", outlet, wire.written(line, 0), at)


def _copy(line: Line, state: int, outlet: str, others: Shelf, rng: Random) -> Draft:
    hows = [how for how in SHARE if how != "rewrite" or wire.can_be_rewritten(line)]
    how = rng.choices(hows, [SHARE[one] for one in hows])[0]
    body = EDITS[how](line, state, rng)
    at = line.times[state] + rng.randrange(120, 5400)
    kinds: dict[str, Kind] = {
        "raw": "update" if state > 1 else "next-day" if line.day else "raw",
        "cut": "cut",
        "edit": "edit",
        "expand": "expand",
        "rewrite": "rewrite",
    }
    other = how in {"edit", "rewrite"} or rng.random() < RETITLED
    title = wire.title(line, state, rng.randrange(6)) if other else ""
    return _page(line, state, kinds[how], outlet, _dressed(line, body, others, at, rng), at, title)


def _later(line: Line, state: int, outlet: str, others: Shelf, rng: Random, after: int) -> Draft:
    at = max(after, line.times[state]) + rng.randrange(120, 1800)
    body = _dressed(line, list(wire.written(line, state)), others, at, rng)
    return _page(line, state, "update", outlet, body, at)


def _raw(line: Line, state: int, _rng: Random) -> list[str]:
    return list(wire.written(line, state))


def _cut(line: Line, state: int, rng: Random) -> list[str]:
    """The beginning; now and then a paragraph within it is gone too."""
    texts = list(wire.written(line, state))
    share = rng.uniform(*KEPT[0 if rng.random() < DEEP_CUT else 1])
    most = max(FEWEST, share * sum(len(text.split()) for text in texts))
    kept = [texts[0]]
    for text in texts[1:]:
        if len(" ".join(kept).split()) >= most:
            break
        kept.append(text)
    if len(kept) > 4 and rng.random() < 1 / 4:  # noqa: PLR2004 - shorter ones are whole
        del kept[rng.randrange(2, len(kept) - 1)]
    return kept


def _expand(line: Line, state: int, rng: Random) -> list[str]:
    """All of it, or nearly, and paragraphs of the outlet's own."""
    texts = list(wire.written(line, state))
    added = reported(line.language, wire.facts(line, state), rng, rng.randint(2, 5))
    if rng.random() < 1 / 3:
        texts = _cut(line, state, rng)
    for text in added:
        texts.insert(rng.randrange(1, len(texts) + 1), text)
    return texts


def _edit(line: Line, state: int, rng: Random) -> list[str]:
    """Other words in the lead and here and there, a paragraph in another place, one gone."""
    texts = [
        wire.paragraph(line, steps, state, rng.randrange(1, ROLLS))
        if place == 0 or rng.random() < 1 / 4
        else text
        for place, (steps, text) in enumerate(_both(line, state))
    ]
    if len(texts) > 4 and rng.random() < 1 / 2:  # noqa: PLR2004 - shorter ones stay as they are
        texts.insert(rng.randrange(1, len(texts) - 1), texts.pop(rng.randrange(2, len(texts))))
    if len(texts) > 5 and rng.random() < 1 / 3:  # noqa: PLR2004 - the same
        del texts[rng.randrange(2, len(texts))]
    return texts


def _rewrite(line: Line, state: int, rng: Random) -> list[str]:
    """About half in other sentences, a quarter in other words here and there; more would leave but what all quote."""
    return [
        text
        if (chosen := rng.random()) < KEPT_WHOLE
        else wire.paragraph(line, steps, state, rng.randrange(1, ROLLS), anew=chosen > 1 - REWRITTEN)
        for steps, text in _both(line, state)
    ]


def _both(line: Line, state: int) -> Iterator[tuple[tuple[Step, ...], str]]:
    return zip(wire.standing(line, state), wire.written(line, state), strict=True)


EDITS: dict[str, Edit] = {"raw": _raw, "cut": _cut, "expand": _expand, "edit": _edit, "rewrite": _rewrite}


def _dressed(line: Line, body: list[str], others: Shelf, at: int, rng: Random) -> list[str]:
    """The text with what a page adds: dateline, caption, credit, teasers of other stories."""
    own, known = stock(line.language).own, wire.facts(line, 1)
    agency = wire.AGENCIES[line.agency]
    more = {**known, "photo": rng.choice((agency, "AGENCY POOL", "staff")), "agency": agency}
    if rng.random() < DATELINE:
        body[0] = f"{known['town'].upper()} ({agency}) - {body[0]}"
    if rng.random() < CAPTION:
        body.insert(rng.choice((0, 0, 1, 2)), choose(own["captions"], more, rng))
    if rng.random() < TEASERS:
        for teaser in others.teasers(at, rng.choice((1, 1, 2, 3)), line.family, rng):
            body.insert(rng.randrange(1, len(body) + 1), teaser)
    if rng.random() < CREDIT:
        body += [credit] if (credit := choose(own["credits"], more, rng)) else []
    return body
