"""The words for days of the week: texts on any matter share them, so they are evidence of nothing."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.fingerprint.words import fold, read_words

__all__ = ["are_weekdays"]

WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday
mondays tuesdays wednesdays thursdays fridays saturdays sundays
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
montags dienstags mittwochs donnerstags freitags samstags sonntags
montagabend dienstagabend mittwochabend donnerstagabend freitagabend samstagabend sonntagabend
lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miércoles jueves viernes sábado domingo sábados domingos
lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
måndag tisdag onsdag torsdag fredag lördag söndag måndagen tisdagen onsdagen torsdagen fredagen lördagen söndagen
mandag tirsdag lørdag søndag maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina
poniedziałek wtorek środa czwartek piątek sobota niedziela poniedziałku wtorku środę środy czwartku piątku sobotę
soboty niedzielę niedzieli pondělí úterý středa středu čtvrtek pátek sobotu neděle neděli
понедельник вторник среда четверг пятница суббота воскресенье
понедельника вторника среду среды четверга пятницу пятницы субботу субботы воскресенья
понеділок вівторок середа середу п'ятниця п'ятницю субота суботу неділя неділю
luni marți miercuri joi vineri sâmbătă duminică hétfőn kedden szerdán csütörtökön pénteken szombaton vasárnap
pazartesi salı çarşamba perşembe cuma cumartesi pazar senin selasa rabu kamis jumat sabtu minggu
δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
"""
"""By language, with the forms that stand in sentences. A word with a hyphen counts by each of its parts."""


def are_weekdays(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of the hashes of words (see words.py) are those of days of the week."""
    known = _known()
    out: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, words), len(known) - 1)] == words
    return out


@cache
def _known() -> NDArray[np.uint64]:
    return np.unique(read_words([fold(WEEKDAYS)]).hashes)
