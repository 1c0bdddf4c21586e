"""Crowded events: one event told by many agencies and papers, as a set to measure the recognition of copies with."""

from newsworld.crowd.making import crowd
from newsworld.crowd.model import Kind, Row

__all__ = ["Kind", "Row", "crowd"]
