import ast
import logging

import pytest

from copydesk.border import Border, contained
from copydesk.errors import ConfigError
from copydesk.urls import canonicalize
from made.places import ROOT

LIBRARY = ROOT / "plugins" / "copydesk"
DECISION = ROOT / "docs" / "decisions" / "0014-borders.md"
BROAD = {"Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup"}


def test_an_exception_becomes_a_value_that_says_what_and_where(caplog: pytest.LogCaptureFixture) -> None:
    with contained(Border.ENTRY, "http://a.test/") as caught:
        raise IndexError("nobody\nthought of it")
    fault = caught.fault
    assert fault is not None
    assert (fault.border, fault.item, fault.type) == (Border.ENTRY, "http://a.test/", "IndexError")
    assert str(fault).startswith("IndexError: nobody thought of it (test_border.py:")
    (logged,) = caplog.records
    assert logged.levelno == logging.ERROR
    assert logged.exc_info is not None


def test_the_place_is_the_innermost_line_of_ours() -> None:
    with contained(Border.PAGE, "p") as caught:
        canonicalize(None)  # type: ignore[arg-type]
    assert caught.fault is not None
    assert caught.fault.place.startswith("urls.py:")


def test_what_is_raised_on_purpose_passes() -> None:
    with pytest.raises(ConfigError), contained(Border.TOPIC, "t"):
        raise ConfigError("for all of them")


def test_a_block_that_ends_has_no_fault() -> None:
    with contained(Border.RECORD, "r") as caught:
        pass
    assert caught.fault is None


def test_no_other_file_catches_what_it_does_not_know() -> None:
    """No bare except, none of Exception or wider, and no suppress of them, outside border.py."""
    found = [
        f"{path.relative_to(LIBRARY)}:{getattr(node, 'lineno', 0)}"
        for path in sorted(LIBRARY.rglob("*.py"))
        if path.name != "border.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if _is_broad(node)
    ]
    assert found == []


def _is_broad(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or bool(_names(node.type) & BROAD)
    if isinstance(node, ast.Call) and _names(node.func) & {"suppress"}:
        return bool(set[str]().union(*map(_names, node.args)) & BROAD)
    return False


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} | {
        one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)
    }
