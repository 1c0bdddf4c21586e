"""Files somebody put into an inbox → entries that carry their own content.

.txt, .html     one article a file
JSON lines      one article a line: {"text" or "html", "url"?, "title"?, "published"?}

What is JSON or XML of another form may be a news agency's, which has parsers of its own.
"""

import hashlib
import json
from collections.abc import Iterator

from copydesk.border import Border, Fault, contained
from copydesk.dates import moment
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.sources.announced import Announced, NotAFeed, each_once, left_out, zone_of

__all__ = ["parse"]


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The articles of one file.

    An article without an address of its own gets "inbox:" and the SHA-256 of its content, so the same content
    put in twice is one article. Lines that are no article are counted and left out.

    Raises:
        NotAFeed: The file is empty, or none of its lines is an article.
    """
    media = content_type.partition(";")[0].strip().lower()
    if "json" in media:
        found = list(_lines(source, body, base_url))
        missing = left_out(
            (one for one in found if isinstance(one, Fault)),
            Reason.NOT_A_FEED,
            "no JSON object with text or html",
            found.count(None),
        )
        if all(one is None for one in found):
            raise NotAFeed("no line is a JSON object with text or html")
        return Announced(entries=each_once(one for one in found if isinstance(one, Entry)), left_out=missing)
    if not body.strip():
        raise NotAFeed("the file is empty")
    if "xml" in media and "html" not in media:
        raise NotAFeed("XML, but no article")
    return Announced(entries=(_entry(source, body, content_type),))


def _lines(source: Source, body: bytes, name: str) -> Iterator[Entry | Fault | None]:
    """The article of each line, None where there is none."""
    for number, line in enumerate(body.decode("utf-8-sig", errors="replace").split("\n"), 1):
        if not line.strip():
            continue
        made: Entry | Fault | None = None
        with contained(Border.LINE, f"{name} line {number}") as caught:
            made = _from_line(source, line)
        yield caught.fault or made


def _from_line(source: Source, line: str) -> Entry | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return _article(source, row) if isinstance(row, dict) else None


def _article(source: Source, row: dict[str, object]) -> Entry | None:
    texts = {
        name: value.encode(errors="replace").decode()  # JSON can spell half a character; nothing else can
        for name, value in row.items()
        if isinstance(value, str) and value.strip()
    }
    content = texts.get("html") or texts.get("text")
    if content is None:
        return None
    return _entry(
        source,
        content.encode(),
        f"text/{'html' if 'html' in texts else 'plain'}; charset=utf-8",
        row=texts,
    )


def _entry(source: Source, body: bytes, content_type: str, *, row: dict[str, str] | None = None) -> Entry:
    row = row or {}
    url = row.get("url", "").strip()
    named = url.lower().startswith(("http://", "https://"))
    return Entry(
        url=url.partition("#")[0] if named else f"inbox:{hashlib.sha256(body).hexdigest()}",
        source=source.name,
        title=" ".join(row.get("title", "").split()) or None,
        published_at=moment(row.get("published"), zone_of(source)),
        body=body,
        content_type=content_type,
    )
