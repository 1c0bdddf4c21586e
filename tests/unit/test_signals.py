"""What pages say to machines besides robots.txt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.outcomes import Reason
from copydesk.signals import SIGNALS, first_of, in_headers, in_page


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], set()),
        (["noindex"], {Reason.NOINDEX}),
        (["NoIndex, nofollow"], {Reason.NOINDEX}),
        (["none"], {Reason.NOINDEX}),
        (["nofollow,noarchive"], {Reason.NOARCHIVE}),
        (["nocache"], {Reason.NOARCHIVE}),
        (["nofollow", "noindex"], {Reason.NOINDEX}),
        (["all"], set()),
        (["noindexing", "no index"], set()),
        (["copydesk: noindex"], {Reason.NOINDEX}),
        (["otherbot: noindex, noarchive"], set()),
        (["otherbot: noindex", "noarchive"], {Reason.NOARCHIVE}),
        (["otherbot: noindex, Copydesk: noarchive, nofollow"], {Reason.NOARCHIVE}),
        (["max-snippet: 20, noindex"], {Reason.NOINDEX}),
        (["unavailable_after: 25 Jun 2010 15:00:00 PST, noarchive"], {Reason.NOARCHIVE}),
        (["unavailable_after: Friday, 25-Jun-10 15:00:00 UTC"], set()),
        (["otherbot: max-snippet: 20, noindex"], set()),
    ],
)
def test_headers_for_robots(headers: list[str], found: set[Reason]) -> None:
    """Directives for all robots or for ours count, those behind another's name do not, until the header ends."""
    assert in_headers(headers, None) == found


@pytest.mark.parametrize(
    ("meta", "found"),
    [
        ({}, set()),
        ({"robots": ["index, follow, max-image-preview:large"]}, set()),
        ({"robots": ["noindex,noarchive"]}, {Reason.NOINDEX, Reason.NOARCHIVE}),
        ({"robots": ["index"], "copydesk": ["NOINDEX"]}, {Reason.NOINDEX}),
        ({"googlebot": ["noindex"], "bingbot": ["nocache"]}, set()),
        ({"robots": ["follow", "noarchive"]}, {Reason.NOARCHIVE}),
        ({"tdm-reservation": ["1"]}, {Reason.TDM}),
        ({"tdm-reservation": ["0"], "tdm-policy": ["https://paper.example/tdm"]}, set()),
    ],
)
def test_meta_elements(meta: dict[str, list[str]], found: set[Reason]) -> None:
    """Those of all robots and ours count together, those of others do not."""
    assert in_page(meta) == found


@pytest.mark.parametrize(
    ("value", "reserved"),
    [(None, False), ("0", False), ("1", True), (" 1 ", True), ("", False), ("yes", False)],
)
def test_a_reservation_is_a_one(value: str | None, *, reserved: bool) -> None:
    """As the protocol has it; anything else reserves nothing."""
    assert (Reason.TDM in in_headers([], value)) is reserved


@given(st.lists(st.text()), st.none() | st.text())
def test_any_header_says_signals_or_nothing(headers: list[str], reservation: str | None) -> None:
    """No value of a header raises, and one of what is found is told."""
    found = in_headers(headers, reservation)
    assert found <= set(SIGNALS)
    assert (first_of(found) in found) is bool(found)
