"""Single-use tokens for the links in mails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.identity.kinds import Audience, Holder, Purpose
from commerce.identity.problems import InvalidToken, invalid_token
from commerce.identity.repository.purpose_tokens import PurposeTokenRepository, TokenRow

SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a token that was good allows: its purpose, for `holder`, with `data`."""

    holder: Holder
    data: Mapping[str, Any]
    bound_sha256: bytes

    def matches(self, bound_to: str) -> bool:
        """Whether the token was issued against this very value."""
        return compare_digest(self.bound_sha256, _digest(bound_to))


class PurposeTokenService:
    def __init__(self, tokens: PurposeTokenRepository, clock: Clock) -> None:
        self._tokens = tokens
        self._clock = clock

    async def issue(
        self,
        purpose: Purpose,
        holder: Holder,
        bound_to: str,
        lifetime: timedelta,
        data: Mapping[str, Any] | None = None,
    ) -> str:
        """A new token, the holder's only one for this purpose from now on.

        `bound_to` is what it is issued against (the old password's hash, the old address): once
        that has changed, `matches` says so. Only hashes of it and of the token are stored.
        """
        text = token_urlsafe(SECRET_BYTES)
        values = {
            "sha256": _digest(text),
            "bound_sha256": _digest(bound_to),
            "data": dict(data or {}),
            "expires_at": self._clock() + lifetime,
            "created_at": self._clock(),
        }
        await self._tokens.put(holder, purpose, values)
        return text

    async def redeem(self, purpose: Purpose, text: str) -> Redeemed | InvalidToken:
        """Use a token up. In a transaction that is rolled back it stays good."""
        row = await self._tokens.take(purpose, _digest(text), self._clock())
        return invalid_token("token") if row is None else _redeemed(row)

    async def peek(self, purpose: Purpose, text: str) -> Redeemed | InvalidToken:
        """What `redeem` would answer, for slow work that is not to be done for bad tokens."""
        row = await self._tokens.look(purpose, _digest(text), self._clock())
        return invalid_token("token") if row is None else _redeemed(row)

    async def void(self, holder: Holder, purpose: Purpose | None = None) -> int:
        """Make the holder's tokens worthless, or the one for a purpose: how many there were."""
        return await self._tokens.void(holder, purpose)


def _redeemed(row: TokenRow) -> Redeemed:
    audience = Audience.STAFF if row.customer_id is None else Audience.STOREFRONT
    return Redeemed(Holder(audience, row.customer_id or row.staff_id), row.data, row.bound_sha256)


def _digest(text: str) -> bytes:
    """Surrogates are in no token of ours; they are hashed like anything else."""
    return sha256(text.encode(errors="surrogatepass")).digest()
