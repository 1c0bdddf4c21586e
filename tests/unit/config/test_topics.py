from datetime import timedelta

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
             "not_outlets, publishers, not_publishers, languages, agencies, authors, min_words, channels, max_age")),
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


def test_the_example_file_is_valid() -> None:
    """The topics that come with Copydesk can be read, and none needs an address or secret that is not there."""
    path = ROOT / "config" / "topics.yml"
    read = parse_topics(path.read_text(encoding="utf-8"), str(path))
    assert len(read.topics) > 2
    assert list(read.channels) == ["log"]
