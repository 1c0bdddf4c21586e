"""Who knows the environment: the settings read it, and nobody in the library changes it."""

import ast
from pathlib import Path

import copydesk

ROOM = Path(copydesk.__file__).parent


def test_the_settings_alone_read_the_environment_and_nobody_writes_it() -> None:
    """So that importing a package changes nothing for whoever imports it."""
    named = {
        path.relative_to(ROOM).as_posix()
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "environb", "getenv", "putenv", "unsetenv"}
    }
    assert named == {"config/settings.py"}
    text = (ROOM / "config" / "settings.py").read_text(encoding="utf-8")
    assert "environ[" not in text
    assert "environ.setdefault" not in text
    assert "environ.update" not in text
