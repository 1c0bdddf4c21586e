"""`make release`: the wheel, built and tried in an empty environment, and the schema numbers its notes must name."""

import os
import pkgutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import copydesk
from copydesk.adapters.archive.names import LAYOUT_VERSION
from copydesk.index.mapping import MAPPING_VERSION
from copydesk.judging.fingerprint import SCHEME
from local.processes import ROOT, LocalError
from local.progress import say

UV = Path(sys.executable).with_name("uv")
SCHEMAS = f"Index: mapping {MAPPING_VERSION}, fingerprints {SCHEME}. Archive: layout {LAYOUT_VERSION}."
"""What a release is compatible with; stands below the heading of its notes."""


def main(root: Path = ROOT) -> None:
    """Check the notes, build into dist/, try the wheel. Raises LocalError when something is missing or does not run."""
    check_notes((root / "CHANGELOG.md").read_text(encoding="utf-8"), copydesk.__version__)
    out = root / "dist"
    _run([UV, "build", "--quiet", "--no-build-isolation", "--out-dir", out, root])
    wheel = out / f"copydesk-{copydesk.__version__}-py3-none-any.whl"
    _look_into(wheel)
    _try(wheel, root / "requirements.lock")
    say(
        f"{wheel.relative_to(root)} runs. {SCHEMAS} To publish: git tag v{copydesk.__version__}, and push the tag."
    )


def check_notes(changelog: str, version: str) -> None:
    """Whether the changelog has notes for a version, with our schema numbers. Raises LocalError, in one line."""
    _, found, notes = changelog.partition(f"\n## [{version}]")
    if not found:
        raise LocalError(f"CHANGELOG.md has no section for {version}")
    if SCHEMAS not in notes.partition("\n## [")[0]:
        raise LocalError(f"CHANGELOG.md: the notes of {version} do not say: {SCHEMAS}")


def _look_into(wheel: Path) -> None:
    """Everything that is ours is in it, the marker of types and data included."""
    ours = Path(copydesk.__file__).parent
    wanted = {
        f"copydesk/{path.relative_to(ours).as_posix()}"
        for path in ours.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    missing = wanted - set(zipfile.ZipFile(wheel).namelist())
    if missing:
        raise LocalError(f"{wheel.name} lacks {', '.join(sorted(missing)[:5])}")


def _try(wheel: Path, lock: Path) -> None:
    """Install it where nothing is, beside what the lock names, and load every module."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder, "bin", "python")
        _run([UV, "venv", "--quiet", "--python", sys.executable, folder])
        install: list[str | Path] = [UV, "pip", "install", "--quiet", "--python", python]
        _run([*install, "--require-hashes", "-r", lock])
        _run([*install, "--no-deps", wheel])
        names = [
            module.name
            for module in pkgutil.walk_packages(copydesk.__path__, "copydesk.")
            if not module.name.endswith("__main__")
        ]
        _run([python, "-c", "".join(f"import {name}\n" for name in names)], cwd=folder)
        said = _run([Path(folder, "bin", "copydesk"), "version"], cwd=folder)
        if said.strip() != copydesk.__version__:
            raise LocalError(f"the installed command says {said.strip()!r}, not {copydesk.__version__}")


def _run(arguments: list[str | Path], *, cwd: str | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalError(f"{Path(arguments[0]).name} {arguments[1]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    try:
        main()
    except LocalError as exc:
        sys.exit(f"error: {exc}")
