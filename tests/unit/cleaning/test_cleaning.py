import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning import Surroundings, clean
from copydesk.cleaning.lines import alternatives, fold
from made.pages import PROSE

INSIDE = [
    ("notice", "Your browser does not support iframes."),
    ("notice", "Please enable JavaScript to view this content."),
    ("notice", "JavaScript is required to play this video."),
    ("notice", "Ihr Browser unterstützt keine eingebetteten Rahmen."),
    ("notice", "An dieser Stelle finden Sie einen externen Inhalt von einer Plattform."),
    ("notice", "Votre navigateur ne prend pas en charge cette vidéo."),
    ("notice", "Su navegador no admite la reproducción de vídeo."),
    ("notice", "Il tuo browser non supporta questo filmato."),
    ("notice", "O seu navegador não suporta este vídeo."),
    ("notice", "Ваш браузер не поддерживает это видео."),
    ("notice", "متصفحك لا يدعم تشغيل الفيديو."),
    ("notice", "您的浏览器不支持播放视频。"),
    ("related", "READ MORE: Storm closes harbour for a third day"),
    ("related", "See also: Mayor rejects the toll plan"),
    ("related", "Lesen Sie auch: Der Hafen bleibt geschlossen"),
    ("related", "À lire aussi : Le port reste fermé"),
    ("related", "Lea también: El puerto sigue cerrado"),
    ("related", "Leggi anche: Il porto resta chiuso"),
    ("related", "Leia também: O porto continua fechado"),
    ("related", "Читайте также: Порт остаётся закрытым"),
    ("related", "اقرأ أيضا: الميناء لا يزال مغلقا"),
    ("related", "相关阅读：港口仍然关闭"),
    ("related", "Related Posts"),
    ("related", "Lees ook: De haven blijft dicht"),
    ("related", "Läs också: Hamnen är stängd"),
    ("label", "Advertisement"),
    ("label", "Anzeige"),
    ("label", "Publicité"),
    ("label", "Реклама"),
    ("label", "广告"),
    ("label", "+ posts"),
    ("label", "Article content"),
    ("label", "Story continues below"),
    ("label", "Tags: dams, floods, valley"),
    ("label", "Share this article"),
    ("prompt", "Sign up for our free daily newsletter and get the news in your inbox."),
    ("prompt", "Subscribe to our channel for more stories from the valley"),
    ("prompt", "Follow us on Facebook and Instagram"),
    ("prompt", "What do you think? Have your say in the comments below."),
    ("prompt", "This article is reserved for our subscribers"),
    ("prompt", "Jetzt kostenlos unseren Newsletter abonnieren"),
    ("prompt", "Folgen Sie uns auf WhatsApp und Instagram"),
    ("prompt", "Wie hat Ihnen dieser Artikel gefallen?"),
    ("prompt", "Abonnez-vous à notre lettre du matin"),
    ("prompt", "Suscríbete a nuestro boletín de noticias"),
    ("prompt", "Inscreva-se no nosso canal e receba as notícias"),
    ("prompt", "Iscriviti alla nostra newsletter"),
    ("prompt", "Подписывайтесь на наш канал"),
    ("prompt", "تابعونا على صفحتنا"),
    ("prompt", "点击查看更多内容，关注我们的公众号"),
    ("legal", "© 2031 Aldervik Post. All rights reserved."),
    ("legal", "The views expressed here are those of the author."),
    ("legal", "We may earn a commission from links on this page."),
    ("legal", "Alle Rechte vorbehalten."),
    ("legal", "Tous droits réservés."),
    ("legal", "Все права защищены."),
    ("legal", "جميع الحقوق محفوظة"),
    ("legal", "未经授权，不得转载"),
    ("credit", "(Credit: Ola Berg/Agency Pictures)"),
    ("credit", "Photo: Ola Berg"),
    ("credit", "Foto: Ola Berg / Bilddienst"),
    ("credit", "Ola Berg/Agency Pictures via Stock Images"),
    ("credit", "— AGN/File"),
    ("credit", "© Ola Berg"),
    ("byline", "By Ola Berg"),
    ("embed", "View this post on Instagram"),
    ("section", "International"),
    ("caption", "A worker inspects the closed gate of the lower dam near Aldervik, June 3, 2031"),
    ("caption", "FILE - The lower bridge at Aldervik stands under water after the flood"),
    ("caption", "Marta Lindqvist (left) and her brother at the mill below the second bridge"),
    ("caption", "Engineers test the gate on Tuesday, watched by residents of the valley. (Photo: Ola Berg)"),
    (
        "caption",
        "Residents of the upper valley who had waited for the vote of the council since the early hours of...",
    ),
    ("caption", "Symbolbild: Ein Arbeiter prüft das geschlossene Tor am unteren Damm bei Aldervik im Sommer"),
]


@pytest.mark.parametrize(("reason", "line"), INSIDE)
def test_takes_out_between_paragraphs(reason: str, line: str) -> None:
    """Furniture goes wherever it stands, under the name of its rule; no paragraph goes with it."""
    cleaned = clean("\n".join([*PROSE[:3], line, *PROSE[3:]]))
    assert cleaned.kept == PROSE
    assert [(removed.reason, removed.text, removed.place) for removed in cleaned.removed] == [
        (reason, line, 3)
    ]


BEHIND = [
    ("author", "Ola Berg is a reporter with the Aldervik Post."),
    ("author", "Ola Berg covers rivers and roads for the Post and can be reached at the office."),
    ("author", "Ola Berg ist Redakteur im Ressort Region."),
    ("contact", "ola.berg@post.example"),
    ("agency", "With reporting by Reuters"),
    ("agency", "(AFP)"),
    ("agency", "Marta Lund contributed to this report."),
    ("agency", "Mit Material von dpa"),
    ("agency", "(Avec AFP)"),
    ("agency", "Con información de EFE"),
    ("agency", "Источник: Интерфакс"),
    ("agency", "المصدر: رويترز"),
    ("date", "Published on 3 June 2031 at 10:42"),
    ("date", "03.06.2031, 10:42 Uhr"),
    ("section", "Politik"),
    ("ruler", "***"),
    ("source", "- Eigene Berichterstattung"),
    ("source", "- Own reporting"),
    ("source", "- Собственная информация"),
    ("loose end", "Ola Berg"),
    ("label", "- Comments"),
]


@pytest.mark.parametrize(("reason", "line"), BEHIND)
def test_takes_out_behind_the_text(reason: str, line: str) -> None:
    """What may be part of a story between its paragraphs is furniture behind the last one."""
    cleaned = clean("\n".join([*PROSE, line]))
    assert cleaned.kept == PROSE
    assert [removed.reason for removed in cleaned.removed] == [reason]


BEFORE = [
    ("title", "Gate stays shut until tested"),
    ("title", "River: Gate stays shut until tested"),
    ("date", "June 3, 2031 10:42 am"),
    ("date", "Updated 2 hours ago"),
    ("reading time", "3 min read"),
    ("reading time", "Lesedauer: 4 Minuten"),
    ("byline", "Von Ola Berg und Marta Lund"),
    ("section", "World news"),
    ("kicker", "FROM OUR CORRESPONDENT"),
    ("kicker", "АННА ПЕТРОВА"),
    ("title", "Aldervik valley and the villages above itGate stays shut until tested"),
    ("label", "- Zuletzt aktualisiert am"),
    ("label", "- Last updated:"),
    ("label", "- 关注"),
]


@pytest.mark.parametrize(("reason", "line"), BEFORE)
def test_takes_out_before_the_text(reason: str, line: str) -> None:
    """Headline, byline and date above the first paragraph go; they are fields already."""
    cleaned = clean("\n".join([line, *PROSE]), Surroundings(titles=("Gate stays shut until tested",)))
    assert cleaned.kept == PROSE
    assert [removed.reason for removed in cleaned.removed] == [reason]


KEPT = [
    "Council to vote on emergency fund",
    "“Never again,” she said",
    "- Two bridges were carried away.",
    "He did.",
    "The newspaper asked readers to sign the petition, and nine thousand of them did so within a week.",
    "“Subscribe to our newsletter,” the mayor joked when he was asked how people should learn of the next flood.",
    "Ola Berg, a reporter who saw the flood, said that the bridge had swayed for an hour before it fell.",
    "The agency said it would publish the photo of the gate: nobody had seen it closed since 1974.",
    "In Rome, where the firm is based, the spokesman declined to comment on the delay.",
    "| Bridge | Year | Cost |",
    "1) Appropriate infrastructure and services",
    "Who will pay for it?",
    "Der Vorsitzende las aus dem Protokoll: „Abonnieren Sie unseren Newsletter nicht.“",
]


@pytest.mark.parametrize("line", KEPT)
def test_keeps_between_paragraphs(line: str) -> None:
    """Subheads, quotes, items, rows and prose that merely mentions such things stay."""
    assert clean("\n".join([*PROSE[:3], line, *PROSE[3:]])).kept == (*PROSE[:3], line, *PROSE[3:])


WORDS = [
    "river",
    "gate",
    "council",
    "bridge",
    "money",
    "spring",
    "north",
    "winter",
    "market",
    "engineer",
    "water",
    "village",
    "harbour",
    "answer",
    "reason",
    "letter",
]
sentence = st.lists(st.sampled_from(WORDS), min_size=8, max_size=30).map(
    lambda words: f"The {' '.join(words)} was said to be there."
)
furniture = st.sampled_from([line for _, line in INSIDE + BEHIND + BEFORE])


@given(st.lists(sentence, min_size=1, max_size=20, unique=True))
def test_prose_alone_loses_nothing(lines: list[str]) -> None:
    """Paragraphs of prose are kept, every one and in order."""
    assert clean("\n".join(lines)).kept == tuple(lines)


@given(st.lists(st.one_of(sentence, furniture, st.text(max_size=80)), max_size=25))
def test_nothing_vanishes(lines: list[str]) -> None:
    """Kept and removed lines together are the lines that came in, in order by place."""
    text = "\n".join(lines)
    cleaned = clean(text)
    given_lines = [squeezed for line in text.split("\n") if (squeezed := " ".join(line.split()))]
    rebuilt = list(cleaned.kept)
    for offset, removed in enumerate(cleaned.removed):
        rebuilt.insert(removed.place + offset, removed.text)
    assert [fold(line) for line in rebuilt] == [fold(line) for line in given_lines]


@given(st.lists(st.one_of(sentence, furniture, st.text(max_size=80)), max_size=25))
def test_second_pass_changes_nothing(lines: list[str]) -> None:
    """Cleaning a cleaned text takes nothing more."""
    once = clean("\n".join(lines)).kept
    assert clean("\n".join(once)).kept == once


def test_wordings_are_laid_out_as_text() -> None:
    """Lines and spaced bars part wordings; bars without spaces belong to a wording, as do spaces in brackets."""
    assert alternatives("\n  lire | l(?:i|u)s?\n\n  lue[ ]\n", "ver") == "(?:lire|l(?:i|u)s?|lue[ ]|ver)"
