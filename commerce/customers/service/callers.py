"""Who is calling, where what strangers may do is counted."""

from commerce.core.attempts import Attempts, Guess, TooManyAttempts
from commerce.core.callers import caller_of
from commerce.core.origin import Origin
from commerce.core.viewer import Viewer


class Caller:
    def __init__(self, attempts: Attempts, viewer: Viewer, origin: Origin) -> None:
        self._attempts = attempts
        self._viewer = viewer
        self._origin = origin

    async def may_try(self, guess: Guess, account: str | None = None) -> TooManyAttempts | None:
        """Count one attempt; None when it may be made. `account` is the address that was typed."""
        return await self._attempts.allow(guess, self._name, account)

    async def may_guess(self, guess: Guess) -> TooManyAttempts | None:
        """The same without counting; `may_try` counts a miss."""
        return await self._attempts.left(guess, self._name)

    @property
    def _name(self) -> str:
        return caller_of(self._viewer, self._origin.address)
