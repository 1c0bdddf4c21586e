"""A scene of the simulation on the real Elasticsearch: the laws hold there as they do in memory."""

import pytest

from simulation.running import play, stores
from simulation.scenes import draw

pytestmark = pytest.mark.elasticsearch


def test_a_scene_keeps_the_laws_on_the_server(elasticsearch_url: str) -> None:
    """With its faults and kills; what the scene counts on the server is what it counts in memory."""
    scene = draw(0)
    with stores(elasticsearch_url) as store:
        ended = play(scene, store=store)
    assert ended.breaches == ()
    assert ended.failures
