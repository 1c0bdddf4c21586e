"""A made news world: outlets, agencies, feeds and faults on loopback, with the truth beside them."""

from newsworld.config import write
from newsworld.model import Kind, Outlet, Page, World
from newsworld.server import NewsServer, Visit, running, serve
from newsworld.truth import expectations, rows, topics
from newsworld.world import build, lately

__all__ = [
    "Kind",
    "NewsServer",
    "Outlet",
    "Page",
    "Visit",
    "World",
    "build",
    "expectations",
    "lately",
    "rows",
    "running",
    "serve",
    "topics",
    "write",
]
