"""Addresses the fetcher does not ask: without a contact, on this machine, or none of the web."""

import pytest

from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Unfetched
from made.sites import Site, failure, fetch


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://kurier.example/a", Reason.NO_CONTACT),
        ("http://8.8.8.8/", Reason.NO_CONTACT),
        ("http://[2606:4700::1111]/", Reason.NO_CONTACT),
        ("http://127.1/", Reason.NO_CONTACT),
    ],
)
def test_without_a_contact_nobody_is_asked(fetcher: HttpFetcher, url: str, reason: Reason) -> None:
    """Before a contact is set only loopback is asked; not even a name is looked up."""
    assert failure(fetch(fetcher, url)[0]) == (EntryOutcome.REFUSED, reason)


FORMS = [
    "http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://127.0.1:{port}/", "http://2130706433:{port}/",
    "http://0x7f000001:{port}/", "http://0x7f.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/",
    "http://0.0.0.0:{port}/", "http://0:{port}/", "http://127.127.127.127:{port}/", "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/", "http://kurier.localhost:{port}/", "http://[::1]:{port}/", "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/", "http://[::127.0.0.1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/", "http://\uff11\uff12\uff17.0.0.1:{port}/", "http://a.example\\@127.0.0.1:{port}/",
    "http://a.example@127.0.0.1:{port}/", "http://127.0.0.1%2f:{port}/", "http://127.0.0.1。:{port}/",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_loopback_is_not_reached_unless_allowed(site: Site, form: str) -> None:
    """However loopback is spelled, no request arrives there; another network being allowed changes nothing."""
    with HttpFetcher(contact="desk@kurier.example", delay=0, allow=["192.0.2.0/24"], deadline=2) as fetcher:
        (answer,) = fetch(fetcher, form.format(port=site.port))
    assert isinstance(answer, Unfetched)
    assert answer.reason in {Reason.ADDRESS, Reason.CONNECTION, Reason.ROBOTS}
    assert site.asked == []


@pytest.mark.parametrize(
    "url", ["", "x", "/a", "mailto:a@kurier.example", "http://", "http://a:99999/", "http://a b/", "inbox:1"]
)
def test_what_is_no_web_address_is_refused(fetcher: HttpFetcher, url: str) -> None:
    """Garbage is an answer, too."""
    outcome, reason = failure(fetch(fetcher, url)[0])
    assert outcome is EntryOutcome.REFUSED
    assert reason in {Reason.ADDRESS, Reason.NO_CONTACT}
