"""Opening, keeping and ending sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commerce.core.clock import Clock
from commerce.core.origin import Origin
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import BadInputError, NotFound, Problem, UnauthenticatedError
from commerce.core.viewer import Viewer
from commerce.identity.access_tokens import AccessTokens
from commerce.identity.kinds import Audience, Holder
from commerce.identity.problems import InvalidToken, invalid_token
from commerce.identity.refresh_tokens import RefreshTokens, sha256_of
from commerce.identity.repository.sessions import SessionRepository, SessionRow
from commerce.identity.visibility import holder_of


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A session ends when it was not refreshed for `idle`, and `longest` after the sign-in."""

    idle: timedelta
    longest: timedelta


LIFETIMES: Final[Mapping[Audience, Lifetime]] = {
    Audience.STOREFRONT: Lifetime(timedelta(days=30), timedelta(days=365)),
    Audience.STAFF: Lifetime(timedelta(hours=12), timedelta(days=7)),
}


@dataclass(frozen=True, slots=True)
class IssuedSession:
    """What somebody gets who has proven who they are. The tokens are shown this once.

    `access_seconds` is how long the access token is good for.
    """

    holder: Holder
    session_id: int
    access_token: str
    access_expires_at: datetime
    access_seconds: int
    refresh_token: str
    refresh_expires_at: datetime


class SessionService:
    def __init__(
        self,
        sessions: SessionRepository,
        access_tokens: AccessTokens,
        refresh_tokens: RefreshTokens,
        clock: Clock,
        viewer: Viewer,
        origin: Origin,
    ) -> None:
        self._sessions = sessions
        self._access_tokens = access_tokens
        self._refresh_tokens = refresh_tokens
        self._clock = clock
        self._viewer = viewer
        self._origin = origin

    async def page(self, args: PageArgs) -> Page[SessionRow]:
        return await self._sessions.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._sessions.count(limit)

    async def open(self, holder: Holder, *, lasting: bool = False) -> IssuedSession:
        """A new session of somebody whose identity is proven.

        A `lasting` access token is good for as long as the session, for clients that refresh none.
        """
        now, secret = self._clock(), self._refresh_tokens.new_secret()
        expires = now + LIFETIMES[holder.audience].idle
        await self._sessions.forget_expired(now, holder)
        id_ = await self._sessions.add(
            holder,
            refresh_sha256=sha256_of(secret),
            device=self._origin.user_agent,
            created_at=now,
            last_used_at=now,
            expires_at=expires,
        )
        return self._issued(holder, id_, secret, now, expires, lasting=lasting)

    async def refresh(self, text: str) -> IssuedSession | InvalidToken:
        """New tokens for a session; the given one is used up.

        A token that is used a second time was stolen, by the first user or the second: the
        session ends for both. Each statement commits by itself, so that it stays ended although
        a problem is answered; call this outside of transactions.
        """
        parts = self._refresh_tokens.read(text)
        if parts is None:
            return invalid_token("refresh_token")
        now, secret = self._clock(), self._refresh_tokens.new_secret()
        lifetime = LIFETIMES[parts.audience]
        row = await self._sessions.rotate(
            parts.session_id, parts.sha256, sha256_of(secret), now, lifetime.idle, lifetime.longest
        )
        if row is None:
            await self._sessions.end(parts.audience, parts.session_id)
            return invalid_token("refresh_token")
        holder = Holder(parts.audience, row.customer_id or row.staff_id)
        return self._issued(holder, row.id, secret, now, row.expires_at)

    async def revoke(
        self, text: str | None = None, id_: int | None = None, *, everywhere: bool = False
    ) -> Problem | None:
        """End the session of a refresh token, the viewer's with this id, or else their current one.

        `everywhere` ends all others of the same account too. A token of a session that is over,
        and an unknown one, end nothing and are no problem: signing out is safe to repeat.
        """
        if text is not None and id_ is not None:
            raise BadInputError("Give a refreshToken or an id, not both.")
        holder = await (self._end_own(id_) if text is None else self._end_of(text))
        if isinstance(holder, Problem):
            return holder
        if everywhere and holder is not None:
            await self._sessions.end_all(holder)
        return None

    async def revoke_all(self, holder: Holder, but: int | None = None) -> int:
        """End every session of a holder, but one if it is given: how many there were.

        Every process refuses their access tokens within a second.
        """
        return await self._sessions.end_all(holder, but)

    async def _end_of(self, text: str) -> Holder | None:
        """End the session of a refresh token: who held it."""
        parts = self._refresh_tokens.read(text)
        return None if parts is None else await self._sessions.end(parts.audience, parts.session_id)

    async def _end_own(self, id_: int | None) -> Holder | NotFound:
        holder = holder_of(self._viewer)
        if holder is None:
            raise UnauthenticatedError("Sign in first, or give the refresh token.")
        own = self._viewer.session_id if id_ is None else id_
        ended = 0 if own is None else await self._sessions.end_own(own)
        if id_ is not None and not ended:
            return NotFound("There is no session with this id.", ("id",))
        return holder

    def _issued(
        self,
        holder: Holder,
        id_: int,
        secret: bytes,
        now: datetime,
        expires: datetime,
        *,
        lasting: bool = False,
    ) -> IssuedSession:
        until = expires if lasting else None
        access, access_expires = self._access_tokens.issue(holder, id_, now, until)
        seconds = int((access_expires - now).total_seconds())
        refresh = self._refresh_tokens.text(holder.audience, id_, secret)
        return IssuedSession(holder, id_, access, access_expires, seconds, refresh, expires)
