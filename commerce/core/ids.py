"""Relay global ids over bigint primary keys, and ids that are made before a row is."""

import secrets
from base64 import b64encode, urlsafe_b64decode
from binascii import Error
from time import time_ns
from uuid import UUID

MAX_ID = 2**63 - 1


def global_id(kind: str, id_: int) -> str:
    """`("Product", 12)` -> `UHJvZHVjdDoxMg==`, as the Relay specification suggests."""
    return b64encode(b"%s:%d" % (kind.encode(), id_)).decode()


def parse_global_id(text: str) -> tuple[str, int] | None:
    """The kind and key inside a global id, or None for anything else. Key 0 is built in."""
    try:
        decoded = urlsafe_b64decode(text.replace("+", "-").replace("/", "_").encode()).decode()
    except (Error, ValueError):
        return None
    kind, _, digits = decoded.partition(":")
    if not kind or not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        return None
    number = int(digits)
    return (kind, number) if number <= MAX_ID else None


def time_ordered_id() -> UUID:
    """A UUID of version 7 (RFC 9562): milliseconds, then chance; later ones sort behind."""
    milliseconds = time_ns() // 1_000_000
    chance = secrets.randbits(74)
    high, low = chance >> 62, chance & (2**62 - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
