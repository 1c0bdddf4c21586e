"""Boxes that the page names as such: newsletter, related, teaser, author box, share bar, comments.

Class words also sit on wrappers of whole articles, so the page reader marks only boxes with little of the page's
text (see page.MASS); and a paragraph of prose in such a box stays unless it is a link.
"""

from copydesk.cleaning.lines import Text

__all__ = ["takes"]


def takes(text: Text, at: int) -> bool:
    """Whether a line stands in such a box and does not look like a paragraph."""
    line = text.lines[at]
    if "heading" in line.marks and "link" not in line.marks:
        return False  # tables of contents repeat the subheads of the text
    return "box" in line.marks or ("aside" in line.marks and (not line.prose or "link" in line.marks))
