"""What the doctor says of an archive, a server, sources and hosts."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from copydesk.adapters.elastic.vitals import needed
from copydesk.config.settings import load_settings
from copydesk.index.served import Disk, Health, Vitals
from copydesk.index.state import HostRecord, PollRecord
from copydesk.monitoring.examining import (
    disk_line,
    examine,
    host_lines,
    is_open_to_others,
    server_lines,
    source_lines,
)
from copydesk.views.hosts import HostState
from copydesk.views.sources import SourceReport
from made.world import START

GIB = 2**30


def health(version: str = "9.5.0", status: str = "green") -> Health:
    return Health(status=status, version=version, generation=1)


@pytest.mark.parametrize(
    ("now", "version", "status", "states"),
    [
        (START, "9.5.0", "green", ["ok", "ok"]),
        (START, "8.19.3", "yellow", ["ok", "ok"]),
        (START, "8.18.0", "green", ["wrong", "ok"]),
        (START, "7.17.29", "green", ["wrong", "ok"]),
        (START, "9.5.0", "red", ["wrong", "ok"]),
        (START + timedelta(seconds=5), "10.0.0-SNAPSHOT", "green", ["ok", "ok"]),
        (START - timedelta(seconds=6), "9.5.0", "green", ["ok", "look"]),
    ],
)
def test_a_server_too_old_broken_or_out_of_time_is_told(
    now: datetime, version: str, status: str, states: list[str]
) -> None:
    lines = list(server_lines(health(version, status), Vitals(now=now), START))
    assert [line.state for line in lines] == states


def test_what_a_login_lacks_is_named() -> None:
    vitals = Vitals(now=START, lacking=("monitor", "write on copydesk-*"))
    (line,) = (line for line in server_lines(health(), vitals, START) if line.what == "rights")
    assert (line.state, line.says.partition(":")[0]) == (
        "wrong",
        "the login lacks monitor, write on copydesk-*",
    )


@pytest.mark.parametrize(
    ("free", "crowded", "stops", "state"),
    [
        (50, 10, 5, "ok"),
        (9, 10, 5, "look"),
        (4, 10, 5, "wrong"),
        (50, 0, 0, "ok"),
        (4, 0, 0, "look"),
    ],
)
def test_a_disk_is_judged_by_the_limits_of_its_server(
    free: int, crowded: int, stops: int, state: str
) -> None:
    """Where it has none, by what is little for anybody."""
    disk = Disk(node="one", free=free * GIB, total=100 * GIB, crowded=crowded * GIB, stops=stops * GIB)
    assert disk_line(disk).state == state


@pytest.mark.parametrize(
    ("limits", "total", "free"),
    [
        ({"watermark.high": "90%"}, 100, 10),
        ({"watermark.high": "0.9"}, 100, 10),
        ({"watermark.high": "90%", "watermark.high.max_headroom": "150GB"}, 100, 10),
        ({"watermark.high": "90%", "watermark.high.max_headroom": "150gb"}, 10_000, 150),
        ({"watermark.high": "7gb", "watermark.high.max_headroom": "-1"}, 100, 7),
        ({"watermark.high": "90%", "threshold_enabled": "false"}, 100, 0),
        ({"watermark.high": "what?"}, 100, 0),
        ({}, 100, 0),
    ],
)
def test_a_watermark_is_so_many_bytes_free(limits: dict[str, str], total: int, free: int) -> None:
    """However the server writes it: a share used, a ratio, bytes, and how much of a large disk is enough."""
    assert needed(limits, "high", total * GIB) == free * GIB


@pytest.mark.parametrize(
    ("above", "own", "is_open"),
    [
        (0o755, 0o755, True),
        (0o755, 0o750, False),
        (0o700, 0o755, False),
        (0o711, 0o704, False),
        (0o711, 0o705, True),
    ],
)
def test_a_folder_is_open_when_all_above_it_let_others_through(
    tmp_path: Path, above: int, own: int, *, is_open: bool
) -> None:
    for one in (tmp_path, *tmp_path.parents):
        if one.stat().st_mode & 0o001 == 0:
            one.chmod(one.stat().st_mode | 0o001)
    folder = tmp_path / "above" / "own"
    folder.mkdir(parents=True)
    folder.chmod(own)
    folder.parent.chmod(above)
    assert is_open_to_others(folder) is is_open


def test_sources_with_the_same_trouble_are_one_line() -> None:
    well = PollRecord(source="well", next_poll_at=START, polled_at=START)
    reports = [
        SourceReport(name="well", cursor=well),
        *(SourceReport(name=f"s{n}", cursor=None, why=("was never asked",)) for n in range(7)),
    ]
    lines = source_lines(reports)
    assert [(line.state, line.says) for line in lines] == [
        ("look", "1 of 8 were read when they were asked last"),
        ("look", "s0, s1, s2, s3, s4 and 2 more: was never asked"),
    ]
    assert [line.state for line in source_lines(reports[:1])] == ["ok"]


def test_hosts_that_keep_us_away_are_told() -> None:
    records = [
        HostRecord(origin="https://fine.example", robots_status=404, crawl_delay=10),
        HostRecord(origin="https://tired.example", closed_until=START + timedelta(hours=1)),
        HostRecord(origin="https://broken.example", robots_status=503),
        HostRecord(origin="https://slow.example", crawl_delay=600),
        HostRecord(origin="https://rested.example", closed_until=START - timedelta(hours=1)),
    ]
    ok, *others = host_lines([HostState(record=record, articles=0) for record in records], START)
    assert ok.says == "5 were asked"
    assert [line.says.split()[0] for line in others] == [
        f"https://{name}.example" for name in ("tired", "broken", "slow")
    ]


def test_a_part_that_cannot_be_looked_at_hinders_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No server, and an archive that is no folder: each is a line, and the rest is told."""
    (tmp_path / "file").write_text("no folder")
    for name, value in {
        "ELASTICSEARCH__URL": "http://127.0.0.1:9",
        "ELASTICSEARCH__PATIENCE": "1s",
        "ARCHIVE": str(tmp_path / "file" / "archive"),
        "SOURCES": str(tmp_path / "none.yml"),
    }.items():
        monkeypatch.setenv(f"COPYDESK_{name}", value)
    lines = list(examine(load_settings()))
    assert {line.what for line in lines if line.state == "wrong"} == {"files", "archive", "elasticsearch"}
    assert lines[0].what == "versions"
    assert all("\n" not in line.says for line in lines)
