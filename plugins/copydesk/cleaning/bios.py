"""About the author, below the text: third-person careers, addresses, handles.

The same sentences make a profile when they stand in the text; only after the last paragraph are they furniture.
"""

import re

from copydesk.cleaning.lines import Text, fold
from copydesk.cleaning.phrases import phrasebook

__all__ = ["is_contact", "takes"]

JOB = r"(?:reporter|correspondent|journalist|editor|writer|columnist|contributor|critic|producer|author|fellow|professor|lecturer|researcher|analyst|blogger|freelancer?|photographer|intern|presenter)s?"

BOOK = phrasebook(
    (
        "reporter correspondent journalist editor writer columnist contributor critic producer author fellow professor lecturer researcher analyst blogger freelance photographer intern presenter",
        rf"\bis (?:an? |the |our )?(?:[\w’'&.-]+ ){{0,7}}?{JOB}\b|\bhas (?:been|worked as) (?:an? |the )(?:[\w’'&.-]+ ){{0,5}}?{JOB}\b",
    ),
    (
        "covers writes reports covered specializes specialises written",
        r"\b(?:covers|writes about|reports on|has covered|specializ?ses in|specialises in|has written for) .{0,160}",
    ),
    ("reached contacted found followed", r"\bcan be (?:reached|contacted|found|followed) (?:at|on|via|by)\b"),
    (
        "follow",
        r"\bfollow (?:\w+ ){1,4}(?:on|at) (?:x|twitter|instagram|facebook|threads|bluesky|linkedin)\b",
    ),
    (
        "book work writing novel",
        r"\b(?:his|her|their) (?:latest |new |first |most recent |next )?(?:books?|work has appeared|novel)\b",
    ),
    ("about", r"^about the (?:authors?|writer|reporter)\b"),
    ("joined", r"\bjoined .{2,60} in (?:19|20)\d\d"),
    (
        "previously formerly",
        r"\b(?:he|she|they) (?:previously|formerly) (?:worked|wrote|was|were)\b|\bpreviously (?:worked|reported|wrote) (?:for|at)\b",
    ),
    (
        "redakteur redakteurin reporter reporterin korrespondent autor autorin journalist journalistin volontär kolumnist chefredakteur senior mitarbeiter gründer zdf-reporterin",
        r"\b(?:ist|arbeitet als|schreibt als)\b.{0,80}(?:redakteur|reporter|korrespondent|autor|journalist|volontär|kolumnist|chefredakteur|senior fellow|mitarbeiter|gründer)(?:in)?\b",
    ),
    (
        "geboren jahrgang",
        r"\b(?:geboren|jahrgang) (?:\d{1,2}\. \w+ )?\d{4}.{0,160}(?:redakt|autor|journalist|studier|schreibt)",
    ),
    ("schreibt person", r"\bschreibt (?:über|für|seit)\b|^zur person\b"),
    (
        "journaliste correspondant rédacteur rédactrice chroniqueur chercheur chercheuse",
        r"\best (?:un |une |la |le )?(?:journaliste|correspondant|rédact|chroniqueu|chercheu)",
    ),
    (
        "periodista corresponsal redactor redactora escritor escritora colaborador",
        r"\bes (?:un |una )?(?:periodista|corresponsal|redactora?|escritora?|colaboradora?)\b",
    ),
    (
        "giornalista corrispondente redattore redattrice",
        r"\bè (?:un |una )?(?:giornalista|corrispondente|redat)",
    ),
    (
        "jornalista correspondente repórter colunista graduado graduada formado formada licenciada licenciado",
        r"\bé (?:uma? )?(?:jornalista|correspondente|repórter|colunista)|\b(?:graduad[oa]|licenciad[oa]|formad[oa]) em? .{0,60}(?:universidad|comunicação|jornalismo|periodismo|pela)",
    ),
    (
        "журналист корреспондент редактор обозреватель",
        r"^\w+ \w+\s*[-–—].{0,20}(?:журналист|корреспондент|редактор|обозреватель)",
    ),
    ("صحفي كاتب", r"^(?:كاتب|صحفي|صحافي)"),
)
SPOKEN = re.compile(
    r"[\"“”„«»]|\b(?:said|says|told|added|sagte|sagt|erklärte|dit|déclaré|dijo|ha detto|disse|сказал|заявил)\b"
)
CONTACT = re.compile(
    r"^(?:\W*(?:e-?mail|mail|contact|kontakt|reach|write to|tips?|phone|tel\.?|twitter|x|on x|follow|send|schreiben|contacto|contatto|contato)?\W*(?:\w+ ){0,6}?(?:at |an |à |:)?\s*)(?:\S+@\S+\.\w{2,}|@\w{3,}|(?:https?://|www\.)\S+|(?:x|twitter|t|instagram|facebook|linkedin)\.(?:com|me)/\S+)[\W_]*(?:.{0,25})$"
)


def takes(text: Text, at: int) -> bool:
    """Whether a line after the text presents its author."""
    line = text.lines[at]
    if line.item and "link" not in line.marks:
        return False
    if SPOKEN.search(line.bare):
        return False
    named = any(fold(author) and line.letters.startswith(fold(author)) for author in text.around.authors)
    return named or BOOK.holds(line)


def is_contact(text: Text, at: int) -> bool:
    """Whether a line after the text is an address or a handle, with or without an invitation to use it."""
    line = text.lines[at]
    return ("@" in line.bare or "www." in line.bare or "http" in line.bare or ".com/" in line.bare) and bool(
        CONTACT.match(line.bare)
    )
