"""Limits on credentials that are not good: nobody is to try many, or one over and over."""

from hashlib import sha256
from typing import Final, Protocol

from commerce.core.callers import network_of
from commerce.core.limiter import Allowance, Rate, RateLimitedError, RateLimiter
from commerce.core.viewer import Viewer
from commerce.http.record import current_record

# One dialect documents these figures; they do for all callers.
BAD_CREDENTIAL: Final = Rate("bad_credential", 20, 60)
BAD_ADDRESS: Final = Rate("bad_credential.address", 600, 60)
KNOWN: Final = 1_000


class Check(Protocol):
    async def __call__(self, text: str, password: str | None = None, /) -> Viewer | None:
        """Who holds this credential; `password` is what was sent beside it."""


class CredentialLimits:
    """Stands before `authenticate`, and asks it nothing for a credential or address it refuses.

    Credentials that were good last time are let through whatever their address does: a guesser
    shall not lock out who shares an address with them.
    """

    def __init__(self, authenticate: Check, limiter: RateLimiter) -> None:
        self._authenticate = authenticate
        self._limiter = limiter
        self._good: set[str] = set()

    async def viewer(self, text: str, password: str | None = None) -> Viewer | None:
        """Like `authenticate`; raises `RateLimitedError` after too many that were not good."""
        address = _address()
        name = _name(text, address)
        refused = await self._refused(name, address)
        if refused is not None:
            raise RateLimitedError(refused)
        viewer = await self._authenticate(text, password)
        if viewer is None:
            self._good.discard(name)
            await self._limiter.hit(BAD_CREDENTIAL, name)
            await self._limiter.hit(BAD_ADDRESS, address)
        else:
            self._remember(name)
        return viewer

    async def refuses(self, text: str) -> bool:
        """Whether `viewer` would raise."""
        address = _address()
        return await self._refused(_name(text, address), address) is not None

    async def _refused(self, name: str, address: str) -> Allowance | None:
        if name in self._good:
            return None
        for rate, key in ((BAD_CREDENTIAL, name), (BAD_ADDRESS, address)):
            found = await self._limiter.look(rate, key)
            if not found.allowed:
                return found
        return None

    def _remember(self, name: str) -> None:
        if len(self._good) >= KNOWN:
            self._good.clear()
        self._good.add(name)


def _name(text: str, address: str) -> str:
    """A name that gives nothing away: it is kept, also outside of this process.

    It is a credential's at an address: a key that is refused elsewhere, as for its networks, stays
    good for those it was issued to.
    """
    return sha256(f"{address} {text}".encode(errors="surrogateescape")).hexdigest()


def _address() -> str:
    record = current_record()
    return network_of("" if record is None else record.address)
