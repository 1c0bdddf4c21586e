"""Topics as large as they may be; a hundred thousand names take seconds to read."""

import pytest

from copydesk.config.topics import parse_topics
from copydesk.errors import ConfigError
from copydesk.query.evaluator import MOST_WORDS


def test_a_topic_that_costs_too_much_is_refused_with_its_cost() -> None:
    """One word more than can be looked for in time is a mistake of the file; the most is none."""
    words = [f"Name{number}" for number in range(MOST_WORDS + 1)]
    most = "topics:\n  - {name: people, any: [" + ",".join(words[1:]) + "]}"
    assert len(parse_topics(most, "topics.yml").topics[0].any) == MOST_WORDS
    with pytest.raises(
        ConfigError, match=r"topics\.yml:2: topics\.1: 'people' costs 100001 words and names, at most 100000"
    ):
        parse_topics(most.replace("Name1,", "Name0,Name1,", 1), "topics.yml")
