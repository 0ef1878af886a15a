"""Which addresses of the web the server calls when somebody else wrote them down.

One parser decides and says where to connect, so that no other reading of the same text can lead
elsewhere. What is not plainly a public place is refused; odd spellings are refused, not repaired.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import quote

import idna

from commerce.core.outgoing import UnsafeAddressError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_URL: Final = 2_000
MAX_HOST: Final = 253
HTTP, HTTPS = "http", "https"
DEFAULT_PORTS: Final = {HTTP: 80, HTTPS: 443}
PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F)))
URL: Final = re.compile(r"(?i:(https?))://([^/?#]*)([^#]*)(?:#.*)?")
NEVER: Final = re.compile(r"[\x00-\x20\x7f\\<>\"]")  # parsers disagree on these
PLACE: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:]+))(?::([0-9]{0,5}))?")
LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# Many parsers take such a host for a number: `2130706433`, `0x7f.1` and `127.1` are 127.0.0.1.
NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")

# The special-purpose registries of IANA, and single addresses of clouds that look public.
# `is_global` alone is not enough: NAT64, 6to4 and Teredo lead to IPv4 addresses inside them.
SPECIAL: Final[tuple[tuple[Network, str], ...]] = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a provider's own network"),
        ("127.0.0.0/8", "this host"),
        ("168.63.129.16/32", "a cloud's own service"),
        ("169.254.0.0/16", "the local link"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "a reserved range"),
        ("192.0.2.0/24", "a range for examples"),
        ("192.31.196.0/24", "a reserved range"),
        ("192.52.193.0/24", "a tunnel"),
        ("192.88.99.0/24", "a tunnel"),
        ("192.168.0.0/16", "a private network"),
        ("192.175.48.0/24", "a reserved range"),
        ("198.18.0.0/15", "a range for measurements"),
        ("198.51.100.0/24", "a range for examples"),
        ("203.0.113.0/24", "a range for examples"),
        ("224.0.0.0/4", "a group of hosts"),
        ("240.0.0.0/4", "a reserved range"),
        ("::/128", "this host"),
        ("::1/128", "this host"),
        ("::/96", "an address within an address"),
        ("::ffff:0:0/96", "an address within an address"),
        ("::ffff:0:0:0/96", "an address within an address"),
        ("64:ff9b::/96", "an address within an address"),
        ("64:ff9b:1::/48", "an address within an address"),
        ("2001::/32", "an address within an address"),
        ("2001::/23", "a reserved range"),
        ("2001:db8::/32", "a range for examples"),
        ("2002::/16", "an address within an address"),
        ("2620:4f:8000::/48", "a reserved range"),
        ("3fff::/20", "a range for examples"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "the local link"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "a group of hosts"),
    )
)
PUBLIC_SIX: Final = IPv6Network("2000::/3")  # all that is given out so far


@dataclass(frozen=True, slots=True)
class CallingRules:
    """`allowed` networks may be called although they are not public."""

    ports: tuple[range, ...] = (range(80, 81), range(443, 444), range(8000, 9000))
    plain_http: bool = False
    allowed: tuple[Network, ...] = ()

    @classmethod
    def read(cls, ports: Iterable[str], allowed: Iterable[str], plain_http: bool) -> "CallingRules":
        """From `8000-8999` and `10.1.0.0/16`. Raises ValueError naming what is neither."""
        return cls(tuple(map(_ports, ports)), plain_http, tuple(map(_network, allowed)))


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect and what to ask for there; `host` is a name or an address, never both."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, rules: CallingRules) -> Target:
    """What `url` says, if the server may call it; a name is not looked up yet.

    Raises `UnsafeAddressError`.
    """
    if len(url) > MAX_URL:
        raise UnsafeAddressError(f"The address is longer than {MAX_URL} characters.")
    if NEVER.search(url):
        raise UnsafeAddressError("The address has spaces or characters that none may have.")
    parts = URL.fullmatch(url)
    if parts is None:
        raise UnsafeAddressError("The address must start with https:// or http://.")
    scheme, (host, given) = parts[1].lower(), _place(parts[2])
    if scheme == HTTP and not rules.plain_http:
        raise UnsafeAddressError("The address must start with https://.")
    port = int(given) if given else DEFAULT_PORTS[scheme]
    if not any(port in ports for ports in rules.ports):
        raise UnsafeAddressError(f"Port {port} is none of those that are called.")
    literal = _literal(host)
    if literal is not None:
        host = str(connectable(literal, rules.allowed))
    return Target(scheme, host, port, _path(parts[3]))


def connectable(address: Address, allowed: Iterable[Network] = ()) -> Address:
    """The address to connect to, or `UnsafeAddressError` when it is no public place."""
    within = getattr(address, "ipv4_mapped", None)
    if within is not None:
        return connectable(within, allowed)
    if any(address in network for network in allowed):
        return address
    flaw = address_flaw(address)
    if flaw is not None:
        raise UnsafeAddressError(f"The address leads to {flaw}, which is not called.")
    return address


def address_flaw(address: Address) -> str | None:
    """What sort of place this is when it is no public one."""
    for network, what in SPECIAL:
        if address in network:
            return what
    if isinstance(address, IPv6Address) and (address.scope_id or address not in PUBLIC_SIX):
        return "a reserved range"
    if not address.is_global or address.is_multicast or address.is_reserved:
        return "a reserved range"
    return None


def _place(text: str) -> tuple[str, str]:
    """Host and port. The host is a plain name, or an address as `ipaddress` reads it."""
    if "@" in text:
        raise UnsafeAddressError("The address must not have a user name or password.")
    parts = PLACE.fullmatch(text)
    if parts is None:
        raise UnsafeAddressError("The address has no host that can be called.")
    six, name, port = parts.groups()
    return str(_six(six)) if six else _name(name), port or ""


def _six(text: str) -> IPv6Address:
    try:
        return IPv6Address(text)
    except ValueError:
        raise UnsafeAddressError("The host is no IPv6 address.") from None


def _name(text: str) -> str:
    """A host name as the name service has it, in lower case."""
    try:
        name = (text if text.isascii() else idna.encode(text, strict=True).decode()).lower()
    except (idna.IDNAError, UnicodeError):
        raise UnsafeAddressError("The host name has letters that no host name has.") from None
    labels = name.split(".")
    if len(name) > MAX_HOST or not all(map(LABEL.fullmatch, labels)):
        raise UnsafeAddressError("The host is no host name.")
    if NUMBER.fullmatch(labels[-1]) and _literal(name) is None:
        raise UnsafeAddressError("Write an IPv4 address as four numbers with dots.")
    return name


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _path(text: str) -> str:
    """Path and query, letters beyond ASCII as percent signs and digits."""
    try:
        path = quote(text, safe=PRINTABLE)
    except UnicodeError:
        raise UnsafeAddressError("The address is no text.") from None
    return path if path.startswith("/") else f"/{path}"


def _ports(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        ports = range(int(first), int(last or first) + 1)
    except ValueError:
        ports = range(0)
    if not ports or ports[0] < 1 or ports[-1] > 65535:
        raise ValueError(f"{text!r} is no port and no range of ports such as 8000-8999")
    return ports


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(f"{text!r} is no network such as 127.0.0.0/8") from None
