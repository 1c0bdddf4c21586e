"""Queries as people type them, and which of some articles a reporter expects: for the evaluator and for every index."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from copydesk.index import Body
from made.documents import article

__all__ = ["ASKED", "NOW", "QUERIES", "REFUSED"]

NOW: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)


def _article(title: str, text: str, language: str = "en", **fields: object) -> Body:
    made = {"outlet": "Ledger", "story": f"story-{title}", "published_at": "2026-11-10T08:00:00Z", **fields}
    return article(title, text, language=language, **made)


ASKED: Final[Mapping[str, Body]] = {
    "late": _article(
        "Ferry late again",
        "The ferry from Marnhaven was late, and “heavy snow” kept two ferries in port.",
        standfirst="Heavy weather and a closed tunnel",
        authors=["Jane Doe-Smith", "Olu Ade"],
        section="Sport & Leisure",
        published_at="2026-11-27T08:00:00Z",
    ),
    "tunnel": _article(
        "Tunnel works go on",
        "A heavy lorry stood in the tunnel. Ferries are not concerned.",
        outlet="The Daily Post",
        publisher="Post Group",
        agency="PPA",
    ),
    "snow": _article(
        "Snow in the hills",
        "Snow fell all night, villagers said.",
        form=["partial"],
        published_at="2026-10-02T08:00:00Z",
    ),
    "obrien": _article(
        "Minister steps down",
        "Mr O’Brien said he hadn’t read the letter, nor had Ms D’Angelo. The co-operation ends.",
    ),
    "who": _article(
        "A band at the fair", "The crowd came to hear the Who. Nobody left early; they don’t play often."
    ),
    "jets": _article(
        "Ministry orders jets",
        "The ministry ordered eleven F-35B jets. Each costs £3.2bn, says a memo read on an iPhone17.",
    ),
    "tools": _article(
        "A school for coders",
        "Pupils learn C++ and write of AT&T. In the U.S. some 1,500 schools do, by e-mail.",
    ),
    "virus": _article(
        "Clinics fill up", "COVID-19 and H5N1 fill the clinics. A model, GPT-5.2, wrote the plan. 🚢"
    ),
    "rates": _article(
        "Budget passes",
        "Members cut the tax on fuel. Later that day, after long talks, they voted to raise a levy.",
    ),
    "houses": _article("Neue Häuser am Hafen", "Die Häuser werden gebaut. Frau Müller kauft eines.", "de"),
    "law": _article(
        "Regierung plant",
        "Der Gesetzentwurf zur Vorratsdatenspeicherung liegt vor, die Straße ist gesperrt.",
        "de",
    ),
    "elysee": _article(
        "Un remaniement",
        "L’Élysée annonce un remaniement. L’opposition proteste; une députée a été arrêtée au café.",
        "fr",
    ),
    "orleans": _article("Crécy", "Un train pour Orléans, dit M. Bélanger.", "fr"),
    "ankara": _article("Seçim", "Ankara’daki seçim İstanbul’da izlendi.", "tr"),
    "moscow": _article(
        "Пресса",
        "Суд отпустил двух журналистов.",
        "ru",
    ),
    "climate": _article("气候", "各国讨论气候变化。", "zh"),
    "tokyo": _article(
        "地震",
        "昨日東京都で地震、フェリー欠航。",
        "ja",
    ),
    "thai": _article("ไทย", "ประเทศไทยชนะ", "th"),
    "talks": _article(
        "مصر",
        "بدأت المحادثات في القاهرة.",
        "ar",
    ),
    "undated": _article(
        "Seals return", "Nobody knows when.", published_at=None, first_seen_at="2026-11-20T00:00:00Z"
    ),
}

QUERIES: Final[Mapping[str, frozenset[str]]] = {
    query: frozenset(expected.split())
    for query, expected in {
        # words and their endings
        "ferry": "late tunnel",
        "ferries": "late tunnel",
        "FERRY": "late tunnel",
        "tunnels": "late tunnel",
        "villager": "snow",
        "Häuser": "houses",
        "Hauser": "houses",
        "Haus": "houses",
        "hauses": "houses",
        "remaniements": "elysee",
        "députées": "elysee",
        "deputees": "elysee",
        "журналисты": "moscow",
        "журналист": "moscow",
        "محادثات": "talks",
        "المحادثات": "talks",
        "zeppelin": "",
        # accents
        "cafe": "elysee",
        "café": "elysee",
        "Orleans": "orleans",
        "Orléans": "orleans",
        "Muller": "houses",
        "Müller": "houses",
        "Mueller": "houses",
        "Belanger": "orleans",
        "Strasse": "law",
        "STRASSE": "law",
        "secim": "ankara",
        # apostrophes
        "O'Brien": "obrien",
        "O’Brien": "obrien",
        "OBrien": "obrien",
        "D'Angelo": "obrien",
        "DAngelo": "obrien",
        "Angelo": "obrien",
        "hadn't": "obrien",
        "hadn’t": "obrien",
        "don": "",
        "Élysée": "elysee",
        "Elysee": "elysee",
        "l'Élysée": "elysee",
        "opposition": "elysee",
        "Ankara": "ankara",
        "İstanbul": "ankara",
        "istanbul": "ankara",
        # names with signs and numbers
        "F-35": "jets",
        "F35": "jets",
        "F-35B": "jets",
        "iPhone 17": "jets",
        "iPhone17": "jets",
        "£3.2bn": "jets",
        "3.2": "jets",
        "3,2": "jets",
        "1500": "tools",
        "1,500": "tools",
        "1.500": "tools",
        "C++": "tools",
        "AT&T": "tools",
        "U.S.": "tools",
        "email": "tools",
        "e-mail": "tools",
        "cooperation": "obrien",
        "co-operation": "obrien",
        "COVID-19": "virus",
        "covid19": "virus",
        "H5N1": "virus",
        "GPT-5.2": "virus",
        "🚢": "virus",
        # scripts without spaces
        "气候": "climate",
        "气": "climate",
        "東京": "tokyo",
        "京都": "tokyo",
        "東都": "",
        "フェリー": "tokyo",
        "ไทย": "thai",
        # phrases: the words as they stand
        '"two ferries"': "late",
        '"two ferry"': "",
        '"the Who"': "who",
        '"heavy tunnel"': "",
        "“heavy tunnel”": "",
        "„heavy snow“": "late",
        "«heavy snow»": "late",
        "'heavy snow'": "late",
        '"ferry"': "late",
        # operators
        "ferry OR snow": "late tunnel snow",
        "ferry snow": "late",
        "ferry AND snow": "late",
        "ferry -snow": "tunnel",
        "ferry NOT snow": "tunnel",
        "NOT ferry lang:en": "snow obrien who jets tools virus rates undated",
        "(ferry)": "late tunnel",
        "(tunnel OR hills) snow": "late snow",
        "tax AND fuel": "rates",
        "tax NEAR/3 fuel": "rates",
        "tax NEAR/3 levy": "",
        "(cut OR raise) NEAR/2 (tax OR levy)": "rates",
        "ferr*": "late tunnel",
        "*speicherung*": "law",
        "Gesetz*": "law",
        # fields
        "title:ferry": "late",
        "title:(ferry OR tunnel)": "late tunnel",
        'outlet:"the daily post"': "tunnel",
        "outlet:ledger ferry": "late",
        'publisher:"Post Group"': "tunnel",
        "agency:ppa": "tunnel",
        "lang:de": "houses law",
        "author:doe": "late",
        'author:"jane doe smith"': "late",
        'section:"sport leisure"': "late",
        "form:partial": "snow",
        "snow -form:partial": "late",
        '-outlet:"The Daily Post" ferry': "late",
        "story:story-Crécy": "orleans",
        "since:7d": "late",
        "since:2026-11-20 lang:en": "late undated",
        "until:2026-10-31": "snow",
        "since:2026-10 until:2026-10": "snow",
    }.items()
}
"""Query -> the articles that are expected, by name."""

REFUSED: Final[Mapping[str, str]] = {
    "-": "write - right before it",
    "*": "search for nothing to see the newest",
    '""': "write a word",
    "AND": 'write "AND"',
    "ferry AND": 'write "AND"',
    "OR ferry": 'write "OR"',
    '"alm pass': 'write " at the end of the phrase too',
    "(ferry": "write \\)",
    "ferry)": "leave it out",
    "()": "leave them out",
    "ferry - snow": "write - right before it",
    "tax & fuel": "write AND",
    "site:ledger": "there are title:",
    "title:": "write it right behind",
    "since:lately": "write 12h",
    "lang:German": "write lang:de",
    "*er": "at least 3 letters",
    "fe*y": "before or behind",
    '"two ferr*"': "write word\\* without them",
    "climate-chang*": "the last of them alone",
    "ferry NEAR/99 snow": "at most NEAR/50",
    "ferr* NEAR snow": "without stars",
    " ".join(f"word{number}" for number in range(101)): "at most 100 are looked for",
    "ferry " * 2000: "at most 10000 are read",
    "*speicher* *daten* *vorrat* *gesetz*": "at most 3 are looked for",
    "(" * 50 + "ferry" + ")" * 50: "at most 40",
}
"""Query -> what the error tells to do."""
