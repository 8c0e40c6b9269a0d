"""Which IP addresses may be called from here."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.core.exceptions import ImproperlyConfigured

NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
COMPATIBLE = ip_network("::/96")  # RFC 4291, 2.5.5.1: old, but some systems still send it to the IPv4 address


def address_permitted(ip: str, *, allowed: Sequence[str]) -> bool:
    """Whether an IP address is public, or lies in one of the ``allowed`` networks (CIDR)."""
    address = _unwrapped(ip)
    if any(address in network for network in map(ip_network, allowed)):
        return True
    return address.is_global and not address.is_multicast


def networks_read(words: Sequence[str]) -> list[str]:
    """The networks of a setting; stops the start with the word that is none."""
    for word in words:
        try:
            ip_network(word)
        except ValueError as error:
            raise ImproperlyConfigured(f"{word!r} is no network such as 10.0.0.0/8: {error}.") from error
    return list(words)


def _unwrapped(ip: str) -> IPv4Address | IPv6Address:
    """The IPv4 address inside a mapped, compatible, 6to4, Teredo or NAT64 address, else the address."""
    address = ip_address(ip.partition("%")[0])
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in COMPATIBLE and int(address) > 1:  # "::" and "::1" are addresses of their own
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or address
