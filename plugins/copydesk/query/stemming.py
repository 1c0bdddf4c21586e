"""Stems: a word → what stands for all its endings in a language. Pure.

The stemmers are Snowball's. A stem bears its language, `en:ferri`: what a person types has none, so it is looked for
as it would be kept in each, and an English `news` is not found by the stem that some other language would make of it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import regex
import Stemmer

from copydesk.query.folding import folded

__all__ = ["LANGUAGES", "code_of", "stem_of", "stems_of"]

_SCRIPTS: Final = {
    "Latin": """
        eu:basque ca:catalan cs:czech da:danish nl:dutch en:english eo:esperanto et:estonian fi:finnish fr:french
        de:german hu:hungarian id:indonesian ga:irish it:italian lt:lithuanian no:norwegian pl:polish pt:portuguese
        ro:romanian es:spanish sv:swedish tr:turkish""",
    "Cyrillic": "ru:russian sr:serbian",
    "Arabic": "ar:arabic fa:persian",
    "Armenian": "hy:armenian",
    "Devanagari": "hi:hindi ne:nepali",
    "Greek": "el:greek",
    "Hebrew": "yi:yiddish",
    "Tamil": "ta:tamil",
}
"""Script -> the languages written in it that have a stemmer, and its name."""

_SAME: Final = {"nb": "no", "nn": "no"}
_STEMMERS: Final[Mapping[str, tuple[str, Stemmer.Stemmer]]] = {
    code: (script, Stemmer.Stemmer(name, 0))  # 0: no cache of its own, there is one below
    for script, pairs in _SCRIPTS.items()
    for code, name in (pair.split(":") for pair in pairs.split())
}
_IN: Final = {
    script: tuple(code for code, (own, _) in _STEMMERS.items() if own == script) for script in _SCRIPTS
}
_SCRIPT: Final = regex.compile("|".join(rf"(?P<{script}>\p{{{script}}})" for script in _SCRIPTS))

_ARTICLE: Final = regex.compile(r"^(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=\w{3})")
"""The Arabic article, also behind "and", "so", "in" and "like"; the stemmer cuts other ends of words with it."""

LANGUAGES: Final = frozenset(_STEMMERS) | frozenset(_SAME)
"""Languages whose words are stemmed."""


def code_of(language: str) -> str:
    """The language as whose words those of a language are stemmed: both kinds of Norwegian are one."""
    return _SAME.get(language, language)


@lru_cache(maxsize=200_000)
def stem_of(word: str, language: str) -> str:
    """What a word in lower case is kept as in a language; without a stemmer, or in another script, the folded word."""
    code = code_of(language)
    script, stemmer = _STEMMERS.get(code, ("", None))
    if stemmer is None or _script(word) != script:
        return folded(word)
    bare = _ARTICLE.sub("", word) if code == "ar" else word
    return f"{code}:{folded(stemmer.stemWord(bare))}"


@lru_cache(maxsize=20_000)
def stems_of(word: str, languages: tuple[str, ...] = ()) -> tuple[str, ...]:
    """All that a word may be kept as, with and without its accents; only in some languages, if they are given."""
    possible = _IN.get(_script(word), ())
    wanted = [code_of(one) for one in languages]
    among: Iterable[str] = [code for code in possible if not wanted or code in wanted]
    found = [stem_of(form, code) for code in among for form in dict.fromkeys((word, folded(word)))]
    return tuple(dict.fromkeys((folded(word), *found)))


def _script(word: str) -> str:
    match = _SCRIPT.match(word)
    return str(match.lastgroup) if match else ""
