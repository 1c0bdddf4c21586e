"""Object storage as its clients show it: listings are remembered unless told otherwise, errors are no OSError."""

from typing import Any

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

__all__ = ["AWAY", "REMEMBERING"]

REMEMBERING, AWAY = "remembering", "away"
"""Protocols of addresses."""


class Remembering(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """Lists each folder once, if it may, as clients of object storage do; files are shared by all."""

    protocol = REMEMBERING
    cachable = False

    def ls(self, path: str, detail: bool = True, **named: Any) -> Any:  # noqa: FBT001, FBT002 (as in fsspec)
        """What was there when it was first asked for."""
        if path not in self.dircache:
            self.dircache[path] = super().ls(path, detail=True, **named)
        found = self.dircache[path] if path in self.dircache else super().ls(path, detail=True, **named)
        return found if detail else [one["name"] for one in found]


class Unplugged(Exception):  # noqa: N818 (as clients name theirs)
    """An error of the client's own."""


class Away(MemoryFileSystem):  # type: ignore[misc]
    """Answers nothing."""

    protocol = AWAY

    def _away(self, *_: Any, **__: Any) -> Any:
        raise Unplugged("could not connect to the endpoint\n(port 1)")

    cat_file = pipe_file = rm_file = ls = find = _away


for made in (Remembering, Away):
    fsspec.register_implementation(made.protocol, made, clobber=True)
