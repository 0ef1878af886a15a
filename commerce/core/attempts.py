"""Limits on guessing: passwords, reset links, coupons, gift cards."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Final
from unicodedata import normalize

from commerce.core.limiter import Allowance, Rate, RateLimiter
from commerce.core.problems import Problem

MINUTE: Final = 60
HOUR: Final = 3_600


@dataclass(frozen=True, slots=True)
class TooManyAttempts(Problem):
    """The same caller or the same account was tried too often; wait `retry_after` seconds."""

    code: ClassVar[str] = "TOO_MANY_ATTEMPTS"
    retryable: ClassVar[bool] = True

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class Guess:
    """What is guessed, and how often it may be: by one caller, and at one account if it has any."""

    by_caller: Rate
    at_account: Rate | None = None


SIGN_IN: Final = Guess(Rate("sign_in.caller", 20, MINUTE), Rate("sign_in.account", 5, 15 * MINUTE))
PASSWORD_RESET: Final = Guess(
    Rate("password_reset.caller", 20, HOUR), Rate("password_reset.account", 3, HOUR)
)
COUPON: Final = Guess(Rate("coupon.caller", 10, MINUTE))
GIFT_CARD: Final = Guess(Rate("gift_card.caller", 10, MINUTE))


class Attempts:
    """Ask `allow` before each attempt, whatever comes of it: it counts.

    `secret` keys the names under which accounts are counted: who reads the counters learns no
    account from them.
    """

    def __init__(self, limiter: RateLimiter, secret: bytes) -> None:
        self._limiter = limiter
        self._secret = secret

    async def allow(
        self, guess: Guess, caller: str, account: str | None = None
    ) -> TooManyAttempts | None:
        """Count one attempt; None when it may be made.

        `caller` is what `callers.caller_of` says. `account` is what was typed, whether or not there
        is such an account.
        """
        found = await self._limiter.hit(guess.by_caller, caller)
        if found.allowed and guess.at_account is not None and account is not None:
            found = await self._limiter.hit(guess.at_account, self._hidden(account))
        return None if found.allowed else _refused(found)

    async def left(self, guess: Guess, caller: str) -> TooManyAttempts | None:
        """Whether the caller may try, without counting it: where only misses count, `allow` is
        asked after one.
        """
        found = await self._limiter.look(guess.by_caller, caller)
        return None if found.allowed else _refused(found)

    async def forget(self, guess: Guess, account: str) -> None:
        """After a success the account's attempts start anew; the caller's do not."""
        if guess.at_account is not None:
            await self._limiter.forget(guess.at_account, self._hidden(account))

    def _hidden(self, account: str) -> str:
        """One name for every spelling that could reach the same account."""
        name = normalize("NFKC", account).strip().casefold()
        return hmac.new(self._secret, name.encode(errors="replace"), sha256).hexdigest()


def _refused(found: Allowance) -> TooManyAttempts:
    return TooManyAttempts(
        "Too many attempts. Wait before you try again.", retry_after=found.retry_seconds
    )
