"""Shared addresses: which canonical ones are not believed, and under which of them an article is filed all the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.index import Index, Kind
from copydesk.index.article import articles_of
from copydesk.index.records import load
from copydesk.index.state import CaptureRecord
from copydesk.outlets.addresses import shared_addresses
from copydesk.ports import Archive
from copydesk.urls import canonicalize, host, url_key

__all__ = ["SharedAddress", "shared_states"]


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """An address that pages of different articles name as canonical.

    Attributes:
        outdated: Whether an article of another address is still filed under it, as before it was known.
    """

    address: str
    outdated: bool

    @property
    def line(self) -> str:
        """What a person is told."""
        mend = "; `copydesk replay` brings back what was taken for its versions" if self.outdated else ""
        return (
            f"{host(self.address)}: pages of different articles name {self.address} as their canonical address; "
            f"it is not believed{mend}"
        )


def shared_states(index: Index, archive: Archive) -> Sequence[SharedAddress]:
    """All of them, sorted by address."""
    addresses = shared_addresses(archive)
    articles = articles_of(index, [url_key(address) for address in addresses])
    asked = load(index, Kind.CAPTURES, CaptureRecord, [one.document.capture_id for one in articles.values()])
    own = {
        id_: canonicalize(asked[article.document.capture_id].url)
        for id_, article in articles.items()
        if article.document.capture_id in asked
    }
    return [SharedAddress(one, own.get(url_key(one), one) != one) for one in addresses]
