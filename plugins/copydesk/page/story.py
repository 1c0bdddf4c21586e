"""A story: every article that tells of it, in the order of time, and whose text each carries."""

from dataclasses import asdict

from copydesk.errors import ConfigError
from copydesk.index import Body
from copydesk.index.article import Article
from copydesk.index.records import to_record
from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.views.articles import articles_known, title_of
from copydesk.views.growth import growth_of
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
    rows = [
        _row(carrier, family, known.get(carrier.article))
        for family in found.families
        for carrier in family.carriers
    ]
    rows.sort(key=lambda row: (str(row["at"]), not row["original"], str(row["article"])))
    return Shown(
        "story",
        {
            "id": found.record.id,
            "follows": found.record.follows,
            "title": next((row["title"] for row in rows if row["original"]), found.record.id),
            "size": asdict(found.size),
            "growth": to_record(growth_of(found.carriers)),
            "texts": [family.id for family in found.families],
            "languages": sorted({one.document.language for one in known.values()}),
            "articles": rows,
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
