"""Pointers to other articles: "Read more: …", boxes of linked headlines, and the labels above them."""

import re

from copydesk.cleaning.lines import Line, Text
from copydesk.cleaning.tables import read_table
from copydesk.cleaning.witnesses import MARKED, addresses, heads_links, needs_another, reports

__all__ = [
    "follows_label",
    "is_boxed",
    "is_in_link_list",
    "is_label",
    "is_linked",
    "is_wording",
    "points_elsewhere",
]

POINTERS = read_table("pointers", before=r"^[\W_]*", behind=r"\s*(?P<colon>[:：|»>–—-]+|$)")
MARKER = re.compile(POINTERS.pattern)
SURE_POINTERS = read_table("sure_pointers", before=r"^[\W_]*")
SURE_MARKER = re.compile(SURE_POINTERS.pattern)
POINTER_LABELS = read_table("pointer_labels", before=r"^[\W_]*")
LABELS = re.compile(POINTER_LABELS.pattern)
COLON = re.compile(r"^[^.!?]{0,40}[:：»]")
PARTED = re.compile(r"[^.!?,;:：]{0,25}[:：»|>]")
LABEL_WORDS = 8
MOSTLY = 0.25
"""Share of the text in link lines from which the links are the point of the article."""


def points_elsewhere(text: Text, at: int) -> bool:
    """Whether the line opens with a wording that introduces another article.

    A wording that prose can open with too ("More:", "Video:", "Interview:") counts only for a linked line, and one
    that opens a sentence only where a colon parts the two; a heading points to the links below it.
    """
    line = text.lines[at]
    if sure := SURE_MARKER.match(line.bare):
        if not needs_another(line):
            return not line.prose or "link" in line.marks or bool(COLON.search(line.bare, 0, 50))
        if "heading" in line.marks:
            return heads_links(text, at) or addresses(line)
        return sure[0][-1] in ":：" or bool(PARTED.match(line.bare, sure.end()))
    if line.prose and "link" not in line.marks and not COLON.search(line.bare, 0, 50):
        return False
    marked = MARKER.match(line.bare)
    return bool(marked and "link" in line.marks and marked["colon"])


def is_boxed(text: Text, at: int) -> bool:
    """Whether the page has the line in a box with such a label; a paragraph alone behind one is of the text."""
    line = text.lines[at]
    if "related" not in line.marks:
        return False
    beside = (*text.lines[max(0, at - 1) : at], *text.lines[at + 1 : at + 2])
    return not line.prose or any(not other.marks.isdisjoint(MARKED) for other in beside)


def is_in_link_list(text: Text, at: int) -> bool:
    """Whether a line behind the text is an item of a list of links."""
    return "links" in text.lines[at].marks and not _introduced(text, at)


def is_label(text: Text, at: int) -> bool:
    """Whether the line is the label above a box of other articles: the wording alone."""
    line = text.lines[at]
    if line.words > LABEL_WORDS or not is_wording(line.bare):
        return False
    if "heading" in line.marks:
        return not line.item and (heads_links(text, at) or addresses(line))
    return not needs_another(line) or (addresses(line) and not reports(line))


def is_wording(label: str) -> bool:
    """Whether a text is the wording of such a label and nothing else: "Related posts", "You may also like…"."""
    wording = label.lower().strip().rstrip(".… ")
    if len(wording) > 60 or not LABELS.search(wording):
        return False
    marked = MARKER.match(wording)
    return bool(marked and marked.end() == len(wording))


def is_linked(text: Text, at: int) -> bool:
    """Whether the whole line is a link to another article, with a second sign that it is not part of the text.

    Links are quoted, and lists of links can be the point of an article; so the line has to be a list item beside
    others of its kind, or a headline in length and form.
    """
    line = text.lines[at]
    if "link" not in line.marks or text.linked > MOSTLY or line.words < 4 or (line.prose and line.words > 30):
        return False
    if line.item and ("heading" in line.marks or _introduced(text, at)):
        return False  # numbered parts of a guide; lists that a sentence announces
    beside = [
        other
        for other in (*text.lines[max(0, at - 1) : at], *text.lines[at + 1 : at + 2])
        if "link" in other.marks
    ]
    if line.item:
        return bool(beside) or not _listed(text, at)
    return not line.ended or bool(beside)


def _introduced(text: Text, at: int) -> bool:
    """Whether a list stands below a sentence that ends with a colon, as part of the text."""
    while at >= 0 and text.lines[at].item:
        at -= 1
    return at >= 0 and text.lines[at].words > LABEL_WORDS and text.lines[at].text[-1] in ":："


def _listed(text: Text, at: int) -> bool:
    return any(
        other.item and "link" not in other.marks
        for other in (*text.lines[max(0, at - 1) : at], *text.lines[at + 1 : at + 2])
    )


def follows_label(line: Line) -> bool:
    """Whether a line directly below such a label belongs to its box: linked, or a short item or headline."""
    if "heading" in line.marks and "link" not in line.marks:
        return False
    return "link" in line.marks or (
        not line.prose and (line.item or (not line.ended and 3 < line.words < 25))
    )
