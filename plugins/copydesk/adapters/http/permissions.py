"""Sites that may be read whatever their robots.txt and pages say to machines, by what sources say of an agreement."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from yarl import URL

from copydesk import urls
from copydesk.model import Source

__all__ = ["Permission", "none", "permissions_for"]

Permission = Callable[[URL], str]
"""Why an address may be read whatever its site says; "" where what it says holds."""


def none(url: URL) -> str:  # noqa: ARG001 (a Permission)
    """The permission of a fetcher that knows of no agreement."""
    return ""


def permissions_for(sources: Callable[[], Sequence[Source]]) -> Permission:
    """Permissions by the sources, which are looked at when they are first needed.

    One holds for the registered domain of the source's address: feeds and pages often have hosts of their own. What
    sources of other domains announce there is read by it too, and nothing that a redirect leads to elsewhere.
    """

    @cache
    def by_site() -> Mapping[str, str]:
        given = [source for source in sources() if source.permission]
        return {urls.registrable_domain(source.url): source.permission for source in reversed(given)}

    def permission(url: URL) -> str:
        known = by_site()
        return known.get(urls.registrable_domain(str(url)), "") if known else ""

    return permission
