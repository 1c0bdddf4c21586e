"""Records as they are, also those no type of ours reads, from another version or another hand.

For what must go on with any record: retrying, taking down, carrying over, ending what nobody can work with.
"""

from copydesk.index import Body, Found, Index, Json, Kind, Write

__all__ = ["close", "field_of"]

DUE = frozenset({"retry_at", "leased_until"})
"""What makes a record be taken up again."""


def field_of(row: Found, name: str) -> Json:
    """A field of a record that may not be readable as a whole; None when it has none of that name."""
    return row.body.get(name)


def close(index: Index, kind: Kind, row: Found, end: Body) -> None:
    """Write an end into a record that nobody can work with: it would be taken up for ever."""
    rest = {name: item for name, item in row.body.items() if name not in DUE}
    index.write([Write(kind=kind, id=row.id, body={**rest, **end})])
