"""Files of changed rules, in this process and in the reading child."""

from pathlib import Path

import pytest

from copydesk.adapters.child.parent import ChildReader
from copydesk.cleaning import RULES
from copydesk.cleaning.lines import Rule
from copydesk.cleaning.rulefile import load_rules, with_changed
from copydesk.errors import ConfigError
from copydesk.model import Document
from made.pages import PROSE, capture, page

WEATHER = """
from copydesk.cleaning.lines import Rule, Text

def takes(text: Text, at: int) -> bool:
    return text.lines[at].bare.startswith("weather:")

RULE = Rule("weather", takes, prose=True)
"""


def rule(name: str, longest: int = 1) -> Rule:
    """A rule that takes nothing."""
    return Rule(name, lambda _text, _at: False, longest=longest)


def names(rules: tuple[Rule, ...]) -> list[str]:
    return [f"{rule.name}{rule.longest}" for rule in rules]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ([], ["a1", "b1", "a2", "c1"]),
        ([rule("d")], ["a1", "b1", "a2", "c1", "d1"]),
        ([rule("a", 7)], ["a7", "b1", "c1"]),
        ([rule("a", 7), rule("a", 8)], ["a7", "a8", "b1", "c1"]),
        ([rule("d"), rule("c", 7)], ["a1", "b1", "a2", "c7", "d1"]),
    ],
)
def test_changed_rules_take_the_places_of_their_names(changed: list[Rule], expected: list[str]) -> None:
    """A changed rule stands where the first of its name stood; a new one behind all others."""
    assert names(with_changed([rule("a"), rule("b"), rule("a", 2), rule("c")], changed)) == expected


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"RULE = 1", "holds no rule: it needs a line such as RULE"),
        (b"def takes(", "is no module of rules: SyntaxError"),
        (b"import nonsuch", "is no module of rules: ModuleNotFoundError"),
        (b"import re; re.compile('(')", "is no module of rules: error: missing )"),
        (b"\xff\x00", "is no module of rules: "),
        (b"raise SystemExit(3)", "is no module of rules: SystemExit: 3"),
        (b"next(iter(()))", "is no module of rules: StopIteration"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_no_good(tmp_path: Path, content: bytes | None, says: str) -> None:
    """A file without a rule, or that cannot be run, ends in one line that names it."""
    file = tmp_path / "mine.py"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError) as raised:
        load_rules(file)
    assert str(raised.value).startswith(f"{file}: {says}")
    assert "\n" not in str(raised.value)


def test_the_child_reads_with_changed_rules(tmp_path: Path) -> None:
    """A rule of a file works in the child, and leaves nothing beside the file; ours go on working."""
    file = tmp_path / "weather.py"
    file.write_text(WEATHER)
    assert names(load_rules(file))[:-1] == names(RULES)
    lines = page(
        "<p>Weather: dry and calm in all parts of the valley until the weekend.</p>", "<h3>Related Posts</h3>"
    )
    with ChildReader(rules=file) as child:
        (answer,) = child.read([capture(lines)])
    assert isinstance(answer, Document)
    assert answer.text.split("\n") == list(PROSE)
    assert "weather" in {line.reason for line in answer.removed}
    assert [path.name for path in tmp_path.iterdir()] == ["weather.py"]


TABLED = """
import re
from pathlib import Path
from copydesk.cleaning.lines import Rule, Text
from copydesk.cleaning.tables import read_table

PATTERN = re.compile(read_table(Path(__file__).with_name("weather.txt"), before="^").pattern)

def takes(text: Text, at: int) -> bool:
    return bool(PATTERN.match(text.lines[at].bare))

RULE = Rule("weather", takes, prose=True)
"""


def test_a_file_may_have_a_table_of_its_own(tmp_path: Path) -> None:
    """A changed rule reads its wordings as ours do, from a table beside it; a mistake in it is said in one line."""
    file, table = tmp_path / "weather.py", tmp_path / "weather.txt"
    file.write_text(TABLED)
    table.write_text("[en]\nweather:\n", encoding="utf-8")
    lines = page("<p>Weather: dry and calm in all parts of the valley until the weekend.</p>")
    with ChildReader(rules=file) as child:
        (answer,) = child.read([capture(lines)])
    assert isinstance(answer, Document)
    assert [line.reason for line in answer.removed if line.text.startswith("Weather")] == ["weather"]
    table.write_text("weather:\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"ValueError: weather\.txt:1: 'weather:' has no place in a table$"):
        load_rules(file)


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "holds no rule"), (WEATHER.replace("text.lines", "txt.lines"), "fails on a page: NameError")],
)
def test_the_child_refuses_a_bad_file(tmp_path: Path, content: str, says: str) -> None:
    """A child whose rules cannot work does not serve; it says why, in one line that names the file."""
    file = tmp_path / "weather.py"
    file.write_text(content)
    with ChildReader(rules=file) as child, pytest.raises(ConfigError, match=says) as raised:
        list(child.read([capture(page())]))
    assert str(raised.value).startswith(str(file))
