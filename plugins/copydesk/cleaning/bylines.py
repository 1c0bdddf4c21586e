"""Bylines, dates and reading times around the text; names become fields, see `reading.people`."""

import re

from copydesk.cleaning.lines import Text, alternatives, fold
from copydesk.cleaning.tables import any_of, read_table, read_words

__all__ = ["is_byline", "is_date", "is_initials", "is_plain_byline", "is_reading_time", "is_role"]

MONTH = any_of("months")
DATE = alternatives(
    rf"""
    \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}
    \d{{1,2}}[-/.]\s?\d{{1,2}}[-/.]\s?(?:\d{{4}}|\d\d)
    {MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s+\d{{4}})?
    \d{{1,2}}(?:st|nd|rd|th|\.|º|er|-го)?\s+(?:de |d.)?{MONTH}\.?,?(?:\s+(?:de )?\d{{4}})?(?:\s?г(?:\.|ода))?
    (?:\d{{4}}\s?年\s?)?\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号]
    \d{{4}}년 ?\d{{1,2}}월 ?\d{{1,2}}일
    """
)
TIME = (
    r"(?:\d{1,2}時\d{1,2}分|\d{1,2}点\d{1,2}分"
    r"|\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s*(?:a\.?m\.?|p\.?m\.?|uhr|hrs|h))?|\d{1,2}\s?(?:am|pm|uhr|h)\b)"
)
ZONE_NAME = alternatives(
    """
    gmt | utc | jst | kst | hkt | sgt | bst | ist | est | edt | et | pt | pst | pdt | cst | cdt | cet | cest | mez
    mesz | msk | sast | aest | aedt | eat | wib | мск
    """
)
ZONE = rf"{ZONE_NAME}(?:[+-]\d+)?"
DAY_NAME = any_of("day_names")
DAY = rf"{DAY_NAME}(?:-feira)?"
WORDED = 5
"""Letters of the words before a stamp that a date within a sentence has not: "published", not "on"."""

LEAD = r"(?:first |last |originally )?" + any_of("stamp_leads")
MORE = rf"(?:{DATE}|{TIME}|{ZONE}|{DAY}|{LEAD}|uhr|\d+ (?:min|minute|hour)s? ago|ago|年|h)"
STAMP = re.compile(
    rf"^[\W_]*+(?:{LEAD}(?>[\s:：|,-]*))*(?:{DAY}\.?,?\s*(?:den )?)?(?:{DATE}|{TIME})"
    rf"(?:[\s,|·•/@()–—-]*{MORE}(?>[\s:：,.]*))*[\W_]*(?:$|\|.{{0,30}}$)"
)
LONG_LEADS = "|".join(word for word in read_words("stamp_leads") if len(word) >= WORDED)
TIMED = re.compile(rf"{TIME}|\b(?:{LONG_LEADS})")
"""What a date with a full stop has beside it where it is a stamp."""

AGO = re.compile(
    rf"^[\W_]*+(?:{LEAD}(?>\s*:?\s*))*(?:\d+|an?|one)\s*"
    r"(?:min(?:ute)?s?|hours?|hrs?|h|days?|weeks?|months?|years?) ago[\W_]*$|^"
    + alternatives(
        r"""
        vor \d+ (?:minuten|stunden|tagen)
        il y a \d+ (?:minutes?|heures?|jours?)
        hace \d+ (?:minutos?|horas?|días?)
        há \d+ (?:minutos?|horas?|dias?)
        \d+ (?:minuti|ore|giorni) fa
        \d+ (?:минут|час|дн)\w* назад
        \d+(?:分钟|小时|天)前
        """
    )
    + "$"
)
READING_TIMES = read_table("reading_times", before=r"^[\W_]*", behind=r"[\W_]*$")
READING = re.compile(READING_TIMES.pattern)
# taken whole: a word that may be cut anywhere makes the search for the next one take for ever
NAME = r"(?>[^\W\d_][\w.’'`-]*|&)"
WRITER = any_of("writers")
BYLINE = re.compile(
    rf"^[\W_]*{WRITER}\s*[:：|/]?\s+(?:{NAME}[,.]?\s*(?:[|/,•·-]\s*)?){{1,10}}(?:\(.{{1,40}}\))?"
    r"(?:[\s|,•·–—-]+.{0,40})?$",
    re.IGNORECASE,
)
CAPITALISED = r"[^\W\d_a-z][\w.’'-]+"
PLAIN = re.compile(
    rf"^(?:By|BY|Von|Par|Por|Di|Av|Af|Door|Текст|Автор):? "
    rf"(?:{CAPITALISED}(?: (?:van|von|de|der|del|di|da|al|el|bin))? ){{1,3}}{CAPITALISED}"
    rf"(?:,? (?:and|und|et|y|e) (?:{CAPITALISED} ?){{2,3}})?$"
)
ROLE = re.compile(r"^[^\W\d_][\w /&-]{2,40}[:：] ?(?:[^\W\d_a-zà-ÿ][\w.’'-]+(?: |$)){2,4}$")
"""A role and a name of two to four capitalised words."""

MAKER = re.compile(any_of("makers"))
INITIALS = re.compile(r"^\(?[a-zäöüß]{2,5}(?:[/,-] ?[a-zäöüß]{2,5}){0,3}\)?$")


def is_byline(text: Text, at: int) -> bool:
    """Whether a line names who wrote: "By …" in one of the languages, or the name of a known author alone."""
    line = text.lines[at]
    if line.words > 16 or line.item:  # names, role, place
        return False
    letters = line.letters
    if any(letters == fold(author) for author in text.around.authors):
        return True
    names = [word for word in line.text.split()[1:] if word[:1].isalpha()]
    capital = sum(word[:1].isupper() or not word[:1].islower() for word in names)
    known = any(
        len(fold(author)) > 5 and fold(author) in letters and len(letters) < 3 * len(fold(author))
        for author in text.around.authors
    )
    return (known and not line.prose) or (
        bool(BYLINE.match(line.text))
        and not (line.ended and line.words > 6)
        and capital >= max(1, 0.6 * len(names))
    )


def is_plain_byline(text: Text, at: int) -> bool:
    """Whether a line anywhere is "By" and two to four capitalised names, without an end mark."""
    line = text.lines[at]
    return not line.ended and not line.item and bool(PLAIN.match(line.text))


def is_initials(text: Text, at: int) -> bool:
    """Whether a line behind the text is the initials of its writer, in lower case or brackets."""
    return bool(INITIALS.match(text.lines[at].text))


def is_date(text: Text, at: int) -> bool:
    """Whether a line is a date or time and nothing else; a full stop behind a date alone makes it a sentence."""
    line = text.lines[at]
    bare = line.bare
    if line.sentence and bare[-1] == "." and not bare.endswith("г.") and not TIMED.search(bare):
        return False
    return (any(char.isdigit() for char in bare) or "ago" in bare) and bool(
        STAMP.match(bare) or AGO.match(bare)
    )


def is_role(text: Text, at: int) -> bool:
    """Whether a line behind the text is one of several that name who made it: "Camera: Ola Berg".

    Committees, juries and casts are listed in the same form; what was made has a camera, an editor or a translator.
    """
    if not ROLE.match(text.lines[at].text):
        return False
    start = end = at
    while start > 0 and ROLE.match(text.lines[start - 1].text):
        start -= 1
    while end + 1 < len(text.lines) and ROLE.match(text.lines[end + 1].text):
        end += 1
    return end > start and any(MAKER.match(line.bare) for line in text.lines[start : end + 1])


def is_reading_time(text: Text, at: int) -> bool:
    """Whether a line says how long reading takes."""
    return bool(READING.match(text.lines[at].bare))
