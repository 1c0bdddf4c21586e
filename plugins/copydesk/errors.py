"""What can go wrong that is not a property of one page.

    CopydeskError
    ├── ConfigError      a person must change a file, a setting or an argument; never retried
    ├── FetchError       the fetcher itself cannot work (a page that cannot be fetched is an outcome, not an error)
    ├── ArchiveError     the archive cannot be written or read
    ├── IndexUnavailable Elasticsearch does not answer, or refuses us as a whole
    └── ReaderError      the reading child cannot be started (a page that kills it is an outcome, not an error)

Each message is one line made for a person. All survive pickling: they carry their message only.
"""

__all__ = [
    "ArchiveError",
    "ConfigError",
    "CopydeskError",
    "FetchError",
    "IndexUnavailable",
    "ReaderError",
]


class CopydeskError(Exception):
    """Root of the tree; catching it catches everything Copydesk raises on purpose."""


class ConfigError(CopydeskError):
    """A file, setting or argument is wrong; the message names it and what is allowed."""


class FetchError(CopydeskError):
    """The fetcher cannot work at all, for instance because no event loop can be started."""


class ArchiveError(CopydeskError):
    """The archive cannot be written or read; the message names the address."""


class IndexUnavailable(CopydeskError):  # noqa: N818 (it is a state of the world, not a mistake)
    """Elasticsearch is unreachable, overloaded beyond our patience, or refuses our credentials."""


class ReaderError(CopydeskError):
    """The reading child ends before it is ready; its standard error says why."""
