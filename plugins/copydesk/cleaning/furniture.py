"""Lines that an outlet prints on page after page, as its memory knows them (`copydesk learn`).

A subhead between paragraphs stays: "What we know" stands in many articles and belongs to each of them.
"""

from collections.abc import Iterator
from hashlib import blake2b

from copydesk.cleaning.lines import Text

__all__ = ["find", "mark"]


def mark(letters: str) -> str:
    """What a memory keeps of a folded line: 16 hex digits that do not give the line away."""
    return blake2b(letters.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def find(text: Text) -> Iterator[int]:
    """Numbers of the lines that the memory of the outlet holds."""
    known = text.around.furniture
    if not known:
        return
    last = max((at for at, line in enumerate(text.lines) if line.prose), default=-1)
    for at, line in enumerate(text.lines):
        subhead = "heading" in line.marks and "link" not in line.marks and at < last
        if not subhead and mark(line.letters) in known:
            yield at
