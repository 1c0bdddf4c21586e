"""What a query finds among the articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.index import Hit, Index, Order
from copydesk.index.article import Article
from copydesk.index.records import from_record
from copydesk.query.parser import parse
from copydesk.query.seen import see
from copydesk.query.snippets import marks_in, snippet_around
from copydesk.query.terms import NO_CLOCK, Clock
from copydesk.query.tree import Label, Node, Term, both, wanted
from copydesk.views.articles import title_of

__all__ = ["Found", "Result", "counted", "search"]

BEGINNING = 1000
"""Characters that hold the snippet of a text in which nothing is looked for, and one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A story that was found.

    Attributes:
        article: Its best one, or its newest.
        snippet: Plain text of it, around what was asked for.
        copies: How many of its articles were found.
        title_marks, snippet_marks: Where in its title, and in the snippet, the words stand that were asked for.
    """

    article: Article
    snippet: str
    copies: int
    title_marks: Sequence[tuple[int, int]] = ()
    snippet_marks: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a query finds: what it asks for, the best stories, and how many stories and articles there are in all."""

    tree: Node
    results: Sequence[Result]
    stories: int
    articles: int

    @property
    def is_cut(self) -> bool:
        """Whether there are more stories than are shown."""
        return len(self.results) < self.stories


def search(
    index: Index,
    query: str = "",
    clock: Clock = NO_CLOCK,
    *,
    outlet: str = "",
    language: str = "",
    order: Order = Order.BEST,
    limit: int = 10,
) -> Found:
    """Stories that hold what the query asks for, in an order; of an outlet or in a language if given.

    Of an empty query the best are the newest. Raises QueryError for a query that has no meaning.
    """
    named = [Label(name, value) for name, value in (("outlet", outlet), ("lang", language)) if value]
    tree = both(parse(query, clock), *named)
    found = index.search(tree, order=order, limit=limit)
    terms = tuple(wanted(tree))
    results = [_result(hit, terms) for hit in found.hits]
    return Found(tree=tree, results=results, stories=found.stories, articles=found.articles)


def _result(hit: Hit, terms: Sequence[Term]) -> Result:
    article = from_record(Article, hit.body)
    # reading a whole text is what costs; without terms the snippet is its beginning
    read = hit.body if terms else {**hit.body, "text": article.document.text[:BEGINNING]}
    snippet, language = snippet_around(see(read), terms), article.document.language
    return Result(
        article=article,
        snippet=snippet,
        copies=hit.copies,
        title_marks=marks_in(title_of(article), language, terms),
        snippet_marks=marks_in(snippet, language, [term for term in terms if not term.title]),
    )


def counted(found: Found) -> str:
    """How much was found, of how much: "10 of 35 stories, 80 articles in all". Pure."""
    if not found.results:
        return "nothing found"
    shown = f"{len(found.results)} of " if found.is_cut else ""
    stories = "1 story" if found.stories == 1 else f"{found.stories} stories"
    articles = "1 article" if found.articles == 1 else f"{found.articles} articles"
    return f"{shown}{stories}, {articles} in all"
