"""Running reports: which ones agencies write on an event, their plans, and the text of each state."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from newsworld.crowd.facts import DAY, HOUR, QUOTES, ROLES, press, told, tweet
from newsworld.crowd.model import Event, Line, Step
from newsworld.crowd.phrases import FIRST_DAY, LATER, REWRITER, chance, stock
from newsworld.grammar import fill

AGENCIES = {"hlp": "HLP", "corvid": "Corvid", "tern": "TWA", "ostwind": "OWD", "lumen": "Lumen"}
SERVICES = {"en": 5, "de": 3}
"""How many of the agencies write in a language."""
ANGLES = {"en": (2, 4), "de": (2, 3)}
STATES = (2, 6)
BACKGROUND = (2, 3)
"""Paragraphs that all reports of an agency on the event share, at most: on the first day, and later."""
SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”“])) (?=[^a-zäöü])")
FIRST, FIRST_GONE = 4, 3
"""Sentences of the body that stand from the start, and the first state that may have lost one."""
FEWEST = 20
CONTEXT = 2
"""Facts of other sides of the event that a report takes in."""
MERGED, STUBBED, TWEETED, LIFTED, DROPPED = 0.3, 0.6, 0.6, 0.5, 0.15
"""How often a sentence joins the paragraph before it, a report starts as a stub, has the tweet, gets the latest toll
as its lead, and loses a fact on the way."""


def reports(event: Event, days: int) -> list[Line]:
    """All running reports on an event."""
    return [
        _line(event, agency, language, angle, day)
        for day in range(days)
        for language, services in SERVICES.items()
        for number, agency in enumerate(itertools.islice(AGENCIES, services))
        for angle in _angles(event, language, number, day)
    ]


@lru_cache(maxsize=20_000)
def _angles(event: Event, language: str, agency: int, day: int) -> Sequence[str]:
    """What an agency reports on that day, by chance; later on, what it has been silent on for longest."""
    known = stock(language).angles
    rng = chance(event.key, "angles", language, agency, day)
    pool = [angle for angle in (FIRST_DAY, LATER, FIRST_DAY + LATER)[min(day, 2)] if angle in known]
    rng.shuffle(pool)
    before = [_angles(event, language, agency, other) for other in range(max(0, day - len(known)), day)]
    pool.sort(
        key=lambda angle: max((other for other, told in enumerate(before) if angle in told), default=-1)
    )
    return pool[: rng.randint(*ANGLES[language])]


def _line(event: Event, agency: str, language: str, angle: str, day: int) -> Line:
    rng = chance(event.key, agency, language, angle, day)
    voice = list(AGENCIES).index(agency)
    states = rng.randint(*STATES)
    begins = event.begins + day * DAY + rng.randrange(0, 5 * HOUR)
    first = begins + rng.randrange(900, 2400)
    plan = _plan(rng, language, angle, states, BACKGROUND[day > 0])
    titles = len(stock(language).angles[angle].titles)
    kept = rng.randrange(titles)
    return Line(
        event=event,
        agency=agency,
        voice=voice,
        language=language,
        angle=angle,
        day=day,
        plan=plan,
        times=(begins, *(first + HOUR * state + rng.randrange(600) for state in range(states))),
        titles=(kept, kept, *(rng.choice((kept, rng.randrange(titles))) for _ in range(states - 1))),
    )


def _plan(rng: Random, language: str, angle: str, states: int, most: int) -> tuple[tuple[Step, ...], ...]:
    """Sentences by paragraph: what is in the first take, what comes in an hour later, what goes again."""
    facts = [name for name in stock(language).angles[angle].facts if name != "lead"]
    rng.shuffle(facts)
    quotes = sorted(rng.sample(range(QUOTES), rng.randint(2, 3)))
    background = list(stock(language).core["background"])
    body = [Step("fact", f"{angle}.{name}") for name in facts]
    body += [Step("fact", name) for name in _context(rng, language, angle)]
    for place, quote in enumerate(quotes):
        body.insert(1 + 2 * place, Step("quote", number=quote, name="known" if place else ""))
    body.insert(rng.randrange(2, 5), Step("toll"))
    if rng.random() < TWEETED:
        body.insert(rng.randrange(3, len(body)), Step("tweet", rng.choice(("marked", "plain"))))
    body += [Step("background", name) for name in rng.sample(background, rng.randint(1, most))]
    dated = [_dated(rng, place, step, states) for place, step in enumerate(body)]
    lead = [Step("fact", f"{angle}.lead", since=0)]
    top = [(Step("rise", since=rng.randint(2, states)),)] if rng.random() < LIFTED else []
    stub = [(Step("stub", since=0, until=1),)] if rng.random() < STUBBED else []
    return (*top, tuple(lead), *stub, *_paragraphs(rng, dated))


def _context(rng: Random, language: str, angle: str) -> list[str]:
    angles = stock(language).angles
    others = [
        f"{other}.{name}"
        for other in FIRST_DAY
        if other != angle and other in angles
        for name in angles[other].facts
        if name != "lead"
    ]
    return rng.sample(others, CONTEXT)


def _dated(rng: Random, place: int, step: Step, states: int) -> Step:
    """The first sentences stand from the start; of the rest about half, the others come with a later state."""
    if place < FIRST or step.what in {"toll", "background"} or rng.random() < 1 / 2:
        gone = step.what == "fact" and place > 1 and states >= FIRST_GONE and rng.random() < DROPPED
        return replace(step, until=rng.randint(FIRST_GONE, states + 1)) if gone else step
    return replace(step, since=rng.randint(2, states))


def _paragraphs(rng: Random, steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    held: list[Step] = []
    for step in steps:
        if held and (step.what in {"quote", "background"} or rng.random() > MERGED):
            yield tuple(held)
            held = []
        held.append(step)
    yield tuple(held)


def standing(line: Line, state: int) -> list[tuple[Step, ...]]:
    """The paragraphs of a state, without sentences that are not in yet or out again."""
    kept = (tuple(step for step in steps if step.since <= state < step.until) for steps in line.plan)
    return [steps for steps in kept if steps]


@lru_cache(maxsize=20_000)
def written(line: Line, state: int) -> tuple[str, ...]:
    """The paragraphs of a state as the agency sends them."""
    return tuple(paragraph(line, steps, state) for steps in standing(line, state))


def paragraph(line: Line, steps: Sequence[Step], state: int, roll: int = 0, *, anew: bool = False) -> str:
    """Some sentences; another roll chooses other words inside them, `anew` other sentences where there are any."""
    return " ".join(_sentence(line, step, state, roll, anew=anew) for step in steps)


def facts(line: Line, state: int) -> dict[str, str]:
    """What is known when a state comes out."""
    hours = (line.times[state] - line.event.begins) // HOUR
    return told(line.event, line.language, line.day, line.times[0], hours)


def title(line: Line, state: int, number: int | None = None) -> str:
    """The title of a state, or another of its angle with the figures of that state."""
    titles = stock(line.language).angles[line.angle].titles
    chosen = line.titles[state] if number is None else number
    return fill(titles[chosen % len(titles)], facts(line, state), chance(line.family))


def _sentence(line: Line, step: Step, state: int, roll: int, *, anew: bool) -> str:
    known, core = facts(line, state), stock(line.language).core
    where = (line.event.key, line.agency, line.language, step.what, step.name, roll)
    if step.what in {"quote", "tweet"}:
        return _said(line, step, chance(*where, line.angle, line.day, step.number))
    if step.what == "background":
        return fill(core["background"][step.name][line.voice], known, chance(*where))
    if step.what == "fact":
        angle, name = step.name.split(".")
        phrasings, rng = (
            stock(line.language).angles[angle].facts[name],
            chance(*where, line.angle, line.day, anew),
        )
    else:
        phrasings, rng = core[step.what], chance(*where)
    is_anew = anew and len(phrasings) > REWRITER and _is_rewritten(line, step.name.split(".")[0])
    return fill(phrasings[REWRITER if is_anew else line.voice], known, rng)


def can_be_rewritten(line: Line) -> bool:
    """Whether there are other sentences for the report's own side of the event."""
    phrasings = stock(line.language).angles[line.angle].facts["lead"]
    return len(phrasings) > REWRITER and _is_rewritten(line, line.angle)


def _is_rewritten(line: Line, angle: str) -> bool:
    """Whether it is this agency whose sentences have another phrasing: those of two agencies would be one text.

    Of the agencies that report on that side of the event on that day one is chosen, or of all if none does.
    """
    services = range(SERVICES[line.language])
    on_it = [one for one in services if angle in _angles(line.event, line.language, one, line.day)]
    return line.voice == chance(line.event.key, "rewritten", angle, line.day).choice(on_it or services)


def _said(line: Line, step: Step, rng: Random) -> str:
    """A quote or the tweet, in the agency's frame."""
    event, core = line.event, stock(line.language).core
    if step.what == "tweet":
        words = {"tweet": tweet(event, line.language, line.day)}
        return fill(core["tweets"][step.name][line.voice], {**facts(line, 0), **words}, rng)
    forms = core["speech"][line.voice]
    form = rng.choice(forms[1:]) if step.name else forms[0]
    values = {
        "quote": press(event, line.language, line.day)[step.number],
        "name": event.names["chief"],
        "last": event.names["chief_l"],
        "role": ROLES[line.language],
    }
    return fill(form, values, rng)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, quotes whole where they end one."""
    return SENTENCE.split(text)


def first_words(text: str, most: int) -> str:
    """The beginning of a text, whole sentences of so many words together, but no less than some 20 words."""
    kept: list[str] = []
    count = 0
    for sentence in sentences(text):
        words = len(sentence.split())
        if count >= FEWEST and count + words > most:
            break
        kept.append(sentence)
        count += words
    return " ".join(kept)
