"""The house in figures: files, folders, arrows between them, the longest chain of imports, lines over 120.

    python -m benches.house [FOLDER]      of this checkout, or of another one (FOLDER holds its plugins/)

An arrow leads from a room (a folder, or a file at the top) to another one that a file of it imports from.
"""

import os
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import grimp

LONGEST_LINE = 120


def main(root: Path) -> None:
    """Print the figures."""
    library = root / "plugins" / "copydesk"
    sys.path.insert(0, str(library.parent))
    files = sorted(library.rglob("*.py"))
    graph = grimp.build_graph("copydesk", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in sorted(graph.modules)}
    folders = Counter(path.parent.relative_to(library).as_posix() for path in files)
    top = folders.pop(".")
    arrows = {(_room(one), _room(other)) for one, others in imports.items() for other in others}
    arrows = {(one, other) for one, other in arrows if one and other and one != other}
    chain = longest_chain(imports)
    print(f"files {len(files)}, at the top {top}, in the largest folder {max(folders.values())}")
    print(f"rooms {len({_room(module) for module in imports} - {''})}, arrows between them {len(arrows)}")
    print(
        f"longest chain of imports {len(chain)}: {' > '.join(name.removeprefix('copydesk.') for name in chain)}"
    )
    print(
        f"longest file {max(len(_lines(path)) for path in files)} lines, {_wide(files)} lines over {LONGEST_LINE}"
    )


def _room(module: str) -> str:
    """The folder a module lies in, or its own name at the top; "" for the library itself."""
    spec = module.split(".")[1:]
    found = Path(*module.split("."))
    is_folder = any((Path(place) / found).is_dir() for place in sys.path[:1])
    return ".".join(spec if is_folder or len(spec) == 1 else spec[:-1])


def longest_chain(imports: Mapping[str, set[str]]) -> list[str]:
    """The longest way from one module to another by imports; of equal ones the first by name. No circles are borne."""

    @cache
    def way(module: str) -> list[str]:
        further = [way(other) for other in sorted(imports[module])]
        return [module, *max(further, key=len, default=[])]

    return max([way(module) for module in sorted(imports)], key=len)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _wide(files: list[Path]) -> int:
    return sum(len(line) > LONGEST_LINE for path in files for line in _lines(path))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else os.curdir).resolve())
