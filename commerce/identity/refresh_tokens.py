"""Refresh tokens: random, opaque, and recognised even when they are used up."""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Final

from commerce.core.cipher import derived_key
from commerce.identity.kinds import Audience

PREFIX: Final = "rt_"
SECRET_BYTES: Final = 32
SEAL_BYTES: Final = 16
LAYOUT: Final = struct.Struct(f">Bq{SECRET_BYTES}s")
AUDIENCES: Final = tuple(Audience)
LENGTH: Final = len(PREFIX) + (LAYOUT.size + SEAL_BYTES) * 4 // 3


@dataclass(frozen=True, slots=True)
class RefreshParts:
    """Which session a token belongs to, and what proves that it is its last one."""

    audience: Audience
    session_id: int
    sha256: bytes


class RefreshTokens:
    """A token is its session's number and a secret, sealed with a key of the store's.

    The seal tells a token that is used up from one that was made up: the former ends its session,
    the latter must not, or whoever knows a session's number could end it.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = derived_key("refresh tokens", secret)

    def new_secret(self) -> bytes:
        """256 random bits; `sha256_of` is what is stored of them."""
        return token_bytes(SECRET_BYTES)

    def text(self, audience: Audience, session_id: int, secret: bytes) -> str:
        """The token as it is handed out."""
        body = LAYOUT.pack(AUDIENCES.index(audience), session_id, secret)
        return PREFIX + urlsafe_b64encode(body + self._seal(body)).decode()

    def read(self, text: str) -> RefreshParts | None:
        """None for a text that was never handed out."""
        if len(text) != LENGTH or not text.startswith(PREFIX) or not text.isascii():
            return None
        try:
            whole = urlsafe_b64decode(text.removeprefix(PREFIX))
        except ValueError:
            return None
        body, seal = whole[: LAYOUT.size], whole[LAYOUT.size :]
        if not hmac.compare_digest(seal, self._seal(body)):
            return None
        place, session_id, secret = LAYOUT.unpack(body)
        return RefreshParts(AUDIENCES[place], session_id, sha256_of(secret))

    def _seal(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, sha256).digest()[:SEAL_BYTES]


def sha256_of(secret: bytes) -> bytes:
    """256 random bits need no slow hash."""
    return sha256(secret).digest()
