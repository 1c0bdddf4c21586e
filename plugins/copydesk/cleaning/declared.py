"""The body a page declares of itself (JSON-LD articleBody), as a witness against lines that are not in it.

Used only when it holds most of the text. On 18 pages that declare a body, 35 of 42 lines outside it were noise;
the other seven were first paragraphs, which some declare as description instead.
"""

from collections.abc import Iterator

from copydesk.cleaning.lines import Line, Text

__all__ = ["find"]

COVERED = 0.8
"""Share of the prose that has to be in the declared body before its silence counts."""

MOST = 0.5
"""Share of the paragraphs in boxes up to which a box says something of them."""

LEAST = 400
"""Letters a declared body must have; teasers are shorter."""


def find(text: Text) -> Iterator[int]:
    """Numbers of the lines after the first paragraph that are missing from the declared body and look like furniture.

    Furniture is what is no prose, a link, in a box, or behind the last paragraph that the body holds. Subheads are
    left out of many declared bodies, so a heading says nothing.
    """
    body = text.around.body
    if len(body) < LEAST:
        return
    inside = [line.letters in body for line in text.lines]
    prose = [at for at, line in enumerate(text.lines) if line.prose]
    held = [at for at in prose if inside[at]]
    if (
        sum(len(text.lines[at].text) for at in held) < COVERED * sum(len(text.lines[at].text) for at in prose)
        or not held
    ):
        return
    # a class word on most paragraphs of a page names none of them as a box
    boxed = sum("aside" in text.lines[at].marks for at in prose) <= MOST * len(prose)
    for at in range(prose[0] + 1, len(text.lines)):
        if not inside[at] and _is_furniture(text.lines[at], behind=at > held[-1], boxed=boxed):
            yield at


def _is_furniture(line: Line, *, behind: bool, boxed: bool) -> bool:
    """Whether a line that the body lacks looks like furniture; on pages that box all of it place says nothing."""
    if "heading" in line.marks and "link" not in line.marks and not behind:
        return False
    return not line.prose or "link" in line.marks or (boxed and (behind or "aside" in line.marks))
