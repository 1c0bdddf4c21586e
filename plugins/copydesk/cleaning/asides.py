"""Boxes that the page names as such: newsletter, related, teaser, author box, share bar, comments.

Class words also sit on wrappers of whole articles, so the page reader marks only boxes with little of the page's
text (see `reading.labels`); and a paragraph of prose in such a box stays, unless it is a link or the box is one of
those that never hold any.
"""

from copydesk.cleaning.lines import Text

__all__ = ["takes"]


def takes(text: Text, at: int) -> bool:
    """Whether a line stands in such a box and does not look like a paragraph of the article."""
    line = text.lines[at]
    if "heading" in line.marks and not line.marks & {"link", "box"}:
        return False  # class words such as "promo" sit on the parts of a guide too
    return "box" in line.marks or ("aside" in line.marks and (not line.prose or "link" in line.marks))
