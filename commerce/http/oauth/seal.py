"""Forms that count only in the browser they were made for, for one request and a while."""

import hmac
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from commerce.core.cipher import derived_key
from commerce.core.clock import Clock

LIFETIME: Final = 600  # seconds


class FormSeal:
    """`nonce` is in a cookie, which no other site's form sends along."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._key = derived_key("oauth forms", secret)
        self._clock = clock

    def nonce(self) -> str:
        return token_urlsafe(24)

    def seal(self, nonce: str, asked: str) -> str:
        end = int(self._clock().timestamp()) + LIFETIME
        return f"{end}.{self._mac(nonce, asked, end)}"

    def holds(self, seal: str, nonce: str, asked: str) -> bool:
        end, _, mac = seal.partition(".")
        if not (end.isascii() and end.isdigit() and len(end) < 12 and mac.isascii()):
            return False
        fresh = int(end) > self._clock().timestamp()
        return hmac.compare_digest(mac, self._mac(nonce, asked, int(end))) and fresh

    def _mac(self, nonce: str, asked: str, end: int) -> str:
        text = f"{end}\n{nonce}\n{asked}".encode(errors="surrogateescape")
        return hmac.new(self._key, text, sha256).hexdigest()
