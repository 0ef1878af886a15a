"""Links that open one thing to whoever holds them, for a while."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, new
from secrets import token_bytes
from typing import Final
from urllib.parse import urlencode

LIFETIME: Final = timedelta(hours=1)
KEY_BYTES: Final = 32


class SignedLinks:
    """`path` is that of one thing: a signature of one opens no other. The key is derived for
    this purpose alone; without one, links are good as long as the process lives.
    """

    def __init__(self, public_url: str = "", key: bytes | None = None) -> None:
        self._public_url = public_url.rstrip("/")
        self._key = token_bytes(KEY_BYTES) if key is None else key

    def url(self, path: str, now: datetime, lifetime: timedelta = LIFETIME) -> str:
        expires = str(int((now + lifetime).timestamp()))
        query = urlencode({"expires": expires, "signature": self._signature(path, expires)})
        return f"{self._public_url}{path}?{query}"

    def opens(self, path: str, expires: str, signature: str, now: datetime) -> bool:
        """Whether these are the parts of a link to `path` that is good by now."""
        given = signature.encode(errors="replace")
        signed = compare_digest(self._signature(path, expires).encode(), given)
        return signed and now.timestamp() < int(expires)

    def _signature(self, path: str, expires: str) -> str:
        digest = new(self._key, f"{path}\n{expires}".encode(errors="replace"), sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")
