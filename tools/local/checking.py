"""The configuration, checked in the environment that Copydesk is going to run in, before anything starts."""

import subprocess
import sys
from collections.abc import Mapping

from local.processes import ROOT, LocalError
from local.progress import say

__all__ = ["require_config"]

SECONDS = 120


def require_config(environment: Mapping[str, str]) -> None:
    """Run `copydesk check-config` there; LocalError with every line of what is wrong, says what is worth a look."""
    answer = subprocess.run(
        [sys.executable, "-c", "from copydesk.cli import main; main(['check-config'])"],
        env={**environment, "PYTHONPATH": str(ROOT / "plugins")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    lines = answer.stderr.strip()
    if answer.returncode:
        raise LocalError(f"nothing was started, for the configuration is wrong:\n{lines}")
    if lines:
        say(lines)
