import re
import subprocess
import sys
from pathlib import Path

import pytest

from local import env
from made.places import ROOT


def test_env_is_made_once_and_for_its_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every secret is filled in, comments stay, nobody else may read it, a second call changes nothing."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env.example").write_text(text, encoding="utf-8")
    env.main(tmp_path)
    made = (tmp_path / ".env").read_text(encoding="utf-8")
    values = dict(line.split("=", 1) for line in made.splitlines() if line and not line.startswith("#"))
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert re.sub(r"(?m)=.*$", "=", made) == re.sub(r"(?m)=.*$", "=", text)
    secrets = {values[name] for name in env.MAKERS}
    assert len(secrets) == len(env.MAKERS)
    assert min(map(len, secrets)) >= 32
    assert values["COPYDESK_CONTACT"] == ""
    env.main(tmp_path)
    assert (tmp_path / ".env").read_text(encoding="utf-8") == made
    assert "nothing changed" in capsys.readouterr().out


def test_env_needs_nothing_but_python(tmp_path: Path) -> None:
    """`python3 tools/local/env.py` runs where no package is installed."""
    (tmp_path / "tools" / "local").mkdir(parents=True)
    for name in ("tools/local/env.py", ".env.example"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    bare = [sys.executable, "-I", "-S", str(tmp_path / "tools/local/env.py")]
    subprocess.run(bare, timeout=30, check=True)  # noqa: S603 (our own interpreter and a copy of our file)
    assert (tmp_path / ".env").exists()
