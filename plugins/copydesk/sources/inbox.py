"""Files somebody put into an inbox → entries that carry their own content.

.txt, .html     one article a file
JSON lines      one article a line: {"text" or "html", "url"?, "title"?, "published"?}
"""

import hashlib
import json
import logging
from collections.abc import Iterator

from copydesk.model import Entry, Source
from copydesk.sources.announced import Announced, NotAFeed, each_once
from copydesk.sources.dates import moment

__all__ = ["parse"]

logger = logging.getLogger(__name__)


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The articles of one file.

    An article without an address of its own gets "inbox:" and the SHA-256 of its content, so the same content
    put in twice is one article. Lines that are no article are counted in the log and left out.

    Raises:
        NotAFeed: The file is empty, or none of its lines is an article.
    """
    media = content_type.partition(";")[0].strip().lower()
    if "json" in media:
        found = list(_lines(source, body, base_url))
        if not found:
            raise NotAFeed("no line is a JSON object with text or html")
        return Announced(entries=each_once(found))
    if not body.strip():
        raise NotAFeed("the file is empty")
    return Announced(entries=(_entry(source, body, content_type),))


def _lines(source: Source, body: bytes, base_url: str) -> Iterator[Entry]:
    wrong = 0
    for line in body.decode("utf-8-sig", errors="replace").split("\n"):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            told = None
        entry = _article(source, told) if isinstance(told, dict) else None
        if entry is None:
            wrong += 1
        else:
            yield entry
    if wrong:
        logger.warning("inbox lines left out source=%s file=%s lines=%d", source.name, base_url, wrong)


def _article(source: Source, told: dict[str, object]) -> Entry | None:
    texts = {
        name: value.encode(errors="replace").decode()  # JSON can spell half a character; nothing else can
        for name, value in told.items()
        if isinstance(value, str) and value.strip()
    }
    content = texts.get("html") or texts.get("text")
    if content is None:
        return None
    return _entry(
        source,
        content.encode(),
        f"text/{'html' if 'html' in texts else 'plain'}; charset=utf-8",
        told=texts,
    )


def _entry(source: Source, body: bytes, content_type: str, *, told: dict[str, str] | None = None) -> Entry:
    told = told or {}
    url = told.get("url", "").strip()
    named = url.lower().startswith(("http://", "https://"))
    return Entry(
        url=url.partition("#")[0] if named else f"inbox:{hashlib.sha256(body).hexdigest()}",
        source=source.name,
        title=" ".join(told.get("title", "").split()) or None,
        published_at=moment(told.get("published")),
        body=body,
        content_type=content_type,
    )
