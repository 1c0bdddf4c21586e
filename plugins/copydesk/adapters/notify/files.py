"""Files that others read while we write them. Touches the disk."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from copydesk.ports import Message, Sent

__all__ = ["replace_file"]

READABLE = 0o644
"""The file is for others, such as a web server; temporary files are made for nobody else."""


def replace_file(message: Message) -> Sent:
    """Put the body in the place of the file at the address, whole or not at all."""
    path = Path(message.address)
    try:
        if path.exists() and not path.is_file():  # root may put a file in the place of a device, too
            return Sent("retry", f"{path}: is no regular file")
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                file.write(message.body)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(READABLE)
                Path(file.name).replace(path)
            except OSError:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
    except OSError as exc:
        return Sent("retry", f"{path}: {exc.strerror}")
    return Sent("sent")
