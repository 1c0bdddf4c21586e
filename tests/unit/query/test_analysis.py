"""The words of a text, as they are kept and looked for on every server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.query.analysis import other_forms, tokens_of
from copydesk.query.folding import LONGEST, folded
from copydesk.query.stemming import LANGUAGES, stem_of, stems_of


def words(text: str) -> list[str]:
    return [token.word for token in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Élysée d'Orléans", "l elysee d orleans"),
        ("O’Brien hadn't, don’t y'all", "obrien hadnt dont yall"),
        ("Europe's they're rock'n'roll", "europe s they re rock n roll"),
        ("İstanbul Ankara’da ısı", "istanbul ankara da isi"),
        ("Straße Œuvre Øre Łódź", "strasse oeuvre ore lodz"),
        ("й ё ї", "й е ї"),
        ("1,500 1.500 1’500 1\u00a0234,50 3,5 13.5", "1500 1500 1500 1234.50 3.5 13.5"),
        ("28.11.2026 10:30 1.2.3 0.300", "28 11 2026 10 30 1 2 3 0.300"),
        ("F-35B iPhone17 H5N1 mRNA", "f 35 b iphone 17 h 5 n 1 mrna"),
        ("C++ C# AT&T U.S. N.A.T.O Smith&Wesson a&", "c++ c# at&t u.s n.a.t.o smith wesson a"),
        ("twenty-one a_b #tag @name x², ﬁn", "twenty one a b tag name x fin"),
        ('צה"ל', "צהל"),
        ("हिन्दी 東京カー ไทย", "हिन्दी 東 京 カ ー ไ ท ย"),
        ("cafe\u0301 soft\u00adhyphen col·lecció", "cafe softhyphen colleccio"),
        ("١٢٣ １２", "123 12"),
        ("🚢 👩\u200d👩\u200d👧 ©", "🚢 👩👩👧"),
        ("!!! … -", ""),
    ],
)
def test_words_of_many_languages(text: str, expected: str) -> None:
    """Accents and case are folded, elisions and what follows apostrophes split, numbers written one way."""
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e-mail, co-operation, x-15", {"email", "cooperation"}),
        ("D’Angelo and Qur’an", {"dangelo", "quran"}),
        ("l’opposition, Europe’s, they’re", set()),
        ("U.N. envoy", {"un"}),
        ("Müller, Ærø, Åland", {"mueller", "æroe", "aaland"}),
    ],
)
def test_other_forms_of_words(text: str, expected: set[str]) -> None:
    """What is also written in one word, undotted, or without the signs of its alphabet is found under that too."""
    assert set(other_forms(tokens_of(text), text)) >= expected
    assert expected or not set(other_forms(tokens_of(text), text))


@given(st.text(max_size=60))
def test_words_are_what_a_server_can_keep(text: str) -> None:
    """No word holds a space or is longer than a server's words may be; each has a place in the text, in order."""
    tokens = tokens_of(text)
    for token in tokens:
        assert token.word == "".join(token.word.split())
        assert 0 < len(token.word.encode("utf-16-le")) // 2 <= 2 * LONGEST
        assert 0 <= token.start < token.end <= len(text)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    """What was folded stays as it is, so a query may be folded wherever it comes from."""
    assert folded(folded(text)) == folded(text)


@given(
    st.text(alphabet=st.characters(categories=["L", "M"]), min_size=1, max_size=20),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_a_word_finds_itself_in_every_language(word: str, language: str) -> None:
    """Nobody says in which language he types: what is kept of the word in any of them is among what is looked for."""
    for token in tokens_of(word):
        if token.raw:
            assert stem_of(token.raw, language) in stems_of(token.raw)
            assert stem_of(token.raw, language) in stems_of(token.raw, (language,))


def test_a_stem_is_that_of_its_language() -> None:
    """An ending is cut by the rules of the text's language alone."""
    assert stem_of("ferries", "en") == stem_of("ferry", "en")
    assert stem_of("häuser", "de") == stem_of("haus", "de")
    assert stem_of("ferries", "ru") == "ferries"
    assert stem_of("ferries", "und") == "ferries"
    assert stem_of("news", "en") == "en:news"
