"""From an event to the texts about it: the wire item and the ways other outlets change it. Pure, seeded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from string import Template

from newsworld.grammar import EventKind, Language, fill
from newsworld.model import Kind

# A step is a slot of the event kind (its number) or a quote (speaker, number).
Step = int | tuple[str, int]

# The two agencies tell the same matters in another order, with other quotes of the same people.
FIRST_PLAN: tuple[Step, ...] = (
    0, 1, ("official", 0), 2, 3, ("witness", 0), 4, 5, ("official", 1), 6, 7,
)  # fmt: skip
SECOND_PLAN: tuple[Step, ...] = (
    0, 2, ("witness", 1), 1, 4, ("official", 2), 3, ("witness", 2), 6, 5,
)  # fmt: skip
FIRST_TURN, REWRITE_TURN, SECOND_TURN = 0, 1, 2
PHRASINGS = 3
TITLE_SLOT = 1  # titles shift like any slot that is no multiple of three
BRIEF_PARAGRAPHS = 2


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All it takes to write a text about an event, again and again the same.

    Attributes:
        key: seeds every choice; texts of one event share it.
        plan: what is told in which order.
        turn: which of the three phrasings of every sentence is used.
        series: seeds what texts of one event kind share out among them.
        use: how many events of the kind came before.
    """

    language: Language
    kind: EventKind
    facts: Mapping[str, str]
    key: str
    plan: tuple[Step, ...]
    turn: int
    series: str
    use: int

    def rng(self, *parts: object) -> Random:
        """Chance that depends on the recipe's key and ``parts`` only."""
        return Random(":".join([self.key, *map(str, parts)]))


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text before an outlet puts its credit on it."""

    title: str
    paragraphs: tuple[str, ...]


def title(recipe: Recipe, shift: int = 0) -> str:
    """The headline in the recipe's phrasing; ``shift`` gives one of the others."""
    variant = _phrasing(recipe, TITLE_SLOT, recipe.turn + shift)
    return fill(recipe.kind.titles[variant], recipe.facts, recipe.rng("title", variant))


def captions(recipe: Recipe) -> tuple[str, ...]:
    """One or two picture captions."""
    rng = recipe.rng("captions", recipe.turn)
    chosen = rng.sample(list(recipe.kind.captions), rng.choice((1, 2)))
    return tuple(fill(caption, recipe.facts, rng) for caption in chosen)


def paragraphs(recipe: Recipe, roll: int = 0) -> list[str]:
    """The text; another ``roll`` chooses other words inside the same sentences (quotes stay)."""
    told: set[str] = set()
    texts = []
    for step in recipe.plan:
        if isinstance(step, tuple):
            speaker, number = step
            texts.append(_quote(recipe, speaker, number, is_known=speaker in told))
            told.add(speaker)
        else:
            variant = _phrasing(recipe, step, recipe.turn)
            sentence = recipe.kind.slots[step][variant]
            texts.append(fill(sentence, recipe.facts, recipe.rng(step, variant, roll)))
    return texts


def _phrasing(recipe: Recipe, slot: int, turn: int) -> int:
    """Which phrasing stands at a slot.

    Three events of one kind in a row shift the phrasings by 0, slot and 2 slot places: whichever of their texts
    are compared, about a third of the slots agree, where chance alone now and then lets two thirds agree.
    """
    order = list(range(PHRASINGS))
    Random(f"{recipe.series}:{slot}:{recipe.use // PHRASINGS}").shuffle(order)
    return order[(turn + slot * recipe.use) % PHRASINGS]


def _quote(recipe: Recipe, speaker: str, number: int, *, is_known: bool) -> str:
    """A direct quote with its speaker: name and role at first, the last name later."""
    quotes = recipe.kind.quotes[speaker]
    words = fill(
        quotes[(number + recipe.use) % len(quotes)], recipe.facts, recipe.rng("quote", speaker, number)
    )
    rng = recipe.rng("speech", speaker, number, recipe.turn)
    name = recipe.facts[speaker]
    forms = recipe.language.names["speech"]["later" if is_known else "first"]
    role = fill(recipe.kind.roles[speaker], recipe.facts, rng)
    role = role[0].lower() + role[1:] if recipe.language.code != "de" else role
    values = {"quote": words, "name": name, "last": name.split(" ", 1)[1], "role": role}
    return Template(rng.choice(forms)).substitute(values)


def raw(recipe: Recipe, _rng: Random) -> Draft:
    """Word for word."""
    return Draft(title=title(recipe), paragraphs=tuple(paragraphs(recipe)))


def light(recipe: Recipe, rng: Random) -> Draft:
    """Another title and, in about a third of the paragraphs, other words."""
    old, new = paragraphs(recipe), paragraphs(recipe, roll=1)
    texts = [second if rng.random() < 1 / 3 else first for first, second in zip(old, new, strict=True)]
    return Draft(title=title(recipe, 1), paragraphs=tuple(texts))


def cut(recipe: Recipe, rng: Random) -> Draft:
    """The first four to seven paragraphs, sometimes without one in the middle."""
    texts = paragraphs(recipe)[: rng.randrange(5, 8)]
    if rng.random() < 1 / 2:
        del texts[3]
    return Draft(title=title(recipe, rng.choice((0, 1))), paragraphs=tuple(texts))


def expanded(recipe: Recipe, rng: Random) -> Draft:
    """The whole text with three paragraphs of the outlet's own, one of them inside."""
    texts = paragraphs(recipe)
    own = rng.sample(list(recipe.language.names["own"]), 3)
    added = [fill(sentence, recipe.facts, rng) for sentence in own]
    return Draft(title=title(recipe, 1), paragraphs=(*texts[:3], added[0], *texts[3:], *added[1:]))


def rewritten(recipe: Recipe, _rng: Random) -> Draft:
    """Every sentence in its second phrasing; quotes keep their words."""
    again = replace(recipe, turn=REWRITE_TURN)
    return Draft(title=title(again), paragraphs=tuple(paragraphs(again)))


def updated(recipe: Recipe, _rng: Random) -> Draft:
    """A later state: a new lead, and the old text below it without its last paragraph."""
    rng = recipe.rng("update")
    lead = fill(rng.choice(list(recipe.kind.updates)), recipe.facts, rng)
    return Draft(title=title(recipe, 1), paragraphs=(lead, *paragraphs(recipe)[:-1]))


def brief(recipe: Recipe) -> tuple[str, ...]:
    """What a roundup takes over: the first two paragraphs."""
    return tuple(paragraphs(recipe)[:BRIEF_PARAGRAPHS])


COPIES: Mapping[Kind, Callable[[Recipe, Random], Draft]] = {
    Kind.RAW: raw,
    Kind.LIGHT: light,
    Kind.CUT: cut,
    Kind.EXPANDED: expanded,
    Kind.REWRITTEN: rewritten,
    Kind.UPDATED: updated,
}


def form(language: Language, name: str, facts: Mapping[str, str], rng: Random) -> Draft:
    """A weather forecast or a market report: always the same sentences with other figures."""
    sentences = language.names["forms"][name]
    filled = [fill(sentence, facts, rng) for sentence in sentences]
    return Draft(title=filled[0], paragraphs=tuple(filled[1:]))
