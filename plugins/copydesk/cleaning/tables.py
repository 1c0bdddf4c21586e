"""Tables of wordings: text files in `wordings/`, one pattern a line, each with an example that is its own test.

    # a remark
    {PAPER}
      paper | e-?paper
    [en] subscribe subscribing
    ^subscribe to our {PAPER}   = Subscribe to our e-paper
      = Subscribe to our paper today
      ! Few subscribe to our paper

`{PAPER}` names a part; its words stand indented below it. `[en]` opens a group with its languages and, in a
phrasebook, its cues, which may go on in the next line. A wording without signs of regular expressions is its own
example. What follows "=" has to match the wording, and what follows "!" must not: see test_wordings.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Group", "Table", "Wording", "any_of", "read_table", "read_words"]

FOLDER = Path(__file__).with_name("wordings")
GROUP = re.compile(r"\[([a-z]{2,3}(?: [a-z]{2,3})*)\](?: (.*))?")
PART = re.compile(r"\{([A-Z_]+)\}")
EXAMPLE = re.compile(r"\s+= ")
SIGNS = frozenset("\\^$.|?*+()[]{}")


@dataclass(slots=True)
class Wording:
    """One pattern with what it has to match, and what it must not."""

    pattern: str
    examples: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """Wordings of some languages; no cues where no word of a line can be one."""

    languages: list[str]
    cues: list[str]
    wordings: list[Wording] = field(default_factory=list)

    @property
    def pattern(self) -> str:
        """Any of the wordings."""
        return "|".join(wording.pattern for wording in self.wordings)


@dataclass(frozen=True, slots=True)
class Table:
    """Groups of wordings, with what has to stand before and behind each of them."""

    name: str
    groups: tuple[Group, ...]
    before: str = ""
    behind: str = ""

    @property
    def pattern(self) -> str:
        """Any of the wordings of all groups, in its frame."""
        return self.framed("|".join(group.pattern for group in self.groups))

    def framed(self, pattern: str) -> str:
        """A pattern as it has to stand in a line."""
        return f"{self.before}(?:{pattern}){self.behind}"


def read_table(
    name: str | Path, parts: Mapping[str, str] | None = None, *, before: str = "", behind: str = ""
) -> Table:
    """The table of this name, or in this file.

    Args:
        name: Of a file in `wordings/`, without its ending; a path for one that stands elsewhere.
        parts: Patterns by the names that the table calls them by, beside those of its own.
        before: What has to stand before each wording.
        behind: What has to stand behind it.

    Raises ValueError, which names file and line, for a line that has no place in a table.
    """
    path = name if isinstance(name, Path) else FOLDER / f"{name}.txt"
    groups: list[Group] = []
    known, part = dict(parts or {}), ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            part = _take(line, groups, known, part)
        except (KeyError, IndexError):
            raise ValueError(f"{path.name}:{number}: {line!r} has no place in a table") from None
    return Table(path.stem, tuple(groups), before, behind)


def read_words(name: str) -> tuple[str, ...]:
    """The words in a file of `wordings/` that holds nothing else; those of a line stand with " | " between them."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = (word.strip() for line in lines if not line.startswith("#") for word in line.split(" | "))
    return tuple(filter(None, words))


def any_of(name: str) -> str:
    """A pattern for any of the words of such a file, which may be patterns themselves."""
    return f"(?:{'|'.join(read_words(name))})"


def _take(line: str, groups: list[Group], known: dict[str, str], part: str) -> str:
    """Take a line into the groups, or into the part that is open; the part that is open behind it, or ""."""
    text = line.strip()
    if opened := PART.fullmatch(text):
        return opened[1]
    if opened := GROUP.fullmatch(text):
        groups.append(Group(opened[1].split(), (opened[2] or "").split()))
        return ""
    filled = PART.sub(lambda name: known[name[1]], text)
    if part:
        known[part] = _with_words(known.get(part, ""), filled)
    else:
        _add(groups[-1], filled, indented=line[0] == " ")
    return part


def _with_words(pattern: str, line: str) -> str:
    words = line.replace(" | ", "|")
    return f"{pattern[:-1]}|{words})" if pattern else f"(?:{words})"


def _add(group: Group, text: str, *, indented: bool) -> None:
    if text.startswith("= "):
        group.wordings[-1].examples.append(text[2:])
    elif text.startswith("! "):
        group.wordings[-1].others.append(text[2:])
    elif indented and not group.wordings:
        group.cues += text.split()
    else:
        pattern, *examples = EXAMPLE.split(text, maxsplit=1)
        plain = not examples and SIGNS.isdisjoint(pattern)
        group.wordings.append(Wording(pattern, [pattern] if plain else examples))
