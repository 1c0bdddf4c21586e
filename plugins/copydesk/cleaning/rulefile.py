"""A file of changed rules → all line rules with these in their places; for `rules try`, in the reading child."""

import re
import runpy
from collections.abc import Sequence
from pathlib import Path

from copydesk.cleaning import RULES
from copydesk.cleaning.lines import Rule
from copydesk.errors import ConfigError

__all__ = ["MISTAKES", "load_rules", "with_changed"]

MISTAKES = (
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, ImportError, LookupError, MemoryError,
    NameError, RuntimeError, StopIteration, SyntaxError, SystemExit, TypeError, ValueError, re.error,
)  # fmt: skip
"""What a module that is being worked on raises when it is loaded or called; one that ends itself is none either."""


def load_rules(path: Path) -> tuple[Rule, ...]:
    """All line rules with those of a file in their places: every Rule the module holds by a name of its own.

    Raises ConfigError, one line that names the file, when it cannot be run or holds no Rule.
    """
    try:
        # unlike an import this leaves nothing beside the file
        values = runpy.run_path(str(path), run_name=path.stem)
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read: {exc.strerror}") from exc
    except MISTAKES as exc:
        raise ConfigError(f"{path}: is no module of rules: {type(exc).__name__}: {exc}") from exc
    rules = [value for value in values.values() if isinstance(value, Rule)]
    if not rules:
        raise ConfigError(
            f'{path}: holds no rule: it needs a line such as RULE = Rule("name", takes), '
            "with Rule from copydesk.cleaning.lines"
        )
    return with_changed(RULES, rules)


def with_changed(rules: Sequence[Rule], changed: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules with changed ones in the place of the first of the same name, or behind all others."""
    names = dict.fromkeys(rule.name for rule in rules)
    new = [rule for rule in changed if rule.name not in names]
    placed: list[Rule] = []
    for rule in rules:
        successors = [other for other in changed if other.name == rule.name]
        if not successors:
            placed.append(rule)
        elif successors[0] not in placed:
            placed += successors
    return (*placed, *new)
