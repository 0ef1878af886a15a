"""How calls are stored: without their keys nothing of them can be read, not even by the store."""

import hmac
from hashlib import sha256

from commerce.core.cipher import Cipher, derived_key


class CallSeal:
    """Names, requests and answers of calls, made unreadable with the store's secret.

    Requests may hold passwords, which a plain hash would let anybody guess who has a copy of the
    database. An answer's cipher is bound to the caller's key, which is not stored.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._digests = derived_key("idempotency digests", secret)

    def name(self, owner: str, key: str) -> bytes:
        """What a call is found by."""
        return self._digest(f"{owner}\0{key}".encode())

    def request(self, name: bytes, request: bytes) -> bytes:
        """What tells one request from another."""
        return self._digest(name + request)

    def close(self, key: str, answer: bytes) -> bytes:
        return self._cipher(key).encrypt(answer)

    def open(self, key: str, sealed: bytes) -> bytes:
        """Raises `UnreadableError` when it was sealed with another secret."""
        return self._cipher(key).decrypt(sealed)

    def _digest(self, value: bytes) -> bytes:
        return hmac.digest(self._digests, value, sha256)

    def _cipher(self, key: str) -> Cipher:
        return Cipher(f"idempotent answer {key}", self._secret)
