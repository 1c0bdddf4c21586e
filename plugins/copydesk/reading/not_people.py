"""What stands in bylines and author fields and is nobody's name: agencies, desks, buttons, roles, places. Pure."""
# ruff: noqa: RUF001 (marks and words of several scripts)

import re

from copydesk.cleaning.agency import ANY

__all__ = [
    "is_agency",
    "is_button",
    "is_byword",
    "is_edited",
    "is_organisation",
    "is_person",
    "without_place",
    "without_role",
]

AGENCY = re.compile(
    rf"(?:the\s|die\s|l.)?{ANY}(?:[ /-](?:{ANY}|Deutschland|France|España|Italia|Brasil|News|Agency|Wire|Sport|"
    r"Service|infocom))*",
    re.IGNORECASE,
)
SHORT = re.compile(r"[a-z]{1,3}", re.IGNORECASE)
"""Initials that are an agency's in capitals only, or as it writes them itself: "AP", "dpa", but not "Pa" or "an"."""

PICTURES = (
    r"getty(?: images)?|shutterstock|alamy|imago(?: images)?|picture[- ]alliance|adobe ?stock|istock(?:photo)?|"
    r"unsplash|pixabay|depositphotos|zuma(?: press)?|abaca|keystone|nurphoto|epa(?:-efe)?|contour|rex features|"
    r"splash news"
)
WORDS = re.compile(
    r"https?:|www\.|@|\d|"
    r"^(?:(?:the|our|la|le|die|der)?\s*(?:admin(?:istrator)?|editors?|staff|"
    r"redaktion|redactie|redaktionen|rédaction|redacción|redazione|redação|redakcja|redaksjonen|redaksi|редакция|"
    r"编辑部|本报讯|newsroom|(?:news|web|online|digital|sports?|city|national|foreign)[ -]?desk|"
    r"online[- ]?redaktion|agency reporter|agencies|agenturen|agences|agencias|agenzie|news agencies|"
    r"wires?|team|the|unknown|none|null|n/?a|guest|author|contributor|correspondent|reporter|anonymous|webmaster|"
    r"online|web|user|root|cms|developer|home|startseite|inicio|accueil|nachrichten|news|notizie|noticias|новости)s?)$|"
    rf"^(?:(?:image|photo|picture|foto|bild|fotos|illustration|credit)s?\b.*|(?:via\s)?(?:{PICTURES})(?:[ /].*)?)$|"
    r"^(?-i:[a-z0-9]+(?:[-_][a-z0-9]+)+)$|^\w+\.(?:com|org|net|de|fr|es|it|uk|ru|cn|info|news)\b.*developer",
    re.IGNORECASE,
)
"""Numbers and addresses, accounts of content systems, desks, picture agencies, slugs."""

BUTTON = re.compile(
    r"^\W*(?:follow|subscribe|contact|e-?mail|send|comments?|more|stories|articles|view|profile|bio|biography|about|"
    r"read|save|print|listen|newsletters?|sign (?:in|up)|log ?in|share|see all|all (?:articles|stories|posts)|updated|"
    r"published|folgen|teilen|kontakt|mehr|alle artikel|beiträge|profil|kommentare|abonnieren|zum|zur|zu den|"
    r"suivre|partager|contacter|voir|tous (?:les|ses)|publié|s'abonner|seguir|compartir|ver (?:más|todos)|contactar|"
    r"segui|condividi|scrivi|tutti gli|compartilhar|ver mais)\b|"
    r"\b(?:profile|bio|biography|articles|stories|posts|ago|hours?|follow|schreiben|folgen|kontaktieren|artikel|"
    r"seguir)$|"
    r"подписаться|поделиться|все статьи|комментарии|назад|متابعة|شارك|المزيد|تواصل|"
    r"关注|關注|分享|更多|评论|フォロー|記事|一覧",
    re.IGNORECASE,
)
"""Words of links and buttons beside a name, and of times."""

ORGANISATION = re.compile(
    r"(?:\b(?:news|newsroom|media|tv|radio|online|digital|desk|team|staff|bureau|agency|gmbh|inc|"
    r"ltd|llc|editorial|council|committee|ministry|university|institute|association|magazine|tribune|gazette|"
    r"zeitung|nachrichten|verlag|presse|agentur|agence|agencia|agenzia|ressort|"
    r"rundfunk|fernsehen|ministerium|universität|verein|journaux|diario|periódico|noticias|giornale|redazione|"
    r"redacción|rédaction|redação|notizie|jornal|redaksi|новости|редакция|агентство|газета)\b|"
    r"redaktion\b|zeitung\b|\.(?:com|org|net|de|fr|es|it|co|uk|ru|at|ch)\b|新聞|新闻|社$|编辑部|編集部|デジタル|뉴스|신문)",
    re.IGNORECASE,
)
TITLE = (
    r"(?:(?:our|own|staff|senior|chief|political|politics|special|foreign|world|business|sports?|science|health|"
    r"economics?|deputy|associate|managing|assistant|news|national|local|chief|investigative|federal|data)\s+)*"
    r"(?:writer|reporter|correspondent|editor(?:-in-chief)?|columnist|journalist|producer|redakteur(?:in)?|"
    r"korrespondent(?:in)?|"
    r"journaliste|reporterin|redactor(?:a)?|periodista|giornalista|jornalista|корреспондент|обозреватель)"
)
ROLE = re.compile(rf"\s*(?:\(.*|[,–—-]\s*\b{TITLE}\b.*)$", re.IGNORECASE)
BARE_ROLE = re.compile(rf"^()\s*{TITLE}\b.*$|^(\S+\s+\S.*?)\s+{TITLE}\b.*$", re.IGNORECASE)
EDITED = re.compile(
    r"^\W*(?:(?:image|photo|picture|foto|bild)s?\s*[:：©]|edit(?:ing|ed)\s+by|editor\s*:|bearbeitet von|"
    r"bearbeitung\s*:|redigiert von|edición\s*:|editado por|"
    r"a cura di|edição\s*:|édité par|под редакцией|редактор\s*:|责任?编辑?|責任?編輯|编辑|編輯|編集)",
    re.IGNORECASE,
)
PLACE = re.compile(r"(?<=\S)\s+(?:in|aus|from|à|в|aux)\s+[A-ZÀ-ÞА-ЯЁ].*$")

PARTICLE = re.compile(
    r"(?:de|del|della|delle|di|da|das|do|dos|du|des|la|le|les|lo|el|al|van|von|vom|zu|zum|zur|der|den|dem|ter|ten|te|"
    r"bin|ibn|bint|abu|ben|af|av|e|i|y|und|and|et|saint|san|st|o|ap|mac|'t)\.?|(?:al|el|d|l|o)['’-]\S+",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_][\w.'’ʼ·\u00ad-]*,?", re.UNICODE)
CAPITAL = re.compile(r"^\W*[A-ZÀ-ÞĀ-ŽΑ-ΩА-ЯЁІЇЄҐ]")
CASED = re.compile(r"[A-Za-zÀ-žΑ-ωА-яёіїєґ]")
MOST_WORDS = 7
MOST_LETTERS = 6
"""Of a name in a script that parts no words."""


def is_agency(name: str) -> bool:
    """Whether a name is that of a news agency, and nothing else."""
    name = name.strip(" ()/.,")
    return bool(AGENCY.fullmatch(name)) and (not SHORT.fullmatch(name) or bool(re.fullmatch(ANY, name)))


def is_organisation(name: str) -> bool:
    """Whether a name is that of an outlet, a desk or a body, by its words."""
    return bool(ORGANISATION.search(name))


def is_byword(name: str) -> bool:
    """Whether it is a word of a page and nobody's name: an account, a desk, a picture agency, a slug."""
    return bool(WORDS.search(name))


def is_button(name: str) -> bool:
    """Whether it is what a link or a button beside a name says: "More by Ola Berg", "E-Mail schreiben"."""
    return bool(BUTTON.search(name))


def is_edited(byline: str) -> bool:
    """Whether a byline, or a part of one, names who edited the text or took the pictures."""
    return bool(EDITED.match(byline))


def is_person(name: str) -> bool:
    """Whether a name has the shape of a person's full name, and none of the words of other things."""
    if is_agency(name) or is_byword(name) or is_organisation(name):
        return False
    words = name.split()
    if not CASED.search(name):
        return len(words) > 1 if any(char < "\u0e00" for char in name) else 1 < len(name) <= MOST_LETTERS
    capitals = [word for word in words if CAPITAL.match(word)]
    others = [word for word in words if not CAPITAL.match(word) and not PARTICLE.fullmatch(word)]
    return (
        1 < len(words) <= MOST_WORDS and len(capitals) > 1 and not others and all(map(WORD.fullmatch, words))
    )


def without_place(byline: str) -> str:
    """A name without where it was written: "Mika Carver in Lowmere"."""
    return PLACE.sub("", byline)


def without_role(name: str, *, marked: bool = False) -> str:
    """A name without what the person does; `marked`: only behind a comma, a dash or in brackets ("John Writer")."""
    bare = ROLE.sub("", name)
    if marked or not (role := BARE_ROLE.match(bare)):
        return bare
    return (role[2] or "").strip()
