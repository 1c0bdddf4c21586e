"""README and docs name everything a person can call, write or set, each on the page of who needs it."""

import re
from typing import Any

import pytest
import typer

from copydesk.channels import CHANNELS
from copydesk.cli import app
from copydesk.config.settings import variable_names
from copydesk.model import Source
from copydesk.sources import PARSERS
from copydesk.topic import Topic
from local.processes import ROOT

PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        *(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md")),
    )
}
OPERATOR, DEVELOPER = PAGES["docs/operator.md"], PAGES["docs/developer.md"]
DECISIONS = ROOT / "docs" / "decisions"
EVERYWHERE = "\n".join(PAGES.values())
TARGETS = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands() -> set[str]:
    """Every command, those of a group with the group's name before them."""
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return {
        f"{name} {inner}" if inner else name
        for name, command in group.commands.items()
        for inner in (
            *(getattr(command, "commands", None) or [""]),
            *([""] if getattr(command, "invoke_without_command", False) else []),
        )
    }


@pytest.mark.parametrize("command", sorted(commands() - {"version", "kibana build"}))
def test_commands(command: str) -> None:
    """Every command of the command line is in the operator's table."""
    assert re.search(rf"^\|.*`copydesk {command}\b", OPERATOR, re.MULTILINE)


def test_no_other_commands() -> None:
    """No page calls a command that does not exist."""
    called = set(re.findall(r"`copydesk ([a-z-]+(?: import| build| try)?)", EVERYWHERE))
    assert called <= commands()


def test_no_other_options() -> None:
    """No page gives a command an option that it has not."""
    for call in re.findall(r"^copydesk .*|(?<=`)copydesk [^`]*", EVERYWHERE, re.MULTILINE):
        words = re.findall(r"[\w-]+", call.partition(" # ")[0])
        command: Any = typer.main.get_command(app)
        for word in words:
            command = getattr(command, "commands", {}).get(word, command)
        known = {"--help", *(option for parameter in command.params for option in parameter.opts)}
        assert {word for word in words if word.startswith("--")} <= known, call


@pytest.mark.parametrize("name", variable_names())
def test_settings(name: str) -> None:
    """Every setting is in the operator's table by its variable, of which the beginning may be left out within a row."""
    assert f"`{name}`" in OPERATOR or f"`__{name.rpartition('__')[2]}`" in OPERATOR


def test_no_other_settings() -> None:
    """No page names a variable that nothing reads."""
    named = set(re.findall(r"`(COPYDESK_[A-Z_]+)`", EVERYWHERE))
    assert named <= {*variable_names(), "COPYDESK_SETTINGS"}


@pytest.mark.parametrize("kind", [*PARSERS, *CHANNELS])
def test_kinds(kind: str) -> None:
    """Every kind of source and of channel is on the operator's page."""
    assert f"`{kind}`" in OPERATOR


@pytest.mark.parametrize("key", [*Source.model_fields, *Topic.model_fields])
def test_keys(key: str) -> None:
    """Every key of sources.yml and of a topic is in the operator's tables."""
    assert re.search(rf"^\|[^|]*`{key}`", OPERATOR, re.MULTILINE)


def test_targets() -> None:
    """No page calls a target that the Makefile has not, and the developer's page names what checks."""
    assert set(re.findall(r"`make ([a-z]+)", EVERYWHERE)) <= TARGETS
    assert {"check", "test", "simulate", "soak", "fuzz", "bench", "eval"} <= set(
        re.findall(r"^\| `make ([a-z]+)", DEVELOPER, re.MULTILINE)
    )


@pytest.mark.parametrize("name", PAGES)
def test_lines(name: str) -> None:
    """Prose has lines of at most 120 characters, and no line ends within `code`; a row of a table has but one line."""
    lines = re.sub(r"^```.*?^```$", "", PAGES[name], flags=re.DOTALL | re.MULTILINE).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []
    assert [line for line in lines if line.count("`") % 2] == []


@pytest.mark.parametrize("name", PAGES)
def test_links(name: str) -> None:
    """What a page links to is there, with the heading it names."""
    folder = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[name]):
        file, _, heading = target.partition("#")
        linked = folder / file if file else ROOT / name
        assert linked.exists(), target
        assert not heading or heading in _headings(linked.read_text(encoding="utf-8")), target


def _headings(page: str) -> set[str]:
    """The anchors that GitHub makes of the headings of a page."""
    titles = (line.lstrip("# ") for line in page.splitlines() if line.startswith("#"))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_a_command_is_found_by_its_name_or_its_group() -> None:
    """Its file bears the command's name, or that of its group in `copydesk --help`; `version` is the app's own."""
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    files = {name: _file(command) for name, command in group.commands.items()}
    panels = {name: str(getattr(command, "rich_help_panel", "")) for name, command in group.commands.items()}
    lost = {name: file for name, file in files.items() if file not in {name, panels[name].lower()}}
    assert lost == {"version": "cli"}
    assert set(panels.values()) == {"Run", "Texts", "Look", "Copies", "Keep"}


def _file(command: object) -> str:
    """The name of the file a command's function stands in; of a group that of its first command."""
    inner = next(iter(command.commands.values())) if isinstance(command, typer.core.TyperGroup) else command
    assert isinstance(inner, typer.core.TyperCommand)
    assert inner.callback is not None
    return str(inner.callback.__module__).rpartition(".")[2]


def test_every_decision_is_in_the_index_with_its_status() -> None:
    """docs/decisions/README.md lists each page under its number, with the title and the status that the page has."""
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \| (.+) \|$", index, re.MULTILINE)
    pages = []
    for path in sorted(DECISIONS.glob("0*.md")):
        text = path.read_text(encoding="utf-8")
        title = re.match(r"# (\d{4}) (.+)\n", text)
        status = re.search(r"^Status: (.+?)\.?$", text, re.MULTILINE)
        assert title, path
        assert status, path
        pages.append((title[1], path.name, title[2], status[1]))
    assert rows == pages
