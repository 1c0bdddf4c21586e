"""Whole files below one fsspec address: a folder, or object storage. Touches that address only.

A file is there whole or not at all: written beside its place, synced and renamed in a folder, put in one request
elsewhere.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from copydesk.errors import ArchiveError, ConfigError

__all__ = ["Store", "sync_folder"]

PART = ".part"


class Store:
    """Files by name; names are relative, with "/" between folders.

    Attributes:
        address: As given, for messages.
        folder: The local folder, or None when the address is elsewhere.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        try:
            # or what another worker has put there since we looked would not be seen
            self._files, root = fsspec.core.url_to_fs(address, use_listings_cache=False)
        except (ImportError, ValueError) as exc:
            raise ConfigError(
                f"archive {address!r}: not a folder or fsspec address we can use: {exc}"
            ) from exc
        self._root = str(root).rstrip("/")
        self.folder = Path(root) if isinstance(self._files, LocalFileSystem) else None
        # clients of object storage raise errors of their own, which are no OSError
        self._trouble: type[Exception] = OSError if self.folder is not None else Exception

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, in place of one of that name. Raises ArchiveError, and then nothing has changed."""
        name = _safe(name)
        with self._told(f"write {name}"):
            if self.folder is None:
                self._files.pipe_file(f"{self._root}/{name}", content)
            else:
                _write_local(self.folder / name, content)

    def create(self, name: str, content: bytes) -> bool:
        """Put a file there unless one has that name; whether it was put. Raises ArchiveError as `write` does."""
        name = _safe(name)
        with self._told(f"write {name}"):
            if self.folder is not None:
                return _write_local(self.folder / name, content, new=True)
            with suppress(FileExistsError):
                self._files.pipe_file(f"{self._root}/{name}", content, mode="create")
                return True
        return False

    def read(self, name: str, *, most: int | None = None) -> bytes | None:
        """Its content, or so much of its beginning; None when there is no such file. Raises ArchiveError."""
        name = _safe(name)
        with self._told(f"read {name}"), suppress(FileNotFoundError):
            return bytes(self._files.cat_file(f"{self._root}/{name}", start=0, end=most))
        return None

    def remove(self, name: str) -> None:
        """Delete a file; one that is not there is no trouble. Raises ArchiveError."""
        name = _safe(name)
        with self._told(f"remove {name}"), suppress(FileNotFoundError):
            self._files.rm_file(f"{self._root}/{name}")

    def names(self, folder: str) -> list[str]:
        """Names of all files in a folder and below, sorted; a folder that is not there is empty."""
        folder, found = _safe(folder), []
        with self._told(f"list {folder}"), suppress(FileNotFoundError):
            found = self._files.find(f"{self._root}/{folder}")
        return sorted(path[len(self._root) + 1 :] for path in found if not path.endswith(PART))

    def last(self, folder: str, most: int, only: Callable[[str], object]) -> list[str]:
        """The last so many names of a folder and below that `only` likes; looks into no more folders than it takes.

        Folders are put in order by their names, and so are the files of each. Raises ArchiveError.
        """
        found: list[str] = []
        folders = [_safe(folder)]
        while folders and len(found) < most:
            here, entries = folders.pop(), []
            with self._told(f"list {here}"), suppress(FileNotFoundError):
                entries = self._files.ls(f"{self._root}/{here}", detail=True)
            names = {f"{here}/{PurePosixPath(entry['name']).name}": entry["type"] for entry in entries}
            folders += sorted(name for name, kind in names.items() if kind == "directory")
            found += [name for name, kind in names.items() if kind != "directory" and only(name)]
        return sorted(found)[-most:]

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Whatever keeps us from the files, as one line."""
        try:
            yield
        except self._trouble as exc:
            raise ArchiveError(f"{self.address}: cannot {what}: {' '.join(str(exc).split())}") from exc


def _safe(name: str) -> str:
    """The name itself. Raises ArchiveError for one that would lead out of the archive."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise ArchiveError(f"{name!r}: not a name inside the archive")
    return str(path)


def _write_local(path: Path, content: bytes, *, new: bool = False) -> bool:
    """Put a file in its place, with `new` only where there is none; whether it was put."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if new:
            path.hardlink_to(part)  # unlike a rename it replaces nothing
        else:
            part.replace(path)
    except FileExistsError:
        return False
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename inside the folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
