"""A story: who told of it in the order of time, whose text each carries and from whom it has it, how it grew."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from copydesk.errors import ConfigError
from copydesk.index import Body, Json
from copydesk.index.article import Article
from copydesk.index.records import to_record
from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.page.alerts import alerts_of
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.views.articles import articles_known, title_of
from copydesk.views.growth import growth_of
from copydesk.views.provenance import Taken, rewritten, takings
from copydesk.views.stories import coverage_of

__all__ = ["story"]


def story(desk: Desk, asked: Asked) -> Shown:
    """The story of an id, or the one that took it in. Raises ConfigError when there is none."""
    id_ = asked.get("id", "")
    with desk.index() as index:
        found = coverage_of(index, [id_]).get(id_)
        if found is None:
            raise ConfigError(f"no story has the id {id_}")
        known = articles_known(index, [carrier.article for carrier in found.carriers])
        rung = alerts_of(index, found.record.id)
    rows = {
        carrier.article: _row(carrier, family, known.get(carrier.article))
        for family in found.families
        for carrier in family.carriers
    }
    ordered = sorted(
        rows.values(), key=lambda row: (str(row["at"]), not row["original"], str(row["article"]))
    )
    texts = {id_: one.document.text for id_, one in known.items()}
    return Shown(
        "story",
        {
            "id": found.record.id,
            "follows": found.record.follows,
            "title": next((row["title"] for row in ordered if row["original"]), found.record.id),
            "size": asdict(found.size),
            "growth": {"steps": [], **to_record(growth_of(found.carriers))},
            "texts": [family.id for family in found.families],
            "languages": dict(Counter(one.document.language for one in known.values()).most_common()),
            "articles": ordered,
            "alerts": rung,
            "provenance": _provenance(found.families, texts, rows),
        },
    )


def _row(carrier: Carrier, family: FamilyRecord, article: Article | None) -> Body:
    return {
        **to_record(carrier),
        "family": family.id,
        "original": carrier.article == family.original,
        "agency": family.agency,
        "title": title_of(article) if article else carrier.article,
        "url": article.document.url if article else "",
        "language": article.document.language if article else "",
    }


def _provenance(
    families: Sequence[FamilyRecord], texts: Mapping[str, str], rows: Mapping[str, Body]
) -> list[Json]:
    """Each original with who took it from whom, below it; what it has of an earlier original's words; oldest first."""
    shared = rewritten(families, texts)
    originals = [family.original for family in families]
    return [
        {
            **_branch(family.original, takings(family, texts), rows),
            "agency": family.agency,
            "like": _like(shared[family.id], originals, rows) if family.id in shared else None,
        }
        for family in families
        if family.original in rows
    ]


def _branch(id_: str, taken: Iterable[Taken], rows: Mapping[str, Body]) -> dict[str, Json]:
    """An article with those that took it, in the order of time; each names its share of it."""
    below = [one for one in taken if one.other == id_]
    copies = [
        {**_branch(one.article, taken, rows), "share": one.share, "beyond": one.beyond} for one in below
    ]
    named = {name: rows[id_][name] for name in ("article", "outlet", "at", "language")}
    return {**named, "copies": copies}


def _like(taken: Taken, originals: Sequence[str], rows: Mapping[str, Body]) -> Body:
    return {
        "article": taken.other,
        "outlet": rows[taken.other]["outlet"],
        "text": originals.index(taken.other) + 1,
        "share": taken.share,
    }
