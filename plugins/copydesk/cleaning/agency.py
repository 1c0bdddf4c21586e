"""Whose text it is: agency credits, "reporting by", source lines. They leave the text and become fields."""

import re
from collections.abc import Iterable, Sequence

from copydesk.cleaning.lines import Line, Text, is_headline
from copydesk.cleaning.tables import any_of, read_table
from copydesk.cleaning.witnesses import FIELD
from copydesk.model import Removed

__all__ = ["agency_in", "credited", "dateline_of", "takes"]

AGENCIES = {
    "AP": r"AP|Associated Press|The Associated Press|AP News",
    "Reuters": r"Reuters|REUTERS|Thomson Reuters|Рейтер|رويترز|路透社?|ロイター|로이터",
    "AFP": r"AFP|Agence France[- ]Presse|France[- ]Presse|أ ?ف ?ب|ا ف ب|فرانس برس|法新社|AFP通信",
    "dpa": r"dpa(?:[-/]\w+)*|Deutsche Presse-Agentur",
    "APA": r"APA|Austria Presse Agentur",
    "Keystone-SDA": r"Keystone[-/ ]SDA|SDA|sda|ATS|Keystone-ATS",
    "epd": r"epd",
    "KNA": r"KNA",
    "AFX": r"AFX|dpa-AFX",
    "SID": r"SID|sid",
    "EFE": r"EFE|Agencia EFE",
    "Europa Press": r"Europa Press",
    "ANSA": r"ANSA|Ansa",
    "Adnkronos": r"Adnkronos",
    "Lusa": r"Lusa|LUSA",
    "Agência Brasil": r"Agência Brasil",
    "Estadão Conteúdo": r"Estadão Conteúdo",
    "PA": r"PA|PA Media|Press Association",
    "UPI": r"UPI",
    "Bloomberg": r"Bloomberg(?: News)?",
    "CP": r"The Canadian Press|Canadian Press",
    "AAP": r"AAP|Australian Associated Press",
    "PTI": r"PTI|Press Trust of India",
    "ANI": r"ANI",
    "IANS": r"IANS",
    "Xinhua": r"Xinhua|新华社|新華社|Xinhua News Agency",
    "CNA": r"CNA|中央社",
    "CNS": r"中新社|中新网|China News Service",
    "Kyodo": r"Kyodo(?: News)?|共同(?:通信)?",
    "Jiji": r"Jiji(?: Press)?|時事(?:通信)?",
    "Yonhap": r"Yonhap|연합뉴스",
    "Bernama": r"Bernama|BERNAMA",
    "Antara": r"Antara|ANTARA",
    "TASS": r"TASS|ТАСС|ИТАР-ТАСС",
    "RIA": r"РИА Новости|RIA Novosti",
    "Interfax": r"Interfax|Интерфакс",
    "Ukrinform": r"Ukrinform|Укрінформ",
    "Anadolu": r"Anadolu(?: Agency| Ajansı)?|AA|وكالة الأناضول|الأناضول",
    "WAM": r"WAM|وام",
    "SPA": r"SPA|واس",
    "MENA": r"MENA|أ ش أ",
    "Petra": r"بترا",
    "Belga": r"Belga",
    "ANP": r"ANP",
    "NTB": r"NTB",
    "TT": r"TT",
    "Ritzau": r"Ritzau",
    "STT": r"STT",
    "PAP": r"PAP",
    "ČTK": r"ČTK|CTK",
    "MTI": r"MTI",
    "Agerpres": r"Agerpres",
    "Tanjug": r"Tanjug",
    "Hina": r"Hina|HINA",
    "CNN Wire": r"CNN Newsource|CNN Wire|The-CNN-Wire",
    "Tribune": r"Tribune (?:Content Agency|News Service)|TNS",
    "GNA": r"GNA",
    "NAN": r"NAN",
    "SAnews": r"SAnews\.gov\.za|SAnews",
    "IRNA": r"IRNA",
    "Maan": r"Ma.an",
}
"""Names the agencies go by in credits and datelines."""

ANY = "(?:" + "|".join(AGENCIES.values()) + ")"
NAMED = {name: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for name, pattern in AGENCIES.items()}
LIST = rf"{ANY}(?:\s*[,/&|+;·•–—-]\s*(?:and |und |et |y )?\w[\w.-]*|\s+(?:and|und|et|y|con|mit|with)\s+\w[\w.-]*)*"
LEAD = any_of("agency_leads")
THE = r"(?:the |der |agentur |agencia |agence |agenturen |agências?|l.)?"
CREDIT = re.compile(rf"^[\W_]*(?i:{LEAD})?\s*[:：]?\s*{THE}{LIST}[\W_]*(?:\d{{4}}[\W_]*)?$")
REPORTERS = read_table("reporting", before=r"^[\W_]*")
REPORTING = re.compile(REPORTERS.pattern, re.IGNORECASE)
SIGNED = re.compile(rf"^[\W_]*(?:[a-zäöü]{{2,5}}/)*{ANY}(?:/[\w-]{{2,12}})*[\W_]*$")
TAIL_CREDIT = re.compile(rf"[\s—–-]*[(（\[—–-]\s*((?:[\w ]{{2,20}}[/,] ?)?{LIST})\s*[)）\]]?[.。]?$")
DAY = (
    r"(?:\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,9}\.?(?:\s(?:de\s)?\d{4})?|[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,\s\d{4})?)"
)
MARK = r"(?:\.?\s?[-–—]{1,2}|[:：.])\s*"
FIRST_PLACE = (
    rf"^(?P<city>[A-ZÀ-ÞА-ЯЁ][\w.’' /,-]{{1,45}}?)(?:,?\s(?P<day>{DAY}))?\.?\s*"
    rf"(?:\((?P<agency>[^()]{{2,40}})\)\s*{MARK}|/(?P<slashed>{ANY})/\.?\s|"
    rf"\s[-–—]\s(?P<behind>{ANY})\.\s|(?:\s[-–—]{{1,2}}\s|[:：]\s|\.\s?[-–—]\s))"
)
AGENCY_FIRST = (
    rf"^(?:[(（]?(?P<agency>{ANY})[)）]?|\((?P<bracketed>[^()]{{2,40}})\))\s?[-–—]\s?"
    r"(?P<city>[A-ZÀ-Þ][A-ZÀ-Þ' -]{2,30}?)(?:,?\s(?P<day>\d{1,2}\s[A-Z]{3,9}))?\s[-–—]\s"
)
DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        FIRST_PLACE,
        AGENCY_FIRST,
        rf"^(?P<city>[\u0600-\u06ff ]{{3,30}}?)\s?[(（](?P<agency>{ANY})[)）]\s?[-–—:]",
        rf"^[（(]?(?P<agency>{ANY}|[\u4e00-\u9fff]{{2,4}}社)(?P<city>[\u4e00-\u9fff]{{2,6}}?)(?:\d{{1,2}}月)?\d{{1,2}}日?[电電]",
        rf"^【(?P<city>[\u3040-\u30ff\u4e00-\u9fff]{{2,10}}?)=?(?P<agency>{ANY})】",
        rf"^\((?P<city>[\uac00-\ud7a3]{{2,8}})=(?P<agency>{ANY}|[\uac00-\ud7a3]{{2,10}})\)",
    )
)
"""Place, day and agency as texts of agencies begin: Latin and Cyrillic, Italian, Arabic, Chinese, Japanese, Korean."""
NAMED_SO = re.compile(
    r"(?P<name>[^\W\d_a-zß-ÿа-яё][\w.&-]+(?: [^\W\d_a-zß-ÿа-яё][\w.&-]*){0,2}|[a-zäöü]{2,4})(?:\s?[/,].*)?"
)
"""What an agency that is not in the list is called in a dateline, "(Delta Press)", "(nda)", "(DPN/own)"."""
SENTENCE = re.compile(r"[\W_]*[^\W_a-zß-ÿа-яё]")
"""Where a sentence begins, as behind a dateline: behind "Berg (Greens) –" a caption goes on in small letters."""
SHORT = 3
"""Letters of a name in small letters that needs no day before it: "(left)" has more, "(li)" fewer."""

COPYRIGHT = re.compile(rf"^\W*(?:©|\(c\)|copyright)\s*(?:\d{{4}}\s)?(?:the |by )?{LIST}\b", re.IGNORECASE)
MOST_WORDS = 25
MOST_NAMED = 8
"""Words up to which a source may end with a full stop."""


def takes(text: Text, at: int) -> bool:
    """Whether a line around the text credits an agency, or who helped to report."""
    line = text.lines[at]
    if line.words > MOST_WORDS or line.item or _is_told(line):
        return False
    return bool(CREDIT.match(line.text) or REPORTING.match(line.text) or SIGNED.match(line.text))


def _is_told(line: Line) -> bool:
    """Whether what stands behind "Source:" is a whole sentence of words rather than names."""
    return (
        line.sentence
        and line.words > MOST_NAMED
        and FIELD.match(line.text) is not None
        and not is_headline(line.text)
    )


def agency_in(text: str) -> str | None:
    """The agency named first in a credit, or None."""
    found = [(match.start(), name) for name, pattern in NAMED.items() if (match := pattern.search(text))]
    return min(found)[1] if found else None


def dateline_of(paragraph: str) -> tuple[str | None, str | None]:
    """Place and agency of a dateline at the start of a paragraph, "BERLIN (AGN) — …", "ROME: …"; else None, None.

    Without an agency the place has to stand in capitals, or every "Berlin: …" and "Name: …" would be one. An agency
    that is not in the list is known by where it stands.
    """
    match = next((found for pattern in DATELINES if (found := pattern.match(paragraph[:120]))), None)
    if not match:
        return None, None
    named = match.groupdict()
    city = named["city"].strip(" ,/-")
    said = next((named[key] for key in ("agency", "bracketed", "slashed", "behind") if named.get(key)), None)
    agency = said and (agency_in(said) or _unlisted(said, match))
    if said and agency is None:
        return None, None
    if agency is None and (not _in_capitals(city) or agency_in(city)):
        return None, None
    return city.title() if city.isupper() else city, agency


def _unlisted(said: str, dateline: re.Match[str]) -> str | None:
    """The name of an agency that is not in the list, as its dateline gives it, if that can only be a dateline."""
    match = NAMED_SO.fullmatch(said)
    named = dateline.groupdict()
    dated = bool(named.get("day"))
    if not match or not SENTENCE.match(dateline.string, dateline.end()):
        return None
    name = match["name"]
    if name.islower():
        return name if dated or len(name) == SHORT else None
    dash = dateline[0].rstrip()[-1] not in ".:："
    return name if dash or dated or _in_capitals(named["city"]) else None


def _in_capitals(name: str) -> bool:
    letters = [char for char in name if char.isalpha()]
    return len(letters) > 2 and all(char.isupper() for char in letters)


def credited(
    kept: Sequence[str], removed: Iterable[Removed], authors: Iterable[str]
) -> tuple[str | None, str | None]:
    """Agency and dateline of a text: from its removed credits, its first and last paragraph, its authors.

    Args:
        kept: The lines left, at least one.
        removed: The lines taken out.
        authors: Names as declared; some papers name the agency there.
    """
    city, agency = next((found for line in kept[:2] if (found := dateline_of(line))[0]), (None, None))
    named = (
        *(agency_in(line.text) for line in removed if _credits(line)),
        _signed(kept[-1]),
        *(agency_in(name) for name in authors),
    )
    return agency or next((name for name in named if name), None), city


def _credits(line: Removed) -> bool:
    """Whether a removed line, whatever rule took it, says whose text it is."""
    text = line.text
    return line.reason in {"agency", "byline"} or (
        line.reason in {"label", "loose end", "legal"} and bool(CREDIT.match(text) or COPYRIGHT.match(text))
    )


def _signed(paragraph: str) -> str | None:
    """The agency in brackets or behind a dash at the end of a paragraph, or None."""
    match = TAIL_CREDIT.search(paragraph[-60:])
    return agency_in(match[1]) if match else None
