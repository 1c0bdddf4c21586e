"""The headline again: pages print it above the text, and extraction takes it for its first line.

Nothing is lost, the title is a field of its own. Only above the first paragraph, where 95 % of the echoes stand,
or word for word anywhere when it is too long for a subhead.
"""

from copydesk.cleaning.lines import Text, fold

__all__ = ["repeats_line", "repeats_title"]

LONG = 20
"""Letters from which an exact repetition of the headline is none by chance."""

MORE = 1.6
"""How much longer than the headline a line above the text may be that contains it."""

KICKED = 3
"""How much longer it may be when it ends with the headline: a kicker in front of it."""


def repeats_title(text: Text, at: int) -> bool:
    """Whether a line above the text is the headline, alone or with a kicker."""
    line = text.lines[at]
    letters = line.letters
    for title in text.around.titles:
        wanted = fold(title)
        if line.sentence and letters.startswith(wanted) and len(letters) > len(wanted):
            continue  # a first sentence that goes on from the headline: "…, rescuers say."
        if wanted and (
            letters == wanted
            or (wanted in letters and len(letters) < MORE * len(wanted) and len(wanted) >= LONG)
            or (letters.endswith(wanted) and len(letters) < KICKED * len(wanted) and len(wanted) >= LONG)
        ):
            return True
        if len(letters) >= LONG // 2 and letters in wanted and len(letters) * MORE > len(wanted):
            return True
    return False


def repeats_line(text: Text, at: int) -> bool:
    """Whether the line stands in the text before, word for word: pull quotes, captions made of the standfirst.

    Lines of a few words may repeat on purpose, and so may list items and rows.
    """
    line = text.lines[at]
    least = 6 if line.ended else 10  # shorter ones repeat: names, subheads, "He did."
    if line.words < least or line.item or "|" in line.text or "heading" in line.marks:
        return False
    return text.first[line.letters] < at
