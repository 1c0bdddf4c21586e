import traceback
from collections.abc import Callable
from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, RootModel

from copydesk.config.files import SourcesFile
from copydesk.config.topics import parse_topics
from copydesk.config.yamlfile import load, position
from copydesk.durations import Duration
from copydesk.errors import ConfigError


class Leaf(BaseModel):
    """A model inside another."""

    model_config = ConfigDict(extra="forbid")

    name: str
    kind: Literal["rss", "atom"] = "rss"
    every: Duration | None = None


class Tree(BaseModel):
    """A model with a list and a mapping of models."""

    model_config = ConfigDict(extra="forbid")

    leaves: tuple[Leaf, ...] = ()
    by_name: dict[str, Leaf] = {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("leafs: []", "f.yml:1: leafs: is no key here; allowed: leaves, by_name"),
        ("\nleaves:\n  - nam: a\n", "f.yml:3: leaves.1.nam: is no key here; allowed: name, kind, every (and 1 more)"),
        ("leaves:\n  - kind: rss\n", "f.yml:2: leaves.1: needs the key name"),
        ("by_name:\n  b:\n    nam: a\n    name: b",
         "f.yml:3: by_name.b.nam: is no key here; allowed: name, kind, every"),
        ("leaves:\n  - name: 2030\n", "f.yml:2: leaves.1.name: must be text: put it in quotes"),
        ("leaves: {name: a}", "f.yml:1: leaves: must be a list, such as [one, two]"),
        ("leaves: [a]", "f.yml:1: leaves.1: must be a mapping of keys to values"),
        ("- a", "f.yml:1: file: must be a mapping of keys to values"),
        ("leaves:\n- name: a\n  kind: rs\n", "f.yml:3: leaves.1.kind: Input should be 'rss' or 'atom'"),
        ("leaves:\n- name: a\n  every: 3w",
         "f.yml:3: leaves.1.every: '3w' is no duration: write a number and s, m, h or d, such as 15m"),
        ("leaves: []\nleaves: []", "f.yml:2: leaves: stands there twice"),
        ("leaves:\n- name: a\n  name: b", "f.yml:3: leaves.1.name: stands there twice"),
        ("leaves: &x [*x]", "f.yml:1: is no readable YAML: aliases (*name) are not allowed"),
        ("leaves:\n  - [", "f.yml:2: is no readable YAML: expected the node content, but found '<stream end>'"),
        ("a: 1\n\tb: 2", "f.yml:2: is no readable YAML: found character '\\t' that cannot start any token"),
        ("a: \x00", "f.yml: is no readable YAML: unacceptable character #x0000: special characters are not allowed"),
        ("a: 2026-13-45", "f.yml:1: is no readable YAML: month must be in 1..12"),
        ("a: !!python/name:os.system x", "f.yml:1: is no readable YAML: tags (!name) are not allowed"),
        ("a: !!timestamp x", "f.yml:1: is no readable YAML: tags (!name) are not allowed"),
        ("leaves:\n" + "[" * 100, "f.yml:2: is no readable YAML: nothing may stand deeper than 30 levels"),
        ("".join(" " * n + "a:\n" for n in range(99)),
         "f.yml:30: is no readable YAML: nothing may stand deeper than 30 levels"),
        ("a: 0b_", "f.yml:1: is no readable YAML: invalid literal for int() with base 2: ''"),
        ('"a\\nb": 1', "f.yml:1: 'a\\nb': is no key here; allowed: leaves, by_name"),
        (f"? {'a' * 300}\n: 1", f"f.yml:1: {'a' * 60}...: is no key here; allowed: leaves, by_name"),
        ("a: " + "x" * 4_000_000, "f.yml: has 4,000,003 characters; allowed: 4,000,000"),
        ('leaves:\n- "a\\ud800"', "f.yml:2: is no readable YAML: holds half of a character"),
        ('"\\udfff": 1', "f.yml:1: is no readable YAML: holds half of a character"),
        ("a: 1\n---\nb: 2", "f.yml:2: is no readable YAML: but found another document"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_says_where(text: str, message: str) -> None:
    """Each mistake becomes one line with file, line, key and what is allowed."""
    with pytest.raises(ConfigError) as caught:
        load(text, "f.yml", Tree)
    assert str(caught.value) == message


PIECES = (
    *("a", "name", "leaves", "by_name", "kind", "rss", ": ", ":", "- ", "\n", "\n  ", "? ", "[", "]", "{", "}", ", ",
        "#"),
    *("&x ", "*x", "!!int ", "!!set ", "!x ", "<<: ", "|", ">", "'", '"', "\\", "\\UFFFFFFFF", "\\ud800", "---", "...",
        "%YAML 9.9"),
    *("2026-13-45", "2026-02-30 25:61:61 +99:99", "1:2:3", "1:0.0", "0b_", "0x", "08", "1e999", ".nan", "~", "yes",
        "=", "9" * 400),
    *("\x00", "\x85", "\u2028", "\ufeff", "\ud800", "\t", "\x1b"),
)  # fmt: skip


@settings(max_examples=500)
@given(
    st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.text(st.characters(), max_size=40)
    )
)
@example("topics:\n  " + "[" * 3000)
@example("a: " + "[" * 900 + "]" * 900)
@example('a: "\\UFFFFFFFF"')
@example("a: " + "1" * 5000)
@example("a: 1" + ":0" * 400 + ".0")
@example("topics: [{name: a, any: [b], max_age: " + "9" * 400 + "d}]")
def test_any_text_is_a_model_or_one_line(text: str) -> None:
    """Whatever somebody writes, each kind of file is read, or refused in one line that begins with its name."""
    readers: list[Callable[[], object]] = [
        lambda: load(text, "f.yml", Tree),
        lambda: load(text, "f.yml", RootModel[dict[str, Any]]),
        lambda: load(text, "f.yml", SourcesFile),
        lambda: parse_topics(text, "f.yml"),
    ]
    for read in readers:
        line = refusal(read)
        assert line is None or line.startswith("f.yml:")
        assert "\n" not in (line or "")


def refusal(read: Callable[[], object]) -> str | None:
    """What a reader says against a file."""
    try:
        read()
    except ConfigError as exc:
        return str(exc)
    return None


def test_a_good_file_becomes_the_model() -> None:
    """Values come as the model wants them, and an empty file is an empty mapping."""
    assert load("leaves: [{name: a, kind: atom, every: 15m}]", "f.yml", Tree).leaves[0].kind == "atom"
    assert load("# nothing yet\n", "f.yml", Tree) == Tree()


def test_values_do_not_leak_into_errors() -> None:
    """A wrong value, which may be a secret, stands neither in the message nor in the chain of exceptions."""
    with pytest.raises(ConfigError) as caught:
        load("leaves:\n- name: [hunter" + "2]", "f.yml", Tree)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value, chain=True))


def test_the_place_of_a_value() -> None:
    """Checks that span several values name a place in the same way."""
    assert (
        position("leaves:\n- name: a\n- name: a\n", "f.yml", ("leaves", 1, "name"))
        == "f.yml:3: leaves.2.name"
    )
