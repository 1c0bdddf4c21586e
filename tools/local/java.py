"""Finds a Java that Elasticsearch runs on, or installs one."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import cjdk

from local import progress
from local.processes import LocalError

OLDEST = 21  # what Elasticsearch 9.5 accepts
INSTALLED = "25"
INSTALLED_SIZE = "about 140 MB"
SYSTEM_FOLDERS = (("/usr/lib/jvm", "*"), ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"))


def find_java(installed: Path, *, user: str | None = None) -> Path:
    """The first Java home (a folder with bin/java) of at least version 21 that `user` can run.

    Installs Temurin into the folder `installed` when the machine has none; raises LocalError when that fails.
    """
    home = choose((home, version_of(home, user=user)) for home in candidates(os.environ, installed))
    return home or _install(installed)


def candidates(environment: Mapping[str, str], installed: Path) -> Iterator[Path]:
    """Where a Java home may be, best first; not all of these exist."""
    for variable in ("ES_JAVA_HOME", "JAVA_HOME"):
        if environment.get(variable):
            yield Path(environment[variable])
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        yield Path(on_path).resolve().parent.parent
    for folder, pattern in SYSTEM_FOLDERS:
        yield from sorted(Path(folder).glob(pattern), reverse=True)
    yield from (java.parent.parent for java in sorted(installed.glob("**/bin/java")))


def choose(found: Iterable[tuple[Path, int | None]]) -> Path | None:
    """The first home whose major version is new enough; None stands for a Java that cannot be run. Pure."""
    return next((home for home, major in found if major is not None and major >= OLDEST), None)


def version_of(home: Path, *, user: str | None = None) -> int | None:
    """The major version that home/bin/java reports when `user` runs it, None when it does not run."""
    try:
        answer = subprocess.run(
            [home / "bin/java", "-version"],
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
            user=user,
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return major_version(answer.stderr)


def major_version(report: str) -> int | None:
    """The major version in the output of `java -version`; "1.8.0" counts as 8; None when it names none. Pure."""
    named = re.search(r'version "(?:1\.)?(\d+)', report)
    return int(named.group(1)) if named else None


def _install(folder: Path) -> Path:
    what = f"Temurin JDK {INSTALLED} ({INSTALLED_SIZE})"
    try:
        with progress.step(f"No Java {OLDEST} or newer found; downloading {what}"):
            return cjdk.java_home(vendor="temurin", version=INSTALLED, cache_dir=folder, progress=False)
    except (cjdk.CjdkError, OSError) as error:
        reason = " ".join(str(error).split())[:120]
        raise LocalError(
            f"Elasticsearch needs Java {OLDEST} or newer, and {what} could not be downloaded ({reason}):"
            " install one with your system's packages, or point JAVA_HOME to one"
        ) from None
