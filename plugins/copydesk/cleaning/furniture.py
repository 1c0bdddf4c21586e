"""Lines that an outlet prints on page after page, as its memory knows them (`copydesk learn`).

"Background" stands between the paragraphs of many articles and belongs to each of them: as a subhead a line has a
checksum of its own, which the memory holds only when the outlet prints it nearly everywhere.
"""

from collections.abc import Collection, Iterator
from hashlib import blake2b

from copydesk.cleaning.lines import Text, fold

__all__ = ["checksum", "find", "is_known"]


def checksum(letters: str, *, subhead: bool = False) -> str:
    """What a memory keeps of a folded line: 16 hex digits that do not give the line away."""
    text = f"# {letters}" if subhead else letters
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def is_known(text: str, furniture: Collection[str]) -> bool:
    """Whether the memory of an outlet holds a text that stands in no line of the article, as a standfirst does."""
    return bool(furniture) and checksum(fold(text)) in furniture


def find(text: Text) -> Iterator[int]:
    """Numbers of the lines that the memory of the outlet holds."""
    known = text.around.furniture
    if not known:
        return
    last = max((at for at, line in enumerate(text.lines) if line.prose), default=-1)
    for at, line in enumerate(text.lines):
        subhead = "heading" in line.marks and "link" not in line.marks and at < last
        if checksum(line.letters, subhead=subhead) in known:
            yield at
