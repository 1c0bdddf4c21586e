import traceback
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from copydesk.durations import Duration
from copydesk.errors import ConfigError
from copydesk.yamlfile import load, place


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
        ("by_name:\n  b:\n    nam: a\n    name: b", "f.yml:3: by_name.b.nam: is no key here; allowed: name, kind, every"),
        ("leaves:\n  - name: 2030\n", "f.yml:2: leaves.1.name: must be text: put it in quotes"),
        ("leaves: {name: a}", "f.yml:1: leaves: must be a list, such as [one, two]"),
        ("leaves: [a]", "f.yml:1: leaves.1: must be a mapping of keys to values"),
        ("- a", "f.yml:1: file: must be a mapping of keys to values"),
        ("leaves:\n- name: a\n  kind: rs\n", "f.yml:3: leaves.1.kind: Input should be 'rss' or 'atom'"),
        ("leaves:\n- name: a\n  every: 3w", "f.yml:3: leaves.1.every: '3w' is no duration: write a number and s, m, h or d, such as 15m"),
        ("leaves: []\nleaves: []", "f.yml:2: leaves: stands there twice"),
        ("leaves:\n- name: a\n  name: b", "f.yml:3: leaves.1.name: stands there twice"),
        ("leaves: &x [*x]", "f.yml:1: aliases (*name) are not allowed"),
        ("leaves:\n  - [", "f.yml:2: is no readable YAML: expected the node content, but found '<stream end>'"),
        ("a: 1\n\tb: 2", "f.yml:2: is no readable YAML: found character '\\t' that cannot start any token"),
        ("a: \x00", "f.yml: is no readable YAML: unacceptable character #x0000: special characters are not allowed"),
        ("a: 2026-13-45", "f.yml: month must be in 1..12"),
        ("a: !!python/name:os.system x", "f.yml:1: is no readable YAML: could not determine a constructor for the tag 'tag:yaml.org,2002:python/name:os.system'"),
        ("a: 1\n---\nb: 2", "f.yml:2: is no readable YAML: but found another document"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_says_where(text: str, message: str) -> None:
    """Each mistake becomes one line with file, line, key and what is allowed."""
    with pytest.raises(ConfigError) as caught:
        load(text, "f.yml", Tree)
    assert str(caught.value) == message


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
        place("leaves:\n- name: a\n- name: a\n", "f.yml", ("leaves", 1, "name")) == "f.yml:3: leaves.2.name"
    )
