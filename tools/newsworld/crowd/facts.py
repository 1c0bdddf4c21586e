"""The facts of crowded events: names and places, figures that rise by the hour, and what was said to the press."""

from collections.abc import Mapping
from functools import lru_cache
from random import Random

from newsworld.crowd.model import Event
from newsworld.crowd.phrases import chance, stock
from newsworld.grammar import Names, day_words, fill, load

HOUR, DAY = 3600, 86400
PEOPLE = {
    "chief": "man",
    "minister": "woman",
    "mayor": "woman",
    "prosecutor": "man",
    "doctor": "woman",
    "boss": "man",
    "union": "woman",
    "priest": "man",
}
PLANTS = {
    "en": (
        "chemical plant", "power station", "steelworks", "paper mill", "glass factory",
        "cement works", "gasworks", "copper smelter", "aluminium plant", "rubber factory",
    ),
    "de": (
        "Chemiewerk", "Kraftwerk", "Stahlwerk", "Papierwerk", "Glaswerk",
        "Zementwerk", "Gaswerk", "Kupferwerk", "Aluminiumwerk", "Gummiwerk",
    ),
}  # fmt: skip
THINGS = {
    "en": ("explosion", "gas explosion", "dust explosion", "boiler explosion"),
    "de": ("Explosion", "Gasexplosion", "Staubexplosion", "Kesselexplosion"),
}
ROLES = {"en": "county fire chief", "de": "Leiter des Einsatzes"}
FIXED = {
    "km": (2, 9), "age": (18, 47), "staff": (420, 8900), "built": (1948, 1972), "year": (1979, 2016),
    "far": (14, 90), "people": (8100, 97000),
}  # fmt: skip
RISING = {
    "toll": ((2, 9), (18, 70), (3, 9)),
    "injured": ((11, 60), (90, 410), (3, 8)),
    "missing": ((40, 130), (2, 9), (4, 12)),
    "critical": ((3, 9), (14, 44), (3, 9)),
    "crews": ((60, 140), (260, 930), (2, 6)),
    "evacuated": ((200, 700), (1400, 7800), (2, 6)),
    "homes": ((40, 90), (300, 2400), (6, 20)),
    "named": ((2, 5), (14, 40), (30, 60)),
    "returned": ((90, 300), (1100, 5000), (24, 60)),
}
DAILY = {
    "trucks": (21, 96), "calls": (84, 2400), "pages": (910, 24000), "millions": (24, 890), "percent": (4, 38),
    "fund": (2, 64), "samples": (4, 29), "weeks": (3, 16), "hours": (3, 16), "tonnes": (940, 88000),
    "share": (34, 66), "tents": (22, 320), "meals": (930, 16000),
}  # fmt: skip
QUOTES = 5
"""Sentences of a press conference."""
HOURS_APART = 7
"""From the beginning of one event to that of the next."""


def events(count: int, seed: int, weekday: int, second_of_day: int) -> list[Event]:
    """So many events, the first at second 0, which is that second of that day of the week."""
    names = Names(load("en"), seed)
    return [_event(number, seed, names, weekday, second_of_day) for number in range(count)]


def _event(number: int, seed: int, names: Names, weekday: int, second_of_day: int) -> Event:
    rng = chance(seed, "event", number)
    called = {person: names.draw(pool) for person, pool in PEOPLE.items()}
    called |= {f"{person}_l": name.split(" ", 1)[1] for person, name in called.items()}
    called |= {place: names.draw("town") for place in ("town", "town2", "town3")}
    called |= {"river": names.draw("river"), "company": names.draw("company")}
    called["clock"] = f"{rng.randrange(4, 22)}:{rng.randrange(10, 60)}"
    return Event(
        key=f"{seed}:e{number + 1}",
        name=f"e{number + 1}",
        begins=number * HOURS_APART * HOUR,
        weekday=weekday,
        second_of_day=second_of_day,
        plant=(number + seed) % len(PLANTS["en"]),
        thing=rng.randrange(len(THINGS["en"])),
        names=called,
        fixed=_drawn(FIXED, rng),
        rising={
            name: (rng.randint(*first), rng.randint(*last), rng.randint(*pace))
            for name, (first, last, pace) in RISING.items()
        },
    )


def _drawn(ranges: Mapping[str, tuple[int, int]], rng: Random) -> dict[str, int]:
    return {name: rng.randint(*ends) for name, ends in ranges.items()}


@lru_cache(maxsize=4096)
def told(event: Event, language: str, day: int, begins: int, hours: int) -> dict[str, str]:
    """All facts as they are told after so many hours, in a report of a day of the event that began at a second."""
    weekday = (event.weekday + (event.second_of_day + begins) // DAY) % 7
    thing, plant = THINGS[language][event.thing], PLANTS[language][event.plant]
    article = "eine" if language == "de" else "a" if thing[0] not in "aeiou" else "an"
    figures = {**event.fixed, **{name: _after(hours, *ends) for name, ends in event.rising.items()}}
    plain = {"year", "built"}
    return {
        **event.names,
        **_of_day(event, language, day),
        **{name: str(n) if name in plain else _written(n, language) for name, n in figures.items()},
        "thing": thing,
        "a_thing": f"{article} {thing}",
        "A_thing": f"{article.capitalize()} {thing}",
        "site": plant,
        "day": day_words(load(language), weekday),
    }


@lru_cache(maxsize=4096)
def _of_day(event: Event, language: str, day: int) -> dict[str, str]:
    """What is new on a day: figures, and two people."""
    rng = chance(event.key, "day", day)
    pools = load("en").names["pools"]
    first, second = ("".join(map(rng.choice, pools["last"])) for _ in range(2))
    people = {
        "witness": f"{rng.choice(pools['man'])} {first}",
        "expert": f"{rng.choice(pools['woman'])} {second}",
    }
    return people | {name: _written(n, language) for name, n in _drawn(DAILY, rng).items()}


def _after(hours: int, first: int, last: int, pace: int) -> int:
    """A figure on its way from first to last."""
    return first + (last - first) * hours // (hours + pace)


def _written(number: int, language: str) -> str:
    thousands: str = load(language).names["separators"][0]
    return f"{number:,}".replace(",", thousands)


@lru_cache(maxsize=4096)
def press(event: Event, language: str, day: int) -> tuple[str, ...]:
    """What was said at the press conference of a day, word for word."""
    rng = chance(event.key, "press", day, language)
    chosen = rng.sample(list(stock(language).own["quotes"]), QUOTES)
    return tuple(fill(quote, event.names, rng) for quote in chosen)


@lru_cache(maxsize=4096)
def tweet(event: Event, language: str, day: int) -> str:
    """What the minister wrote that day."""
    rng = chance(event.key, "tweet", day, language)
    return fill(rng.choice(list(stock(language).own["tweets"])), event.names, rng)
