"""What is written into sources.yml by itself, and OPML in and out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.config.files import parse_sources
from copydesk.config.listing import added, from_opml, name_for, to_opml, write_whole
from copydesk.errors import ConfigError
from copydesk.model import Source
from made.world import source

ONE = """# ours
sources:
  # the first
  - name: one   # by hand
    kind: rss
    url: https://one.example/f
    outlet: 'One: the paper'
"""
NEW = source(
    "two", url="https://two.example/f?a=1&b=#x", outlet="Zwei – 'Zeitung': 2", every="5m", remove=[".ad"]
)


@pytest.mark.parametrize("text", [ONE, ONE.replace("\n  ", "\n"), ONE.rstrip(), ONE + "\n\n# the end\n"])
def test_an_entry_is_put_behind_the_others(text: str) -> None:
    """What stood there stays letter by letter, comments too, however it is indented."""
    made = added(text, "f", [NEW])
    assert made.startswith(text.rstrip())
    assert parse_sources(made, "f") == (*parse_sources(text, "f"), NEW)


@pytest.mark.parametrize("text", ["", "# none yet\n", "sources: []\n", "# none yet\nsources: []\n"])
def test_the_first_entry(text: str) -> None:
    """A file that is empty, or has no source yet, gets its first."""
    if "sources" in text or not text.strip():
        assert parse_sources(added(text, "f", [NEW]), "f") == (NEW,)
    else:
        with pytest.raises(ConfigError):
            added(text, "f", [NEW])


def test_what_cannot_be_added_to_is_told() -> None:
    """A list in another form stays as it is, and the lines to be put there are told; a name is there once."""
    with pytest.raises(ConfigError, match=r"cannot be added to; put this into it:\n +- name: two"):
        added("sources: [{name: one, kind: rss, url: 'https://one.example/f', outlet: One}]", "f", [NEW])
    with pytest.raises(ConfigError, match="each name once"):
        added(ONE, "f", [source("one")])
    with pytest.raises(ConfigError, match="f:1"):
        added("sources: 7", "f", [NEW])


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Nothing lies beside it afterwards, who may read it stays; what cannot be written is one line."""
    file = tmp_path / "sources.yml"
    write_whole(file, "a\n")
    file.chmod(0o640)
    write_whole(file, "ß\n")
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yml"]
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == ("ß\n", 0o640)
    with pytest.raises(ConfigError, match="cannot be written"):
        write_whole(tmp_path / "nowhere" / "sources.yml", "a")


OPML = """<?xml version="1.0"?><opml version="1.0"><head><title>T</title></head><body>
<outline text="Papers"><outline type="rss" text="The Paper" xmlUrl="https://paper.example/feed" htmlUrl="https://paper.example/"/>
<outline text="The Paper" xmlUrl="https://paper.example/two" type="atom"/></outline>
<outline title="Odd" xmlUrl="feed://x"/><outline type="link" text="No feed" url="https://x.example"/>
<outline XMLURL="https://bare.example/f"/></body></opml>"""


def test_the_feeds_of_an_opml_file() -> None:
    """In groups or not, each with a name and outlet of its own; what is no feed is passed over or counted."""
    found, lacking = from_opml(OPML.encode(), ["the-paper"])
    assert [(one.name, one.kind, one.url, one.outlet) for one in found] == [
        ("the-paper-2", "rss", "https://paper.example/feed", "The Paper"),
        ("the-paper-3", "atom", "https://paper.example/two", "The Paper"),
        ("bare.example", "rss", "https://bare.example/f", "bare.example"),
    ]
    assert lacking == 1


@pytest.mark.parametrize("content", [b"", b"<rss/>", b"words", b"\x00", b"<html>\n<body>"])
def test_what_is_no_opml_is_told(content: bytes) -> None:
    """One line, whatever the bytes."""
    with pytest.raises(ConfigError, match=r"^no OPML: [^\n]*$"):
        from_opml(content, [])


@given(
    st.lists(st.text(max_size=30), max_size=5),
    st.lists(st.sampled_from(["one", "two", "source"]), max_size=3),
)
def test_names_are_good_and_new(words: list[str], taken: list[str]) -> None:
    """Of any words a name comes that may stand in the file, and that nobody has."""
    for some in words:
        name = name_for(some, taken)
        assert name not in taken
        assert Source.model_validate({"name": name, "kind": "rss", "url": "https://x.example", "outlet": "x"})


def test_opml_goes_there_and_back() -> None:
    """What we print another reader can take, and so can we; what has no feed is left out."""
    ours = [NEW, source("site", kind="sitemap", language="de"), source("box", kind="inbox", url="/srv/in")]
    back, _ = from_opml(to_opml(ours).encode(), [])
    assert [(one.kind, one.url, one.outlet, one.language) for one in back] == [
        (one.kind, one.url, one.outlet, one.language) for one in ours[:2]
    ]
