"""What can go wrong that is not a property of one page.

    CopydeskError
    ├── ConfigError      a person must change a file, a setting or an argument; never retried
    ├── FetchError       the fetcher itself cannot work (a page that cannot be fetched is an outcome, not an error)
    ├── ArchiveError     the archive cannot be written or read
    │   └── SegmentMissing   it can, and a segment is not there
    ├── IndexUnavailable Elasticsearch does not do what was asked:
    │   ├── IndexUnreachable   it does not answer in time, or is overloaded or blocked; passes
    │   ├── IndexContended     others keep changing the same records; passes
    │   ├── IndexRefused       it answers that it never will; a person must change something
    │   └── IndexNotSetUp      its indices are missing; whoever opens Copydesk next makes them
    └── ReaderError      the reading child cannot be started (a page that kills it is an outcome, not an error)

Each message is one line made for a person. All survive pickling: they carry their message only.
"""

__all__ = [
    "ArchiveError",
    "ConfigError",
    "CopydeskError",
    "FetchError",
    "IndexContended",
    "IndexNotSetUp",
    "IndexRefused",
    "IndexUnavailable",
    "IndexUnreachable",
    "ReaderError",
    "SegmentMissing",
]


class CopydeskError(Exception):
    """Root of the tree; catching it catches everything Copydesk raises on purpose."""


class ConfigError(CopydeskError):
    """A file, setting or argument is wrong; the message names it and what is allowed."""


class FetchError(CopydeskError):
    """The fetcher cannot work at all, for instance because no event loop can be started."""


class ArchiveError(CopydeskError):
    """The archive cannot be written or read; the message names the address."""


class SegmentMissing(ArchiveError):  # noqa: N818 (it is a state of the world, not a mistake)
    """A segment's file is not where it was put; waiting does not bring it back."""


class IndexUnavailable(CopydeskError):  # noqa: N818 (it is a state of the world, not a mistake)
    """Elasticsearch does not do what was asked of it; the four below say why, and only they are raised."""


class IndexUnreachable(IndexUnavailable):
    """No answer in time, or one that passes: overloaded, blocked by a full disk, shards that are starting."""


class IndexContended(IndexUnavailable):
    """Others change the same records all the time; the same call may succeed a little later."""


class IndexRefused(IndexUnavailable):
    """The server refuses us as a whole: credentials, certificate, a field of another type, a query it cannot run."""


class IndexNotSetUp(IndexUnavailable):
    """The indices are missing. `connect` makes them, so it heals when Copydesk is opened the next time."""


class ReaderError(CopydeskError):
    """The reading child ends before it is ready; its standard error says why."""
