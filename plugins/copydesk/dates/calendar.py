"""Names of months and days in the languages feeds are written in → English ones, which dateutil reads. Pure.

A table of words, because content systems make up short forms: dateparser guesses languages and completes partial
dates with today's, babel (see `names`, for all languages that stand not here) knows the names alone.
"""

import re
import unicodedata

__all__ = ["in_english"]

MONTHS = {
    "Jan": (
        "jan januar januari janv janvier ene enero gen genn gennaio janeiro sty stycznia styczen янв января "
        "январь oca ocak"
    ),
    "Feb": (
        "feb febr februar februari fev fevr fevrier febrero febb febbraio fevereiro lut lutego luty фев февр "
        "февраля февраль sub subat"
    ),
    "Mar": "mar marz maerz mrz mars marzo mrt maart marco marca marzec marts мар марта март mart",
    "Apr": "apr april avr avril abr abril aprile kwi kwietnia kwiecien апр апреля апрель nis nisan",
    "May": "mai mayo mag magg maggio mei maio maj maja мая маи mayis",
    "Jun": "jun juni juin junio giu giugno junho cze czerwca czerwiec июн июня июнь haz haziran",
    "Jul": "jul juli juil juillet julio lug luglio julho lip lipca lipiec июл июля июль tem temmuz",
    "Aug": "aug august aou aout agosto ago augustus augusti sie sierpnia sierpien авг августа август agu agustos",
    "Sep": (
        "sep sept september septembre septiembre set sett settembre setembro wrz wrzesnia wrzesien сен сент "
        "сентября сентябрь eyl eylul"
    ),
    "Oct": (
        "oct okt oktober octobre octubre ott ottobre out outubro paz pazdziernika pazdziernik окт октября "
        "октябрь eki ekim"
    ),
    "Nov": "nov november novembre noviembre novembro lis listopada listopad ноя нояб ноября ноябрь kas kasim",
    "Dec": (
        "dec dez dezember decembre dic diciembre dicembre dezembro december gru grudnia grudzien des "
        "desember дек декабря декабрь ara aralik"
    ),
}
"""German, French, Spanish, Italian, Dutch, Portuguese, Polish, Scandinavian, Russian, Turkish; without accents."""

MEANT = {word: month for month, words in MONTHS.items() for word in words.split()}

DAYS = (
    "mo di mi do fr sa so mon die mit don fre sam son montag dienstag mittwoch donnerstag freitag samstag sonnabend"
    " sonntag lun mar mer jeu ven dim lundi mardi mercredi jeudi vendredi samedi dimanche mie jue vie sab dom lunes"
    " martes miercoles jueves viernes sabado domingo gio lunedi martedi mercoledi giovedi venerdi sabato domenica"
    " ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag seg ter qua qui sex segunda terca"
    " quarta quinta sexta feira pon wt sr czw pt sob ndz niedz nd poniedzialek wtorek sroda czwartek piatek sobota"
    " niedziela man tis tir tirs ons tor tors lor son mandag tisdag tirsdag onsdag torsdag fredag lordag sondag"
    " пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье"  # noqa: RUF001 (Russian)
    " pzt sal car per cum cmt pazartesi sali carsamba persembe cuma cumartesi pazar"
)

BETWEEN = "de del di of den der le les il el um uhr am as a alle ore om os kl klockan godz o dia r h г в"  # noqa: RUF001
"""Small words within a date."""

LEFT_OUT = dict.fromkeys(f"{DAYS} {BETWEEN}".split(), " ")

STROKES = str.maketrans("łøı", "loi")
"""Letters that are no other letter with an accent, as far as Unicode goes."""

WORD = re.compile(r"[^\W\d_]+\.?")


def in_english(text: str) -> str:
    """The text with the names of months in English, and without those of days. Words it does not know stay."""
    words = [_plain(word) for word in WORD.findall(text)]
    months = [word for word in words if word in MEANT]

    def put(found: re.Match[str]) -> str:
        word = _plain(found[0])
        if word in MEANT and (word not in LEFT_OUT or len(months) == 1):  # "mar" is mardi, and March
            return f" {MEANT[word]} "
        return LEFT_OUT.get(word, found[0])

    return " ".join(WORD.sub(put, text).replace(" ,", ",").strip(" ,.").split())


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.rstrip(".").casefold().translate(STROKES))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))
