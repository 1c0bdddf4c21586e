"""How much each term of a text tells what it is about, and by which ones it is looked up."""

import numpy as np
import pytest

from copydesk.judging.fingerprint import (
    COUNT_AT,
    LEAST_NAMES,
    MOST_NAMES,
    NAME,
    from_body,
    kept,
    searched,
    searched_names,
    weights_of,
)
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import document, paragraphs

CHINESE = (
    "北部山区星期一发生山体滑坡，通往三个村庄的公路被切断，救援人员连夜清理石块。"
    "当地政府说，约四百名居民已经转移到学校和体育馆，目前没有人员失踪。"
    "气象部门预计未来两天还会有大雨，提醒居民远离河岸和陡坡。工程师正在检查水库大坝。"
    "铁路部门表示，停运的两趟列车最早星期四恢复，旅客可以免费退票。"
)


@pytest.mark.parametrize("text", [CHINESE, "\n".join(paragraphs(3, 3))], ids=["zh", "made"])
def test_a_text_without_names_is_looked_up_by_its_heaviest_terms(text: str) -> None:
    """In scripts without capitals nothing is a name, and accounts of one event must find each other there too."""
    (one,) = make_fingerprints([document("d", text.split("\n"), title="A title")])
    names = searched_names(one)
    assert min(LEAST_NAMES, len(names)) <= np.count_nonzero(names) <= MOST_NAMES
    assert names[(one.marks & NAME) != 0].all()
    assert searched(one)["names"] == searched(from_body(one.id, kept(one)))["names"]


def test_what_stands_early_and_often_weighs_most() -> None:
    """The weight of a term rises with its mentions and falls with its place."""
    marks = np.array([1, 1, 4, 4]) << COUNT_AT
    first, later, often, both = weights_of(marks, np.array([0, 40, 40, 0]))
    assert later < first < both
    assert later < often < both
