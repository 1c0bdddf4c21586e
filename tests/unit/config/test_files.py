from pathlib import Path

import pytest

from copydesk.config.files import load_sources, load_topics, share_of
from copydesk.errors import ConfigError
from copydesk.model import Source
from copydesk.urls import SHARDS
from made.places import ROOT

CONFIG = ROOT / "config"
GOOD = "- {name: one, kind: rss, url: 'https://one.example/feed', outlet: One}\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            GOOD.replace("outlet", "outlett"),
            ":2: sources.1.outlett: is no key here; allowed: name, kind, url, outlet",
        ),
        (
            GOOD.replace("kind: rss", "kind: rrs"),
            "'rss', 'atom', 'json', 'sitemap', 'ninjs', 'newsml', 'section' or 'inbox'",
        ),
        (GOOD.replace("name: one", "name: One Two"), "pattern"),
        (GOOD.replace("name: one, ", ""), ":2: sources.1: needs the key name"),
        (GOOD.replace("outlet: One", "outlet: 7"), ":2: sources.1.outlet: must be text: put it in quotes"),
        (GOOD.replace("One}", "One, every: soon}"), "'soon' is no duration: write a number and s, m, h or d"),
        (
            GOOD.replace("One}", f"{'o' * 201}}}"),
            ":2: sources.1.outlet: String should have at most 200 characters",
        ),
        (
            GOOD.replace("One}", f"One, publisher: {'p' * 201}}}"),
            "publisher: String should have at most 200 characters",
        ),
        (
            GOOD.replace("rss", "inbox").replace("https://one.example/feed", " "),
            ":2: sources.1.url: source one: is no folder, such as",
        ),
        (
            GOOD.replace("rss", "inbox").replace("'https://one.example/feed'", '"a\\0b"'),
            "is no folder, such as /var/spool/inbox",
        ),
        (GOOD + GOOD, "each name once; given more than once: one"),
        (
            GOOD.replace("One}", "One, remove: [.ad, 'a[']}"),
            ":2: sources.1.remove.2: source one: 'a[' is no CSS selector",
        ),
        (GOOD.replace("One}", "One, keep: ['p:contains(x)']}"), "'p:contains(x)' is no CSS selector"),
        (GOOD.replace("One}", "One, keep: ['']}"), "'' is no CSS selector"),
        (GOOD.replace("One}", "One, remove: ['*']}"), "'*' would take whole pages"),
        (GOOD.replace("One}", "One, remove: .ad}"), "must be a list, such as [one, two]"),
        (
            GOOD.replace("One}", "One, zone: Berlin}"),
            ":2: sources.1.zone: source one: 'Berlin' is no time zone",
        ),
        (GOOD.replace("One}", "One, links: '/a'}"), "is for the kind section only"),
        (GOOD.replace("rss", "section"), "a section needs links, a regular expression such as"),
        (
            GOOD.replace("rss", "section").replace("One}", "One, links: '(a'}"),
            "'(a' is no regular expression: missing",
        ),
        (GOOD.replace("One}", "One, login: 'me:secret'}"), "must be a reference such as env:PAPER_LOGIN"),
        (
            GOOD.replace("One}", "One, cookies: 'env:'}"),
            ":2: sources.1.cookies: source one: must be a reference",
        ),
        ("  {}\n", "must be a list"),
        ("- {name: one\n", "is no readable YAML"),
    ],
)
def test_wrong_sources(tmp_path: Path, text: str, says: str) -> None:
    """A mistake in sources.yml is one line with file, line, key and what is allowed."""
    file = tmp_path / "sources.yml"
    file.write_text(f"sources:\n{text}")
    with pytest.raises(ConfigError) as raised:
        load_sources(file)
    assert str(raised.value).startswith(f"{file}:")
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("load", [load_sources, load_topics])
def test_unreadable_files(tmp_path: Path, load: type) -> None:
    """A file that is missing, a folder, or not UTF-8 is one line that says so."""
    with pytest.raises(ConfigError, match=r"none\.yml: cannot be read: No such file"):
        load(tmp_path / "none.yml")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path)
    (tmp_path / "latin.yml").write_bytes("# Zürich\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"latin\.yml: must be UTF-8: byte 3 is not"):
        load(tmp_path / "latin.yml")


def test_shipped_configuration() -> None:
    """The sources and topics that come along load, are many, and name outlets and publishers in several languages."""
    sources = load_sources(CONFIG / "sources.yml")
    assert len(sources) >= 12
    assert len({source.language for source in sources}) >= 4
    assert all(source.outlet and source.publisher for source in sources)
    assert load_topics(CONFIG / "topics.yml").topics


@pytest.mark.parametrize("tasks", [1, 2, 5])
def test_shares(tasks: int) -> None:
    """Tasks share sources and shards without gap and overlap, and a source goes where its host's pages go."""
    sources = [
        Source(name=f"s{n}", kind="rss", url=f"https://s{n}.example/feed", outlet="o") for n in range(40)
    ]
    shares = [share_of(sources, number, tasks) for number in range(tasks)]
    assert sorted(source.name for share, _ in shares for source in share) == sorted(s.name for s in sources)
    assert sorted(shard for _, shards in shares for shard in shards) == list(range(SHARDS))
