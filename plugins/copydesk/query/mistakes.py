"""What is wrong with a query: where, and what to do about it."""

from copydesk.errors import ConfigError

__all__ = ["QueryError"]


class QueryError(ConfigError):
    """A query that cannot be understood, or asks for too much.

    Attributes:
        what: What is wrong.
        hint: What to write instead.
        place: The first character concerned, counted from 0; `length` of them.
    """

    def __init__(self, what: str, hint: str, place: int = 0, length: int = 0) -> None:
        super().__init__(what, hint, place, length)
        self.what, self.hint, self.place, self.length = what, hint, place, length

    def __str__(self) -> str:
        return f"query, character {self.place + 1}: {self.what}; {self.hint}"
