"""Texts no newsroom would write: each has an outcome, in every index, and the next one too."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from copydesk.index import Generations, Kind
from copydesk.index.article import judgements_of
from copydesk.pipeline import work
from copydesk.segments.contents import contents_of
from copydesk.views.status import funnel
from made.races import Newsroom, Read, capture, outcome
from made.texts import START, document, paragraphs

MEGABYTE = 1_000_000
SENTENCES = {
    "chinese": "北港市长周二表示，这座新桥将在春天之前关闭，因为工程师发现了三十七处裂缝。",
    "japanese": "北港の市長は火曜日、技術者が三十七か所の亀裂を見つけたため、新しい橋を春まで閉鎖すると述べた。",
    "thai": "นายกเทศมนตรีเมืองท่าเหนือกล่าวเมื่อวันอังคารว่าสะพานใหม่จะปิดจนถึงฤดูใบไม้ผลิเพราะวิศวกรพบรอยร้าวสามสิบเจ็ดแห่ง",
    "arabic": (
        "قال رئيس بلدية الميناء الشمالي يوم الثلاثاء إن الجسر الجديد سيغلق حتى الربيع بعد العثور على سبعة "
        "وثلاثين شرخا."
    ),
    "hebrew": "ראש עיריית נמל הצפון אמר ביום שלישי כי הגשר החדש ייסגר עד האביב לאחר שמהנדסים מצאו שלושים ושבעה סדקים.",
    "hindi": "उत्तरी बंदरगाह के महापौर ने मंगलवार को कहा कि इंजीनियरों को सैंतीस दरारें मिलने के बाद नया पुल वसंत तक बंद रहेगा।",
    "korean": (
        "북항 시장은 화요일에 기술자들이 서른일곱 군데의 균열을 발견했기 때문에 새 다리를 봄까지 폐쇄한다고 "
        "말했다."
    ),
    "russian": (
        "Мэр Северной Гавани сообщил во вторник, что новый мост закроют до весны: инженеры нашли тридцать "
        "семь трещин."
    ),
}
ALONE = {
    "empty": "",
    "blank": " \n\t ",
    "a word": "Rain.",
    "a short line": "Rain is expected on Tuesday.",
    "marks": "!!! ??? ... ---",
    "emoji": "🙂🌧️" * 300,
    "digits": "1 2 3 4 5 6 7 8 9 0 " * 30,
    "control characters": "\x00\x01\x1b[31m\u202e\ufeff" * 30,
    "a megabyte of one letter": "a" * MEGABYTE,
    "a megabyte of emoji": "🙂" * (MEGABYTE // 4),
}
"""Texts that resemble nothing, not even themselves."""


def twice(room: Newsroom, text: str) -> tuple[list[str], list[str]]:
    """Ids of a text in two papers, and of an ordinary text and its copy beside it, all of them worked on."""
    mark = secrets.token_hex(3)  # a server remembers the version of a deleted document for a minute
    seen, captures, documents = START, [], {}
    wire = "\n".join(paragraphs(7, 4))
    for name, body in (("odd-one", text), ("plain-one", wire), ("odd-two", text), ("plain-two", wire)):
        seen += timedelta(minutes=5)
        one = capture(f"{name}-{mark}.example/news", ["Title of no import"], seen=seen)
        made = document(one.id, body.split("\n"), title=f"Of {name}", outlet=f"{name}.example")
        captures.append(one)
        documents[one.id] = replace(made, capture_id=one.id, first_seen_at=seen)
    ports = replace(room.ports(), reader=Read(documents))
    pages = contents_of(ports.archive, [room.publish(*captures).name]).pages
    work(ports, pages)
    before = outcome(room.index)
    work(ports, pages)
    assert outcome(room.index) == before
    ids = list(documents)
    return [ids[0], ids[2]], [ids[1], ids[3]]


@pytest.mark.parametrize("name", ALONE)
def test_a_text_that_says_nothing_is_stored_and_alone(index: Generations, name: str) -> None:
    """It is an article of its own, twice too; nothing is lost, and what comes beside it is judged as ever."""
    odd, plain = twice(Newsroom(index), ALONE[name])
    judged = judgements_of(index, [*odd, *plain])
    assert [judged[id_].duplicate_of for id_ in (*odd, *plain)] == [None, None, None, plain[0]]
    assert len(index.get(Kind.ARTICLES, [*odd, *plain])) == 4
    assert funnel(index).imbalance == 0


def test_a_text_that_cannot_be_stored_is_refused_alone(index: Generations) -> None:
    """Half a character, which reading never lets through: a rejection and a record to send again; the rest goes on."""
    odd, plain = twice(Newsroom(index), "\ud83d is half of a character")
    assert set(index.get(Kind.ARTICLES, [*odd, *plain])) == set(plain)
    assert {str(row.body["document"]) for row in index.scan(Kind.REFUSED)} == set(odd)
    assert funnel(index).imbalance == 0


@pytest.mark.parametrize("script", SENTENCES)
def test_copies_are_found_in_any_script_and_at_any_length(index: Generations, script: str) -> None:
    """A megabyte of a script is one text, and the second paper's copy of it a copy."""
    sentence = SENTENCES[script]
    numbered = (f"{number} {sentence[number % 9 :]}" for number in range(MEGABYTE // len(sentence.encode())))
    odd, plain = twice(Newsroom(index), "\n".join(numbered))
    judged = judgements_of(index, [*odd, *plain])
    assert [judged[id_].duplicate_of for id_ in (*odd, *plain)] == [None, odd[0], None, plain[0]]
    assert funnel(index).imbalance == 0
