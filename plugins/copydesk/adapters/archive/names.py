"""How the files of an archive are called, and where they lie. Pure."""

import re
from datetime import datetime
from pathlib import PurePosixPath

from copydesk.errors import ArchiveError

__all__ = ["ENDING", "LAYOUT_VERSION", "OPEN", "SEGMENTS", "beside", "is_name", "name_of", "path_of"]

LAYOUT_VERSION = 1
"""Goes up when an archive written before could not be read as it is; what a release reads stands in its notes."""

ENDING = ".warc.gz"
OPEN = "open"
SEGMENTS = "segments"
NAME = re.compile(r"\d{8}T\d{9}Z-[0-9A-Za-z]+-\d{1,9}", re.ASCII)


def path_of(segment: str) -> str:
    """Where a segment lies: its name begins with its day."""
    return f"{SEGMENTS}/{segment[:4]}/{segment[4:6]}/{segment[6:8]}/{segment}{ENDING}"


def name_of(path: str) -> str | None:
    """The segment that lies there, or None: what else somebody put among the segments is none."""
    name = PurePosixPath(path).name.removesuffix(ENDING)
    return name if is_name(name) and path == path_of(name) else None


def is_name(name: str) -> bool:
    """Whether a segment can bear this name: when it was begun, a mark, how many pages."""
    if not NAME.fullmatch(name):
        return False
    try:
        datetime.strptime(name[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 (only whether there is such a time)
    except ValueError:
        return False
    return True


def beside(name: str) -> str:
    """The name itself. Raises ArchiveError for one in the folders of the segments."""
    if PurePosixPath(name).parts[:1] in {(OPEN,), (SEGMENTS,)}:
        raise ArchiveError(f"{name!r}: this folder belongs to the segments")
    return name
