"""What is written into topics.yml by itself: a new topic, a mute."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.config.entries import new_topic, with_mute, with_topic
from copydesk.config.topics import TopicsFile, parse_topics
from copydesk.errors import ConfigError
from copydesk.topic import Topic
from made.places import ROOT

ONE = """# ours
version: 1
topics:
  # the first
  - name: ferries   # by hand
    any: [ferry,
          'ferries: all']  # words
    # cadence: daily

# where it is told
channels:
  hook: {kind: webhook, url: "https://hooks.example/x", secret: "env:HOOK"}
  # chat: {kind: slack, url: "env:CHAT"}
"""
SHIPPED = (ROOT / "config" / "topics.yml").read_text(encoding="utf-8")
NEW = Topic(name="ports", title="Häfen: alle", query='(ferry OR harbour) "Marnhaven" -#x', channels=("log",))
UNTIL = datetime(2026, 12, 7, 9, 30)  # noqa: DTZ001 (of the topic's own zone)
FORMS = (
    ONE,
    SHIPPED,
    ONE.replace("\n  - ", "\n- ").replace("\n    ", "\n  "),
    ONE.replace("\n    # cadence: daily\n", "\n    title: >\n      folded\n      text\n"),
    ONE.partition("\n# where")[0],
    ONE.partition("\n    # cadence")[0],
    "version: 1\ntopics:\n  - {name: ferries, any: [ferry]}\nchannels: {}\n",
)


def kept(text: str, made: str) -> bool:
    """Whether every line of a text is in another, in its order."""
    rest = iter(made.splitlines())
    return all(line in rest for line in text.splitlines())


@pytest.mark.parametrize("text", FORMS)
def test_a_topic_is_put_behind_the_others(text: str) -> None:
    """What stood there stays line by line, comments too, wherever the channels stand."""
    made = with_topic(text, "f", NEW)
    before, after = parse_topics(text, "f"), parse_topics(made, "f")
    assert after.topics == (*before.topics, NEW)
    assert after.channels == before.channels
    assert kept(text, made)
    assert parse_topics(with_topic(made, "f", NEW.model_copy(update={"name": "b"})), "f").topics[-2] == NEW


def test_a_remark_stays_with_the_entry_it_is_about() -> None:
    made = with_topic(ONE, "f", NEW)
    assert made.index("# cadence: daily") < made.index("- name: ports") < made.index("# where it is told")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# none yet\n",
        "topics: []\n",
        "topics: []\nchannels: {}\n",
        "channels: {}\n",
        "topics: []",
    ],
)
def test_the_first_topic(text: str) -> None:
    """A file that is empty, or has no topic yet, gets its first."""
    assert parse_topics(with_topic(text, "f", NEW), "f").topics == (NEW,)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "ferries"}, "ferries is the name of a topic already"),
        ({"name": ""}, "small letters"),
        ({"name": "Häfen"}, "small letters"),
        ({"name": "a\nb"}, "small letters"),
        ({"name": "a" * 500}, "at most"),
        ({"channels": ["none"]}, "no channel 'none'; there are log, hook"),
        ({"query": "(ferry"}, "query"),
        ({"query": "-ferry"}, "would be met by everything"),
        ({"query": "ferry since:7d"}, "query"),
        ({"query": ""}, "needs `query`"),
        ({"cadence": "monthly"}, "cadence"),
    ],
)
def test_what_the_check_would_not_take_is_refused(values: dict[str, object], said: str) -> None:
    """In one line, as `check-config` says it; also when another had the name meanwhile."""
    with pytest.raises(ConfigError, match=said) as caught:
        new_topic(parse_topics(ONE, "f"), **{"name": "ports", "query": "ferry", **values})
    assert "\n" not in str(caught.value)
    with pytest.raises(ConfigError, match="already"):
        with_topic(with_topic(ONE, "f", NEW), "f", NEW)


def test_what_cannot_be_added_to_is_told() -> None:
    """A list in another form stays as it is, and the lines to be put there are told."""
    with pytest.raises(ConfigError, match=r"put this into its list of topics:\n +- name: ports"):
        with_topic("topics: [{name: ferries, any: [ferry]}]", "f", NEW)
    with pytest.raises(ConfigError, match="f:1"):
        with_topic("topics: 7", "f", NEW)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_topic_is_read_back_as_it_was(title: str, query: str) -> None:
    """Whatever is typed is refused in one line, or read back as it was typed."""
    try:
        topic = new_topic(TopicsFile(), name="ports", title=title, query=query)
        made = with_topic(ONE, "f", topic)
    except ConfigError:
        return
    assert parse_topics(made, "f").topics[-1] == topic


@pytest.mark.parametrize("text", FORMS)
def test_a_topic_is_muted_and_heard_again(text: str) -> None:
    """Only its entry changes, and after both it is what it was, letter by letter."""
    muted = with_mute(text, "f", "ferries", UNTIL)
    assert parse_topics(muted, "f").topics[0].mute_until == UNTIL
    later = with_mute(muted, "f", "ferries", UNTIL.replace(day=9))
    assert parse_topics(later, "f").topics[0].mute_until == UNTIL.replace(day=9)
    assert with_mute(later, "f", "ferries", None) == text
    assert with_mute(text, "f", "ferries", None) == text


def test_a_mute_that_cannot_be_written_is_told() -> None:
    text = 'topics: [{"mute_until": 2027-01-31, name: ferries, any: [ferry]}]'
    with pytest.raises(ConfigError, match="no mute_until"):
        with_mute(text, "f", "ferries", None)
    with pytest.raises(ConfigError, match="no such topic"):
        with_mute(text, "f", "ports", UNTIL)
