"""The grammar of English captions: a scene in the present tense, a thing without a verb, a date behind it.

There is no tagger here: closed lists tell finite verbs, so what they miss counts as none. They therefore hold every
irregular past and the commonest plain forms; what ends in -ed may be a participle and is judged by its place.
"""

import itertools
import re

from copydesk.cleaning.bylines import DATE
from copydesk.cleaning.lines import Line, alternatives
from copydesk.cleaning.tables import any_of, read_words

__all__ = ["AT_WORK", "DIGIT", "SHORT", "is_english", "points"]

FUNCTION_WORDS = re.compile(r" (?:the|of|and|to|is|was|for) ")

SCENE = frozenset(read_words("scene_verbs"))
"""What people do in pictures; the third person is told by `_base`."""

SCHEDULED = frozenset(
    (
        "arrive attend face land lead leave perform play present reach receive return sing test travel try "
        "visit vote"
    ).split()
)
"""Verbs that announce as well: "United play on Saturday"."""

FINITE = frozenset(read_words("finite_verbs"))
"""Verb forms that no caption without a verb holds."""

PLAIN = frozenset(read_words("plain_verbs"))
NO_VERBS = frozenset(read_words("prepositions"))
OBJECT = re.compile(
    r"\b([a-z]+) (?:(?:the|an?|this|these|those|its|his|their|several|almost)\b|(?:them|him)\b[.,]?)"
)
"""A word that governs an object is a verb, unless it is one of the few that are not, or a participle."""

OFFICE = re.compile(r"(?i:\b" + any_of("offices") + "),? [A-Z]")
GOES_ON = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|Sen|Gov|Gen|Rep|Rev|No|vs)\.$")
"""The full stop of a short form ends no sentence: what follows stands in another line."""

PLURAL = re.compile(r"..[^ius'’]s$")
"""The express that a train is was never several: words in -ss, -us and -is are no plurals."""
PLURALS = frozenset("people police children men women".split())
PLAIN_PAST = re.compile(
    r"(?<!\bthe)(?<!\ba)(?<!\ban)(?<!\bof)(?<!\bnewly)(?:^|[\s“\"])(?:\w+(?:ed|n't|n’t))\b"
)
PARTICIPLES = re.compile(
    r"\b"
    + alternatives(
        r"""
        being | pictured | seen | shown | used | called | named | dressed | covered | based | built | taken | made
        armed | filled | surrounded | followed | displaced | \w+ed by
        """
    )
    + r"\b"
)
PAST = re.compile(
    r"\b(?:had|will|would|has been|have been|was|were|said|told|began|came|went|took|made|won|lost|gave|got"
    r"|became|left|led|met)\b"
)
DETERMINERS = frozenset(
    (
        "the a an this that these those its his her their my our your to and or of for in on with as by at from "
        "s’ is was has no"
    ).split()
)
NAMES_START = (
    r"^(?:[A-Z][\w.’'-]*,? )"
    r"(?:(?:and|of|the|de|van|von|his|her|\d\d|cent\w+|left|right|[A-Z(][\w.’')-]*),? ){0,7}"
)
AT_WORK = re.compile(
    NAMES_START
    + alternatives(
        r"""
        being | pictured | seen | shown | speaking | wearing | walking | arriving | attending | holding | posing
        celebrating | leaving | supporting | standing | sitting | talking | playing | working | performing
        during | with | outside | after
        """
    )
    + " "
)
WHERE_NAMED = re.compile(r"^[A-Z][\w.’'-]+ (?:(?:and )?[A-Z][\w.’'-]* ){1,5}(?:at|in|on) ")
PARTICIPLE_START = re.compile(
    rf"{AT_WORK.pattern}|{NAMES_START}(?:at|in|on) |^(?:[A-Z][\w.’-]* ){{1,4}}and (?:his|her|their) "
)
NOUN_START = re.compile(
    r"^(?:An?|The|One of|Two|Three|Four|Five|(?:[A-Z][\w.’-]* ){0,3}[A-Z][\w.’-]*(?:’s|'s)"
    r"|[A-Z][a-z]+(?<!ing)(?<!s) [a-z]+s) "
)
TITLED = re.compile(r"^(?:[A-Z][\w’'-]*\.? (?:(?:and|of|for|the|&) )*){2,9}[A-Z][\w’'-]+\.$")
"""Office and name of a person, and a full stop."""
NAMED = re.compile(r"[a-z0-9,’'] [A-Z]|^(?:[A-Z][\w.’'-]* ){1,9}[A-Z]|^[A-Z]\w+[’']s ")
CLAUSE = re.compile(
    r"[“”\"„«:;!]|\b(?:used to|but|which|because|that|if|not|no|never|more|most|best|worst|less|just|only|even)\b"
)
SHOWN = re.compile(
    alternatives(
        r"""
        \b(?:is|are|was|were|can be|being) (?:pictured|seen|shown|photographed|depicted)\b
        [,)] (?:pictured|seen|shown)\b
        ^(?:[\w.’'-]+ ){1,5}(?:pictured|shown|seen here)\b
        \bshow(?:s|ing)? (?:the|an?) (?:damage|scene|aftermath|moment|site)\b
        """
    )
)
SHOWING = ("show", "seen", "pictured", "photographed", "depicted")
NO_ACT = alternatives(
    r"""
    is | was | has | does | says | its | his | this | as | us | less | across | towards | perhaps | always | plus
    sets | needs | wants | makes | wins | gets | thinks | finds | comes | goes | remains
    """
)
SUBJECT_ACTS = re.compile(
    r"^(?:[A-Z][\w.’'-]*,? (?:(?:and|of|the|for|de|van|von|al|bin) )?){2,7}"
    rf"(?:\((?:left|right|cent\w+|l|r|c)\) )?(?!{NO_ACT} )[a-z]{{2,}}s "
)
NOBODY = re.compile(
    "^"
    + alternatives(
        r"""
        An? | Two | Three | Some | People | Residents | Workers | Protesters | Demonstrators | Children | Visitors
        Commuters | Firefighters | Police | Soldiers | Students | Fans | Pedestrians | Customers | Passengers
        Villagers | Rescuers | Mourners | Supporters | Voters | Tourists | Women | Men
        """
    )
    + " "
)
WHERE = re.compile(r"\b(?:during|outside|inside|near|ahead of|after|before|as|in|next to|past|through) ")
AT_ONCE = re.compile(r"\b(?:during|outside|alongside|ahead of|next to|in front of|past|beside|behind|after) ")
PLACE_NAME = re.compile(
    r"\b(?:in|on|at|near|outside|of|off|along|through|past) (?:(?:the|an?|downtown|central) )?[A-Z]"
    r"|\bas (?:the|an?|they|he|she)\b"
)
SENTENCE_END = re.compile(r"(?<=[a-z\d)]{2}[.])\s+(?=[A-Z“\"])")
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
DATED_END = re.compile(
    rf"(?:{DATE}|\b(?:last )?{WEEKDAY}(?: night| evening| morning| afternoon)?)"
    r"(?:,? (?:in|at|near|outside) [^.]{3,50}?(?:, \w{2,6})?)?[\s.)\]]*$"
)
FULL_DATE = re.compile(rf"{DATE}(?<=[12]\d\d\d)")
APPOSED_DATE = re.compile(rf", {DATE}(?<=\d\d\d\d)[\s.)\]]*$")
BY_DAY = re.compile(rf"\b{WEEKDAY}\b")
BY_WEEKDAY = re.compile(rf"\b{WEEKDAY},? (?:the )?{DATE}(?<=\d\d\d\d)")
WORDS = re.compile(r"[\w'’]+")
DIGIT = re.compile(r"\d")
"""No date without one."""

YEAR_END = re.compile(r"\b(?:19|20)\d\d[\s.)\]]*$")

TAIL = 75
"""Characters at the end of a sentence in which its date stands."""

SHORT = 30
"""Words up to which a caption may do without a verb, or with one in the present tense only."""

VERBLESS = 20

SHORTEST_VERB = 2
"""Letters that a verb has more of: "am", "pm" and "of" have none."""


def is_english(bare: str) -> bool:
    """Whether a paragraph holds English function words, without which this grammar means nothing."""
    return bool(FUNCTION_WORDS.search(bare))


def points(line: Line, body: str) -> int:
    """How much the grammar of a line speaks for a caption; 3 is enough.

    Args:
        line: The line.
        body: Its text without the credit of a picture.
    """
    first = SENTENCE_END.split(body, maxsplit=1)[0] if ". " in body else body
    if len(first) < len(body):
        # a picture described and dated, and then a word on what it means
        return max(_of_sentence(line, body), 5 * (_dated_scene(first, WORDS.findall(first.lower())) > 2))
    return _of_sentence(line, body)


def _of_sentence(line: Line, body: str) -> int:
    bare = body.lower()
    words = WORDS.findall(bare)
    shown = 2 * (any(map(bare.__contains__, SHOWING)) and bool(SHOWN.search(bare)))
    dated = _is_dated(bare)
    if len(words) > SHORT:
        return shown + max(dated, _dated_scene(body, words))
    return shown + max(
        _dated_scene(body, words),
        _verbless(line, body, words, dated=dated or bool(YEAR_END.search(bare))),
        _happens(body, words),
    )


def _is_dated(bare: str) -> bool:
    tail = bare[-TAIL:]
    return ("day" in tail or DIGIT.search(tail) is not None) and bool(DATED_END.search(tail))


def _dated_scene(body: str, words: list[str]) -> int:
    """Points for somebody doing something in the present tense on a day that is past."""
    bare = body.lower()
    # reports say "on Tuesday"; the whole date with its weekday is what agencies write below pictures
    if DIGIT.search(bare) and (BY_WEEKDAY.search(bare) or APPOSED_DATE.search(bare)):
        # … but a trial that starts then, and a council that votes, are announced so
        acts = _acts(words[:16])
        scene = acts not in SCHEDULED if acts else SUBJECT_ACTS.match(body) or FINITE.isdisjoint(words)
        return 3 if scene and not PAST.search(bare) else 2
    if not _is_dated(bare):
        return 0
    acts = _acts(words[:16])
    if PAST.search(bare) or not (acts or SUBJECT_ACTS.match(body)):
        return 1
    if FULL_DATE.search(bare[-TAIL:]):
        return 3
    at_work = acts and acts not in SCHEDULED and BY_DAY.search(bare[-TAIL:]) and WHERE.search(bare)
    return 3 if at_work else 2


def _happens(body: str, words: list[str]) -> int:
    """Points for a scene and its place, more with nobody known in it: "A man walks past a mural in Aldervik"."""
    if len(words) > VERBLESS or PAST.search(body.lower()) or not _acts(words[:8]):
        return 0
    return (
        2 * bool(NOBODY.match(body))
        + bool(PLACE_NAME.search(body))
        + bool(AT_ONCE.search(body))
        + bool(SUBJECT_ACTS.match(body))
    )


def _verbless(line: Line, body: str, words: list[str], *, dated: bool) -> int:
    """Points for a thing or a person with nothing said about it."""
    titled = TITLED.match(body) and OFFICE.search(body)
    if len(words) > VERBLESS or CLAUSE.search(body.lower()) or GOES_ON.search(body) or _is_told(body, words):
        return 0
    if _acts(words) or not (NOUN_START.match(body) or PARTICIPLE_START.match(body) or titled):
        return 0
    rest = PARTICIPLES.sub("", body.lower())
    if PLAIN_PAST.search(rest):
        return 0
    named = bool(NAMED.search(body))
    if body[-1] == "." and titled:
        return 3
    if body[-1] == ".":
        return 3 if len(words) >= 4 and (named or dated) else 2  # fewer words are an exclamation
    return 0 if line.ended else 1 + dated + bool(AT_WORK.match(body) or WHERE_NAMED.match(body))


def _is_told(body: str, words: list[str]) -> bool:
    """Whether a verb tells something that no picture shows: a known one, in a sentence also what has an object."""
    if not FINITE.isdisjoint(words):
        return True
    if body[-1] != ".":
        return False
    return any(word in PLAIN or _base(word) in PLAIN for word in words) or any(
        map(_governs, OBJECT.findall(body))
    )


def _governs(word: str) -> bool:
    """Whether a word in front of an object can only be a verb that tells."""
    scene = word in SCENE or _base(word) in SCENE
    return len(word) > SHORTEST_VERB and not (scene or word in NO_VERBS or word.endswith(("ing", "ed")))


def _acts(words: list[str]) -> str:
    """The verb by which somebody does something now: "walks", or "leave" behind a plural; "" without."""
    for before, word in itertools.pairwise(words):
        if before in DETERMINERS:
            continue
        if word.endswith("s") and _base(word) in SCENE:
            return _base(word)
        if word in SCENE and (before in PLURALS or PLURAL.search(before)):
            return word
    return ""


def _base(word: str) -> str:
    """The base form of an English verb in the third person: carries, watches, speaks."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word.removesuffix("s")
