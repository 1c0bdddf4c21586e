"""How things end: the outcomes of entries and captures, and the reasons why something left the street.

Closed sets, so that they can be counted.
"""

from enum import StrEnum

__all__ = ["CaptureOutcome", "EntryOutcome", "Reason"]


class EntryOutcome(StrEnum):
    """Where an announced address ends; `pending` is not an end but counts in every balance."""

    PENDING = "pending"
    CAPTURED = "captured"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"


class CaptureOutcome(StrEnum):
    """Where a capture ends; `pending` until its segment has been processed."""

    PENDING = "pending"
    INDEXED = "indexed"
    VERSION = "version"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why something left the street; a closed set, so that reasons can be counted."""

    # fetching
    ROBOTS = "robots"  # robots.txt disallows the address, or could not be read (RFC 9309)
    ADDRESS = "address"  # scheme, port, credentials or network address is not allowed
    NO_CONTACT = "no-contact"  # outside loopback nothing is fetched before a contact is set
    STATUS = "status"  # an HTTP status that is not a page
    TIMEOUT = "timeout"
    CONNECTION = "connection"  # DNS, TLS, reset, truncated body
    TOO_LARGE = "too-large"  # over the byte limit, compressed or not
    REDIRECTS = "redirects"
    TAKEN_DOWN = "taken-down"  # a takedown forbids the address or its outlet
    GONE = "gone"
    TOO_OLD = "too-old"  # its source dates it longer ago than its `max_age`
    NOINDEX = "noindex"  # the page asks not to be found by a search
    NOARCHIVE = "noarchive"  # the page asks that no copy of it be kept
    TDM = "tdm"  # its publisher reserves text and data mining
    # reading
    NOT_TEXT = "not-text"  # neither HTML nor text
    NO_TEXT = "no-text"  # nothing that reads like an article
    CONSENT = "consent"  # asks for consent, and shows nothing else
    ERROR_PAGE = "error-page"  # says that there is no such page, or no access, though its status is good
    ROBOT_CHECK = "robot-check"  # wants to know whether a person reads it
    MOVED = "moved"  # sends its readers to another address, which the detail names
    LIST_PAGE = "list-page"  # teasers of other pages, and no text of its own
    PAYWALL = "paywall"  # not even a teaser is free to read
    TOO_COSTLY = "too-costly"  # the reading child hit its limit of time, CPU or memory
    CRASHED = "crashed"  # the reading child died on this page
    NOT_A_FEED = "not-a-feed"
    NO_SECRET = "no-secret"  # noqa: S105 (what a source's login or cookies refer to is not set, or is no such thing)
    CALLED_BACK = "called-back"  # its agency withdrew the item, or has not released it yet
    # storing
    INDEX_REFUSED = "index-refused"  # Elasticsearch refused the document; the detail says why
    # the archive
    UNREADABLE = "unreadable"  # a file of the archive or of an inbox that is there cannot be read now
    ARCHIVE_LOST = "archive-lost"  # the segment's file is missing
    DAMAGED = "damaged"  # the capture's bytes are not what was written
    # anywhere
    INTERNAL = "internal"  # a mistake of ours; the detail says what and where, the log has the traceback
