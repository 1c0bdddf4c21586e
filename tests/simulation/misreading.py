"""Archives that misread what is damaged, for the laws to notice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

from copydesk.errors import SegmentMissing
from copydesk.model import Capture, Segment
from copydesk.ports import Archive, Ports
from simulation.changed import Changed
from simulation.street import Mutant

__all__ = ["gives_up_what_is_damaged", "invents_what_is_damaged"]


def invents_what_is_damaged() -> Mutant:
    """A page that is damaged is read as an empty one."""
    written: list[Capture] = []
    held: dict[str, list[Capture]] = {}

    def append(method: Callable[[Capture], None], capture: Capture) -> None:
        method(capture)
        written.append(capture)

    def close(method: Callable[[], Segment | None]) -> Segment | None:
        segment = method()
        if segment:
            held[segment.name] = [page for page in written if page.kind == "page"]
        written.clear()
        return segment

    def read(method: Callable[[str], Iterator[Capture]], segment: str) -> Iterator[Capture]:
        given = list(method(segment))
        yield from given
        ids = {page.id for page in given}
        yield from (replace(page, body=b"") for page in held.get(segment, ()) if page.id not in ids)

    def changed(ports: Ports) -> Ports:
        archive: object = ports.archive
        for method in (append, close, read):
            archive = Changed(archive, method.__name__, method)
        return replace(ports, archive=cast("Archive", archive))

    return changed


def gives_up_what_is_damaged() -> Mutant:
    """A segment with a damaged page counts as gone as a whole."""

    def read(method: Callable[[str], Iterator[Capture]], segment: str) -> Iterator[Capture]:
        given = list(method(segment))
        if sum(page.kind == "page" for page in given) < int(segment.rpartition("-")[2]):
            raise SegmentMissing(segment)
        yield from given

    return lambda ports: replace(ports, archive=cast("Archive", Changed(ports.archive, "read", read)))
