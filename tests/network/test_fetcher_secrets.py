"""What a source with a password tells its server, and nobody else."""

import base64
from collections.abc import Iterator

import pytest

from copydesk.adapters.http.credentials import signed_for
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.errors import ConfigError
from copydesk.model import Source
from copydesk.outcomes import EntryOutcome, Reason
from made.sites import LOOPBACK, Site, failure, fetch, page

SECRETS = {
    "env:LOGIN": "desk:größe",
    "env:COOKIES": "paid=1; edition=eu",
    "env:LINE": "a=1\r\nX: 1",
    "env:WORD": "word",
}
TOLD = ("Authorization", "Cookie")


def resolve(reference: str) -> str:
    try:
        return SECRETS[reference]
    except KeyError:
        raise ConfigError(f"secret {reference!r}: not set") from None


def fetching(site: Site, **keys: str) -> HttpFetcher:
    values = {"name": "kurier", "kind": "rss", "url": site.url("/feed"), "outlet": "k", **keys}
    source = Source.model_validate(values)
    return HttpFetcher(delay=0, allow=LOOPBACK, signed=signed_for(lambda: [source], resolve))


@pytest.fixture
def paid(site: Site) -> Iterator[HttpFetcher]:
    with fetching(site, login="env:LOGIN", cookies="env:COOKIES") as fetcher:
        yield fetcher


def told(site: Site) -> dict[str, list[str | None]]:
    """Under which path which of the headers came."""
    rows = zip(site.asked, site.headers, strict=True)
    return {path: [headers.get(name) for name in TOLD] for path, headers in rows}


def test_its_own_origin_is_told(site: Site, paid: HttpFetcher) -> None:
    """Feed and pages, but not robots.txt, which is for everybody."""
    fetch(paid, site.url("/feed"), site.url("/a"))
    basic = f"Basic {base64.b64encode('desk:größe'.encode()).decode()}"
    assert told(site) == {
        "kurier/robots.txt": [None, None],
        "kurier/feed": [basic, "paid=1; edition=eu"],
        "kurier/a": [basic, "paid=1; edition=eu"],
    }


def test_no_other_origin_is_told(site: Site, paid: HttpFetcher) -> None:
    """Neither another host that is asked, nor one that a redirect leads to."""
    site.pages["/away"] = page(b"", 302, Location=site.url("/there", host="other"))
    fetch(paid, site.url("/away"), site.url("/b", host="other"))
    found = told(site)
    assert found["other/there"] == found["other/b"] == [None, None]
    assert found["kurier/away"][1] == "paid=1; edition=eu"


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"login": "env:NOWHERE"}, "source kurier: secret 'env:NOWHERE': not set"),
        ({"login": "env:WORD"}, "must be user:password"),
        ({"cookies": "env:WORD"}, "must be name=value; …"),
        ({"cookies": "env:LINE"}, "must be name=value; …"),
    ],
)
def test_a_secret_that_is_none_costs_its_own_source(site: Site, keys: dict[str, str], says: str) -> None:
    """The request is not made, fails with the reason and may be made later; its value is not told. Others are made."""
    with fetching(site, **keys) as fetcher:
        own, other = sorted(
            fetch(fetcher, site.url("/feed"), site.url("/b", host="other")),
            key=lambda one: "other" in one.wanted.url,
        )
    assert failure(own) == (EntryOutcome.FAILED, Reason.NO_SECRET)
    assert says in getattr(own, "detail", "")
    assert "sesame" not in getattr(own, "detail", "")
    assert getattr(other, "status", 0) == 200
    assert "kurier/feed" not in site.asked
