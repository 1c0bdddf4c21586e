"""Something real with one method changed: what broken pieces are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Changed"]


@dataclass(eq=False)
class Changed:
    """Something real, but for one method, which is handed the real one and what it was given."""

    real: object
    name: str
    changed: Callable[..., Any]

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.real, name)
        if name != self.name:
            return method
        return lambda *given, **named: self.changed(method, *given, **named)
