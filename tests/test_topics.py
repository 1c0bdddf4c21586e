import random
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from copydesk.channels import AtomChannel, LogChannel, MailChannel, WebhookChannel
from copydesk.errors import ConfigError
from copydesk.model import Topic
from copydesk.topics import compile_query, match_article, parse_topics, snippet_around, words_of


def meets(topic: Mapping[str, object], **body: str) -> tuple[str, ...] | None:
    match = match_article(Topic.model_validate({"name": "t", **topic}), "a", body)
    return match.matched if match else None


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("ferry", "The Ferry sank.", True),
        ("ferry", "Two ferryboats sank.", False),
        ("FERRY", "a ferry, then", True),
        ("storm surge", "A storm-surge warning", True),
        ("storm surge", "A storm; later a surge", False),
        ("surge storm", "storm surge", False),
        ("Ankara", "Ankara'da seçim", True),
        ("Europe", "toute l\u2019Europe attend", True),
        ("Europe", "Europe\u2019s banks", True),
        ("Europe", "Peurope", False),
        ("Unione europea", "dell'Unione europea", True),
        ("l'Europe", "l\u2019europe", True),
        ("東京", "昨日東京都で地震", True),
        ("地震", "昨日東京都で地 震", True),
        ("カー", "スーパーカー展", True),
        ("トヨタ自動車", "新型トヨタ自動車の", True),
        ("ไทย", "ประเทศไทยชนะ", True),
        ("ไทย", "ประเทศลาวชนะ", False),
        ("हिन्दी", "वह हिन्दी बोलता", True),
        ("हिन्द", "वह हिन्दी बोलता", False),
        ("경제", "경제 성장", True),
        ("경제", "경제는 성장", False),
        ("İstanbul", "istanbul", True),
        ("ΣΑΣ", "σας", False),
        ("3,5", "um 3,5 Prozent", True),
        ("3,5", "um 13,5 Prozent", False),
        ("a.b*c", "aXbbc", False),
        ("!!!", "Wow!!!", False),
    ],
)
def test_words_match_whole_and_in_order(word: str, text: str, expected: bool) -> None:  # noqa: FBT001 (a table)
    """A word matches as a whole word, a phrase as consecutive words, and inside a run where no spaces are written."""
    assert (meets({"any": [word]}, text=text) is not None) is expected


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ({"any": ["ferry", "port"]}, ("ferry",)),
        ({"all": ["ferry", "storm"]}, ("ferry", "storm")),
        ({"all": ["ferry", "port"]}, None),
        ({"any": ["port"], "all": ["ferry"]}, None),
        ({"any": ["storm"], "all": ["ferry"]}, ("storm", "ferry")),
        ({"any": ["ferry"], "none": ["storm"]}, None),
        ({"any": ["ferry"], "none": ["port"]}, ("ferry",)),
        ({"any": ["ferry"], "outlets": ["north"]}, ("ferry",)),
        ({"any": ["ferry"], "outlets": ["south"]}, None),
        ({"any": ["ferry"], "languages": ["de"]}, None),
        ({"any": ["Tuesday"]}, ("Tuesday",)),
        ({"none": ["port"]}, None),
        ({}, None),
    ],
)
def test_any_all_none_and_filters(topic: dict[str, object], expected: tuple[str, ...] | None) -> None:
    """Words are looked for in title, standfirst and text together; a topic without a wish is met by nothing."""
    body = {
        "title": "Ferry late",
        "standfirst": "A storm",
        "text": "On Tuesday.",
        "outlet": "north",
        "language": "en",
    }
    assert meets(topic, **body) == expected


def test_a_phrase_does_not_span_fields() -> None:
    """The end of the title and the beginning of the text are no phrase."""
    assert meets({"any": ["late ferry"]}, title="Running late", text="Ferry sank") is None


def test_words_are_those_of_the_standard_analyzer() -> None:
    """Numbers and abbreviations stay whole, hyphens separate, unspaced scripts give single signs or runs."""
    assert words_of("U.S. 3,500.5 AT&T twenty-one a_b 東京 カード ไทย don't") == [
        "u.s", "3,500.5", "at", "t", "twenty", "one", "a_b", "東", "京", "カード", "ไทย", "don't",
    ]  # fmt: skip


def test_the_snippet_shows_the_match_on_one_line() -> None:
    """A snippet is cut between words around the first match, without line breaks."""
    text = "alpha " * 100 + "the ferry\nsank " + "omega " * 100
    snippet = snippet_around({"title": "x", "text": text}, ("ferry",))
    assert "the ferry sank" in snippet
    assert snippet.startswith("… alpha")
    assert snippet.endswith("omega …")
    assert len(snippet) < 210


PIECES = [
    "ferry", "l'Europe", "Europe", "europe\u2019s", "Ankara'da", "d\u2019Ankara", "Ankara", "storm-surge", "surge", "storm",
    "東京", "京都", "カー", "スーパーカー", "トヨタ", "自動車", "カー2号", "ไทย", "ประเทศไทย", "ไทย2", "한국", "हिन्दी", 'צה"ל', "3,5", "U.S.",
    "dpa:Berlin", "İstanbul", "Straße", "a_b", "dell'Unione", "Unione", "europea", "🚢", "🇩🇪", "👩‍👩‍👧", "x²", ";", "l·l",
]  # fmt: skip


def some_text(rng: random.Random, longest: int, separators: str = " ,-") -> str:
    pieces = rng.choices(PIECES, k=rng.randint(0, longest))
    return "".join(piece + rng.choice(separators) * rng.randint(0, 1) for piece in pieces)


def some_topic(rng: random.Random) -> Topic:
    any_, all_, none = (
        tuple(some_text(rng, 3) for _ in range(rng.randint(0, most)))
        for most in (3, rng.choice([0, 0, 2]), 1)
    )
    outlets = rng.choice([(), (), ("north",), ("north", "south")])
    return Topic(name="t", any=any_ or ("ferry",), all=all_, none=none, outlets=outlets)


@pytest.mark.elasticsearch
def test_both_ways_of_matching_mean_the_same(elasticsearch_url: str) -> None:
    """Elasticsearch finds by the compiled query exactly what match_article accepts, by the same words."""
    rng = random.Random(7)
    bodies = [
        {
            "title": some_text(rng, 4),
            "standfirst": some_text(rng, 3),
            "text": some_text(rng, 12),
            "outlet": rng.choice(["north", "south"]),
            "language": "en",
        }
        for _ in range(200)
    ]
    fields = {name: {"type": "text"} for name in ("title", "standfirst", "text")}
    properties = fields | {name: {"type": "keyword"} for name in ("outlet", "language")}
    topics = [some_topic(rng) for _ in range(150)]
    name = f"test-topics-{uuid.uuid4().hex}"
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.create(index=name, mappings={"properties": properties})
        try:
            bulk(
                client,
                [{"_index": name, "_id": str(i), **body} for i, body in enumerate(bodies)],
                refresh=True,
            )
            asked = [part for topic in topics for part in ({}, {"query": compile_query(topic), "size": 200})]
            answers = client.msearch(index=name, searches=asked)["responses"]
        finally:
            client.indices.delete(index=name)
    for topic, answer in zip(topics, answers, strict=True):
        there = {hit["_id"]: set(hit["matched_queries"]) for hit in answer["hits"]["hits"]}
        matches = [match_article(topic, str(i), body) for i, body in enumerate(bodies)]
        assert there == {match.article: set(match.matched) for match in matches if match}, topic


FILE = """
topics:
  - name: ferries
    any: [ferry, "3,5"]
    max_age: 2d
    channels: [log, hook, desk, feed]
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
"""


def test_a_file_becomes_topics_and_channels() -> None:
    """Every kind of channel is read, durations are written short, and the channel log is always there."""
    read = parse_topics(FILE, "topics.yml")
    assert read.topics[0].max_age == timedelta(days=2)
    assert [type(channel) for channel in read.channels.values()] == [
        LogChannel, WebhookChannel, MailChannel, AtomChannel,
    ]  # fmt: skip


def test_an_empty_file_has_the_channel_log() -> None:
    """A file without topics is allowed."""
    assert parse_topics("", "topics.yml").topics == ()
    assert list(parse_topics("", "topics.yml").channels) == ["log"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    any:", "    anny:", "4: topics.1.anny: is no key here; allowed: name, title, any, all, none, outlets, languages, channels, max_age"),
        ("[ferry,", "[ferry, '?!',", "4: topics.1.any.2: '?!' holds no word"),
        ('    any: [ferry, "3,5"]\n', "", "3: topics.1: needs `any` or `all`, or it would be met by everything"),
        ("2d", "2 weeks", "5: topics.1.max_age: '2 weeks' is no duration: write a number and s, m, h or d, such as 15m"),
        ("desk, feed]", "disk]", "6: topics.1.channels.3: no channel 'disk'; there are log, hook, desk, feed"),
        ("channels:\n  hook", "  - {name: ferries, all: [x]}\nchannels:\n  hook", "7: topics.2.name: 'ferries' is the name of topic 1 already"),
        ("env:HOOK", "hunter2", "8: channels.hook.secret: must be a reference such as env:NAME, never the secret itself"),
        ("https://hooks", "ftp://hooks", "8: channels.hook.url: must be an address that begins with http:// or https://, without credentials"),
        ("https://hooks", "https://me:pw@hooks", "8: channels.hook.url: must be an address that begins with http:// or https://, without credentials"),
        ("smtps://", "https://", "11: channels.desk.server: must be smtp://host:port or smtps://host:port; the user name is a key of its own"),
        ("copydesk@example.org", "copydesk", "12: channels.desk.from: must be a mail address such as desk@example.org"),
        ("[desk@example.org]", "[a@b.c, 'a@b.c, d@e.f']", "13: channels.desk.to.2: must be a mail address such as desk@example.org"),
        ("    username: copydesk\n", "", "9: channels.desk: a password needs a username"),
        ("kind: atom", "kind: rss", "16: channels.feed: Input tag 'rss' found using 'kind' does not match any of the expected tags: 'log', 'webhook', 'mail', 'atom'"),
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
    path = Path(__file__).parent.parent / "config" / "topics.yml"
    read = parse_topics(path.read_text(encoding="utf-8"), str(path))
    assert len(read.topics) > 2
    assert list(read.channels) == ["log"]
