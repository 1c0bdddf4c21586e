import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.index import Kind
from copydesk.index.mapping import PROPERTIES
from copydesk.judging.clustering.links import copies
from copydesk.judging.clustering.rarity import features_of
from copydesk.judging.fingerprint import (
    COUNT_AT,
    FIELDS,
    FULL,
    MOST_COUNT,
    NAME,
    NUMBER,
    TITLE,
    Fingerprint,
    Section,
    from_body,
    kept,
    to_body,
)
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.judging.fingerprint.quotes import sentences, spans
from copydesk.judging.fingerprint.words import LIMIT
from made.texts import document, invent, paragraphs

TEXTS = st.text(max_size=400)
CHINESE = (
    "北部山区星期一发生山体滑坡，通往三个村庄的公路被切断，救援人员连夜清理石块。"
    "当地政府说，约四百名居民已经转移到学校和体育馆，目前没有人员失踪。"
    "气象部门预计未来两天还会有大雨，提醒居民远离河岸和陡坡。工程师正在检查水库大坝。"
    "铁路部门表示，停运的两趟列车最早星期四恢复，旅客可以免费退票。"
)
ARABIC = (
    "أعلنت وزارة النقل اليوم إغلاق الجسر القديم فوق النهر بعد العثور على شقوق في ثلاثة أعمدة.\n"
    "وقال المهندسون إن أعمال الإصلاح ستستغرق ستة أشهر وستكلف نحو أربعين مليونا.\n"
    "ويستخدم الجسر يوميا حوالي عشرين ألف سيارة، وستحول الحركة إلى الطريق الشمالي.\n"
    "وطالب أصحاب المتاجر القريبة بتعويضات عن خسائرهم خلال فترة الإغلاق الطويلة."
)


def prints(*texts: str, title: str = "A title") -> list[Fingerprint]:
    return [
        make_fingerprints([document(f"d{n}", text.split("\n"), title=title)])[0]
        for n, text in enumerate(texts)
    ]


@given(TEXTS)
def test_every_text_has_a_fingerprint_that_survives_its_record(text: str) -> None:
    """Any text at all is fingerprinted, and what the index gives back of its record gives the same fingerprint."""
    one = prints(text, title=text[:30])[0]
    back = from_body(one.id, kept(one))
    assert to_body(back) == to_body(one)
    assert back.hashes.tolist() == one.hashes.tolist()
    assert back.marks.tolist() == one.marks.tolist()
    assert (back.size, back.halvings, back.items, back.first_seen_at) == (
        one.size, one.halvings, one.items, one.first_seen_at,
    )  # fmt: skip


@given(TEXTS)
def test_what_is_kept_beside_hashes_is_as_long_as_they_are(text: str) -> None:
    """Each term has marks and each quoted sentence a place; no hash of a section comes twice."""
    one = prints(text, title=text[:30])[0]
    assert len(one.marks) == len(one.section(Section.TERMS))
    assert len(set(one.hashes.tolist())) == len(one.hashes)


def terms_of(text: str, title: str) -> dict[int, tuple[int, int]]:
    """For each term of a text its marks, and how often it stands there."""
    one = prints(text, title=title)[0]
    marks = one.marks.astype(int)
    known = zip((marks % (1 << COUNT_AT)).tolist(), (marks >> COUNT_AT).tolist(), strict=True)
    return dict(zip(one.section(Section.TERMS).tolist(), known, strict=True))


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("There fell a storm.", " ", (0, 1)),
        ("There fell Drummond.", " ", (NAME, 1)),
        ("There fell 4180.", " ", (NUMBER, 1)),
        ("There fell a storm.", "There a storm", (TITLE, 2)),
        ("There fell it.", "There a storm", (TITLE, 1)),
        ("There fell a storm, the storm.", " ", (0, 2)),
        ("There fell Drummond, and Drummond's.", " ", (NAME, 2)),
        ("There fell a storm. " + "It fell, a storm. " * 99, " ", (0, MOST_COUNT)),
    ],
    ids=["word", "name", "number", "word of both", "word of the title", "twice", "name twice", "too often"],
)
def test_what_is_known_of_a_term(text: str, title: str, expected: tuple[int, int]) -> None:
    """Whether it is a name, a number or a word of the title, and how often it is mentioned, MOST_COUNT at most."""
    without = terms_of("There fell it.", " ")
    (known,) = (marks for term, marks in terms_of(text, title).items() if term not in without)
    assert known == expected


@given(st.integers(0, 10**6))
def test_names_and_numbers_stay_when_there_are_too_many_terms(seed: int) -> None:
    """A long text loses words that it says once, and none of its names."""
    rng = random.Random(seed)
    names = {invent(rng) for _ in range(20)}
    words = [invent(rng).lower() for _ in range(400)]
    long = [f"Then {name} came." for name in names]
    rest = [f"{' '.join(words[place : place + 10])}." for place in range(0, 400, 10)]
    some, all_ = prints("\n".join(long), "\n".join([*rest, *long]), title="")
    told = some.section(Section.TERMS)[(some.marks & NAME) != 0]
    kept_names = all_.section(Section.TERMS)[(all_.marks & NAME) != 0]
    assert set(told.tolist()) == set(kept_names.tolist())


@settings(max_examples=50)
@given(st.lists(TEXTS, max_size=8), st.randoms(use_true_random=False))
def test_a_fingerprint_depends_on_its_text_alone(texts: list[str], rng: random.Random) -> None:
    """The same text has the same fingerprint alone, among others, and in any order."""
    documents = [document(f"d{n}", text.split("\n"), title=text[:9]) for n, text in enumerate(texts)]
    alone = {one.id: to_body(make_fingerprints([one])[0]) for one in documents}
    rng.shuffle(documents)
    assert {one.id: to_body(one) for one in make_fingerprints(documents)} == alone


def test_fingerprints_of_many_texts_come_in_order() -> None:
    """Long and short texts, more than are read at once, each get their own; no texts have none."""
    texts = [CHINESE * 300, "", ARABIC, "A short one.", "word " * 30_000, "", CHINESE]
    documents = [document(f"d{n}", [text]) for n, text in enumerate(texts)]
    made = make_fingerprints(documents)
    assert [to_body(one) for one in made] == [to_body(make_fingerprints([one])[0]) for one in documents]
    assert make_fingerprints([]) == []


@pytest.mark.parametrize(
    "char", ["x", "\u4e00", "\u0e01", "\n", " ", ".", "\u201c", "'", "1,", "\U0001d49c", "\u0300", "\ufdfa"]
)
def test_a_megabyte_of_anything_is_cut_to_what_is_compared(char: str) -> None:
    """What comes after LIMIT characters changes nothing, whatever the text is made of."""
    long, cut = prints(char * (1_000_000 // len(char)), (char * LIMIT)[: LIMIT - len("A title\n")])
    assert long.hashes.tolist() == cut.hashes.tolist()
    assert long.size == cut.size


def test_the_record_has_the_fields_of_the_mapping() -> None:
    """What a fingerprint record may hold is what the index was told."""
    assert set(FIELDS) == set(PROPERTIES[Kind.FINGERPRINTS])
    assert set(to_body(prints("Some text. And more.")[0])) <= set(FIELDS)


def test_a_record_of_a_long_news_text_is_about_a_kilobyte_and_a_half() -> None:
    """500 words take at most 1.5 kB with 4 bytes a searched key, and a megabyte of text not twice that."""
    ordinary = paragraphs(5, 8)
    assert cost(ordinary) <= 1536
    assert cost([" ".join(paragraphs(7, 4000))]) <= 2500


def cost(lines: list[str]) -> float:
    body = to_body(make_fingerprints([document("d", lines)])[0])
    keys = {"terms", "quotes", "names"}
    packed = sum(len(str(body[name])) * 3 / 4 for name in ("hashes", "marks"))
    values = [body[name] for name in keys]
    return packed + 200 + 4 * sum(len(value) for value in values if isinstance(value, list))


@pytest.mark.parametrize(
    "text",
    ["", "   \n ", "One.", "!!! ???", "\ud800 half a pair", "🙂🙂", "1 2 3 4 5", "a\x00b"],
    ids=["empty", "blank", "word", "marks", "surrogate", "emoji", "digits", "control"],
)
def test_a_text_without_content_resembles_nothing(text: str) -> None:
    """Two such texts are not copies of each other, even if they are the same."""
    assert not copies(features_of(prints(text, text))).strength[0, 1]


@settings(max_examples=40)
@given(TEXTS, TEXTS)
def test_comparison_is_symmetric_and_a_text_is_like_itself(one: str, other: str) -> None:
    """Links go both ways, and what is asked in one direction is the mirror of the other."""
    features, turned = features_of(prints(one, other)), features_of(prints(other, one))
    assert features.cover[0, 0] == features.weighed[0, 0] == 1
    assert features.cover[0, 1] == turned.cover[1, 0]
    links, again = copies(features), copies(turned)
    assert links.strength[0, 1] == links.strength[1, 0] == again.strength[0, 1]
    assert links.apart[0, 1] == links.apart[1, 0] == again.apart[0, 1]


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_containment_grows_with_shared_text(seed: int, shared: int) -> None:
    """Each further paragraph taken over covers at least as much of the text it comes from."""
    wire, own = paragraphs(seed), paragraphs(seed + 1, 3)
    less, more = [*own, *wire[:shared]], [*own, *wire[: shared + 1]]
    features = features_of(prints("\n".join(wire), "\n".join(less), "\n".join(more)))
    assert features.cover[0, 1] <= features.cover[0, 2]


@pytest.mark.parametrize("text", [CHINESE * 2, ARABIC], ids=["chinese", "arabic"])
def test_copies_are_found_in_any_script(text: str) -> None:
    """A text cut by a third is a copy; one of the same script is not."""
    cut = text[: len(text) * 2 // 3]
    other = "".join(reversed(text))
    found = copies(features_of(prints(text, cut, other, title=""))).strength
    assert found[0, 1]
    assert not found[0, 2]


def test_a_long_text_is_compared_with_a_short_one() -> None:
    """A short text that stands in a very long one is covered by it, though the long one's sketch is thinned."""
    long = paragraphs(3, 600)
    features = features_of(prints("\n".join(long), "\n".join(long[:40])))
    assert make_fingerprints([document("d", long)])[0].halvings > 0
    assert features.cover[1, 0] > 0.9


def test_lines_that_are_no_sentences_do_not_count() -> None:
    """Cut teasers, and headings between full paragraphs, leave the sketch as it is."""
    wire = paragraphs(11, 6)
    noisy = [
        *wire[:2],
        "Bridge near Aldmoor opens",
        *wire[2:],
        "Storm closes all of the northern roads and...",
    ]
    clean, other = prints("\n".join(wire), "\n".join(noisy))
    assert clean.section(Section.SKETCH).tolist() == other.section(Section.SKETCH).tolist()


def test_a_list_counts_whatever_share_of_the_text_it_is() -> None:
    """A cut copy that is mostly a list stands in the whole text, which mostly is none."""
    prose = paragraphs(11, 12)
    items = [line.removesuffix(".") for line in paragraphs(12, 8)]
    cut, whole = prints("\n".join([prose[0], *items]), "\n".join([prose[0], *items, *prose[1:]]))
    left = {run for run in cut.section(Section.SKETCH).tolist() if run < FULL >> whole.halvings}
    assert len(left) > len(items)
    assert left < set(whole.section(Section.SKETCH).tolist())


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("He said “hello there”, then left.", ["hello there"]),
        ("‘We don’t know,’ she said.", ["We don’t know,"]),
        ("'It isn't so,' he said.", ["It isn't so,"]),
        ("The players' union and the fans' club met.", []),
        ("Er sagte: „Das ist gut“ und ging.", ["Das ist gut"]),
        ("Он сказал: «Это хорошо».", ["Это хорошо"]),
        ("他说「今天很好」。", ["今天很好"]),
        ("“A long speech\n“goes on” here.", ["A long speech", "goes on"]),
    ],
)
def test_quotes_of_all_kinds_are_found(text: str, quotes: list[str]) -> None:
    """Marks of several languages, apostrophes apart; an unclosed quote ends with its paragraph."""
    assert [text[start:end] for start, end in spans(text)] == quotes


def test_quoted_sentences_are_compared_one_by_one() -> None:
    """Joined, split and differently marked quotes have the same sentences; short ones are nobody's own."""
    one = "“We will not leave this valley. Never. It is our home now,” he said."
    two = "‘It is our home now.’ He added: ‘We will not leave this valley’."
    said, again = sentences(one, spans(one)), sentences(two, spans(two))
    assert set(said) == {"wewillnotleavethisvalley", "itisourhomenow"} == set(again)


def test_numbers_keep_their_points() -> None:
    """1,000 and 1.000 are the same number, and not a one and some zeros."""
    one, other = prints("It cost 1,000 and 3.5 there.", "Es kostete 1.000 und 3.5 dort.")
    numbers, again = (text.section(Section.TERMS)[(text.marks & NUMBER) != 0] for text in (one, other))
    assert len(numbers) == 2
    assert set(numbers.tolist()) == set(again.tolist())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "On {} the Harbour of Marnhaven was closed, and {}'s trains stood still near Tolvik.",
            "Monday Friday",
        ),
        (
            "Am {} wurde der Hafen von Marnhaven gesperrt, sagte der Sprecher in Tolvik am {}.",
            "Montag Samstag",
        ),
        ("Le port de Marnhaven est fermé depuis {} matin, selon la mairie de Tolvik {}.", "mardi dimanche"),
        ("El puerto de Marnhaven cerró el {} por la tormenta, dijo {} la alcaldesa Runa.", "jueves sábado"),
        ("Порт Марнхавен закрыли в {} из-за шторма, сообщил в {} мэр Толвика.", "среду пятницу"),
    ],
    ids=["english", "german", "french", "spanish", "russian"],
)
def test_the_day_of_the_week_is_evidence_of_nothing(text: str, days: str) -> None:
    """A text is the same whichever day it names, in its title too: no name, no word of its own, no run of words."""
    one, other = (prints(text.format(day, day), title=text.format(day, day))[0] for day in days.split())
    assert one.hashes.tolist() == other.hashes.tolist()
    assert one.marks.tolist() == other.marks.tolist()
    assert len(one.section(Section.SKETCH)) + len(one.section(Section.TERMS)) > 1
