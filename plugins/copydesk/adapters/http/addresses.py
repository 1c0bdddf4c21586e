"""Which web and network addresses may be reached. Pure.

The network address is judged when it is connected to, not when the web address is read: names change their
answer, and parsers disagree about odd spellings. The table is our own because `is_private` changed its meaning
between patch releases of Python and leaves out several of these.
"""

import ipaddress
from collections.abc import Iterable, Sequence

from yarl import URL

from copydesk.errors import ConfigError

__all__ = [
    "Network",
    "forbidden_address",
    "forbidden_port",
    "forbidden_url",
    "is_local_name",
    "is_loopback",
    "networks",
]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = frozenset({80, 443, 8080, 8443})

FORBIDDEN: Sequence[Network] = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network (RFC 6890)
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier NAT, and a cloud's metadata service
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host agent, on a public address
        "169.254.0.0/16",  # link-local and metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments and a cloud's metadata service
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/128",  # unspecified
        "::1/128",  # loopback
        "64:ff9b:1::/48",  # local NAT64
        "100::/64",  # discard
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
    )
]
"""IANA's special-purpose registries, and what clouds answer on besides."""

UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that has been given out of IPv6 so far."""

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")


def networks(allow: Iterable[str]) -> tuple[Network, ...]:
    """The networks an operator allows, from their "127.0.0.0/8" spelling. Raises ConfigError."""
    try:
        return tuple(ipaddress.ip_network(network) for network in allow)
    except ValueError as exc:
        raise ConfigError(f"fetch.allow: {exc}; a network looks like 127.0.0.0/8 or ::1/128") from exc


def is_loopback(address: str) -> bool:
    """Whether a numeric address is this machine's own; a name is none."""
    found = _parse(address)
    return found is not None and all(judged.is_loopback for judged in _meant(found))


def is_local_name(host: str) -> bool:
    """Whether a name means this machine by definition (RFC 6761)."""
    name = host.lower().rstrip(".")
    return name == "localhost" or name.endswith(".localhost")


def forbidden_address(address: str, allow: Sequence[Network]) -> str | None:
    """Why this numeric address may not be connected to, in a few words; None when it may.

    An IPv6 address that only wraps an IPv4 one is judged by what it leads to.
    """
    found = _parse(address)
    if found is None:
        return f"{address!r} is not a numeric address"
    for judged in _meant(found):
        if any(judged in network for network in allow):
            continue
        unknown = judged.version == 6 and judged not in UNICAST and judged not in NAT64  # noqa: PLR2004 (IPv6)
        if unknown or any(judged in network for network in FORBIDDEN):
            return f"{judged} is not a public address"
    return None


def _parse(address: str) -> Address | None:
    try:
        return ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None


def _meant(address: Address) -> list[Address]:
    """The addresses a packet to this one may end up at."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    inner: list[Address] = [address]
    if address.sixtofour is not None:
        inner.append(address.sixtofour)
    if address.teredo is not None:
        inner.extend(address.teredo)
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return inner


def forbidden_url(url: URL, allow: Sequence[Network]) -> str | None:
    """Why this web address may not be asked for, in a few words; None when it may.

    Only http and https, no credentials, the usual ports. With allowed networks any port may be asked for: the
    connection to an address outside them is still held to the usual ones by whoever connects.
    """
    if url.scheme not in {"http", "https"}:
        return f"scheme {url.scheme!r} is not http or https"
    if not url.raw_host:
        return "there is no host"
    if url.user is not None or url.password is not None:
        return "it carries credentials"
    if not allow and url.port not in PORTS:
        return f"port {url.port} is none of {', '.join(map(str, sorted(PORTS)))}"
    return None


def forbidden_port(port: int, address: str, allow: Sequence[Network]) -> str | None:
    """Why this port of an address that may be reached may not; None when it may."""
    found = _parse(address)
    if port in PORTS or (found is not None and any(found in network for network in allow)):
        return None
    return f"port {port} is none of {', '.join(map(str, sorted(PORTS)))}"
