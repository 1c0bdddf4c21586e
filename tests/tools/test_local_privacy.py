"""Who else on the machine reaches the local Elasticsearch: nobody from outside, and no other user its files."""

import stat
from pathlib import Path

from local.elasticsearch import configure


def test_listens_on_loopback_and_shows_its_files_to_nobody(tmp_path: Path) -> None:
    """It listens on 127.0.0.1 alone; what it writes lies in a folder of its user's own."""
    distribution, folder = tmp_path / "distribution", tmp_path / "data"
    (distribution / "config").mkdir(parents=True)
    folder.mkdir(mode=0o755)
    configure(distribution, tmp_path / "java", folder, 9200, None, None)
    assert 'network.host: "127.0.0.1"\n' in (folder / "config" / "elasticsearch.yml").read_text()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
