"""The networks a key may be used from."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from commerce.core.problems import Invalid

Network = IPv4Network | IPv6Network
MAX_NETWORKS: Final = 50


def networks_flaw(texts: Sequence[str]) -> Invalid | None:
    """Why these are not all `192.0.2.0/24`, `2001:db8::/32` or single addresses."""
    if len(texts) > MAX_NETWORKS:
        return Invalid(f"A key can have at most {MAX_NETWORKS} networks.", ("allowed_ips",))
    for place, text in enumerate(texts):
        try:
            ip_network(text.strip())
        except ValueError:
            return Invalid(
                "This is no address or network, such as 192.0.2.7 or 2001:db8::/32.",
                ("allowed_ips", str(place)),
            )
    return None


def spelled(texts: Sequence[str]) -> list[str]:
    """Networks without a flaw, each once and in one spelling."""
    return list(dict.fromkeys(str(ip_network(text.strip())) for text in texts))


def admits(networks: Iterable[str], address: str) -> bool:
    """Whether a caller from `address` is within one of `networks`; no networks admit everybody."""
    parsed = tuple(map(_network, networks))
    if not parsed:
        return True
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in parsed)


def within(inner: Iterable[str], outer: Sequence[str]) -> bool:
    """Whether whoever `inner` admits is admitted by `outer` too."""
    if not outer:
        return True
    given = tuple(map(_network, inner))
    return bool(given) and all(_covered(network, outer) for network in given)


def _covered(network: Network, outer: Sequence[str]) -> bool:
    others = (_network(text) for text in outer)
    return any(
        network.version == other.version and network.subnet_of(other)  # type: ignore[arg-type]  # the same version
        for other in others
    )


@lru_cache(4_096)
def _network(text: str) -> Network:
    return ip_network(text.strip())
