"""Dashboards as people write them (`config/kibana/*.yml`) → the saved objects that Kibana imports (`make dashboards`).

Compiled by kb-dashboard-core, which needs Python 3.12 and so stands in an environment of its own. What was compiled
from what is written down as checksums, so that every test run tells when the result is not that of the files.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "config/kibana"
COMPILER = ROOT / "requirements-kibana.lock"
COMPILED = ROOT / "plugins/copydesk/adapters/kibana/dashboards.ndjson"
CHECKSUMS = WRITTEN / "compiled.sha256"

MADE_UP = ("created_at", "created_by", "updated_at", "updated_by", "version")
"""What the compiler says of who wrote an object and when, always the same; Kibana fills it in itself."""


def files() -> list[Path]:
    """What the compiled dashboards depend on, and themselves."""
    return [*sorted(WRITTEN.glob("*.yml")), COMPILER, COMPILED]


def checksums(paths: Iterable[Path]) -> str:
    """The checksums of files, as `sha256sum` prints them."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT).as_posix()}\n"
        for path in paths
    )


def compiled(path: Path) -> Iterable[str]:
    """Each dashboard of a file as a line of NDJSON; the same file gives the same lines."""
    from kb_dashboard_core import load, render  # noqa: PLC0415 (only where it is installed)

    for dashboard in load(str(path)):
        made: dict[str, Any] = json.loads(render(dashboard).model_dump_json(by_alias=True))
        kept = {name: value for name, value in made.items() if name not in MADE_UP}
        yield json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def main() -> None:
    """Compile all, and note from what."""
    lines = [line for path in sorted(WRITTEN.glob("*.yml")) for line in compiled(path)]
    COMPILED.write_text("".join(lines), encoding="utf-8")
    CHECKSUMS.write_text(checksums(files()), encoding="utf-8")


if __name__ == "__main__":
    main()
