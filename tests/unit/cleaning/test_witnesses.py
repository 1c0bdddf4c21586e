"""No sentence goes by its wording alone: it takes markup, an address to the reader, or taken lines around it."""

import pytest

from copydesk.cleaning import Surroundings, clean
from copydesk.cleaning.lines import fold
from copydesk.cleaning.tables import read_table
from made.pages import PROSE

REPORTS = [
    "The three villages want to become a member of the water union before the next winter.",
    "Half of the households have already subscribed to the cheaper tariff.",
    "Nearly nine hundred owners have signed up to the alerts of the dam.",
    "Skippers must download the harbour app before they may moor at the new quay.",
    "Follow the smoke and it leads to the WhatsApp group of the two brothers, who sold the wood.",
    "Sign up for a berth now or wait a year, the notice at the gate read.",
    "Have your say was the title of the play that nobody came to see.",
    "Click on the map to see how far your house stands from the river.",
    "Sign in to your account with the harbour office.",
    "Download your bill and analyse it with a table of your own.",
    "Klicken Sie auf die Karte, um Ihr Haus zu sehen.",
    "Connectez-vous à votre compte de la compagnie du bac.",
    "Click here, the letter told the pensioners, and their money was gone.",
    "Share your boat, he told his neighbours, and nobody did.",
    "Plans of the fort may not be published until the judge has ruled.",
    "The minutes do not represent the views of the two members who left.",
    "Agents may earn a commission of 3 per cent on each boat they sell.",
    "JavaScript is the language that most of the students chose.",
    "The browser is what the two companies went to court over.",
    "Read more, talk less: so the teacher had it on his wall.",
    "More from the south came to the meeting than from the north.",
    "Photos by the divers showed a crack in the gate.",
    "Images by radar helped to find the boat.",
    "Mehr dazu will die Stadt am Freitag sagen.",
    "Bilder von der Baustelle zeigten einen Riss im Tor.",
    "Immer weniger Leute im Tal wollen eine Zeitung abonnieren.",
    "Kinder konnten sich an beiden Tagen kostenlos testen lassen.",
    "Mit ihrer Zustimmung öffneten die Beamten den Keller.",
    "Wer mitfahren will, soll sich bitte bis Montag anmelden, sagte der Kapitän.",
    "Der Pfarrer verschickt seinen Newsletter täglich an die halbe Stadt.",
    "Les passagers du bac devront s'abonner à l'année.",
    "Il suffit d'une heure pour faire un don du sang.",
    "Partagez la digue ou quittez-la, nous dit le vieux gardien.",
    "Lire aussi lentement demande de la patience.",
    "Nel 2030 sono stati registrati trecento casi di febbre nella valle.",
    "Gli abbonati della funivia hanno chiesto il rimborso.",
    "Guarda anche al porto il piano della nuova giunta.",
    "Los vecinos tendrán que suscribirse al nuevo seguro de riadas.",
    "Mira también al norte la alcaldesa del valle.",
    "O clube quer que o porto siga aberto aos barcos e ao canal da aldeia.",
    "Жители отказались подписаться под письмом мэра.",
    "Инженеры нашли ошибку в расчётах плотины.",
    "Установите насосы до пятницы, потребовал инспектор.",
    "شارك وزير الري في افتتاح السد الجديد أمس.",
    "اشترك في المشروع ثلاث قرى من الوادي.",
    "انضم إلى الاتحاد ثلاثة أندية من الساحل.",
    "村民关注本次会议的结果，也在等待补偿方案。",
    "该报订阅量去年下降了两成，印刷厂因此关门。",
    "她把治水的经验分享到全国各地的学校。",
    "老人点击进入链接后，存款就被转走了。",
    "两家公司未经许可经营渡轮，船只已被扣押。",
    "신문을 구독하는 가구가 계곡에서 크게 줄었다.",
    "Belediye, köprüye abone olan sürücülerin sayısını açıkladı.",
]


@pytest.mark.parametrize("where", [3, 5])
@pytest.mark.parametrize("line", REPORTS)
def test_reports_stay(line: str, where: int) -> None:
    """Ordinary sentences with the words of requests, notices, small print and pointers stay, on pages and in texts."""
    lines = [*PROSE[:where], line, *PROSE[where:]]
    for around in (Surroundings(), Surroundings(marks={"menu": frozenset({"link"})})):
        assert clean("\n".join(lines), around).kept == tuple(lines)


LAST = [
    "The ban covers the two lower villages and all boats.",
    "Norby joined the water union in 1998, a year before its neighbour.",
    "He joined the coastguard as a cook in 1987 and left it as a captain.",
    "The man is a 34-year-old photographer from the upper valley.",
    "Berg is the second reporter hurt at the gate this year.",
    "The island can be reached by the ferry on two days of the week.",
    "The jury praised her novel as the portrait of a village.",
    "Die Reederei schreibt seit zwei Jahren Verluste.",
    "Le témoin est un journaliste à la retraite.",
    "El testigo es un periodista jubilado del valle.",
    "Il testimone è un giornalista in pensione.",
    "A testemunha é uma jornalista reformada.",
]


@pytest.mark.parametrize("line", LAST)
def test_last_paragraph_is_no_biography(line: str) -> None:
    """The last paragraph tells of people and their work; only whom no paragraph named before is the author."""
    assert clean("\n".join([*PROSE, line])).kept == (*PROSE, line)


def test_person_of_the_story_is_no_author() -> None:
    """A reporter who is named in the text may be told about in its last line, anybody else there is its author."""
    told = "Ola Berg is a reporter with a paper of the lower valley."
    named = "Ola Berg, whom the guard had taken for a thief, was let go after two hours and a cup of tea."
    assert clean("\n".join([*PROSE, told])).kept == PROSE
    assert clean("\n".join([named, *PROSE, told])).kept == (named, *PROSE, told)


def test_biography_goes_on() -> None:
    """A sentence about "her" belongs to the biography above it."""
    bio = ["Ola Berg is a reporter with the Aldervik Post.", "She can be reached at the desk of the harbour."]
    assert clean("\n".join([*PROSE, *bio])).kept == PROSE
    assert clean("\n".join([*PROSE, bio[1]])).kept == (*PROSE, bio[1])


OFFERS = [
    "Become a member today and read every story that we write.",
    "Already a subscriber? You can log in with your address.",
    "Subscribe to our paper and support the work of our reporters.",
    "You may not publish this report without our written consent; it may not be reproduced.",
    "Mit Ihrer Zustimmung wird hier ein externer Inhalt geladen, den unsere Redaktion empfiehlt.",
    "Abonnez-vous à notre lettre pour lire la suite de cet article.",
    "Suscríbete a nuestro boletín para leer el resto de la noticia.",
    "Iscriviti alla nostra lettera per leggere il resto della notizia.",
    "Подпишитесь на наш канал, чтобы читать новости долины.",
    "请关注我们的公众号，第一时间查看新闻。",
]


@pytest.mark.parametrize("line", OFFERS)
def test_offers_to_the_reader_go(line: str) -> None:
    """A wording with an address to the reader is furniture, in full sentences too."""
    assert clean("\n".join([*PROSE[:3], line, *PROSE[3:]])).kept == PROSE


ENDINGS = [
    "Lunedì 16 dicembre 2030.",
    "El 28 de febrero de 2031.",
    "Refer to https://harbour.example for the tides of the week.",
    "Are the boats of the guard the fault of @harbour?",
    "Die Fähre meldet sich unter www.faehre.example.",
    "Point, Comma, Dash ...",
    "Fuente: partes de un libro que escribieron las dos maestras del molino.",
]


@pytest.mark.parametrize("line", ENDINGS)
def test_a_sentence_may_end_a_text(line: str) -> None:
    """A date, an address or a source within a sentence, or a line that was cut, is none of what stands below texts."""
    assert clean("\n".join([*PROSE, line])).kept == (*PROSE, line)


@pytest.mark.parametrize(
    "line",
    ["Published 16 December 2030.", "Updated on 16 December 2030, 10:30 a.m.", "Follow her on X at @olaberg.",
     "Fuente: el ayuntamiento.", "16 декабря 2030 г."],
)  # fmt: skip
def test_stamps_and_contacts_have_full_stops_too(line: str) -> None:
    """With a word that says so, a full stop makes no sentence of a stamp, an invitation or a name."""
    assert clean("\n".join([*PROSE, line])).kept == PROSE


def test_markup_is_a_witness() -> None:
    """What the page has as a link or in a box goes by its wording."""
    line = "Half of the households have already subscribed to the cheaper tariff."
    for mark in ("link", "aside", "box"):
        around = Surroundings(marks={fold(line): frozenset({mark})})
        assert line not in clean("\n".join([*PROSE[:3], line, *PROSE[3:]]), around).kept


def test_neighbours_are_a_witness() -> None:
    """Between two lines of furniture a sentence with such a wording is the third."""
    line = "Half of the households have already subscribed to the cheaper tariff."
    block = ["Follow us on Facebook", line, "Share this article"]
    assert clean("\n".join([*PROSE[:3], *block, *PROSE[3:]])).kept == PROSE
    assert line in clean("\n".join([*PROSE[:3], *block[:2], *PROSE[3:]])).kept


TAILS = {
    "en": ", the guard said, and half the town laughed.",
    "de": ", sagte der Wächter, und die halbe Stadt lachte.",
    "fr": ", a dit le gardien, et la moitié de la ville a ri.",
    "es": ", dijo el guardia, y medio pueblo se rió.",
    "it": ", ha detto il guardiano, e mezza città ha riso.",
    "pt": ", disse o guarda, e meia cidade riu.",
    "ru": ", сказал сторож, и полгорода смеялось.",
    "ar": "، قال الحارس، وضحك نصف المدينة.",
    "zh": "，守门人这样表示，半个城都笑了。",
}
COUNTER = [
    pytest.param(group.languages, example, id=f"{name}-{example[:40]}")
    for name in ("prompts", "legal", "notices")
    for group in read_table(name).groups
    for wording in group.wordings
    for example in wording.examples
    if TAILS.keys() & group.languages and "©" not in example
]


@pytest.mark.parametrize(("languages", "example"), COUNTER)
def test_reported_wordings_stay(languages: list[str], example: str) -> None:
    """Every wording stays in the sentence of somebody who is quoted without marks."""
    [*tails] = [TAILS[language] for language in languages if language in TAILS]
    for tail in tails:
        line = example.rstrip(" .!?:") + tail
        assert line in clean("\n".join([*PROSE[:3], line, *PROSE[3:]])).kept


@pytest.mark.parametrize("heading", ["Comments", "More from the hearing", "Mehr zum Streit", "Live", "Share"])
def test_headings_of_text_stay(heading: str) -> None:
    """A heading above paragraphs names a part of the text; above links it is a label."""
    link = "The mill is open again"
    around = Surroundings(
        marks={fold(heading): frozenset({"heading"}), fold(link): frozenset({"link"})},
    )
    told = [*PROSE[:3], heading, *PROSE[3:]]
    assert clean("\n".join(told), around).kept == tuple(told)
    assert clean("\n".join([*PROSE[:3], heading, link, *PROSE[3:]]), around).kept == PROSE


@pytest.mark.parametrize("quote", ["“Next!”", "„Mehr!“", "« Annonce ! »", "«¡Guardar!»"])
def test_quotes_of_one_word_stay(quote: str) -> None:
    """A quoted word was said by somebody, whatever label it would be without the marks."""
    assert quote in clean("\n".join([*PROSE[:3], quote, *PROSE[3:]])).kept


def test_lists_of_people_are_no_credits() -> None:
    """Committees and the fallen stay, who made the broadcast goes, and so does a name alone."""
    board = ["Chair: Ida Holm", "Treasurer: Per Lund"]
    assert clean("\n".join([*PROSE, *board])).kept == (*PROSE, *board)
    life = "Ola Henrik Berg, 1941–2026"
    assert clean("\n".join([*PROSE, life])).kept == (*PROSE, life)


def test_first_sentence_may_go_on_from_the_headline() -> None:
    """What the first sentence adds to the headline is nowhere else."""
    around = Surroundings(titles=("Two die in avalanche on Mount Elbar",))
    first = "Two die in avalanche on Mount Elbar, rescuers say."
    assert clean("\n".join([first, *PROSE]), around).kept == (first, *PROSE)
    assert clean("\n".join(["Two die in avalanche on Mount Elbar", *PROSE]), around).kept == PROSE


TURKISH_AND_KOREAN = [
    "İlgili haberler",
    "무단 전재 및 재배포 금지",
    "저작권자 ⓒ 항구일보",
    "댓글 쓰기",
    "구독하기",
]


@pytest.mark.parametrize("line", TURKISH_AND_KOREAN)
def test_turkish_and_korean_are_found(line: str) -> None:
    """A capital İ is one letter in lower case too, and Korean wordings are found without cues."""
    assert line not in clean("\n".join([*PROSE[:3], line, *PROSE[3:]])).kept


def test_a_paragraph_alone_behind_a_label_is_text() -> None:
    """What a page has behind "Read more" is a box where links stand with it; a paragraph alone is the next one."""
    told = "In the first survey most people wanted the ferry back, and so they did in the second one of the autumn."
    mark = {fold(told): frozenset({"related"})}
    lines = [*PROSE[:3], "Read more", told, *PROSE[3:]]
    assert told in clean("\n".join(lines), Surroundings(marks=mark)).kept
    link = "The mill is open again"
    lines.insert(5, link)
    marks = mark | {fold(link): frozenset({"related", "link"})}
    assert told not in clean("\n".join(lines), Surroundings(marks=marks)).kept


def test_class_word_on_most_paragraphs_names_no_box() -> None:
    """A page that has every paragraph in a box called so loses none that its declared body lacks."""
    other = (
        "A few days later the ferrymen met at the inn by the water and spoke of the years without a ferry."
    )
    body = fold(" ".join(PROSE))
    lines = [*PROSE[:3], other, *PROSE[3:]]
    every = {fold(line): frozenset({"aside"}) for line in lines}
    assert other in clean("\n".join(lines), Surroundings(body=body, marks=every)).kept
    alone = {fold(other): frozenset({"aside"})}
    assert other not in clean("\n".join(lines), Surroundings(body=body, marks=alone)).kept
