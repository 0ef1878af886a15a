"""From the text of a credential to the viewer it stands for: keys of programs, tokens of people."""

from datetime import timedelta
from typing import Final

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.remembered import Remembered
from commerce.core.viewer import SYSTEM, Viewer
from commerce.identity.access_tokens import AccessTokens, Claims
from commerce.oauth.authenticator import OAuthAuthenticator
from commerce.oauth.rules.credentials import is_access_token
from commerce.staff.authenticator import Authenticator as KeyAuthenticator
from commerce.wiring import Repositories

REMEMBER_TOKENS: Final = 10_000
TOUCH_EVERY: Final = timedelta(minutes=1)


class Authenticator:
    """Tells keys from tokens by their form, and asks whom it concerns."""

    def __init__(
        self,
        open_unit: OpenUnit,
        clock: Clock,
        access_tokens: AccessTokens,
        *,
        sandbox: bool = False,
    ) -> None:
        self._keys = KeyAuthenticator(open_unit, clock, sandbox=sandbox)
        self._tokens = TokenAuthenticator(open_unit, clock, access_tokens)
        self._oauth = OAuthAuthenticator(open_unit, clock)

    async def viewer(
        self, text: str, address: str = "", password: str | None = None
    ) -> Viewer | None:
        """Who this credential stands for, sent from `address`; None when it is not good."""
        if is_token(text):
            return await self._tokens.viewer(text)
        if is_access_token(text):
            return await self._oauth.viewer(text)
        return await self._keys.viewer(text, address, password)

    async def dialect(self, text: str) -> str | None:
        """The REST dialect of a key; None for tokens, which are for any."""
        if is_access_token(text):
            return await self._oauth.dialect(text)
        return None if is_token(text) else await self._keys.dialect(text)


class TokenAuthenticator:
    """A signature says who a token was issued to; whether that still counts, the database does.

    Session, account and rights are read in one statement, and remembered for a second: signing
    out, deactivating, blocking and a new role count on every process within that time.
    """

    def __init__(self, open_unit: OpenUnit, clock: Clock, access_tokens: AccessTokens) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._access_tokens = access_tokens
        self._known: Remembered[Viewer | None] = Remembered(REMEMBER_TOKENS)

    async def viewer(self, text: str) -> Viewer | None:
        return await self._known.get(text, self._ask)

    async def _ask(self, text: str) -> Viewer | None:
        claims = self._access_tokens.read(text, self._clock())
        return None if claims is None else await self._signed_in(claims)

    async def _signed_in(self, claims: Claims) -> Viewer | None:
        now, holder = self._clock(), claims.holder
        async with self._open_unit() as uow:
            repositories = Repositories(uow, SYSTEM, self._clock)
            found = await repositories.accounts_by_audience[holder.audience].signed_in(
                claims.session_id, now
            )
            if found is None or found.viewer.id != holder.id:
                return None
            if now - found.last_used_at >= TOUCH_EVERY:
                await repositories.sessions.touch(claims.session_id, now)
        return found.viewer


def is_token(text: str) -> bool:
    """Whether it has the form of an access token: no key has a dot in it."""
    return "." in text
