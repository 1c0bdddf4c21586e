"""Builds the made news world: which events there are, who publishes what about them, and when. Pure, by seed."""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from newsworld import compose
from newsworld.compose import Draft, Recipe
from newsworld.desk import Desk, Told, add_page, credited
from newsworld.grammar import LANGUAGES, Names, day_words, draw_facts, fill, load
from newsworld.model import Item, Kind, Outlet, Page, World
from newsworld.outlets import agencies, outlets, papers

SIZES = {"small": 1, "demo": 4}  # about sixty pages each time
DEFAULT_START = dt.datetime(2026, 11, 16, 6, 0, tzinfo=dt.UTC)
UNIT_SECONDS = 3600
COPY_KINDS = (Kind.LIGHT, Kind.CUT, Kind.EXPANDED, Kind.REWRITTEN, Kind.RAW)
SECOND_KINDS = tuple(kind for kind in COPY_KINDS if kind is not Kind.REWRITTEN)
"""How the second agency's text is copied. A sentence has three phrasings, one for each agency and one for rewrites:
rewrites of both would be one text."""
SINGLES_PER_UNIT = 2


def build(
    seed: int = 1,
    size: str | int = "small",
    start: dt.datetime = DEFAULT_START,
    *,
    days: dt.datetime = DEFAULT_START,
) -> World:
    """Make the whole world; the same arguments give the same world.

    ``size`` is "small" (about 60 pages), "demo" (about 250) or a number of times sixty. ``start`` is the
    date of world second 0, with a time zone: when pages say they were published. ``days`` is that date as the
    texts know it, which name days of the week by it: another start changes no word of them, though on most
    days they then call the day otherwise than its date does.

    Raises:
        ValueError: if the size is unknown or below one, or the start has no time zone.
    """
    units = SIZES.get(size, 0) if isinstance(size, str) else size
    if units < 1:
        raise ValueError(f"size: expected one of {', '.join(SIZES)} or a number from 1, got {size!r}")
    if start.tzinfo is None:
        raise ValueError("start: expected a date with a time zone")
    numbers = itertools.count(1001)
    pages: list[Page] = []
    items: dict[str, Item] = {}
    facts: dict[str, Mapping[str, str]] = {}
    for place, code in enumerate(LANGUAGES):
        desk = _desk(seed, days, code, numbers)
        previous: Told | None = None
        for unit in range(units):
            previous = _unit(desk, place + unit, unit, previous)
        pages += desk.pages
        items |= desk.items
        facts |= desk.facts
    ordered = tuple(sorted(pages, key=lambda page: (page.at, page.outlet, page.path)))
    return World(
        seed=seed, size=units, start=start, outlets=outlets(), pages=ordered, items=items, facts=facts
    )


def lately(now: dt.datetime) -> dt.datetime:
    """A start for readers who go by the clock: yesterday, at the time of day of any other world."""
    return dt.datetime.combine(now.astimezone(dt.UTC) - dt.timedelta(days=1), DEFAULT_START.timetz())


def _desk(seed: int, days: dt.datetime, code: str, numbers: Iterator[int]) -> Desk:
    language = load(code)
    order = sorted(language.kinds)
    Random(f"{seed}:{code}:kinds").shuffle(order)
    return Desk(
        seed=seed,
        days=days,
        language=language,
        names=Names(language, seed),
        # from both ends, so that events repeat a kind, and singles an event's, as late as possible
        event_kinds=itertools.cycle(order),
        single_kinds=itertools.cycle(reversed(order)),
        numbers=numbers,
    )


def _unit(desk: Desk, turn: int, unit: int, previous: Told | None) -> Told:
    """One hour of one language: an event told twice and copied, singles, forms, a roundup."""
    rng = desk.rng("unit", unit)
    event = f"{desk.language.code}-e{unit + 1}"
    at = unit * UNIT_SECONDS + rng.randrange(0, 1500)
    recipe = _recipe(desk, event, at, next(desk.event_kinds))
    first_agency, second_agency = agencies()[:: 1 if turn % 2 == 0 else -1]
    first = _wire(desk, recipe, f"{event}-1", first_agency, at)
    second_recipe = replace(recipe, plan=compose.SECOND_PLAN, turn=compose.SECOND_TURN)
    second = _wire(desk, second_recipe, f"{event}-2", second_agency, at + rng.randrange(200, 900))
    _copies(desk, first, turn, rng)
    _update(desk, first, turn, rng)
    _copy(desk, second, rng.choice(papers(desk.language.code)), rng.choice(SECOND_KINDS), rng)
    singles = [_single(desk, unit, number, rng) for number in range(SINGLES_PER_UNIT)]
    _forms(desk, unit, rng)
    parts = [told for told in (first, previous, *singles) if told][:3]
    _roundup(desk, unit, parts, rng)
    return second


def _recipe(desk: Desk, event: str, at: int, name: str) -> Recipe:
    kind = desk.language.kinds[name]
    facts = draw_facts(kind.name, desk.names, desk.language, desk.rng(event, "facts"))
    facts["day"] = day_words(desk.language, (desk.days + dt.timedelta(seconds=at)).weekday())
    desk.facts[event] = facts
    use = desk.uses[name]
    desk.uses[name] += 1
    return Recipe(
        language=desk.language,
        kind=kind,
        facts=facts,
        key=f"{desk.seed}:{event}",
        plan=compose.FIRST_PLAN,
        turn=compose.FIRST_TURN,
        series=f"{desk.seed}:{desk.language.code}:{name}",
        use=use,
    )


def _item(recipe: Recipe, name: str, event: str, agency: str) -> Item:
    return Item(
        id=name,
        event=event,
        language=recipe.language.code,
        agency=agency,
        title=compose.title(recipe),
        paragraphs=tuple(compose.paragraphs(recipe)),
        captions=compose.captions(recipe),
        place=recipe.facts["town"],
    )


def _wire(desk: Desk, recipe: Recipe, name: str, agency: Outlet, at: int) -> Told:
    """Publish an agency's item on its own site."""
    item = _item(recipe, name, name.rsplit("-", 1)[0], agency.agency)
    desk.items[name] = item
    page = add_page(desk, agency, Kind.RAW, item, compose.raw(recipe, desk.rng(name)), at)
    return Told(item=item, recipe=recipe, at=at, page=page)


def _copies(desk: Desk, told: Told, turn: int, rng: Random) -> None:
    """Every paper of the language takes the item over, each in another way."""
    takers = papers(desk.language.code)
    rng.shuffle(takers)
    for place, outlet in enumerate(takers):
        kind = COPY_KINDS[(place + turn) % len(COPY_KINDS)]
        _copy(desk, told, outlet, kind, rng)


def _copy(desk: Desk, told: Told, outlet: Outlet, kind: Kind, rng: Random) -> Page:
    draft = compose.COPIES[kind](told.recipe, desk.rng(told.item.id, outlet.name, kind))
    return add_page(desk, outlet, kind, told.item, draft, told.at + rng.randrange(120, 2400), told)


def _update(desk: Desk, told: Told, turn: int, rng: Random) -> None:
    """A later state: the agency changes its page in place, or a paper puts up a new one."""
    draft = compose.updated(told.recipe, rng)
    at = told.at + rng.randrange(2500, 3400)
    if turn % 2 or told.page is None:
        outlet = rng.choice(papers(desk.language.code))
        add_page(desk, outlet, Kind.UPDATED, told.item, draft, at, told)
        return
    place = desk.pages.index(told.page)
    desk.pages[place] = replace(told.page, until=at)
    agency = agencies()[0] if agencies()[0].agency == told.item.agency else agencies()[1]
    body = credited(desk, agency, told.item, draft)
    desk.pages.append(
        replace(told.page, kind=Kind.UPDATED, title=draft.title, paragraphs=body, at=at, until=None)
    )


def _single(desk: Desk, unit: int, number: int, rng: Random) -> Told:
    """A story of one paper alone; in a forbidden section where the paper has one."""
    event = f"{desk.language.code}-s{unit + 1}{'abc'[number]}"
    at = unit * UNIT_SECONDS + rng.randrange(60, 2600)
    recipe = _recipe(desk, event, at, next(desk.single_kinds))
    item = _item(recipe, event, event, "")
    desk.items[event] = item
    takers = papers(desk.language.code)
    fenced = [outlet for outlet in takers if outlet.disallowed]
    outlet = fenced[0] if fenced and number == 0 else rng.choice(takers)
    draft = compose.raw(recipe, rng)
    page = add_page(desk, outlet, Kind.SINGLE, item, draft, at, section=outlet.disallowed)
    return Told(item=item, recipe=recipe, at=at, page=page)


def _forms(desk: Desk, unit: int, rng: Random) -> None:
    for name in sorted(desk.language.names["forms"]):
        event = f"{desk.language.code}-{name}{unit + 1}"
        at = unit * UNIT_SECONDS + rng.randrange(0, 3000)
        facts = _form_facts(desk, rng, at)
        draft = compose.form(desk.language, name, facts, rng)
        item = Item(
            id=event,
            event=event,
            language=desk.language.code,
            agency="",
            title=draft.title,
            paragraphs=draft.paragraphs,
            captions=(),
            place=facts["town"],
        )
        desk.items[event] = item
        desk.facts[event] = facts
        outlet = rng.choice(papers(desk.language.code))
        add_page(desk, outlet, Kind.FORM, item, draft, at)


def _form_facts(desk: Desk, rng: Random, at: int) -> dict[str, str]:
    """Figures n1 to n9 (small), p1 to p6 (with a decimal) and names for one form."""
    decimal = desk.language.names["separators"][1]
    facts = {f"n{place}": str(rng.randrange(2, 31)) for place in range(1, 10)}
    facts |= {f"p{place}": f"{rng.uniform(0.2, 4.8):.1f}".replace(".", decimal) for place in range(1, 7)}
    for pool in ("town", "river", "company"):
        facts[pool] = desk.names.draw(pool)
        facts[f"{pool}2"] = desk.names.draw(pool)
    facts["day"] = day_words(desk.language, (desk.days + dt.timedelta(seconds=at)).weekday())
    return facts


def _roundup(desk: Desk, unit: int, parts: Sequence[Told], rng: Random) -> None:
    """Several items in brief on one page, after all of them are out."""
    at = max(told.at for told in parts) + rng.randrange(600, 1800)
    texts = [text for told in parts for text in compose.brief(told.recipe)]
    facts = {"day": parts[0].recipe.facts["day"], "town": parts[-1].recipe.facts["town"]}
    title = fill(rng.choice(list(desk.language.names["roundup_titles"])), facts, rng)
    outlet = rng.choice(papers(desk.language.code))
    name = f"{desk.language.code}-r{unit + 1}"
    item = Item(
        id=name,
        event=name,
        language=desk.language.code,
        agency="",
        title=title,
        paragraphs=tuple(texts),
        captions=(),
        place="",
    )
    desk.items[name] = item
    draft = Draft(title=title, paragraphs=tuple(texts))
    page = add_page(desk, outlet, Kind.ROUNDUP, item, draft, at)
    desk.pages[desk.pages.index(page)] = replace(page, items=tuple(told.item.id for told in parts))
