"""Made news texts for the tests of judging: as many different ones as wanted, and copies of them."""

import random
from dataclasses import replace
from datetime import timedelta

from copydesk.model import Document
from made.days import TODAY

START = TODAY - timedelta(hours=3)

LISTS = """
did: rejected approved delayed reviewed abandoned financed questioned inspected postponed welcomed defended suspended
kind: northern disputed unfinished historic expensive regional flooded abandoned modern contested crowded neglected
how: despite_repeated_warnings before_the_winter_recess without_further_discussion during_an_angry_session
how: against_legal_advice amid_growing_protests under_strict_conditions after_lengthy_negotiations
"""


def choose(rng: random.Random, name: str) -> str:
    """Any entry of a list."""
    entries = [
        entry for line in LISTS.splitlines() if line.startswith(f"{name}:") for entry in line.split()[1:]
    ]
    return rng.choice(entries).replace("_", " ")


def invent(rng: random.Random) -> str:
    """A name that no other text has."""
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(4)).capitalize()


def sentence(rng: random.Random, own: list[str]) -> str:
    """One sentence of about 25 words that hardly any other equals."""
    kind, did, how, acted = (choose(rng, key) for key in ("kind", "did", "how", "did"))
    thing, who, them, other, *why = (rng.choice(own) for _ in range(8))
    name, person = invent(rng), invent(rng)
    return (
        f"The {kind} {thing} near {name} was {did} by {who} {how}, said {person}, "
        f"since {' '.join(why)} and {rng.randint(11, 999)} {them} {acted} the {other}."
    )


def paragraphs(seed: int, count: int = 8) -> list[str]:
    """The paragraphs of one agency text; another seed gives an unrelated text."""
    rng = random.Random(seed)
    own = [invent(rng).lower() for _ in range(10)]
    return [f"{sentence(rng, own)} {sentence(rng, own)}" for _ in range(count)]


def document(
    id_: str,
    lines: list[str],
    *,
    title: str = "",
    minutes: int = 0,
    outlet: str = "",
    agency: str | None = None,
) -> Document:
    """A document of an outlet, seen so many minutes after START."""
    seen = START + timedelta(minutes=minutes)
    text = "\n".join(lines)
    return Document(
        id=id_,
        url=f"https://{outlet or id_}.example/{id_}",
        sources=(outlet or id_,),
        outlet=outlet or id_,
        publisher=outlet or id_,
        title=title or lines[0][:50] if lines else title,
        text=text,
        language="en",
        checksum=f"sha256:{hash_of(title + text)}",
        capture_id=f"c-{id_}",
        fetched_at=seen,
        first_seen_at=seen,
        published_at=seen,
        agency=agency,
    )


def written(**fields: str) -> Document:
    """An article that says nothing but this."""
    return replace(document("a", []), **{"outlet": "", "language": "", **fields})  # type: ignore[arg-type]


def hash_of(text: str) -> str:
    """Any stable digest."""
    return format(random.Random(ascii(text)).getrandbits(64), "016x")


def family(seed: int, *, minutes: int = 0, prefix: str = "") -> list[Document]:
    """One agency text and four copies: whole, cut, expanded, with a new lead."""
    wire = paragraphs(seed)
    own = paragraphs(seed + 5000, 4)
    name = prefix or f"f{seed}"
    return [
        document(f"{name}-wire", wire, minutes=minutes),
        document(f"{name}-whole", wire, minutes=minutes + 30),
        document(f"{name}-cut", wire[:4], minutes=minutes + 60),
        document(f"{name}-expanded", [own[0], *wire[:6], *own[1:]], minutes=minutes + 90),
        document(f"{name}-updated", [own[0], *wire[1:]], minutes=minutes + 120),
    ]


def later(one: Document, **hours: float) -> Document:
    """The same document, seen later."""
    by = timedelta(**hours)
    return replace(one, first_seen_at=one.first_seen_at + by, published_at=one.first_seen_at + by)
