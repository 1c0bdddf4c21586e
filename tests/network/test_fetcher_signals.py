"""Pages that say to machines what is not to be done with them, and sites that permit it all the same."""

from collections.abc import Sequence

import pytest

from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.adapters.http.permissions import permissions_for
from copydesk.model import Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched
from made.sites import LOOPBACK, Handler, Site, failure, fetch, page, want

ALL = (Reason.NOINDEX, Reason.NOARCHIVE, Reason.TDM)


def fetching(site: Site, respect: Sequence[Reason] = ALL, **keys: str) -> HttpFetcher:
    values = {"name": "kurier", "kind": "rss", "url": site.url("/feed"), "outlet": "k", **keys}
    source = Source.model_validate(values)
    permission = permissions_for(lambda: [source])
    return HttpFetcher(delay=0, allow=LOOPBACK, respect=respect, permission=permission)


@pytest.mark.parametrize(
    ("handler", "reason", "detail"),
    [
        (page(X_Robots_Tag="noindex, nofollow"), Reason.NOINDEX, "X-Robots-Tag: noindex, nofollow"),
        (page(X_Robots_Tag="copydesk: noarchive"), Reason.NOARCHIVE, "X-Robots-Tag: copydesk: noarchive"),
        (page(tdm_reservation="1"), Reason.TDM, "tdm-reservation: 1"),
        (page(X_Robots_Tag="otherbot: noindex", tdm_reservation="0"), None, ""),
    ],
)
def test_a_page_that_says_so_is_refused(
    site: Site, handler: Handler, reason: Reason | None, detail: str
) -> None:
    """With the reason, and the header as it stood; only when that signal is respected, and never a feed."""
    site.pages["/a"] = handler
    with fetching(site) as fetcher:
        answer, feed = fetch(fetcher, site.url("/a"))[0], fetch(fetcher, want(site.url("/a"), kind="feed"))[0]
    assert isinstance(feed, Fetched)
    if reason is None:
        assert isinstance(answer, Fetched)
        return
    assert failure(answer) == (EntryOutcome.REFUSED, reason)
    assert isinstance(answer, Unfetched)
    assert (answer.detail, answer.retry_after) == (detail, None)
    with fetching(site, [one for one in ALL if one is not reason]) as fetcher:
        assert isinstance(fetch(fetcher, site.url("/a"))[0], Fetched)


def test_a_permission_goes_before_robots_and_signals(site: Site) -> None:
    """Of the site it was given for, on all its hosts; robots.txt is read all the same, for the delay it asks for."""
    site.pages["/a"] = page(X_Robots_Tag="noindex", tdm_reservation="1")
    with fetching(site, permission="letter of 3 May 2026") as fetcher:
        found = fetch(fetcher, site.url("/a"), site.url("/secret/b"))
        assert all(isinstance(answer, Fetched) for answer in found)
        others = fetch(fetcher, site.url("/a", host="post"), site.url("/secret/b", host="post"))
    assert {failure(answer)[1] for answer in others} == {Reason.NOINDEX, Reason.ROBOTS}
    assert site.asked[0] == "kurier/robots.txt"


def test_a_permission_is_of_the_site_and_not_of_its_redirects(site: Site) -> None:
    """What it sends us on to elsewhere says for itself what may be done."""
    site.pages["/go"] = page(b"", 302, Location=site.url("/secret/b", host="post"))
    with fetching(site, permission="letter of 3 May 2026") as fetcher:
        (answer,) = fetch(fetcher, site.url("/go"))
    assert failure(answer) == (EntryOutcome.REFUSED, Reason.ROBOTS)
