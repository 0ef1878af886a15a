"""What was found out a moment ago, so that it need not be asked again with every request."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from time import monotonic
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

SECONDS: Final = 1.0  # whatever has changed counts on every process within this time


class Remembered(Generic[Value]):
    """By a credential, of which the hash alone is kept; `most` of them at a time.

    A second is counted from before the question: what changes while it is answered counts in time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[bytes, tuple[Value, float]] = {}

    def __len__(self) -> int:
        return len(self._known)

    async def get(self, text: str, find: Callable[[str], Awaitable[Value]]) -> Value:
        """What `find` answered for this text, now or less than a second ago."""
        digest = sha256(text.encode(errors="surrogateescape")).digest()
        known = self._known.get(digest)
        if known is not None and known[1] > monotonic():
            return known[0]
        until = monotonic() + SECONDS
        found = await find(text)
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[digest] = found, until
        return found
