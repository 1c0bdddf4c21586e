"""YAML files that people write: text → a checked model, or one line that says what to change and where.

`read_file` touches the disk; all else is pure.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.error import MarkedYAMLError

from copydesk.errors import ConfigError

__all__ = ["load", "node_of", "position", "read_file"]

M = TypeVar("M", bound=BaseModel)
Way: TypeAlias = Sequence[int | str]
Schema: TypeAlias = Mapping[str, Any]

LARGEST = 4_000_000
"""Characters; ten thousand topics of twenty words are a quarter of it."""
DEEPEST = 30
"""Levels; the deepest file of ours has six. Python's own stack ends at some hundreds."""
HALVES = re.compile("[\ud800-\udfff]")
"""Code units that no UTF-8 can hold; they could be neither stored nor shown."""
LONGEST_KEY = 60
"""Characters of a key that are repeated in an error."""


def load(text: str, file: str, model: type[M]) -> M:
    """Read a YAML file into a model; an empty file counts as an empty mapping.

    `file` is only named in errors. Raises ConfigError with one line that names file, line, key, what is wrong and,
    for a wrong key, what is allowed; further mistakes are counted. Values are never repeated, they may be secrets.
    """
    node, content = _parsed(text, file)
    for path in _repeated(node):
        line, way = _followed(node, path)
        raise ConfigError(f"{file}:{line}: {_dotted(way)}: stands there twice")
    try:
        return model.model_validate({} if content is None else content)
    except ValidationError as exc:
        # a wrong key explains the missing one beside it
        errors = sorted(exc.errors(include_url=False), key=lambda error: error["type"] != "extra_forbidden")
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise ConfigError(f"{file}:{_described(errors[0], node, model)}{more}") from None


def read_file(path: Path) -> str:
    """The text of a file. Raises ConfigError when it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise ConfigError(f"{path}: must be UTF-8: byte {exc.start} is not") from exc


def node_of(text: str, file: str) -> yaml.Node | None:
    """The nodes of a text, which know where in it they stand; None for an empty one. Raises ConfigError as `load`."""
    return _parsed(text, file)[0]


def position(text: str, file: str, path: Way) -> str:
    """Where a value stands, as "file:line: dotted.path", for checks a model cannot make by itself."""
    line, way = _followed(_parsed(text, file)[0], path)
    return f"{file}:{line}: {_dotted(way)}"


class Bounded(yaml.SafeLoader):
    """A loader that takes what a person writes: no aliases (a small file could grow without end), tags, depths."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """One node with what is in it."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _refused(event, "aliases (*name) are not allowed")
        if getattr(event, "tag", None) is not None:
            raise _refused(event, "tags (!name) are not allowed")
        if HALVES.search(getattr(event, "value", "")):  # of an escape, "\\ud800"
            raise _refused(event, "holds half of a character")
        if self._depth == DEEPEST:
            raise _refused(event, f"nothing may stand deeper than {DEEPEST} levels")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 (yaml's)
        """The value of a node; one that only looks like a date or a number is a mistake of that line."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, ArithmeticError) as exc:
            raise _refused(node, str(exc)) from None


def _refused(at: Any, why: str) -> MarkedYAMLError:
    """A refusal of an event or a node."""
    return MarkedYAMLError(problem=why, problem_mark=at.start_mark)


def _parsed(text: str, file: str) -> tuple[yaml.Node | None, Any]:
    """The nodes of a text, which know their lines, and what they stand for."""
    if len(text) > LARGEST:
        raise ConfigError(f"{file}: has {len(text):,} characters; allowed: {LARGEST:,}")
    try:
        loader = Bounded(text)
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    except yaml.YAMLError as exc:
        raise ConfigError(_unreadable(exc, file)) from None
    except (ValueError, OverflowError) as exc:  # of an escape such as "\UFFFFFFFF"
        raise ConfigError(f"{file}: is no readable YAML: {exc}") from None


def _unreadable(exc: yaml.YAMLError, file: str) -> str:
    problem = getattr(exc, "problem_mark", None)
    line = f":{problem.line + 1}" if problem is not None else ""
    problem = getattr(exc, "problem", None) or str(exc).splitlines()[0]
    return f"{file}{line}: is no readable YAML: {problem}"


def _described(error: ErrorDetails, node: yaml.Node | None, model: type[BaseModel]) -> str:
    path = [part for part in error["loc"] if part != "[key]"]
    line, way = _followed(node, path)
    message = error["msg"].removeprefix("Value error, ")
    match error["type"]:
        case "extra_forbidden":
            allowed = _allowed_keys(model.model_json_schema(), path[:-1])
            message = f"is no key here; allowed: {', '.join(allowed)}"
        case "missing":
            message = f"needs the key {path[-1]}"
        case "union_tag_not_found":
            message = f"needs the key {error.get('ctx', {}).get('discriminator')}"
        case "string_type" if isinstance(error["input"], bool | int | float):
            message = "must be text: put it in quotes"
        case "tuple_type" | "list_type":
            message = "must be a list, such as [one, two]"
        case "dict_type" | "mapping_type" | "model_type" | "model_attributes_type":
            message = "must be a mapping of keys to values"
    return f"{line}: {_dotted(way)}: {message}"


def _dotted(path: Way) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else _key(part) for part in path) or "file"


def _key(text: str) -> str:
    """A key as it can stand in one line of an error."""
    shown = text if text.isprintable() else ascii(text)
    return shown if len(shown) <= LONGEST_KEY else f"{shown[:LONGEST_KEY]}..."


def _followed(node: yaml.Node | None, path: Way) -> tuple[int, Way]:
    """Line (from 1) of the deepest node that a path leads to, and the path without what leads nowhere.

    Pydantic puts the kind of a tagged union into its paths, which is no key of the file.
    """
    line = 1 if node is None else node.start_mark.line + 1
    way: list[int | str] = []
    for part in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
            way.append(part)
        elif isinstance(node, yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == part]
            if pairs:
                line = pairs[-1][0].start_mark.line + 1
                node = pairs[-1][1]
                way.append(part)
    return line, way


def _repeated(node: yaml.Node | None, path: Way = ()) -> Iterator[Way]:
    """Keys that stand twice in one mapping, which YAML itself forgives."""
    if isinstance(node, yaml.MappingNode):
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        yield from ((*path, key) for key, times in keys.items() if times > 1)
        for key, value in node.value:
            yield from _repeated(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _repeated(value, (*path, number))


def _allowed_keys(root: Schema, path: Way) -> list[str]:
    """The keys a model has at a path, found in its JSON schema."""
    schema = _resolved(root, root)
    for part in path:
        mapping = schema.get("discriminator", {}).get("mapping", {})
        if part in mapping:
            schema = {"$ref": mapping[part]}
        elif isinstance(part, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(part) or schema.get("additionalProperties") or {}
        schema = _resolved(schema, root)
    return list(schema.get("properties", {}))


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema
