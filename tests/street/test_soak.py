"""The street with its index on a real server, over connections that are cut: a share of `make soak`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from copydesk.adapters.elastic.index import ElasticIndex
from simulation.cutting import CUTS
from simulation.soaking import counts_as_done, drawn, soak, soaking

pytestmark = pytest.mark.elasticsearch

SCENE = replace(drawn(5)[0], rounds=1, rates={**dict.fromkeys(CUTS, 0.02), "killed": 0.01})
"""Shorter than a drawn one, with all kinds of cuts."""


@pytest.fixture(scope="module")
def index(elasticsearch_url: str) -> Iterator[ElasticIndex]:
    """An index of this file's own."""
    with soaking(elasticsearch_url) as opened:
        yield opened


def test_cut_connections_change_nothing(index: ElasticIndex, elasticsearch_url: str) -> None:
    """Whatever became of the requests that were cut off, by clients that ask again, the end is as undisturbed."""
    soaked = soak(SCENE, timedelta(seconds=5), index, elasticsearch_url)
    assert soaked.ended.breaches == ()
    assert {"cut before", "cut after", "cut within"} <= soaked.ended.faults.keys()


def test_writes_that_are_lost_are_noticed(index: ElasticIndex, elasticsearch_url: str) -> None:
    """A client that takes no answer for done breaks laws: ours would not go unseen, if it did the same."""
    # twice as many phases and a third of all requests: of fewer losses each can happen to do no harm
    scene = replace(SCENE, rounds=2, rates={"cut before": 0.3})
    soaked = soak(scene, timedelta(minutes=1), index, elasticsearch_url, client=counts_as_done)
    assert {"nothing lost", "same texts", "one outcome", "all ends"} & {
        breach.law for breach in soaked.ended.breaches
    }
