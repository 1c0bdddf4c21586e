from pathlib import Path

import pytest

from local.java import candidates, choose, major_version


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ('openjdk version "25.0.3" 2026-04-21 LTS', 25),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_292"', 8),
        ('openjdk version "26-ea" 2026-03-17', 26),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.15" 2025-04-15', 17),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
        ("", None),
    ],
)
def test_major_version(report: str, expected: int | None) -> None:
    """The major version is read from every form of report that Java makes."""
    assert major_version(report) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([("a", 17), ("b", 21), ("c", 25)], "b"),
        ([("a", None), ("b", 25)], "b"),
        ([("a", 25), ("b", 21)], "a"),
        ([("a", 17), ("b", None)], None),
        ([], None),
    ],
)
def test_choose(found: list[tuple[str, int | None]], expected: str | None) -> None:
    """The first Java that is new enough wins; one that is too old or does not run is passed over."""
    chosen = choose((Path(home), major) for home, major in found)
    assert chosen == (Path(expected) if expected else None)


def test_candidates_in_order(tmp_path: Path) -> None:
    """What a person set counts before what lies on the PATH, and what we installed comes last."""
    program = tmp_path / "onpath/bin/java"
    installed = tmp_path / "installed/jdk/bin/java"
    for java in (program, installed):
        java.parent.mkdir(parents=True)
        java.touch(mode=0o755)
    environment = {"JAVA_HOME": "/second", "ES_JAVA_HOME": "/first", "PATH": str(program.parent)}
    found = list(candidates(environment, tmp_path / "installed"))
    assert found[:3] == [Path("/first"), Path("/second"), tmp_path / "onpath"]
    assert found[-1] == tmp_path / "installed/jdk"
