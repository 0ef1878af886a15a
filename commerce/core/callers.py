"""Whom a request counts for, where callers are counted."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from commerce.core.viewer import Viewer

KNOWN: Final = 4_096
# What one customer of a provider is given: single addresses of it cost nothing to change.
IPV6_PREFIX: Final = 64
NOBODY: Final = "unknown"


def caller_of(viewer: Viewer, address: str) -> str:
    """`api_key:12` for somebody who is known, the network of the address for everybody else."""
    return network_of(address) if viewer.id is None else viewer.name


@lru_cache(KNOWN)
def network_of(address: str) -> str:
    """`192.0.2.7`, `2001:db8:1:2::/64`; `unknown` for what is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return NOBODY
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)
