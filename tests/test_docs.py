"""The README names everything a person can call, write or set."""

import re
from pathlib import Path

import pytest
import typer

from copydesk.channels import CHANNELS
from copydesk.cli import app
from copydesk.config.settings import variable_names
from copydesk.sources import PARSERS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DECISIONS = ROOT / "docs" / "decisions"


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
    """Every command of the command line is in the README."""
    assert f"`copydesk {command}" in README


def test_no_other_commands() -> None:
    """The README calls no command that does not exist."""
    called = set(re.findall(r"`copydesk ([a-z-]+(?: import| build| try)?)", README))
    assert called <= commands()


@pytest.mark.parametrize("name", variable_names())
def test_settings(name: str) -> None:
    """Every setting is in the README by its variable, of which the beginning may be left out within a row."""
    assert f"`{name}`" in README or f"`__{name.rpartition('__')[2]}`" in README


def test_no_other_settings() -> None:
    """The README names no variable that nothing reads."""
    named = set(re.findall(r"`(COPYDESK_[A-Z_]+)`", README))
    assert named <= {*variable_names(), "COPYDESK_SETTINGS"}


@pytest.mark.parametrize("kind", [*PARSERS, *CHANNELS])
def test_kinds(kind: str) -> None:
    """Every kind of source and of channel is in the README."""
    assert re.search(rf"`(kind: )?{kind}`", README)


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
