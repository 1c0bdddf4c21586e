"""`python -m local.watch PARENT GRACE USER PROGRAM...`: runs a program no longer than its parent lives.

The parent holds our standard input. "stop" on it ends the program gently; its end (the parent is gone, however
that came) kills the program's session at once. Works on Linux and macOS alike, across a change of user, and
without a moment in which the program runs unwatched.
"""

import os
import select
import signal
import sys

from local.processes import Process, end_session, spawn

POLL_SECONDS = 0.2


def main(arguments: list[str]) -> int:
    """Run the program to its end or the parent's; gives its exit code."""
    parent, grace, user, *command = arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    program = spawn(command, user=user or None)
    gentle = False
    try:
        gentle = _watch(program, int(parent))
    finally:
        end_session(program.pid, grace=float(grace) if gentle else 0)
    return program.wait()


def _watch(program: Process, parent: int) -> bool:
    """Wait until the program or the parent ends (False), or the parent says stop (True)."""
    while program.poll() is None and os.getppid() == parent:
        asked, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
        if asked:
            return os.read(sys.stdin.fileno(), 64) != b""
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
