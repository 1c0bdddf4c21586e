"""Requests and answers of ours as HTTP has them, and back. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from yarl import URL

from copydesk.adapters.http.download import LONGEST_WAIT, WHOLE, Failure, Response, retry_after
from copydesk.outcomes import Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from copydesk.signals import first_of, in_headers

__all__ = ["address", "fetched", "fresh_for", "headers", "obey", "unfetched", "value"]

ACCEPT = {
    "page": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1",
    "feed": "application/rss+xml,application/atom+xml,application/xml,text/xml;q=0.9,*/*;q=0.1",
    "hub": "*/*",
}

NOT_MODIFIED, NOT_FOUND, GONE = 304, 404, 410

TAKEN = range(200, 300)
"""Statuses by which a hub says that it will see to what it was sent."""

MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})\b", re.ASCII)
UNKEPT = re.compile(r"\b(?:no-store|no-cache)\b")

LONGEST_ADDRESS = 2000
LONGEST_VALUE = 1000
LONGEST_DETAIL = 500
"""Characters of a redirect's target, of a header that is kept, and of the words on what went wrong: all of them end
in records, of which Elasticsearch takes no field beyond 32,766 bytes."""


def address(text: str, base: URL | None = None) -> URL:
    """A web address as text, relative to where it was found. Raises Failure when it is none."""
    try:
        url = URL(text.strip())
        url = (base.join(url) if base is not None else url).with_fragment(None)
        if url.scheme in {"http", "https"} and url.raw_host:
            url.origin().port  # noqa: B018 (what cannot be asked for raises here: yarl reads host and port late)
        length = len(str(url))
    except (ValueError, IndexError) as exc:  # the latter for brackets with nothing in them
        raise Failure.refusal(Reason.ADDRESS, f"not a web address: {exc}") from exc
    if length > LONGEST_ADDRESS:
        raise Failure.refusal(Reason.ADDRESS, f"more than {LONGEST_ADDRESS} characters")
    return url


def unfetched(wanted: Wanted, failure: Failure) -> Unfetched:
    """Why there is no page, in words that any index takes. Pure."""
    return Unfetched(
        wanted=wanted,
        outcome=failure.outcome,
        reason=failure.reason,
        detail=" ".join(failure.detail.encode(errors="backslashreplace").decode().split())[:LONGEST_DETAIL],
        retry_after=failure.wait,
        asked=failure.asked,
    )


def headers(wanted: Wanted) -> dict[str, str]:
    """What a request says besides who we are; a stored etag with a line break is none."""
    conditions = {"If-None-Match": value(wanted.etag), "If-Modified-Since": value(wanted.last_modified)}
    return {"Accept": ACCEPT[wanted.kind]} | {name: value for name, value in conditions.items() if value}


def value(text: str | None) -> str | None:
    """A header's value that can be kept and sent back; None for control characters, odd bytes and endless ones."""
    return text if text and text.isprintable() and len(text) <= LONGEST_VALUE else None


def fresh_for(given: Mapping[str, str], now: datetime) -> float:
    """Seconds for which a server says that its answer will not change, a day at most; 0 when it says nothing. Pure."""
    said = given.get("Cache-Control", "").lower()
    if UNKEPT.search(said):
        return 0.0
    found = MAX_AGE.search(said)
    if not found:
        return retry_after(given.get("Expires"), now) or 0.0 if "Expires" in given else 0.0
    age = given.get("Age", "")
    left = int(found[1]) - (int(age) if re.fullmatch(r"\d{1,9}", age, re.ASCII) else 0)
    return float(min(max(left, 0), LONGEST_WAIT))


def obey(response: Response, respect: Collection[Reason]) -> None:
    """Raises Failure when the headers of a page say what is respected. Pure."""
    reserved = response.headers.get("tdm-reservation")
    signal = first_of(in_headers(response.robots, reserved) & set(respect))
    if signal is not None:
        told = (
            f"tdm-reservation: {reserved}" if signal is Reason.TDM else f"X-Robots-Tag: {response.robots[0]}"
        )
        raise Failure.refusal(signal, told)


def fetched(wanted: Wanted, response: Response, now: datetime) -> Fetched:
    """The answer to hand out. Raises Failure when the status says that there is none. Pure."""
    asked = wanted.etag or wanted.last_modified
    given = response.headers
    if response.status in {NOT_FOUND, GONE}:
        raise Failure(Reason.GONE, f"status {response.status}")
    usable = TAKEN if wanted.kind == "hub" else WHOLE
    if response.status not in usable and not (response.status == NOT_MODIFIED and asked):
        wait = retry_after(given.get("Retry-After"), now)
        raise Failure(Reason.STATUS, f"status {response.status}", wait=wait)
    same = response.status == NOT_MODIFIED
    return Fetched(
        wanted=wanted,
        final_url=str(response.url),
        status=response.status,
        content_type=value(given.get("Content-Type")) or "",
        body=response.body,
        fetched_at=now,
        etag=value(given.get("ETag")) or (wanted.etag if same else None),
        last_modified=value(given.get("Last-Modified")) or (wanted.last_modified if same else None),
        moved_to=str(response.moved or ""),
        fresh_for=fresh_for(given, now),
        link=value(given.get("Link")) or "",
    )
