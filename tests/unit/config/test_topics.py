from datetime import datetime, time, timedelta

import pytest

from copydesk.channels import AtomChannel, LogChannel, MailChannel, SlackChannel, WebhookChannel
from copydesk.config.topics import parse_topics
from copydesk.errors import ConfigError
from made.places import ROOT

FILE = """
topics:
  - name: ferries
    any: [ferry, "3,5"]
    max_age: 2d
    channels: [log, hook, desk, feed, chat]
channels:
  hook: {kind: webhook, url: "https://hooks.example.org/x", secret: "env:HOOK"}
  desk:
    kind: mail
    server: smtps://mail.example.org
    from: copydesk@example.org
    to: [desk@example.org]
    username: copydesk
    password: env:MAIL
  feed: {kind: atom, path: alerts.atom}
  chat: {kind: slack, url: env:CHAT}
"""


def test_a_file_becomes_topics_and_channels() -> None:
    """Every kind of channel is read, durations are written short, and the channel log is always there."""
    read = parse_topics(FILE, "topics.yml")
    assert read.topics[0].max_age == timedelta(days=2)
    assert [type(channel) for channel in read.channels.values()] == [
        LogChannel, WebhookChannel, MailChannel, AtomChannel, SlackChannel,
    ]  # fmt: skip


def test_an_empty_file_has_the_channel_log() -> None:
    """A file without topics is allowed."""
    assert parse_topics("", "topics.yml").topics == ()
    assert list(parse_topics("", "topics.yml").channels) == ["log"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    any:", "    anny:",
         ("4: topics.1.anny: is no key here; allowed: name, title, query, any, all, none, outlets, "
             "not_outlets, publishers, not_publishers, languages, agencies, authors, min_words, channels, max_age, "
             "cadence, at, days, time_zone, at_once, quiet_hours, limit, expect, mute_until")),
        ("    any:", "    cadence: often\n    any:",
         "4: topics.1.cadence: Input should be 'now', 'hourly', 'daily' or 'weekly'"),
        ("    any:", "    cadence: daily\n    at: 25:00\n    any:",
         "5: topics.1.at: must be a time of day such as 07:30"),
        ("    any:", "    cadence: daily\n    days: [monday]\n    any:",
         "5: topics.1.days.1: Input should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun'"),
        ("    any:", "    at: 07:30\n    any:", "3: topics.1: `at` and `days` go with cadence daily or weekly"),
        ("    any:", "    at_once: 5\n    any:",
         "3: topics.1: `at_once` goes with a cadence or a limit; without them all is told at once"),
        ("    any:", "    time_zone: Berlin\n    any:",
         "4: topics.1.time_zone: 'Berlin' is no time zone, such as Europe/Berlin"),
        ("    any:", "    quiet_hours: 22:00\n    any:",
         '4: topics.1.quiet_hours: must be two times of day such as "22:00-07:00"'),
        ("    any:", "    quiet_hours: 22:00-22:00\n    any:",
         "4: topics.1.quiet_hours: must end at another time than they begin"),
        ("    any:", "    limit: 10\n    any:", "4: topics.1.limit: must be a number an hour such as 10/h"),
        ("    any:", "    expect: 10/h\n    any:", "4: topics.1.expect: must be a number a day such as 10/d"),
        ("    any:", "    mute_until: soon\n    any:",
         "4: topics.1.mute_until: must be a day such as 2027-01-31, or one with a time: 2027-01-31 09:00"),
        ("    any:", "    not_outlets: [north, '?!']\n    any:", "4: topics.1.not_outlets.2: '?!' holds no word"),
        ("    any:", "    min_words: -1\n    any:",
         "4: topics.1.min_words: Input should be greater than or equal to 0"),
        ("    any:", "    min_words: many\n    any:",
         "4: topics.1.min_words: Input should be a valid integer, unable to parse string as an integer"),
        ("[ferry,", "[ferry, '?!',", "4: topics.1.any.2: '?!' holds no word"),
        ('    any: [ferry, "3,5"]\n', "",
         "3: topics.1: needs `query`, `any` or `all`, or it would be met by everything"),
        ('    any: [ferry, "3,5"]\n', "    query: ferry AND\n",
         ("4: topics.1.query: query, character 7: AND stands without a word to look for; "
             'to look for the word AND, write "AND"')),
        ('    any: [ferry, "3,5"]\n', "    query: ferry since:7d\n",
         "4: topics.1.query: query, character 13: a topic has no since:; max_age says how old what rings may be"),
        ('    any: [ferry, "3,5"]\n', "    query: -ferry\n",
         "3: topics.1: needs `query`, `any` or `all`, or it would be met by everything"),
        ("2d", "2 weeks",
         "5: topics.1.max_age: '2 weeks' is no duration: write a number and s, m, h or d, such as 15m"),
        ("desk, feed, chat]", "disk]",
         "6: topics.1.channels.3: no channel 'disk'; there are log, hook, desk, feed, chat"),
        ("channels:\n  hook", "  - {name: ferries, all: [x]}\nchannels:\n  hook",
         "7: topics.2.name: 'ferries' is the name of topic 1 already"),
        ("env:HOOK", "hunter2",
         "8: channels.hook.secret: must be a reference such as env:NAME, never the secret itself"),
        ("https://hooks", "ftp://hooks",
         ("8: channels.hook.url: must be an address that begins with http:// or https://, without credentials, "
             "or env:NAME")),
        ("https://hooks", "https://me:pw@hooks",
         ("8: channels.hook.url: must be an address that begins with http:// or https://, without credentials, "
             "or env:NAME")),
        ("https://hooks", "https://ho..oks", "8: channels.hook.url: is no address"),
        ("https://hooks", f"https://{'a' * 64}", "8: channels.hook.url: is no address"),
        ("smtps://", "smtps://a ", "11: channels.desk.server: is no address"),
        ("hook:", f"{'h' * 201}:", f"8: channels.{'h' * 60}...: String should have at most 200 characters"),
        ("smtps://", "https://",
         "11: channels.desk.server: must be smtp://host:port or smtps://host:port; the user name is a key of its own"),
        ("copydesk@example.org", "copydesk", "12: channels.desk.from: must be a mail address such as desk@example.org"),
        ("[desk@example.org]", "[a@b.c, 'a@b.c, d@e.f']",
         "13: channels.desk.to.2: must be a mail address such as desk@example.org"),
        ("    username: copydesk\n", "", "9: channels.desk: a password needs a username"),
        ("kind: atom", "kind: rss",
         ("16: channels.feed: Input tag 'rss' found using 'kind' does not match any of the expected tags: "
             "'log', 'webhook', 'slack', 'mail', 'atom'")),
        ("kind: atom, ", "", "16: channels.feed: needs the key 'kind'"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_named(old: str, new: str, message: str) -> None:
    """Each mistake is refused in one line with file, line, key and what is allowed."""
    with pytest.raises(ConfigError) as caught:
        parse_topics(FILE.replace(old, new, 1), "topics.yml")
    assert str(caught.value) == f"topics.yml:{message}"


def test_when_a_topic_is_told_is_read() -> None:
    """Times are times whether quoted or not (YAML makes 630 of 10:30), a day begins at midnight."""
    keys = """cadence: weekly
    at: 10:30
    days: [mon, fri]
    time_zone: Europe/Berlin
    at_once: 5
    quiet_hours: 22:00-7:00
    limit: 10/h
    mute_until: 2027-01-31
    any:"""
    (topic,) = parse_topics(FILE.replace("any:", keys, 1), "topics.yml").topics
    assert (topic.cadence, topic.at, topic.days, topic.limit) == ("weekly", time(10, 30), ("mon", "fri"), 10)
    assert topic.quiet_hours == (time(22), time(7))
    assert topic.mute_until == datetime(2027, 1, 31)  # noqa: DTZ001 (local to the topic)


def test_the_example_file_is_valid() -> None:
    """The topics that come with Copydesk can be read, and none needs an address or secret that is not there."""
    path = ROOT / "config" / "topics.yml"
    read = parse_topics(path.read_text(encoding="utf-8"), str(path))
    assert len(read.topics) > 2
    assert list(read.channels) == ["log"]
