"""What fetchers have learned of a site and the next one need not ask again: the answer to /robots.txt.

Kept as small files beside the archive, shared by all workers. A file that cannot be understood counts as none.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from yarl import URL

from copydesk.adapters.download import Response
from copydesk.adapters.robots import KEPT
from copydesk.ports import Archive

__all__ = ["Learned"]

OK = 200
CLIENT_ERRORS = range(400, 500)
TOO_MANY = 429


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


def _name(origin: URL) -> str:
    return f"learned/robots/{hashlib.sha256(str(origin).encode()).hexdigest()[:32]}.json"
