"""Which addresses of the network are public: those that a name may lead to when the service fetches something.

Python's ``is_global`` (3.11) is true for multicast, for the forms of IPv6 that hold an address of IPv4, and for some
ranges that were assigned later, so these are looked at here. Source: the IANA special-purpose address registries.
"""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

Address = IPv4Address | IPv6Address

_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC: Final = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # the host of a virtual machine in Azure
    IPv6Network("2001::/23"),  # protocol assignments, Teredo
    IPv6Network("3fff::/20"),  # documentation
)


class UnknownHostError(OSError):
    """A name leads to no address, or none was found in time."""


def is_public(address: Address) -> bool:
    """Whether the address, and the one of IPv4 that it may hold, belongs to the public internet."""
    return all(_is_public(each) for each in (address, *_held(address)))


def _is_public(address: Address) -> bool:
    if any(address.version == network.version and address in network for network in _NOT_PUBLIC):
        return False
    if isinstance(address, IPv6Address):
        return address.is_global and (address in _UNICAST or address in _NAT64)
    return address.is_global and not address.is_multicast


def _held(address: Address) -> Iterator[IPv4Address]:
    """The address of IPv4 in one of 6to4 or NAT64; other forms that hold one are not public at all."""
    if isinstance(address, IPv4Address):
        return
    if address.sixtofour:
        yield address.sixtofour
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def resolve(host: str, port: int, seconds: float) -> tuple[Address, ...]:
    """All addresses of a host, however it is spelt; raises :class:`UnknownHostError`.

    The system's resolver has no time limit of its own, so it runs in a thread that nobody waits for too long.
    """
    found: SimpleQueue[tuple[Address, ...] | OSError | UnicodeError] = SimpleQueue()
    Thread(target=_look_up, args=(host, port, found), name="resolver", daemon=True).start()
    try:
        addresses = found.get(timeout=seconds)
    except Empty:
        raise UnknownHostError(f"no address of {host} was found in time") from None
    if isinstance(addresses, Exception):
        raise UnknownHostError(f"no address of {host} was found: {addresses}") from addresses
    return addresses


def _look_up(host: str, port: int, found: "SimpleQueue[tuple[Address, ...] | OSError | UnicodeError]") -> None:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.put(tuple(dict.fromkeys(ip_address(entry[4][0]) for entry in entries)))
    except (OSError, UnicodeError) as error:
        found.put(error)
