"""Entries of `topics.yml` as text: a new one behind those that are there, a mute in one. Comments stay. Pure."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import yaml
from pydantic import ValidationError

from copydesk.config.topics import TopicsFile, parse_topics
from copydesk.config.yamlfile import node_of
from copydesk.errors import ConfigError
from copydesk.topic import Topic

__all__ = ["entry_of", "new_topic", "with_mute", "with_topic"]

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def new_topic(known: TopicsFile, **values: object) -> Topic:
    """A topic of these values, if `check-config` would take it beside those that are known; empty ones are left out.

    Raises ConfigError with one line that says what is wrong.
    """
    name = str(values.get("name", ""))
    if not NAME.fullmatch(name):
        raise ConfigError("a topic is named by small letters, digits, and . _ - between them")
    if any(one.name == name for one in known.topics):
        raise ConfigError(f"{name} is the name of a topic already")
    try:
        topic = Topic.model_validate({key: value for key, value in values.items() if value})
    except ValidationError as exc:
        error = exc.errors(include_url=False)[0]
        raise ConfigError(f"{'.'.join(map(str, error['loc']))}: {error['msg']}") from None
    lacking = [channel for channel in topic.channels if channel not in known.channels]
    if lacking:
        raise ConfigError(f"no channel {lacking[0]!r}; there are {', '.join(known.channels)}")
    parse_topics(f"topics:\n{entry_of(topic.model_copy(update={'channels': ('log',)}))}", "the new topic")
    return topic


def entry_of(topic: Topic, indent: str = "  ") -> str:
    """A topic as it is written: without what is meant anyway."""
    values = topic.model_dump(mode="json", exclude_defaults=True)
    made = yaml.safe_dump([values], sort_keys=False, allow_unicode=True, width=1000)
    return "".join(f"{indent}{line}\n" for line in made.splitlines())


def with_topic(text: str, file: str, topic: Topic) -> str:
    """The text of a file with a topic put behind its own.

    Raises ConfigError when the file is wrong, when the name is taken, or when its topics are written in a form to which
    nothing can be put by itself; then the lines to be put there are told.
    """
    before = parse_topics(text, file)
    new_topic(before, **topic.model_dump(mode="json", exclude_defaults=True))
    wanted = before.model_copy(update={"topics": (*before.topics, topic)})
    return _checked(
        lambda: _added(text, file, topic), file, wanted, f"its list of topics:\n{entry_of(topic)}"
    )


def with_mute(text: str, file: str, name: str, until: datetime | None) -> str:
    """The text of a file with a topic muted until a time of its own zone, or heard again; nothing else in it changes.

    Raises ConfigError when there is no such topic, or its entry cannot be changed by itself; then what is to be put
    there is told.
    """
    before = parse_topics(text, file)
    if all(one.name != name for one in before.topics):
        raise ConfigError(f"{name}: no such topic in {file}")
    wanted = tuple(
        one.model_copy(update={"mute_until": until}) if one.name == name else one for one in before.topics
    )
    said = f"mute_until: {until:%Y-%m-%d %H:%M}" if until else "no mute_until"
    return _checked(
        lambda: _muted(text, file, name, until),
        file,
        before.model_copy(update={"topics": wanted}),
        f"topic {name}: {said}",
    )


def _checked(make: Callable[[], str], file: str, wanted: TopicsFile, lines: str) -> str:
    """What was made, if it says what is wanted and nothing else."""
    try:
        made = make()
        said = parse_topics(made, file)
    except ConfigError:
        made, said = "", None
    if said != wanted:
        raise ConfigError(f"{file}: cannot be changed by itself; put this into {lines}")
    return made


def _added(text: str, file: str, topic: Topic) -> str:
    listed = _value(node_of(text, file), "topics")
    if listed is None:
        return (
            f"{text.rstrip()}\n\ntopics:\n{entry_of(topic)}"
            if text.strip()
            else f"topics:\n{entry_of(topic)}"
        )
    if not (isinstance(listed, yaml.SequenceNode) and listed.value):
        begin, end = listed.start_mark.index, listed.end_mark.index
        return f"{text[:begin].rstrip(' ')}\n{entry_of(topic).rstrip()}{text[end:] or chr(10)}"
    lines = text.splitlines(keepends=True)
    column = listed.start_mark.column
    at = _last_line(listed.value[-1]) + 1
    while at < len(lines) and _is_remark(lines[at], column):
        at += 1
    if not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    lines.insert(at, entry_of(topic, " " * column))
    return "".join(lines)


def _muted(text: str, file: str, name: str, until: datetime | None) -> str:
    listed = _value(node_of(text, file), "topics")
    entry = next(
        one for one in getattr(listed, "value", ()) if getattr(_value(one, "name"), "value", "") == name
    )
    pairs = list(_pairs(entry))
    said = f"{until:%Y-%m-%d %H:%M}" if until else ""
    old = next((at for at, (key, _) in enumerate(pairs) if key.value == "mute_until"), None)
    if old is not None and until:
        value = pairs[old][1]
        return f"{text[: value.start_mark.index]}{said}{text[value.end_mark.index :]}"
    if old is not None:
        key, value = pairs[old]
        begin, end = key.start_mark.index - key.start_mark.column, _line_end(text, value.end_mark.index) + 1
        if entry.flow_style:
            begin, end = pairs[old - 1][1].end_mark.index, value.end_mark.index
        return text[:begin] + text[end:]
    if not until:
        return text
    key, value = next(pair for pair in pairs if pair[0].value == "name")
    if entry.flow_style:
        return f"{text[: value.end_mark.index]}, mute_until: {said}{text[value.end_mark.index :]}"
    end = _line_end(text, value.end_mark.index)
    return f"{text[:end]}\n{' ' * key.start_mark.column}mute_until: {said}{text[end:]}"


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    return next((value for key, value in _pairs(node) if key.value == name), None)


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    yield from node.value if isinstance(node, yaml.MappingNode) else ()


def _last_line(node: yaml.Node) -> int:
    """The line, counted from 0, in which a node ends; that of a block ends with what stands last in it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end = node.end_mark
    return int(end.line) - int(end.column == 0 and end.line > node.start_mark.line)


def _is_remark(line: str, column: int) -> bool:
    """Whether a line is a comment that belongs to the entry above it: it stands further in than the entries begin."""
    inner = line.lstrip(" ")
    return inner.startswith("#") and len(line) - len(inner) > column
