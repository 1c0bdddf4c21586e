"""Which addresses may be reached."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from copydesk.adapters.http.addresses import (
    forbidden_address,
    forbidden_port,
    forbidden_url,
    is_local_name,
    is_loopback,
    networks,
)
from copydesk.adapters.http.guard import GuardedResolver, Refused, open_socket
from copydesk.errors import ConfigError
from copydesk.outcomes import Reason

LOOPBACK = networks(["127.0.0.0/8"])


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.1.1.1",
        "203.0.112.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808",
        "::ffff:8.8.8.8",
    ],
)
def test_public_addresses(address: str) -> None:
    """The internet may be reached, also through NAT64."""
    assert forbidden_address(address, ()) is None


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::",
        "3fff::1", "fc00::1", "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1",
        "kurier.example", "127.1", "2130706433", "0x7f000001", "",
    ],
)  # fmt: skip
def test_what_is_not_public(address: str) -> None:
    """Private, local, shared, documented, multicast, wrapped or metadata addresses, and what is no address."""
    assert forbidden_address(address, ())


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{:x}:{:x}", "64:ff9b::{:x}:{:x}", "2002:{:x}:{:x}::"]))
def test_wrapping_hides_nothing(address: object, wrapping: str) -> None:
    """An IPv4 address is judged alike in every IPv6 wrapping."""
    number = int(socket.inet_aton(str(address)).hex(), 16)
    wrapped = wrapping.format(number >> 16, number & 0xFFFF)
    assert (forbidden_address(wrapped, ()) is None) == (forbidden_address(str(address), ()) is None)


def test_allowed_networks() -> None:
    """A network that is allowed may be reached on any port; the others stay as they are."""
    assert forbidden_address("127.0.0.1", LOOPBACK) is None
    assert forbidden_address("::ffff:127.0.0.1", LOOPBACK) is None
    assert forbidden_address("10.0.0.1", LOOPBACK)
    assert forbidden_port(9200, "127.0.0.1", LOOPBACK) is None
    assert forbidden_port(9200, "8.8.8.8", LOOPBACK)
    assert forbidden_port(443, "8.8.8.8", ()) is None


@pytest.mark.parametrize("network", ["127.0.0.1/8", "loopback", ""])
def test_wrong_networks(network: str) -> None:
    """What is no network is a mistake in the settings."""
    with pytest.raises(ConfigError, match=r"fetch\.allow"):
        networks([network])


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://kurier.example/a", False),
        ("http://kurier.example:8080/a", False),
        ("http://kurier.example:22/a", True),
        ("ftp://kurier.example/a", True),
        ("file:///etc/hosts", True),
        ("https://user:secret@kurier.example/", True),
        ("https://user@kurier.example/", True),
        ("/a", True),
        ("javascript:alert(1)", True),
    ],
)
def test_web_addresses(url: str, refused: bool) -> None:  # noqa: FBT001 (a table)
    """Only http and https, without credentials, on the usual ports."""
    assert bool(forbidden_url(URL(url), ())) == refused


def test_local_names() -> None:
    """Names below localhost are this machine; names that look so are not."""
    assert [
        is_local_name(name) for name in ("localhost", "A.Localhost.", "localhost.example", "xlocalhost")
    ] == [
        True,
        True,
        False,
        False,
    ]
    assert [is_loopback(name) for name in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "8.8.8.8", "x")] == [
        True,
        True,
        True,
        False,
        False,
    ]


class Names(AbstractResolver):
    """A resolver with answers of its own, each given once: a name that changes its mind."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """The next answer."""
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._answers.pop(0)
        ]

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.asyncio
async def test_one_bad_address_spoils_the_name() -> None:
    """A name with any address that may not be reached is refused, whenever it is asked."""
    resolver = GuardedResolver(Names(["8.8.8.8"], ["8.8.8.8", "10.0.0.1"]), allow=(), contact=True)
    assert [answer["host"] for answer in await resolver.resolve("kurier.example", 443)] == ["8.8.8.8"]
    with pytest.raises(Refused) as refused:
        await resolver.resolve("kurier.example", 443)
    assert refused.value.reason is Reason.ADDRESS


@pytest.mark.asyncio
async def test_local_names_need_no_dns() -> None:
    """Names below localhost are loopback without anybody being asked, and allowed only if loopback is."""
    resolver = GuardedResolver(Names(), allow=LOOPBACK, contact=False)
    assert [answer["host"] for answer in await resolver.resolve("kurier.localhost", 8123)] == ["127.0.0.1"]
    with pytest.raises(Refused):
        await GuardedResolver(Names(), allow=(), contact=True).resolve("kurier.localhost", 80)


def test_sockets_are_opened_for_good_addresses_only() -> None:
    """The last gate sees the address that is connected to."""

    def info(address: str, port: int) -> tuple[int, int, int, str, tuple[object, ...]]:
        return (socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))

    open_socket(info("127.0.0.1", 8123), allow=LOOPBACK, contact=False).close()
    for address, port, allow, contact, reason in (
        ("127.0.0.1", 80, (), True, Reason.ADDRESS),
        ("8.8.8.8", 22, LOOPBACK, True, Reason.ADDRESS),
        ("8.8.8.8", 443, LOOPBACK, False, Reason.NO_CONTACT),
    ):
        with pytest.raises(Refused) as refused:
            open_socket(info(address, port), allow=allow, contact=contact)
        assert refused.value.reason is reason
