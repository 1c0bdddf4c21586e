"""Calling the command line within this process."""

from dataclasses import dataclass

import orjson
import pytest

from copydesk.cli import main
from copydesk.index import Body

__all__ = ["Called", "call"]


@dataclass(frozen=True, slots=True)
class Called:
    """What became of a call."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Body]:
        """Standard output as JSON lines."""
        return [orjson.loads(line) for line in self.out.splitlines()]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> Called:
    """Call `copydesk` with these arguments."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    code = ended.value.code
    return Called(code if isinstance(code, int) else 0, printed.out, printed.err)
