"""Every command in a block of shell in README and docs works as it is written there.

`copydesk` is called here with files and a site of our own. A call of make is checked by make itself, and the table says
what runs its target; so it does for any other line. A line that is nowhere fails.
"""

import io
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from aiohttp import web

from local.processes import ROOT
from made.commands import call
from made.served import page
from made.servers import serving, web_served
from made.texts import paragraphs

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    *(f"docs/{file.name}" for file in sorted((ROOT / "docs").glob("*.md"))),
)
LANGUAGES = {"sh", "text", "yaml", "mermaid"}
SERVERLESS = {"check-config", "judge", "kibana", "read", "rules", "topics"}
"""Commands that are called without a server; `topics` as long as no topic is named."""

TARGETS = {
    "bench": "docs/developer.md: Nothing runs `make bench` and `make eval` by itself",
    "check": ".ci/run: make check",
    "demo": ".ci/run: make demo",
    "down": "tests/tools/test_local_up.py: test_down_says_what_was_running",
    "env": "tests/tools/test_local_env.py: test_env_needs_nothing_but_python",
    "eval": "docs/developer.md: Nothing runs `make bench` and `make eval` by itself",
    "fuzz": ".ci/run: make fuzz",
    "rehearse": "docs/developer.md: Nor is `make rehearse` run by itself",
    "simulate": "tests/street/test_simulation.py: test_a_kill_at_any_write_changes_nothing",
    "soak": "tests/street/test_soak.py: test_cut_connections_change_nothing",
    "test": ".ci/run: make test",
    "up": "tests/tools/test_local_mending.py: test_what_has_died_is_seen_and_started_again",
}
"""What runs a target of make, or its parts: a file, and what stands there."""

LOCAL = "PYTHONPATH=tools .venv/bin/python -m local elasticsearch"
OTHERS = {
    ". .local/env": "tests/tools/test_local_up.py: test_a_shell_is_told_the_same_settings",
    "pip install .": 'tools/local/release.py: [*install, "--no-deps", wheel]',
    "docker compose up --build --detach": "docs/operator.md: **Neither this nor its workflow",
    f"{LOCAL} start --port 9299 --data tests": "tests/conftest.py: elasticsearch.running()",
    f"{LOCAL} stop --data tests": "tests/conftest.py: elasticsearch.running()",
    "export COPYDESK_TEST_ELASTICSEARCH=http://127.0.0.1:9299": "tests/conftest.py: COPYDESK_TEST_ELASTICSEARCH",
    "for name in $(ls tests/golden); do copydesk read --golden $name; done && git diff tests/golden": (
        "tests/unit/reading/test_golden.py: test_a_page_is_kept"
    ),
}
"""The same of other lines."""

TOPICS = """
channels: {desk: {kind: atom, path: feed.xml}}
topics: [{name: bridges, any: [bridge], channels: [desk]}]
"""


def commands(name: str) -> list[str]:
    """The lines of a page's blocks of shell, without their remarks."""
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    lines = (re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


def called(name: str, *, server: bool) -> list[list[str]]:
    """The calls of `copydesk` on a page, those that need a server or the others."""
    calls = [shlex.split(line)[1:] for line in commands(name) if line.startswith("copydesk ")]
    return [words for words in calls if _needs_server(words) == server]


def _needs_server(words: list[str]) -> bool:
    return words[0] not in SERVERLESS or (words[0] == "topics" and words[1:2] not in ([], ["--json"]))


def everywhere(*, server: bool) -> list[str]:
    """The pages with such calls."""
    return [name for name in PAGES if called(name, server=server)]


@pytest.mark.parametrize("name", PAGES)
def test_blocks(name: str) -> None:
    """Every block says what it is: shell is found by that; an indented block cannot say it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^```(.*)\n(?:.*\n)*?```$", text, re.MULTILINE)) <= LANGUAGES
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r"\n\n    .*", outside) == []


@pytest.mark.parametrize(
    "line", sorted({line for name in PAGES for line in commands(name) if not line.startswith("copydesk ")})
)
def test_other_programs(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call of make is one it takes as it stands; what runs its target, or another line, is there."""
    runs = OTHERS.get(line)
    if line.startswith("make "):
        monkeypatch.delenv("MAKEFLAGS", raising=False)
        words = shlex.split(line)
        dry = [words[0], "--dry-run", *words[1:]]
        subprocess.run(dry, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - a line of our own page
        runs = TARGETS.get(words[1])
    assert runs is not None, "no test runs this: name what does"
    file, _, says = runs.partition(": ")
    assert says in (ROOT / file).read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder with the files that the pages name, and a site in place of news.example; its address."""
    bridge, mill = page("The bridge is open", 11), paragraphs(7)
    texts = {"one": paragraphs(6), "two": paragraphs(6), "three": mill}
    rows = [
        {
            "id": name,
            "source": name,
            "title": "The bridge",
            "url": f"https://{name}.example/{'mill' if name == 'three' else 'bridge'}",
            "text": "\n".join(lines),
        }
        for name, lines in texts.items()
    ]
    (tmp_path / "texts").mkdir()
    (tmp_path / "tests").mkdir()
    for file in ("texts.jsonl", "texts/all.jsonl"):
        (tmp_path / file).write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    (tmp_path / "pages.jsonl").write_bytes(
        orjson.dumps({"id": 1, "url": "https://a.example/1", "html": bridge})
    )
    (tmp_path / "page.html").write_text(bridge)
    for file, lines in zip("abc", texts.values(), strict=True):
        (tmp_path / f"{file}.txt").write_text("\n".join(lines))
    (tmp_path / "sources.yml").write_text(
        f"sources: [{{name: own, kind: inbox, url: {tmp_path}, outlet: Own}}]"
    )
    (tmp_path / "topics.yml").write_text(TOPICS)
    for variable, value in {
        "COPYDESK_SOURCES": str(tmp_path / "sources.yml"),
        "COPYDESK_TOPICS": str(tmp_path / "topics.yml"),
        "COPYDESK_ARCHIVE": str(tmp_path / "archive"),
        "COPYDESK_FETCH__ALLOW": "127.0.0.0/8",
        "COPYDESK_FETCH__DELAY": "0s",
    }.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=bridge, content_type="text/html")

    with serving(web_served(answer)) as port:
        yield f"http://127.0.0.1:{port}"


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], site: str
) -> None:
    """Call `copydesk` as the page does; a question is answered with yes."""
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    done = call(capsys, *(word.replace("https://news.example", site) for word in words))
    assert done.code == 0, f"copydesk {shlex.join(words)}: {done.err}"


@pytest.mark.parametrize("name", everywhere(server=False))
def test_copydesk(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str, name: str
) -> None:
    """What needs no server does what it is called for without one."""
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", "http://127.0.0.1:9")
    for words in called(name, server=False):
        run(capsys, monkeypatch, words, place)


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("prefix")
@pytest.mark.parametrize("name", everywhere(server=True))
def test_copydesk_with_its_server(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str, name: str
) -> None:
    """The other calls of a page, in its order, on three articles."""
    run(capsys, monkeypatch, ["ingest", "--inbox", "texts"], place)
    for words in called(name, server=True):
        run(capsys, monkeypatch, words, place)
