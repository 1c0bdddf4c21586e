"""How often a feed says that it changes: RSS `ttl`, and `updatePeriod` of the syndication module. Pure."""

import re
from datetime import timedelta

__all__ = ["hinted"]

LOOKED_AT = 16 * 1024
"""Bytes at the beginning of a document: a channel says it before its items."""

TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
PERIOD = re.compile(rb"<(?:\w+:)?updatePeriod>\s*(\w+)\s*</", re.IGNORECASE)
FREQUENCY = re.compile(rb"<(?:\w+:)?updateFrequency>\s*(\d{1,6})\s*</", re.IGNORECASE)
ITEM = re.compile(rb"<(?:item|entry)\b", re.IGNORECASE)

PERIODS = {b"hourly": 1, b"daily": 24, b"weekly": 168, b"monthly": 720, b"yearly": 8760}
LONGEST = timedelta(days=1)


def hinted(body: bytes) -> timedelta:
    """How long nothing changes, by what the document says; no time when it says nothing, a day at most."""
    item = ITEM.search(body, 0, LOOKED_AT)
    head = body[: item.start() if item else LOOKED_AT]
    if found := TTL.search(head):
        return min(timedelta(minutes=int(found[1])), LONGEST)
    period = PERIOD.search(head)
    hours = PERIODS.get(period[1].lower(), 0) if period else 0
    times = FREQUENCY.search(head)
    return min(timedelta(hours=hours) / max(int(times[1]) if times else 1, 1), LONGEST)
