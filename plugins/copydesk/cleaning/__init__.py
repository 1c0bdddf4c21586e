"""Clean: the lines of an article → those kept, and those that are no part of it, by rules in files of their own.

Called by `reading.documents` between extraction and language. `clean` works on lines alone; what a page says about
them comes in as Surroundings. Nothing vanishes: a line is kept or stands in `removed` with the name of the rule that
took it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from copydesk.cleaning import (
    agency,
    asides,
    bios,
    bylines,
    captions,
    declared,
    echoes,
    embeds,
    furniture,
    labels,
    legal,
    notices,
    picture_credits,
    prompts,
    related,
    series,
    summaries,
    witnesses,
)
from copydesk.cleaning.lines import Line, Rule, Surroundings, Text, Zone, fold, measure, tidy
from copydesk.model import Removed

__all__ = ["FINDERS", "RULES", "Cleaned", "Surroundings", "clean"]

RULES: tuple[Rule, ...] = (
    Rule("notice", notices.takes, longest=80, sure=True, prose=True, worded=True),
    Rule("related", related.is_boxed, longest=200, prose=True),
    Rule("related", related.points_elsewhere, prose=True),
    Rule("label", labels.takes, longest=25, sure=True, worded=True),
    Rule("prompt", prompts.takes, prose=True, worded=True, offered=True),
    Rule("legal", legal.takes, longest=60, prose=True, worded=True),
    Rule("credit", picture_credits.takes, longest=12),
    Rule("byline", bylines.is_plain_byline, longest=9),
    Rule("aside", asides.takes, prose=True),
    Rule("embed", embeds.takes, Zone.AMONG, longest=25, prose=True),
    Rule("repeat", echoes.repeats_line, Zone.AMONG, longest=200, sure=True, prose=True),
    Rule("related", related.is_linked, Zone.AMONG, prose=True),
    Rule("section", labels.is_lone_section, Zone.AMONG, longest=5),
    Rule("title", echoes.repeats_title, Zone.HEAD, sure=True, prose=True),
    Rule("ruler", labels.is_ruler, Zone.EDGE, longest=3),
    Rule("section", labels.is_section, Zone.EDGE, longest=5),
    Rule("label", labels.is_item, Zone.EDGE, longest=6),
    Rule("kicker", labels.is_kicker, Zone.HEAD, longest=4),
    Rule("source", labels.is_source, Zone.TAIL),
    Rule("date", bylines.is_date, Zone.EDGE, longest=16, sure=True),
    Rule("reading time", bylines.is_reading_time, longest=8, sure=True),
    Rule("byline", bylines.is_byline, Zone.EDGE, longest=16, prose=True),
    Rule("agency", agency.takes, Zone.EDGE, longest=25, prose=True),
    Rule("related", related.is_in_link_list, Zone.TAIL, longest=60, prose=True),
    Rule("author", bios.takes, Zone.TAIL, longest=60, prose=True),
    Rule("byline", bylines.is_role, Zone.TAIL, longest=10),
    Rule("initials", bylines.is_initials, Zone.TAIL, longest=3),
    Rule("contact", bios.is_contact, Zone.TAIL, longest=16, prose=True),
    Rule("loose end", labels.is_loose_end, Zone.TAIL, longest=6),
)
"""All line rules; the first that takes a line names the reason."""

OF_TEXT: Mapping[str, Callable[[Text], Iterable[int]]] = {
    "summary": summaries.find,
    "outside": declared.find,
    "furniture": furniture.find,
}
FINDERS: Mapping[str, Callable[..., Iterable[int]]] = {"caption": captions.find, **OF_TEXT}
"""Rules that look at a text as a whole, by the reason they give; that of captions also asks what line rules took."""

SHORT = 3_000
"""Characters up to which a text may lose at most half of itself: two paragraphs, a paywall and much furniture."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text after cleaning: kept lines, and the removed ones with reason and place."""

    kept: tuple[str, ...]
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Line rules by where they are asked, those that go by wording, and the names of the sure ones."""

    anywhere: tuple[Rule, ...]
    worded: tuple[Rule, ...]
    among: tuple[Rule, ...]
    head: tuple[Rule, ...]
    tail: tuple[Rule, ...]
    sure: frozenset[str]


@cache
def ordered(rules: tuple[Rule, ...]) -> Ordered:
    """The rules as they are asked."""

    def at(*zones: Zone) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules if rule.zone in zones)

    return Ordered(
        anywhere=at(Zone.ANYWHERE),
        worded=tuple(rule for rule in rules if rule.worded),
        among=at(Zone.AMONG),
        head=at(Zone.HEAD, Zone.EDGE),
        tail=at(Zone.TAIL, Zone.EDGE),
        sure=frozenset(rule.name for rule in rules if rule.sure),
    )


def clean(text: str, around: Surroundings | None = None, rules: tuple[Rule, ...] = RULES) -> Cleaned:
    """Sort the non-empty lines of a text into kept and removed. Pure.

    Idempotent: rules are applied to what is left until none takes anything.
    """
    surroundings = around or Surroundings()
    order = ordered(rules)
    lines = [_measured(line, surroundings) for line in map(tidy, text.split("\n")) if line]
    whole = _text(lines, surroundings)
    alone = [_reason(whole, at, order.anywhere) for at in range(len(lines))]
    reasons: list[str | None] = [None] * len(lines)
    memory: dict[captions.Known, int] = {}
    while True:
        left = [at for at, reason in enumerate(reasons) if reason is None]
        found = sweep(
            _text([lines[at] for at in left], surroundings), order, [alone[at] for at in left], memory
        )
        for at, reason in zip(left, found, strict=True):
            reasons[at] = reason
        if not any(found):
            return _sorted(lines, reasons)


def _text(lines: Sequence[Line], around: Surroundings) -> Text:
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        first.setdefault(line.letters, at)
    total = sum(len(line.text) for line in lines)
    linked = sum(len(line.text) for line in lines if "link" in line.marks)
    return Text(lines, around, first, linked / max(1, total))


def _measured(text: str, around: Surroundings) -> Line:
    line = measure(text)
    marks = around.marks.get(fold(line.bare) if line.item else line.letters) if around.marks else None
    if not marks:
        return line
    plain = "link" not in marks
    return replace(line, marks=marks, prose=line.prose and plain, sentence=line.sentence and plain)


def sweep(
    text: Text, order: Ordered, alone: Sequence[str | None], memory: dict[captions.Known, int]
) -> list[str | None]:
    """For each line the rule that takes it, or None; a guard keeps short texts from being eaten.

    Args:
        text: The lines left.
        order: The rules.
        alone: Verdicts of the rules that look at one line alone, which no other line can change.
        memory: Of `captions.find`.
    """
    reasons = series.spare(text, _by_zone(text, order, alone))
    for at in captions.find(text, reasons, memory):
        reasons[at] = "caption"
    for name, find in OF_TEXT.items():
        for at in find(text):
            reasons[at] = reasons[at] or name
    for at, line in enumerate(text.lines):
        if line.letters in text.around.keep:
            reasons[at] = None
    if _eats(text.lines, reasons, order.sure):
        return [reason if reason in order.sure else None for reason in reasons]
    return reasons


def _by_zone(text: Text, order: Ordered, alone: Sequence[str | None]) -> list[str | None]:
    lines = text.lines
    reasons = [reason or _reason(text, at, order.among) for at, reason in enumerate(alone)]
    for inwards, rules in ((range(len(lines)), order.head), (range(len(lines) - 1, -1, -1), order.tail)):
        for at in inwards:
            reasons[at] = reasons[at] or _reason(text, at, rules)
            if reasons[at] is None and lines[at].prose:
                break
    _between_furniture(text, reasons, order)
    _below_labels(text, reasons)
    return reasons


def _reason(text: Text, at: int, rules: Iterable[Rule]) -> str | None:
    line = text.lines[at]
    unsure = witnesses.needs_another(line)
    for rule in rules:
        if line.words <= rule.longest and (rule.prose or not line.prose) and rule.takes(text, at):
            if rule.worded and unsure and not witnesses.hold(text, at, offered=rule.offered):
                continue
            return rule.name
    return None


def _between_furniture(text: Text, reasons: list[str | None], order: Ordered) -> None:
    """A sentence with one of the wordings goes when the lines on both sides did: they are a block."""
    for at, line in enumerate(text.lines):
        if reasons[at] is None and witnesses.between(reasons, at):
            reasons[at] = next(
                (rule.name for rule in order.worded if line.words <= rule.longest and rule.takes(text, at)),
                None,
            )


def _below_labels(text: Text, reasons: list[str | None]) -> None:
    """A label such as "Related posts" goes, and with it the linked or headline-like lines directly below it."""
    open_box = False
    labels_ = Counter(line.letters for at, line in enumerate(text.lines) if related.is_label(text, at))
    for at, line in enumerate(text.lines):
        if line.letters in labels_:
            reasons[at] = reasons[at] or "related"
            # the same label again and again is a button below each entry of a list
            open_box = labels_[line.letters] < series.SERIES
        elif open_box and related.follows_label(line):
            reasons[at] = reasons[at] or "related"
        elif reasons[at] is None:
            open_box = False


def _eats(lines: Sequence[Line], reasons: Sequence[str | None], sure: frozenset[str]) -> bool:
    """Whether more would go than a short text can lose, or all of any text."""
    total = sum(len(line.text) for line in lines)
    lost = sum(
        len(line.text) for line, reason in zip(lines, reasons, strict=True) if reason and reason not in sure
    )
    return lost > 0 and ((total < SHORT and lost > total / 2) or lost >= total)


def _sorted(lines: Sequence[Line], reasons: Sequence[str | None]) -> Cleaned:
    kept: list[str] = []
    removed: list[Removed] = []
    for line, reason in zip(lines, reasons, strict=True):
        if reason is None:
            kept.append(line.text)
        else:
            removed.append(Removed(line.text, reason, len(kept)))
    return Cleaned(tuple(kept), tuple(removed))
