"""Meet: matches → which topic met which story, under all ids that story ever had, and what was told of it already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from copydesk.alerting.alerts import alert_id
from copydesk.alerting.telling import members_of, told_by
from copydesk.index import Index, Kind
from copydesk.index.article import Article, articles_of, judgements_of
from copydesk.index.records import load
from copydesk.judging.clustering.stories import StoryRecord, find_heirs
from copydesk.model import Alert
from copydesk.query.evaluator import Match

__all__ = ["Key", "View", "of_roundups", "see", "told_of"]

Key = tuple[str, str]
"""A topic's name and a story's id."""


@dataclass(frozen=True, slots=True)
class View:
    """What the index says of the matches: who met whom, under which ids stories were known, what their texts are.

    Attributes:
        met: The matches in the texts of a story, by topic and story.
        roundups: Of what only roundups met the same keys of the stories they hold.
    """

    articles: Mapping[str, Article]
    met: Mapping[Key, Sequence[Match]]
    roundups: Mapping[Key, set[Key]]
    names: Mapping[str, Sequence[str]]
    texts: Mapping[str, Sequence[str]]


def see(index: Index, matches: Sequence[Match]) -> View:
    """What there is to know of the matches now."""
    articles = articles_of(index, sorted({one.article for one in matches}))
    items = _items(index, articles)
    known = {article.judgement.story for article in articles.values()}
    stories = find_heirs(index, known.union(*items.values()))
    met: dict[Key, list[Match]] = defaultdict(list)
    for one in matches:
        if one.article in articles:
            met[one.topic, stories[articles[one.article].judgement.story]].append(one)
    roundups = {
        key: {(key[0], stories[item]) for one in group for item in items[one.article]}
        for key, group in met.items()
        if all(one.article in items for one in group)
    }
    return View(articles, met, roundups, _names(index, stories), members_of(index, set(stories.values())))


def _items(index: Index, articles: Mapping[str, Article]) -> dict[str, set[str]]:
    """For each roundup among the articles the stories of its items."""
    held = {id_: contained for id_, one in articles.items() if (contained := one.judgement.contains)}
    judged = judgements_of(index, sorted(set(chain.from_iterable(held.values()))))
    return {
        id_: {judged[item].story for item in contained if item in judged} for id_, contained in held.items()
    }


def _names(index: Index, stories: Mapping[str, str]) -> dict[str, list[str]]:
    """For each story as it is now all ids it was ever known under, its own first."""
    known = load(index, Kind.STORIES, StoryRecord, sorted(set(stories.values())))
    names = {story: [story, *(known[story].absorbed if story in known else ())] for story in stories.values()}
    for old, story in stories.items():
        names[story].append(old)
    return {story: list(dict.fromkeys(ids)) for story, ids in names.items()}


def told_of(index: Index, keys: Iterable[Key], view: View) -> dict[Key, list[str]]:
    """The alerts there are already, of the topics about the stories or texts of them; keys without any are absent.

    What an alert told that shows a roundup says nothing of a story with an article of its own: A stood in the story of
    R, which rang; then R turned out to hold A and B, and A may ring by itself.
    """
    ids = {key: [alert_id(key[0], name) for name in view.names[key[1]]] for key in keys}
    rows = index.get(Kind.ALERTS, sorted(set(chain.from_iterable(ids.values()))))
    found = {key: [id_ for id_ in some if id_ in rows] for key, some in ids.items()}
    texts = {key: [(key[0], text) for text in view.texts[key[1]]] for key, some in found.items() if not some}
    for key in texts:
        texts[key] += [(key[0], one.article) for one in view.met.get(key, ())]
    alerts = told_by(index, set(chain.from_iterable(texts.values())))
    brief = of_roundups(index, load(index, Kind.ALERTS, Alert, sorted(set(alerts.values()))).values())
    for key, pairs in texts.items():
        told = dict.fromkeys(alerts[pair] for pair in pairs if pair in alerts)
        found[key] = [id_ for id_ in told if key in view.roundups or id_ not in brief]
    return {key: some for key, some in found.items() if some}


def of_roundups(index: Index, alerts: Iterable[Alert]) -> set[str]:
    """The ids of those alerts that show an article which holds several items, as far as is known now."""
    shown = {alert.id: alert.article for alert in alerts}
    articles = articles_of(index, sorted(set(shown.values())))
    return {id_ for id_, one in shown.items() if one in articles and articles[one].judgement.contains}
