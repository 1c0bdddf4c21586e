"""One language's desk: puts credits, bylines and addresses on drafts and collects the pages."""

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from newsworld.compose import Draft, Recipe
from newsworld.grammar import Language, Names, fill
from newsworld.model import Item, Kind, Outlet, Page

SLUG_WORDS = 7


@dataclass
class Desk:
    """What is needed while one language is written; ``build`` throws it away."""

    seed: int
    days: dt.datetime
    language: Language
    names: Names
    event_kinds: Iterator[str]
    single_kinds: Iterator[str]
    numbers: Iterator[int]
    uses: Counter[str] = field(default_factory=Counter)
    pages: list[Page] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    facts: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def rng(self, *parts: object) -> Random:
        """Chance that depends on the world's seed, the language and ``parts`` only."""
        return Random(":".join(map(str, (self.seed, self.language.code, *parts))))


@dataclass(frozen=True, kw_only=True)
class Told:
    """An item with the recipe it was made from and the agency page it stands on."""

    item: Item
    recipe: Recipe
    at: int
    page: Page | None


def add_page(
    desk: Desk,
    outlet: Outlet,
    kind: Kind,
    item: Item,
    draft: Draft,
    at: int,
    told: Told | None = None,
    section: str = "",
) -> Page:
    """Add one page to the desk."""
    number = next(desk.numbers)
    shown = section or outlet.sections[0]
    credit = _credit(desk, outlet, item) if outlet.credit == "line" else ""
    page = Page(
        outlet=outlet.name,
        path=f"/{shown}/{slug(draft.title)}{number}.html",
        section=shown,
        language=desk.language.code,
        kind=kind,
        item=item.id,
        event=item.event,
        items=(item.id,),
        title=draft.title,
        paragraphs=credited(desk, outlet, item, draft),
        captions=item.captions,
        authors=_authors(desk, outlet, item, kind),
        agency=item.agency,
        credit=credit,
        at=at,
        first_at=at,
        source_page=(told.page.outlet, told.page.path) if told and told.page else None,
    )
    desk.pages.append(page)
    return page


def credited(desk: Desk, outlet: Outlet, item: Item, draft: Draft) -> tuple[str, ...]:
    """The paragraphs, with a dateline where the outlet names its agency that way."""
    if not item.agency or (outlet.credit != "dateline" and not outlet.agency):
        return draft.paragraphs
    facts = {"place": item.place, "agency": item.agency, "capitals": item.place.upper()}
    dateline = fill(desk.language.names["dateline"], facts, desk.rng(outlet.name, "dateline"))
    return (dateline + draft.paragraphs[0], *draft.paragraphs[1:])


def _credit(desk: Desk, outlet: Outlet, item: Item) -> str:
    if not item.agency:
        return ""
    facts = {"agency": item.agency, "outlet": outlet.title}
    return fill(desk.language.names["credit"], facts, desk.rng(outlet.name, "credit"))


def _authors(desk: Desk, outlet: Outlet, item: Item, kind: Kind) -> tuple[str, ...]:
    """A reporter for texts of the outlet's own, the agency where the byline names it, else nobody."""
    own = kind in {Kind.SINGLE, Kind.EXPANDED, Kind.REWRITTEN}
    if item.agency and not own:
        return (item.agency,) if outlet.credit == "byline" or outlet.agency else ()
    if not own:
        return ()
    staff = desk.language.names["pools"]
    rng = desk.rng(outlet.name, "staff", item.event)
    return (f"{rng.choice(staff['woman'])} {rng.choice(staff['staff'])}",)


def slug(title: str) -> str:
    """The first words of a title in plain letters, with a closing hyphen; "" for other scripts."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)[:SLUG_WORDS]
    return "-".join(words) + "-" if len(words) > 2 else ""  # noqa: PLR2004 - fewer are left-overs, not a title
