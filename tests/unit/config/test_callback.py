"""The address that hubs are given."""

import pytest

from copydesk.config.settings import load_settings
from copydesk.connect import callback_of
from copydesk.errors import ConfigError
from copydesk.ports import Callback

KEY = "k" * 32


def test_the_address_without_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_FEED_KEY", KEY)
    assert callback_of(load_settings()) is None
    monkeypatch.setenv("COPYDESK_FETCH__CALLBACK", " https://desk.example/copydesk/ ")
    assert callback_of(load_settings()) == Callback("https://desk.example/copydesk", KEY)
    assert KEY not in repr(callback_of(load_settings()))


def test_an_address_without_a_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_FETCH__CALLBACK", "https://desk.example/copydesk")
    with pytest.raises(ConfigError, match=r"^COPYDESK_FETCH__CALLBACK: needs COPYDESK_FEED_KEY, [^\n]*$"):
        callback_of(load_settings())


@pytest.mark.parametrize(
    "wrong", ["desk.example", "ftp://desk.example", "https://desk.example/?a=1", "https://", "no"]
)
def test_what_is_no_address_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("COPYDESK_FETCH__CALLBACK", wrong)
    with pytest.raises(ConfigError, match=r"COPYDESK_FETCH__CALLBACK: must be the address [^\n]*, or empty$"):
        load_settings()
