"""News agencies: whose own page a text stands on. Pure."""

from copydesk.fingerprint import Fingerprint

__all__ = ["is_own_page"]


def is_own_page(text: Fingerprint) -> bool:
    """Whether the text stands on the page of the agency that wrote it: outlet and agency have the same name."""
    agency = _plain(text.agency or "")
    return bool(agency) and any(agency in _plain(place) for place in (text.outlet, text.publisher))


def _plain(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
