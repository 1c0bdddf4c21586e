"""A configuration file broken while everything runs: work goes on with the last good version."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from copydesk import pipeline
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting import delivering
from copydesk.config.files import parse_sources
from copydesk.config.lastgood import (
    parsed_once,
    refusals,
    settings_in_force,
    sources_in_force,
    topics_in_force,
)
from copydesk.errors import ArchiveError, ConfigError
from copydesk.index import Kind
from made.world import START, Shelf, World, feed, page, source

SOURCES = """\
sources:
  - {name: one, kind: rss, url: 'https://one.example/feed', outlet: one, ring_first: true}
"""
TOPICS = """\
topics:
  - {name: ferries, any: [ferry]}
"""
LATER = START + timedelta(hours=1)


def unreadable(path: Path) -> None:
    """No one may read it; root may read everything, but no folder as a file."""
    path.unlink()
    path.mkdir()


BREAKAGES: dict[str, Callable[[Path], object]] = {
    "unknown key": lambda path: path.write_text(path.read_text().replace("name:", "nmae:")),
    "no yaml": lambda path: path.write_text(path.read_text() + "  - [\n"),
    "names twice": lambda path: path.write_text(path.read_text() + path.read_text().splitlines()[-1] + "\n"),
    "key twice": lambda path: path.write_text(path.read_text() + path.read_text()),
    "a list": lambda path: path.write_text("- a\n"),
    "a word": lambda path: path.write_text("sources"),
    "cut in the middle": lambda path: path.write_text(path.read_text()[:30]),
    "an alias": lambda path: path.write_text("a: &a [1]\nb: *a\n"),
    "nested without end": lambda path: path.write_text("sources: " + "[" * 5000),
    "gone": lambda path: path.unlink(),
    "unreadable": unreadable,
    "binary": lambda path: path.write_bytes(bytes(range(256))),
    "control characters": lambda path: path.write_bytes(b"sources: \x00\x07"),
    "another encoding": lambda path: path.write_text(path.read_text(), encoding="utf-16"),
}


@pytest.fixture(params=list(BREAKAGES))
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], object]:
    assert tmp_path.exists()
    return BREAKAGES[request.param]


def files(folder: Path) -> tuple[Path, Path]:
    """The two files as they are when all is well."""
    sources, topics = folder / "sources.yml", folder / "topics.yml"
    sources.write_text(SOURCES)
    topics.write_text(TOPICS)
    return sources, topics


def test_the_last_good_version_stands_in(
    broken: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """However a file is broken: the values are those of before, one line says why, and it is over when mended."""
    archive, paths = Shelf(), files(tmp_path)
    good = (sources_in_force(archive, paths[0], START), topics_in_force(archive, paths[1], START))
    for path in paths:
        broken(path)
    for now in (LATER, LATER + timedelta(minutes=1)):
        stood_in = (sources_in_force(archive, paths[0], now), topics_in_force(archive, paths[1], now))
        assert stood_in == good
    found = refusals(archive)
    assert [(refusal.name, refusal.since) for refusal in found] == [("sources", LATER), ("topics", LATER)]
    for refusal, path in zip(found, paths, strict=True):
        assert refusal.error.startswith(str(path))
        assert "\n" not in str(refusal)
        assert refusal.error in caplog.text
    for path in paths:
        if path.is_dir():
            path.rmdir()
    paths = files(tmp_path)
    assert sources_in_force(archive, paths[0], LATER) == good[0]
    assert topics_in_force(archive, paths[1], LATER) == good[1]
    assert refusals(archive) == []


def test_without_a_good_version_it_is_refused(broken: Callable[[Path], object], tmp_path: Path) -> None:
    """What was never right is an error of one line, and nothing is noted."""
    archive, paths = Shelf(), files(tmp_path)
    for path in paths:
        broken(path)
    for load, path in ((sources_in_force, paths[0]), (topics_in_force, paths[1])):
        with pytest.raises(ConfigError) as raised:
            load(archive, path, START)
        assert str(raised.value).startswith(str(path))
    assert archive.files == {}


def test_a_last_good_version_that_is_none_today_is_refused(tmp_path: Path) -> None:
    """After an upgrade the kept text may be wrong itself: the error is that of the file, which can be mended."""
    archive = Shelf(files={"config/sources.yml": b"sources: 7\n"})
    with pytest.raises(ConfigError, match=r"nowhere\.yml"):
        sources_in_force(archive, tmp_path / "nowhere.yml", START)


def test_another_mistake_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """The line is that of the file as it is now; refused it has been since the first mistake."""
    archive, (path, _) = Shelf(), files(tmp_path)
    sources_in_force(archive, path, START)
    for now, text in ((START, "sources: 7\n"), (LATER, "soruces: []\n")):
        path.write_text(text)
        sources_in_force(archive, path, now)
    (refusal,) = refusals(archive)
    assert refusal.since == START
    assert "soruces" in refusal.error


class Locked(Shelf):
    """An archive that takes nothing."""

    def save(self, name: str, content: bytes) -> None:
        raise ArchiveError(f"cannot write {name}: {len(content)} bytes")


def test_an_archive_that_takes_nothing_changes_nothing(tmp_path: Path) -> None:
    """A good file is worked with although it cannot be kept; a wrong one too, as long as there is a good one."""
    _, path = files(tmp_path)
    good = topics_in_force(Locked(), path, START)
    archive = Locked(files={"config/topics.yml": TOPICS.encode()})
    path.unlink()
    assert topics_in_force(archive, path, LATER) == good


def test_the_street_goes_on(broken: Callable[[Path], object], tmp_path: Path) -> None:
    """Files broken between two rounds: what is announced afterwards is fetched, read, rings and is sent."""
    world, (sources, topics) = World(index=MemoryIndex()), files(tmp_path)
    text = "A ferry ran aground off the northern pier on Monday morning, the harbour office said in a statement. "
    for number in (1, 2):
        world.web.pages[source().url] = feed(f"https://one.example/{number}")
        world.web.pages[f"https://one.example/{number}"] = page(f"Ferry {number}", *[f"{text}{number}"] * 4)
        one_round(world, sources, topics)
        for path in (sources, topics) if number == 1 else ():
            broken(path)
        world.clock.wait(timedelta(hours=1))
    world.index.refresh(*Kind)
    assert sum(world.index.count(Kind.ARTICLES, "outlet").values()) == 2
    assert world.post.sent
    assert len(refusals(world.archive)) == 2


def one_round(world: World, sources: Path, topics: Path) -> None:
    """What the tasks of `ingest`, `process` and `deliver` do."""
    lease, now = timedelta(minutes=1), world.clock.now()
    until = now + timedelta(seconds=30)
    known = sources_in_force(world.archive, sources, now)
    pipeline.ingest(world.ports, known, shards=range(16), lease=lease, until=until)
    until += timedelta(seconds=30)
    heard = topics_in_force(world.archive, topics, now)
    pipeline.process(world.ports, heard, known, lease=lease, until=until)
    delivering.deliver(world.index, world.post, heard.channels, until)


SETTINGS = """\
lease: 2m
keep: 100d
alarm: [hook]
elasticsearch: {username: desk}
"""


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that is right; the environment names the archive."""
    file = tmp_path / "settings.yml"
    file.write_text(SETTINGS)
    monkeypatch.setenv("COPYDESK_SETTINGS", str(file))
    monkeypatch.setenv("COPYDESK_ARCHIVE", "the-archive")
    return file


def test_the_last_good_settings_stand_in(settings_file: Path, broken: Callable[[Path], object]) -> None:
    """However the file breaks: what it said goes on, it is told until it is right; the environment counts as ever."""
    archive, opened = Shelf(), list[str]()

    def beside(address: str) -> Shelf:
        opened.append(address)
        return archive

    good = settings_in_force(beside, START)
    assert (good.lease, good.alarm) == (timedelta(minutes=2), ("hook",))
    broken(settings_file)
    assert settings_in_force(beside, LATER) == good
    (refusal,) = refusals(archive)
    assert (refusal.name, refusal.since) == ("settings", LATER)
    if settings_file.is_dir():
        settings_file.rmdir()
    settings_file.write_text("lease: 3m\n")
    assert settings_in_force(beside, LATER).lease == timedelta(minutes=3)
    assert refusals(archive) == []
    assert set(opened) == {"the-archive"}


def test_settings_that_are_wrong_without_the_file_are_refused(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong variable is no slip in a file; and an archive that only the broken file names cannot be found."""
    archives = {"the-archive": Shelf(), "elsewhere": Shelf()}
    settings_in_force(archives.__getitem__, START)
    monkeypatch.setenv("COPYDESK_LEASE", "soon")
    with pytest.raises(ConfigError, match="COPYDESK_LEASE"):
        settings_in_force(archives.__getitem__, START)
    monkeypatch.delenv("COPYDESK_LEASE")
    settings_file.write_text("leese: 2m\n")
    monkeypatch.setenv("COPYDESK_ARCHIVE", "elsewhere")
    with pytest.raises(ConfigError, match="LEESE"):
        settings_in_force(archives.__getitem__, START)
    assert archives["elsewhere"].files == {}


def test_no_settings_file_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody must write one."""
    monkeypatch.delenv("COPYDESK_SETTINGS", raising=False)
    monkeypatch.chdir(tmp_path)
    archive = Shelf()
    assert settings_in_force(lambda _: archive, START).lease == timedelta(minutes=1)
    assert refusals(archive) == []


ROW = "  - {{name: s{0}, kind: rss, url: 'https://s{0}.example/feed', outlet: 's{0}', every: 5m, max_age: 36h}}\n"
LONG_FILE = "sources:\n" + "".join(ROW.format(number) for number in range(1000))


@pytest.mark.parametrize("kept", [b"", b"no json", b"{}", b'{"checksum": "x", "sources": []}'])
def test_a_long_file_is_parsed_once_a_change(kept: bytes) -> None:
    """What lies beside the archive is what the text says, however it came to be; a changed text is parsed anew."""
    shelf = Shelf()
    shelf.save("config/sources.json", kept)
    wanted = parse_sources(LONG_FILE, "x")
    assert parsed_once(shelf, LONG_FILE, "x") == wanted
    once = shelf.load("config/sources.json")
    assert once != kept
    assert parsed_once(shelf, LONG_FILE, "x") == wanted
    changed = LONG_FILE.replace("s7.example", "other.example")
    assert parsed_once(shelf, changed, "x")[7].url == "https://other.example/feed"
    assert shelf.load("config/sources.json") != once


def test_what_is_kept_is_taken_for_its_own_text_alone() -> None:
    """A source put there under the checksum of the text comes back: nothing else was parsed."""
    shelf = Shelf()
    parsed_once(shelf, LONG_FILE, "x")
    kept = shelf.load("config/sources.json") or b""
    shelf.save("config/sources.json", kept.replace(b"s7.example", b"seen.example"))
    assert parsed_once(shelf, LONG_FILE, "x")[7].url == "https://seen.example/feed"
    with pytest.raises(ConfigError):
        parsed_once(shelf, LONG_FILE + "  - {name: s1}\n", "x")


def test_an_archive_that_is_away_stops_no_reading() -> None:
    """Then the text is parsed each time."""

    class Away(Shelf):
        def load(self, name: str) -> bytes | None:
            raise ArchiveError(name)

        def save(self, name: str, content: bytes) -> None:
            raise ArchiveError(f"{name} {len(content)}")

    assert parsed_once(Away(), LONG_FILE, "x") == parse_sources(LONG_FILE, "x")


def test_a_short_file_is_not_kept() -> None:
    """To parse it costs less than to look."""
    shelf = Shelf()
    assert len(parsed_once(shelf, SOURCES, "x")) == 1
    assert shelf.names("config") == []
