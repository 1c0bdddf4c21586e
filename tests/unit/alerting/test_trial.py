"""A trial goes out as an alert would, says that it is one, and is kept nowhere."""

import orjson
import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.trial import trial_of
from copydesk.channels import AtomChannel
from copydesk.errors import ConfigError
from copydesk.index.article import articles_of
from made.alerts import FERRIES, NOW, put
from made.deliveries import CHANNELS


def test_a_trial_says_what_an_alert_would() -> None:
    """Of an article that meets the topic; where none does, that none does."""
    index = MemoryIndex()
    article = articles_of(index, [put(index, "a")])["a"]
    met, none = (trial_of(FERRIES, "hook", CHANNELS["hook"], one, NOW) for one in (article, None))
    assert (met.kind, met.address, met.secret) == ("http", "https://hooks.example/x", "env:HOOK")
    assert orjson.loads(met.body)["text"] == "Ferries: Trial: Ferry aground https://a.example/1"
    assert orjson.loads(none.body)["text"] == "Ferries: Trial: no article in the index meets this topic"


def test_a_feed_takes_no_trial() -> None:
    """A file of alerts is written whole, and the trial would stand in place of them."""
    with pytest.raises(
        ConfigError, match="feed: a channel of kind atom holds alerts alone, and takes no trial"
    ):
        trial_of(FERRIES, "feed", AtomChannel(kind="atom", path="x"), None, NOW)
