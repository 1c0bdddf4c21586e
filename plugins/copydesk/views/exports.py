"""What a search finds, for other programs: a row an article, stories unfolded, as CSV or as JSON lines."""

import csv
import io
from collections.abc import Iterable, Iterator

import orjson

from copydesk.index import Body, Index, Json, Kind
from copydesk.index.article import Article, articles_of, to_body
from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.views.articles import title_of
from copydesk.views.search import Found
from copydesk.views.stories import Size, coverage_of, size_of

__all__ = ["COLUMNS", "READ", "as_csv", "as_lines", "unfolded"]

COLUMNS = (
    *(
        "story",
        "family",
        "article",
        "original",
        "share",
        "outlet",
        "publisher",
        "agency",
        "language",
        "title",
        "url",
    ),
    *("published_at", "first_seen_at", "word_count", "form"),
    *("carried_by_outlets", "carried_by_publishers", "story_articles", "story_outlets", "story_publishers"),
)
"""What a row says: `original` is the id of the text it copies, its own for an original; `share` (0 to 1) how much of
it stands there; `form` has a space between several; `carried_by_…` count who has this text, `story_…` who tells of its
story, all of them as of now."""

READ = (Kind.ARTICLES, Kind.FAMILIES, Kind.STORIES)
"""What rows are made of, to be frozen while they are: a story that grows meanwhile would be told in two states."""

BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of something to compute (OWASP, CSV injection)."""


def unfolded(index: Index, found: Found) -> Iterator[Body]:
    """A row for each article of the stories that were found, in their order; within a story the first one first.

    All articles of a story are told, also those that do not hold what was asked for.
    """
    stories = list(dict.fromkeys(one.article.judgement.story for one in found.results))
    coverage = coverage_of(index, stories)
    known = articles_of(index, sorted({one.article for told in coverage.values() for one in told.carriers}))
    for told in (coverage[story] for story in stories if story in coverage):
        rows = [(one, family) for family in told.families for one in family.carriers if one.article in known]
        for carrier, family in sorted(rows, key=lambda row: row[0]):
            yield _row(known[carrier.article], carrier, family, told.size)


def as_csv(rows: Iterable[Body], *, raw: bool = False) -> str:
    """Rows with a head, for a spreadsheet: with a byte order mark, and no cell that it would compute.

    Such a cell has an apostrophe before it; `raw` leaves out both.
    """
    text = io.StringIO()
    if not raw:
        text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name], raw=raw) for name in COLUMNS] for row in rows)
    return text.getvalue()


def as_lines(rows: Iterable[Body]) -> str:
    """Rows as JSON lines."""
    return "".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode() for row in rows)


def _row(article: Article, carrier: Carrier, family: FamilyRecord, story: Size) -> Body:
    said, carried = to_body(article), size_of(family.carriers)
    return {
        **{name: said.get(name) for name in COLUMNS},
        "article": carrier.article,
        "original": family.original,
        "share": carrier.share,
        "agency": family.agency,
        "title": title_of(article),
        "form": list(article.document.form),
        "carried_by_outlets": carried.outlets,
        "carried_by_publishers": carried.publishers,
        "story_articles": story.articles,
        "story_outlets": story.outlets,
        "story_publishers": story.publishers,
    }


def _cell(value: Json, *, raw: bool) -> Json:
    text = " ".join(map(str, value)) if isinstance(value, list) else value
    is_formula = not raw and isinstance(text, str) and text.startswith(BEGINS_FORMULA)
    return f"'{text}" if is_formula else text
