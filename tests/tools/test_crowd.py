import dataclasses
import datetime as dt
import itertools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import get_args

import pytest

from newsworld.crowd import Kind, Row, crowd
from newsworld.crowd.__main__ import main
from newsworld.crowd.facts import events, press, tweet
from newsworld.crowd.model import Line
from newsworld.crowd.papers import EDITS, OUTLETS
from newsworld.crowd.phrases import TEXTS, chance, stock
from newsworld.crowd.wire import (
    AGENCIES,
    can_be_rewritten,
    paragraph,
    reports,
    sentences,
    standing,
    title,
    written,
)
from newsworld.grammar import load

MONDAY = dt.datetime(2026, 3, 2, 6, 0, tzinfo=dt.UTC)
ROWS = crowd(600, 1, 1, MONDAY)
LINES = reports(events(1, 1, 0, 6 * 3600)[0], 3)
DAYS = re.compile(
    "|".join(sorted((day for code in ("en", "de") for day in load(code).names["days"]), key=len))
)
COPIES = {"stub", "raw", "update", "cut", "expand", "edit", "rewrite", "next-day"}


def families(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows that carry running reports, by family."""
    out = defaultdict(list)
    for row in rows:
        if row.agency:
            out[row.family].append(row)
    return out


def own_sentences(line: Line, *, anew: bool = False) -> Iterator[str]:
    """What an agency words itself, in all states of a report."""
    for state in range(len(line.times)):
        for step in itertools.chain(*standing(line, state)):
            if step.what not in {"quote", "tweet"}:
                yield from sentences(paragraph(line, [step], state, anew=anew))


def figureless(text: str) -> str:
    return re.sub(r"\d[\d.,]*", "0", text)


def undated(row: Row) -> tuple[str, str, str, str]:
    return row.id, row.family, DAYS.sub("DAY", row.title), DAYS.sub("DAY", row.text)


def test_the_same_arguments_give_the_same_rows() -> None:
    """Nothing but texts, events, seed and start decides on a word."""
    assert crowd(600, 1, 1, MONDAY) == ROWS


def test_another_seed_gives_other_texts() -> None:
    """No text of one seed is found under another."""
    assert not {row.text for row in ROWS} & {row.text for row in crowd(600, 1, 2, MONDAY)}


@pytest.mark.parametrize("days", range(1, 8))
def test_any_weekday_gives_the_same_texts_but_for_dates(days: int) -> None:
    """Another day to start on changes dates and names of days, and nothing else."""
    moved = dt.timedelta(days=days, weeks=52)
    other = crowd(600, 1, 1, MONDAY + moved)
    assert [undated(row) for row in other] == [undated(row) for row in ROWS]
    for row, again in zip(ROWS, other, strict=True):
        assert dt.datetime.fromisoformat(again.published) - dt.datetime.fromisoformat(row.published) == moved
    assert ([row.text for row in other] == [row.text for row in ROWS]) == (days == 7)


@pytest.mark.parametrize(("texts", "count"), [(1, 1), (10, 10), (61, 1), (997, 3), (3000, 2)])
def test_there_are_as_many_rows_as_asked_for(texts: int, count: int) -> None:
    """Each row has an id of its own and comes no earlier than the one before it."""
    rows = crowd(texts, count, 5, MONDAY)
    assert len(rows) == len({row.id for row in rows}) == texts
    times = [dt.datetime.fromisoformat(row.published) for row in rows]
    assert times == sorted(times)
    assert times[0] >= MONDAY


@pytest.mark.parametrize(
    ("texts", "count", "start", "wrong"),
    [
        (0, 1, MONDAY, "texts: expected 1 to 50,000"),
        (50_001, 1, MONDAY, "texts: expected"),
        (3, 4, MONDAY, "texts: expected 4 to"),
        (600, 11, MONDAY, "events: expected 1 to 10"),
        (600, 1, MONDAY.replace(tzinfo=None), "time zone"),
    ],
)
def test_what_cannot_be_made_is_refused(texts: int, count: int, start: dt.datetime, wrong: str) -> None:
    """Sizes out of bounds and a start without zone are refused with what is allowed."""
    with pytest.raises(ValueError, match=wrong):
        crowd(texts, count, 1, start)


def test_every_kind_is_there() -> None:
    """A default set has texts of each kind, about as many of an outlet's own as are asked for."""
    kinds = Counter(row.kind for row in ROWS)
    assert set(kinds) == set(get_args(Kind))
    assert min(kinds.values()) >= 10
    assert (kinds["single"], kinds["form"], kinds["roundup"], kinds["thread"]) == (36, 23, 23, 17)
    assert sum(count for kind, count in kinds.items() if kind in COPIES) >= 400
    assert {row.kind for row in ROWS if row.agency} == COPIES


def test_outlets_and_agencies() -> None:
    """75 outlets and five agencies of one language or more; an outlet has a report once, or twice as an update."""
    assert sum(map(len, OUTLETS.values())) == 75
    assert {row.source for row in ROWS} == {*OUTLETS["en"], *OUTLETS["de"], *AGENCIES}
    for rows in families(ROWS).values():
        for outlet, count in Counter(row.source for row in rows).items():
            kinds = [row.kind for row in rows if row.source == outlet]
            assert count == 1 or (count == 2 and kinds[1] == "update")


@pytest.mark.parametrize("seed", range(1, 5))
def test_sizes_of_families_are_skewed(seed: int) -> None:
    """A few reports are everywhere, many in two to five places, many in one."""
    sizes = Counter(len(rows) for rows in families(crowd(600, 1, seed, MONDAY)).values())
    assert sum(count for size, count in sizes.items() if size >= 30) in range(2, 6)
    assert sum(count for size, count in sizes.items() if 2 <= size <= 5) >= 15
    assert sizes[1] >= 10
    assert max(sizes) <= 60


def test_rivals_share_no_own_sentence() -> None:
    """What agencies word themselves no other agency words so, nor does who rewrites its text."""
    said = defaultdict(set)
    for line in LINES:
        for sentence in (*own_sentences(line), *own_sentences(line, anew=True)):
            said[sentence].add(line.agency)
    assert len(said) > 1000
    assert [sentence for sentence, agencies in said.items() if len(agencies) > 1] == []


def test_all_quote_the_same_press_conference() -> None:
    """Every agency has sentences of the day's press conference word for word, and about half of the tweets in marks."""
    event = LINES[0].event
    for agency in AGENCIES:
        texts = ["\n".join(written(line, len(line.times) - 1)) for line in LINES if line.agency == agency]
        spoken = {quote for day in range(3) for code in ("en", "de") for quote in press(event, code, day)}
        assert sum(any(quote in text for text in texts) for quote in spoken) >= 4
    steps = [step.name for line in LINES for step in itertools.chain(*line.plan) if step.what == "tweet"]
    assert 1 / 4 < steps.count("marked") / len(steps) < 3 / 4
    assert any(tweet(event, "en", 0) in row.text for row in ROWS)


def test_stubs_say_so_and_are_short() -> None:
    """A stub is one sentence and a note, 25 to 45 words, and its sentence stands in the first take."""
    stubs = [line for line in LINES if any(step.what == "stub" for step in itertools.chain(*line.plan))]
    assert len(stubs) > 10
    for line in stubs:
        lead, note = written(line, 0)
        assert 25 <= len(f"{lead} {note}".split()) <= 45
        assert figureless(lead) == figureless(written(line, 1)[0])
        assert note not in written(line, 1)


def test_states_keep_most_and_change_figures() -> None:
    """From one state to the next most paragraphs stay, figures aside, and something is new in each report."""
    for line in LINES:
        for state in range(1, len(line.times) - 1):
            before, after = (
                {figureless(text) for text in written(line, which)} for which in (state, state + 1)
            )
            assert len(before & after) >= len(before) / 2
        assert written(line, 1) != written(line, len(line.times) - 1)


def test_figures_rise() -> None:
    """The dead become more, the missing fewer, from the first report to the last."""
    found = [
        (line.times[state], int(match[1]))
        for line in LINES
        for state in range(len(line.times))
        for text in written(line, state)
        if (match := re.search(r"toll stood at (\d+) dead|toll was at (\d+) dead", text)) and match[1]
    ]
    counts = [count for _, count in sorted(found)]
    assert counts == sorted(counts)
    assert counts[-1] > 2 * counts[0]


def test_the_next_day_keeps_background_and_is_another_family() -> None:
    """An agency's reports of two days share one to three paragraphs word for word, and hardly more."""
    for agency in AGENCIES:
        first, second = (
            [line for line in LINES if line.agency == agency and line.language == "en" and line.day == day]
            for day in (0, 1)
        )
        shared = [len(set(written(one, 1)) & set(written(two, 1))) for one in first for two in second]
        assert 1 <= max(shared) <= 3
        assert not {line.family for line in first} & {line.family for line in second}


def test_cuts_and_expansions() -> None:
    """A cut leaves the beginning, an expansion has paragraphs that the report has not."""
    for number, line in enumerate(LINES):
        whole = list(written(line, 1))
        cut = EDITS["cut"](line, 1, chance(number))
        assert cut[0] == whole[0]
        assert set(cut) <= set(whole)
        assert set(EDITS["expand"](line, 1, chance(number))) - set(whole)


def test_a_rewrite_has_other_sentences_and_the_same_quotes() -> None:
    """What is rewritten has lost most of the agency's sentences, in reports of one agency for each side and day."""
    rewritten = [line for line in LINES if can_be_rewritten(line)]
    sides = [(line.language, line.angle, line.day) for line in rewritten]
    assert len(sides) == len(set(sides)) > 8
    lost = []
    for number, line in enumerate(rewritten):
        steps = [step for step in itertools.chain(*standing(line, 1)) if step.name.startswith(line.angle)]
        own = {sentence for step in steps for sentence in sentences(paragraph(line, [step], 1))}
        text = "\n".join(EDITS["rewrite"](line, 1, chance(number)))
        lost.append(sum(sentence not in text for sentence in own) / len(own))
        assert any(quote in text for quote in press(line.event, line.language, line.day))
    assert 1 / 2 < sum(lost) / len(lost) < 7 / 8


def test_copies_share_words_with_their_report() -> None:
    """Every copy but a rewrite has a sentence of some state of its report."""
    states = {
        line.family: {sentence for state in range(len(line.times)) for text in written(line, state)
                      for sentence in sentences(text)}
        for line in LINES
    }  # fmt: skip
    for row in ROWS:
        if row.agency and row.kind != "rewrite":
            assert any(sentence in row.text for sentence in states[row.family])


def test_pages_carry_other_stories() -> None:
    """A good part of all copies has the title of another report of the same event on its page."""
    titles = {title(line, state): line.family for line in LINES for state in range(1, len(line.times))}
    with_teaser = [row for row in ROWS if row.agency and any(f": {told}" in row.text for told in titles)]
    assert len(with_teaser) > 40


def test_roundups_have_two_items_or_more() -> None:
    """A roundup is a family and story of its own, and so is a form; a thread tells of the event."""
    for row in ROWS:
        if row.kind in {"roundup", "form", "single"}:
            assert row.family == row.story != "e1"
        if row.kind in {"thread", "same-event"}:
            assert (row.story, row.agency) == ("e1", "")
        if row.kind == "roundup":
            assert row.text.count("\n") >= 1
    assert len({row.family for row in ROWS if not row.agency}) == sum(not row.agency for row in ROWS)


def test_every_voice_has_a_phrasing_of_every_fact() -> None:
    """The files hold a sentence for each agency of the language, none of them twice, and no half-read line."""
    for language, voices in (("en", 5), ("de", 3)):
        known = stock(language)
        facts = [phrasings for angle in known.angles.values() for phrasings in angle.facts.values()]
        facts += [
            known.core["toll"],
            known.core["rise"],
            known.core["stub"],
            *known.core["background"].values(),
        ]
        everything = list(itertools.chain(*facts))
        assert all(isinstance(phrasing, str) for phrasing in everything)
        assert len(everything) == len(set(everything))
        assert min(map(len, facts)) >= voices
    assert {folder.name for folder in TEXTS.iterdir()} == {"en", "de"}


def test_command_prints_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the same rows, a JSON object on each line."""
    main(["--texts", "60", "--seed", "3", "--start", "2026-03-02T06:00Z"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [dataclasses.asdict(row) for row in crowd(60, 1, 3, MONDAY)]
