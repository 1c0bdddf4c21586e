"""What outlets write themselves: own reporters, roundups, live threads, forms, and stories on other matters."""

import itertools
from collections.abc import Sequence
from random import Random

from newsworld import compose
from newsworld.crowd import wire
from newsworld.crowd.facts import DAY, HOUR, press
from newsworld.crowd.model import Draft, Kind, Line
from newsworld.crowd.phrases import chance, choose, stock
from newsworld.crowd.shelf import Shelf, piece_of
from newsworld.grammar import Names, day_words, draw_facts, fill, load

STREETS = {
    "en": (
        ("Mill", "Bridge", "Canal", "Foundry", "Station", "Chapel", "Orchard", "Ferry", "Market", "Quarry"),
        (" Lane", " Road", " Street", " Row", " Hill"),
    ),
    "de": (
        ("Mühlen", "Brücken", "Kanal", "Gießer", "Bahnhof", "Kapellen", "Garten", "Fähr", "Markt", "Berg"),
        ("straße", "gasse", "zeile", "allee"),
    ),
}
WINDS = {"en": ("north", "west", "south-west", "east"), "de": ("Nord", "West", "Südwest", "Ost")}
PARAGRAPHS, ENTRIES, ITEMS, ITEM_WORDS = (6, 10), (7, 15), (2, 6), (25, 90)
"""Of a reporter's text, of a thread, of a roundup, and the words of one item there."""
TRIES, OWN_ENTRY = 20, 0.25


def reported(language: str, known: dict[str, str], rng: Random, count: int) -> list[str]:
    """So many paragraphs of an own reporter, each on somebody else."""
    sentences = list(stock(language).own["reporter"])
    return [fill(one, known | _somebody(language, rng), rng) for one in rng.sample(sentences, count)]


def reporter(line: Line, source: str, at: int, rng: Random, name: str) -> Draft:
    """What an outlet's own reporter saw on the day of a report, now and then with a sentence said to the press."""
    own, known = stock(line.language).own, wire.facts(line, 1)
    texts = reported(line.language, known, rng, rng.randint(*PARAGRAPHS))
    if rng.random() < 1 / 2:
        quote = rng.choice(press(line.event, line.language, line.day))
        values = known | _somebody(line.language, rng) | {"quote": quote}
        texts.insert(rng.randrange(1, len(texts)), choose(own["quoted"], values, rng))
    title = choose(own["reporter_titles"], known | _somebody(line.language, rng), rng)
    return _draft(at, source, title, texts, name, line.event.name, "same-event")


def _somebody(language: str, rng: Random) -> dict[str, str]:
    pools = load(language).names["pools"]
    last = pools["last"]
    name = "".join(map(rng.choice, last)) if isinstance(last[0], list) else rng.choice(last)
    first = rng.choice(pools["woman" if rng.random() < 1 / 2 else "man"])
    return {
        "who": f"{first} {name}",
        "street": "".join(rng.choice(part) for part in STREETS[language]),
        "num": str(rng.randrange(3, 97)),
    }


def thread(lines: Sequence[Line], source: str, at: int, rng: Random, name: str) -> Draft:
    """The newest sentences of several reports on an event, each at its time, with entries of the outlet's own."""
    event, language = lines[0].event, lines[0].language
    own, known = stock(language).own, wire.facts(lines[0], 1)
    begins = max(at - 8 * HOUR, min(line.times[1] for line in lines))
    times = sorted((rng.randrange(begins, at) for _ in range(rng.randint(*ENTRIES))), reverse=True)
    texts = [choose(own["thread_intro"], known, rng)]
    said: set[str] = set()
    for time in times:
        out = [line for line in lines if line.times[1] <= time]
        if not out or rng.random() < OWN_ENTRY:
            told = choose(own["thread_own"], known | _somebody(language, rng), rng)
        else:
            body = piece_of(rng.choice(out), time).paragraphs
            told = wire.first_words(rng.choice(body), rng.randrange(20, 60))
        if told in said:
            continue
        said.add(told)
        clock = (event.second_of_day + time) % DAY // 60
        texts.append(f"{clock // 60:02}:{clock % 60:02} {told}")
    title = choose(own["thread_titles"], known, rng)
    return _draft(at, source, title, texts, name, event.name, "thread")


def roundup(line: Line, others: Shelf, source: str, at: int, rng: Random, name: str) -> Draft:
    """A report and other texts in brief, each below its title or without."""
    own, known = stock(line.language).own, wire.facts(line, 1)
    pieces = {line.family: piece_of(line, at)}
    wanted = rng.randint(*ITEMS)
    for _ in range(TRIES):
        piece = others.piece(at, rng)
        if piece and len(pieces) < wanted:
            pieces[piece.family] = piece
    shown = rng.sample(list(pieces.values()), len(pieces))
    titled = rng.random() < 1 / 2
    texts = [intro] if (intro := choose(own["roundup_intro"], known, rng)) else []
    for piece in shown:
        texts += [piece.title] if titled else []
        texts.append(wire.first_words(" ".join(piece.paragraphs), rng.randint(*ITEM_WORDS)))
    return _draft(at, source, choose(own["roundup_titles"], known, rng), texts, name, name, "roundup")


def form(line: Line, source: str, at: int, rng: Random, name: str) -> Draft:
    """Weather, markets, readings of the air or free beds: the same sentences each time, with other figures."""
    language = load(line.language)
    forms = {
        **language.names["forms"],
        **{name: stock(line.language).own[name] for name in ("air_form", "beds_form")},
    }
    decimal = language.names["separators"][1]
    names = Names(language, rng.randrange(10**9))
    known = dict(wire.facts(line, 1)) | _somebody(line.language, rng)
    known |= {f"n{place}": str(rng.randrange(2, 61)) for place in range(1, 10)}
    known |= {f"p{place}": f"{rng.uniform(0.2, 9.8):.1f}".replace(".", decimal) for place in range(1, 7)}
    known |= {
        "dir": rng.choice(WINDS[line.language]),
        "company2": names.draw("company"),
        "river2": names.draw("river"),
    }
    chosen = rng.choice(sorted(forms))
    if not chosen.endswith("_form"):
        known |= {pool: names.draw(pool) for pool in ("company", "river", "town")}
    title, *texts = (fill(sentence, known, rng) for sentence in forms[chosen])
    return _draft(at, source, title, texts, name, name, "form")


def asides(
    language: str, count: int, seed: int, clock: tuple[int, int], outlets: Sequence[str], spread: int
) -> list[Draft]:
    """So many stories of one outlet each on other matters, all over the time that is to be filled."""
    known = load(language)
    names = Names(known, seed + 1)
    kinds = itertools.cycle(sorted(known.kinds))
    out = []
    for number in range(count):
        rng = chance(seed, language, "aside", number)
        kind, at = known.kinds[next(kinds)], rng.randrange(spread)
        facts = draw_facts(kind.name, names, known, rng)
        facts["day"] = day_words(known, (clock[0] + (clock[1] + at) // DAY) % 7)
        recipe = compose.Recipe(
            language=known,
            kind=kind,
            facts=facts,
            key=f"{seed}:{language}:{number}",
            plan=rng.choice((compose.FIRST_PLAN, compose.SECOND_PLAN)),
            turn=rng.randrange(compose.PHRASINGS),
            series=f"{seed}:{language}:{kind.name}",
            use=number // len(known.kinds),
        )
        name = f"x{number + 1}-{language}"
        draft = compose.raw(recipe, rng)
        out.append(_draft(at, rng.choice(outlets), draft.title, draft.paragraphs, name, name, "single"))
    return out


def _draft(
    at: int, source: str, title: str, texts: Sequence[str], family: str, story: str, kind: Kind
) -> Draft:
    return Draft(
        at=at, source=source, title=title, paragraphs=tuple(texts), family=family, story=story, kind=kind
    )
