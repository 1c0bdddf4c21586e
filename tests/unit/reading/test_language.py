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


TWIN_TEXTS = [
    (
        "hr",
        ("sr", "bs"),
        (
            "Gradsko veće saopštilo je u ponedeljak da će novi most biti otvoren na proleće, kada budu završeni svi "
            "radovi ispod njega, a stanovnici doline ponovo će moći da pređu reku."
        ),
    ),
    (
        "mk",
        ("sr",),
        (
            "Градско веће саопштило је у понедељак да ће нови мост бити отворен на пролеће, када буду завршени сви "
            "радови испод њега, а становници долине поново ће моћи да пређу реку и стигну до пијаце."
        ),
    ),
    (
        "pt",
        ("gl",),
        (
            "O concello anunciou o luns que a nova ponte abrirá na primavera, cando rematen as obras que hai debaixo, "
            "e os veciños do val poderán cruzar de novo o río para ir ao mercado."
        ),
    ),
    (
        "id",
        ("ms",),
        (
            "Majlis perbandaran berkata pada hari Isnin bahawa jambatan baharu itu akan dibuka apabila semua kerja di "
            "bawahnya siap."
        ),
    ),
    (
        "da",
        ("nb", "nn"),
        (
            "Kommunen oplyste mandag, at den nye bro skal åbnes til foråret, når arbejdet under den efter planen er "
            "færdigt, og folk igen kan gå over åen."
        ),
    ),
]


@pytest.mark.parametrize(("answer", "twins", "text"), TWIN_TEXTS, ids=[answer for answer, *_ in TWIN_TEXTS])
def test_declared_twin_is_kept(answer: str, twins: tuple[str, ...], text: str) -> None:
    """A language that the detector takes for its neighbour is what the page declares; nothing else overrules it."""
    assert [detect(text, twin) for twin in twins] == [primary_tag(twin) for twin in twins]
    assert {detect(text), detect(text, answer), detect(text, "en"), detect(text, "zh")} == {answer}


@pytest.mark.parametrize("declared", ["sr", "gl", "bs", "ms", "nb"])
@pytest.mark.parametrize("tag", ["de", "fr", "ru", "ar", "ja", "zh"])
def test_a_twin_of_another_language_is_not_kept(tag: str, declared: str) -> None:
    """A declaration keeps a language only beside its own neighbour."""
    assert detect(TEXTS[tag], declared) == tag


def test_mixture_of_neighbours_is_the_declared_one() -> None:
    """A text whose halves the detector gives to two neighbours of the declared language is no mixture."""
    text = f"{TWIN_TEXTS[0][2]} Hotel Slovenija"
    assert detect(text + " " + text, "sr") == "sr"


SCRIPTS = {
    "市議會星期一表示，新橋將於春天開放，屆時橋下的全部工程都將完成，居民可以再次步行前往市集。": "zh",
    "韓國總統週二抵達首爾機場，韓方官員表示雙方將就關稅與防衛費用展開三日會談。": "zh",
    "總統府週四證實，「한국」代表團下月訪問台北，行程三天，雙方將討論晶片供應鏈與漁業協定。": "zh",
    "動漫展「のび太」特展週六在高雄揭幕，主辦單位估計三週內將有二十萬人次入場參觀。": "zh",
    "国会で予算案審議開始、与野党が防衛費増額巡り激しい論戦、首相は減税先送りを表明した": "ja",
    "カタカナノ記事ハ漢字ガ少ナイガ日本語デアルコトニ変ワリハナイト編集者ハ語ッタ": "ja",
    "시의회는 월요일 새 다리가 봄에 개통될 것이라고 밝혔다. 주민들은 다시 강을 건널 수 있다.": "ko",
    "韓日 首腦會談이 來週 서울에서 開催된다고 政府 當局者가 밝혔다. 議題는 貿易과 安保이다.": "ko",
    "Apple 宣布 iPhone 17 Pro Max 將於九月上市，售價為一千一百美元，市場分析師認為銷量將超過上一代。": "zh",
}


@pytest.mark.parametrize(("text", "tag"), SCRIPTS.items())
@pytest.mark.parametrize("declared", [None, "ko", "ja", "en", "zh-TW"])
def test_scripts_of_east_asia_decide(text: str, tag: str, declared: str | None) -> None:
    """Which letters stand beside the Han ones says Chinese, Japanese or Korean; a name of another one does not."""
    assert detect(text, declared) == tag


def test_mixture_of_scripts_is_undetermined() -> None:
    """Half Chinese and half Korean is neither, unless one of the two is declared."""
    chinese, *_, korean = list(SCRIPTS)[:7]
    assert detect(chinese * 4 + korean * 3) == "und"
    assert detect(chinese * 4 + korean * 3, "zh-TW") == "zh"


def test_few_letters_of_a_script_do_not_decide() -> None:
    """A foreign name in a text of another alphabet leaves its language as it is."""
    assert detect(TEXTS["en"] + " 東京新聞 한국") == "en"


def test_declared_language_of_another_script() -> None:
    """A wrong declaration overrules nothing, of known and of unknown languages."""
    assert detect(TEXTS["de"], "is") == "de"
    assert detect(TEXTS["ru"], "mn") == "ru"
