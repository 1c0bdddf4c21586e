"""What `make rehearse` takes from docker-compose.yml, and what it makes of it on this machine."""

import json
import re
from pathlib import Path

import pytest
import yaml

from local.env import MAKERS
from local.processes import ROOT, LocalError
from local.rehearse import SERVICE, Places, here, shipped

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
WORDS = {name: f"word-{number}" for number, name in enumerate(MAKERS)}
PLACES = Places(Path("/made/home"), Path("/made/folder"), 1, 2, "http://127.0.0.1:3")


def test_every_variable_is_filled_in_as_compose_does_it() -> None:
    """By what `make env` makes, by the default where there is one, and never by half."""
    found = shipped(COMPOSE, WORDS)
    assert found.keys() == COMPOSE["services"][SERVICE]["environment"].keys()
    assert not [value for value in found.values() if "${" in value]
    assert (
        json.loads(found["AIRFLOW_CONN_COPYDESK_ELASTICSEARCH"])["password"]
        == WORDS["COPYDESK_ELASTICSEARCH__PASSWORD"]
    )
    assert found["COPYDESK_CONTACT"] == ""


def test_a_variable_that_nobody_makes_is_named() -> None:
    lacking = {name: word for name, word in WORDS.items() if name != "POSTGRES_PASSWORD"}
    with pytest.raises(LocalError, match="needs POSTGRES_PASSWORD"):
        shipped(COMPOSE, lacking)


def test_all_of_airflow_has_one_environment() -> None:
    """So that of one service is that of all."""
    airflow = ("api-server", "scheduler", "dag-processor")
    assert all(
        COMPOSE["services"][name]["environment"] == COMPOSE["services"][SERVICE]["environment"]
        for name in airflow
    )


def test_nothing_points_into_a_container() -> None:
    """Every name and folder of the containers is turned into a place on this machine."""
    found = here(shipped(COMPOSE, WORDS), PLACES)
    inside = re.compile(r"@postgres|//api-server|elasticsearch:9200|/opt/|/var/lib/|/ca/")
    assert {name: value for name, value in found.items() if inside.search(value)} == {}
    assert found["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].endswith("@127.0.0.1:2/airflow")
    assert found["COPYDESK_ELASTICSEARCH__URL"] == "http://127.0.0.1:3"
    assert found["COPYDESK_ARCHIVE"] == "/made/folder/archive"
