"""What fetchers have learned of a site and the next one must know: the answer to /robots.txt, and to be left alone.

Kept as small files beside the archive, shared by all workers. A file that cannot be understood counts as none.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from yarl import URL

from copydesk.adapters.http.download import Response
from copydesk.adapters.http.robots import KEPT
from copydesk.ports import Archive

__all__ = ["Learned"]

OK = 200
CLIENT_ERRORS = range(400, 500)
TOO_MANY = 429
LONGEST_CLOSED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Learned:
    """A shelf for what was learned, in the archive's folder `learned/`."""

    archive: Archive

    def robots(self, origin: URL, now: datetime) -> tuple[Response, timedelta] | None:
        """The answer of a site to /robots.txt and how much longer it holds; None when it must be asked."""
        content = self.archive.load(_name(origin))
        try:
            row = orjson.loads(content or b"{}")
            left = datetime.fromisoformat(row["at"]) + timedelta(seconds=KEPT) - now
            answer = Response(url=origin, status=int(row["status"]), headers={}, body=b64decode(row["body"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        return (answer, left) if timedelta(0) < left <= timedelta(seconds=KEPT) else None

    def keep_robots(self, origin: URL, answer: Response, now: datetime) -> None:
        """Keep an answer that holds for a day: a file, or its absence. The trouble of a site is not kept."""
        absent = answer.status in CLIENT_ERRORS and answer.status != TOO_MANY
        if answer.status == OK or absent:
            row = {"at": now.isoformat(), "status": answer.status, "body": b64encode(answer.body).decode()}
            self.archive.save(_name(origin), orjson.dumps({"origin": str(origin), **row}))

    def closed(self, origin: URL, now: datetime) -> timedelta:
        """How much longer a site wants to be left alone, a day at most; nothing for most."""
        try:
            until = datetime.fromisoformat(
                orjson.loads(self.archive.load(_name(origin, "closed")) or b"{}")["until"]
            )
            left = until - now
        except (KeyError, TypeError, ValueError, OverflowError):
            return timedelta(0)
        return left if timedelta(0) < left <= LONGEST_CLOSED else timedelta(0)

    def keep_closed(self, origin: URL, until: datetime) -> None:
        """Keep until when a site wants to be left alone."""
        row = {"origin": str(origin), "until": until.isoformat()}
        self.archive.save(_name(origin, "closed"), orjson.dumps(row))


def _name(origin: URL, what: str = "robots") -> str:
    return f"learned/{what}/{hashlib.sha256(str(origin).encode()).hexdigest()[:32]}.json"
