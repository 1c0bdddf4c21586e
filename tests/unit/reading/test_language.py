import subprocess
import sys
from pathlib import Path

import pytest

import copydesk
from copydesk.reading.language import detect, primary_tag

TEXTS = {
    "en": (
        "The council said on Monday that the new bridge would be opened in the spring, when the works below "
        "it are finished."
    ),
    "de": (
        "Die Gemeinde teilte am Montag mit, dass die neue Brücke im Frühjahr eröffnet werden soll, wenn die "
        "Arbeiten beendet sind."
    ),
    "fr": (
        "La commune a annoncé lundi que le nouveau pont serait ouvert au printemps, lorsque les travaux "
        "seront terminés."
    ),
    "es": (
        "El ayuntamiento anunció el lunes que el nuevo puente se abrirá en primavera, cuando terminen las "
        "obras que hay debajo."
    ),
    "it": (
        "Il comune ha annunciato lunedì che il nuovo ponte sarà aperto in primavera, quando i lavori saranno "
        "finalmente conclusi."
    ),
    "pt": (
        "A prefeitura anunciou na segunda-feira que a nova ponte será aberta na primavera, quando as obras "
        "estiverem concluídas."
    ),
    "ru": (
        "Городской совет сообщил в понедельник, что новый мост откроют весной, когда будут закончены все "
        "работы под ним."
    ),
    "ar": "أعلن المجلس البلدي يوم الاثنين أن الجسر الجديد سيفتح في الربيع عندما تنتهي جميع الأعمال الجارية تحته.",
    "zh": "市议会星期一表示，新桥将于春天开放，届时桥下的全部工程都将完成，居民可以再次步行前往集市。",
    "ja": (
        "市議会は月曜日、橋の下の工事がすべて終わる春に新しい橋を開通させると発表した。"
        "住民は再び市場まで歩いて行ける。"
    ),
    "no": (
        "Kommunen opplyste mandag at den nye broen skal åpnes til våren, når arbeidet under den etter planen "
        "er ferdig."
    ),
}


@pytest.mark.parametrize(("tag", "text"), TEXTS.items())
def test_detects(tag: str, text: str) -> None:
    """A sentence is enough, and what the page declares does not overrule it."""
    assert detect(text) == tag
    assert detect(text, "tr") == tag


@pytest.mark.parametrize("text", ["", "Breaking", "12:30 – 14:15 | 3:2", "Ola Berg, Marta Lund"])
def test_short_text_is_undetermined(text: str) -> None:
    """A text of a few letters has no language, whatever is declared."""
    assert detect(text, "en") == "und"


def test_mixture_is_undetermined() -> None:
    """Half in one language and half in another is neither; the declared one of the two breaks the tie."""
    mixture = TEXTS["de"] + " " + TEXTS["de"] + " " + TEXTS["en"] + " " + TEXTS["en"]
    assert detect(mixture) == "und"
    assert detect(mixture, "en-GB") == "en"
    assert detect(mixture, "fr") == "und"


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("nb-NO", "no"),
        ("iw", "he"),
        ("EN", "en"),
        ("", ""),
        ("x-klingon", ""),
        ("deutsch", ""),
    ],
)
def test_primary_tag(declared: str, tag: str) -> None:
    """Declared languages are folded to primary tags; what is no tag is nothing."""
    assert primary_tag(declared) == tag


def test_same_in_every_process() -> None:
    """Another process with another hash seed gives the same answers."""
    script = (
        "import sys; from copydesk.reading.language import detect; print(*[detect(t) for t in sys.argv[1:]])"
    )
    answers = {
        subprocess.run(  # noqa: S603 (our own interpreter)
            [sys.executable, "-c", script, *TEXTS.values()],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(copydesk.__file__).parents[1])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {" ".join(TEXTS) + "\n"}


UNKNOWN = {
    "zu": "Umkhandlu uthe ngoMsombuluko ibhuloho elisha lizovulwa entwasahlobo, lapho umsebenzi ongaphansi "
    "kwalo usuphelile, futhi "
    "abantu basesigodini bazokwazi ukuwela umfula ukuze baye emakethe nasezikoleni zabo.",
    "xh": "Ibhunga lithe ngoMvulo ibhulorho entsha iya kuvulwa entlakohlaza, xa umsebenzi ongaphantsi kwayo "
    "ugqityiwe, kwaye abantu "
    "basentlambeni baya kukwazi ukuwela umlambo ukuya emarikeni nasezikolweni zabo.",
    "is": "Bæjarráð tilkynnti á mánudag að nýja brúin yrði opnuð í vor þegar framkvæmdum undir henni lýkur, og "
    "íbúar dalsins geta þá "
    "aftur gengið yfir ána á markaðinn og í skólann.",
    "eu": "Udalak astelehenean jakinarazi zuen zubi berria udaberrian irekiko dela, azpiko lanak amaitzen "
    "direnean, eta haraneko "
    "bizilagunek berriz zeharkatu ahal izango dutela ibaia azokara joateko.",
    "az": "Bələdiyyə şurası bazar ertəsi bildirdi ki, yeni körpü altındakı işlər başa çatdıqdan sonra yazda "
    "açılacaq və vadi sakinləri "
    "yenidən çayı keçib bazara gedə biləcəklər.",
    "mn": "Хотын зөвлөл даваа гарагт шинэ гүүрийг доорх ажил дууссаны дараа хавар нээнэ гэж мэдэгдсэн бөгөөд "
    "хөндийн оршин суугчид "
    "голыг дахин гатлах боломжтой болно.",
}


@pytest.mark.parametrize(("tag", "text"), UNKNOWN.items())
def test_language_never_seen_is_undetermined(tag: str, text: str) -> None:
    """What the detector does not know is not given to a neighbour, whatever the page declares."""
    assert {detect(text), detect(text, "en"), detect(text, tag)} == {"und"}


def test_unknown_twin_is_undetermined() -> None:
    """Where the page declares the unknown twin of the answer, nothing is said: no share of letters parts the two."""
    text = (
        "Majlis perbandaran berkata pada hari Isnin bahawa jambatan baharu itu akan dibuka apabila semua "
        "kerja di bawahnya siap."
    )
    assert detect(text, "ms") == "und"
    assert detect(text, "en") == detect(text) == "id"
    assert detect(TEXTS["es"], "gl") == "und"


def test_declared_language_of_another_script() -> None:
    """A wrong declaration overrules nothing, of known and of unknown languages."""
    assert detect(TEXTS["de"], "is") == "de"
    assert detect(TEXTS["ru"], "mn") == "ru"
