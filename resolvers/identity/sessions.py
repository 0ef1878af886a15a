"""Sessions: opening, refreshing, listing and ending them."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.identity.service.sessions import IssuedSession
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.identity.kinds import Audience
from resolvers.mutations import Stepped, Transactional
from resolvers.nodes import Node, require_key
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow


@strawberry.type(description="One sign-in that is not over.")
class Session(FromRow, Node):
    device: str = public("What the device said it was: its `User-Agent`; empty if it said nothing.")
    created_at: datetime = public("When somebody signed in.")
    last_used_at: datetime = public("When it was last used, to the minute.")
    expires_at: datetime = public("When it ends unless it is refreshed before.")
    is_current: bool = public("Whether this very request belongs to it.")


@strawberry.type(description="What proves who somebody is. It is shown this once: keep it secret.")
class SessionTokens:
    access_token: str = public("Goes into `Authorization: Bearer`; mostly short-lived.")
    access_expires_at: datetime = public("When the access token stops working.")
    access_expires_in: int = public("After how many seconds that is.")
    refresh_token: str = public("Gets the next pair of tokens from `sessionRefresh`, once.")
    refresh_expires_at: datetime = public("When the refresh token stops working.")

    @classmethod
    def of(cls, issued: IssuedSession) -> "SessionTokens":
        return cls(
            access_token=issued.access_token,
            access_expires_at=issued.access_expires_at,
            access_expires_in=issued.access_seconds,
            refresh_token=issued.refresh_token,
            refresh_expires_at=issued.refresh_expires_at,
        )


@strawberry.input(description="Who signs in.")
class SessionCreateInput:
    email: str = strawberry.field(description="The account's e-mail address.")
    password: str = strawberry.field(description="Its password.")
    audience: Audience = strawberry.field(
        default=Audience.STOREFRONT, description="Whose account: a customer's or a staff member's."
    )
    lasting: bool = strawberry.field(
        default=False,
        description="Have an access token that is good for as long as the session, for a client "
        "that cannot refresh it.",
    )


@strawberry.input(description="The refresh token to use up.")
class SessionRefreshInput:
    refresh_token: str = strawberry.field(description="The last one that was handed out.")


@strawberry.input(
    description="The session to end: of the refresh token, with this id, or else the current one."
)
class SessionRevokeInput:
    refresh_token: str | None = strawberry.field(
        default=None, description="Of the session to end; for clients that are signed out already."
    )
    id: strawberry.ID | None = strawberry.field(
        default=None, description="One of your own sessions, as `sessions` lists them."
    )
    everywhere: bool = strawberry.field(
        default=False, description="End every other session of the same account too."
    )


@strawberry.type(description="The tokens, or why there are none.")
class SessionPayload:
    session: SessionTokens | None = public("The tokens; null with errors.")
    user_errors: list[UserError] = public("Why there are none.")

    @classmethod
    def of(cls, result: IssuedSession | Problem) -> Any:
        if isinstance(result, Problem):
            return cls(session=None, user_errors=[user_error(result)])
        return cls(session=SessionTokens.of(result), user_errors=[])


@strawberry.type(description="The tokens of a new session, or why there is none.")
class SessionCreatePayload(SessionPayload):
    pass


@strawberry.type(description="The next tokens of a session, or why it is over.")
class SessionRefreshPayload(SessionPayload):
    pass


@strawberry.type(description="Whether sessions were ended.")
class SessionRevokePayload:
    user_errors: list[UserError] = public("Why nothing was ended.")

    @classmethod
    def of(cls, result: object) -> "SessionRevokePayload":
        flaws = [user_error(result)] if isinstance(result, Problem) else []
        return cls(user_errors=flaws)


@strawberry.type
class SessionQueries:
    @owner(description="Your own sessions, the newest first.")
    async def sessions(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Session]:
        paging = Paging(info, "sessions", first, after, last, before)
        sessions = info.context.services.sessions
        page = await sessions.page(paging.args)
        return paging.connection(page, Session.of, sessions.count)


@strawberry.type
class SessionMutations:
    @public(
        "Sign in. A wrong password, an unknown address and an account that is blocked are answered"
        " alike; who tries too often is told to wait.",
        extensions=[Stepped()],
    )
    async def session_create(self, info: Info, input: SessionCreateInput) -> SessionCreatePayload:
        signing_in = info.context.services.signing_in
        return SessionCreatePayload.of(
            await signing_in.sign_in(
                input.audience, input.email, input.password, lasting=input.lasting
            )
        )

    @public(
        "Get the next tokens of a session. A refresh token works once: using it again ends the"
        " session, since one of the two who have it stole it. Send no `Authorization` with it.",
        extensions=[Stepped()],
    )
    async def session_refresh(
        self, info: Info, input: SessionRefreshInput
    ) -> SessionRefreshPayload:
        sessions = info.context.services.sessions
        return SessionRefreshPayload.of(await sessions.refresh(input.refresh_token))

    @public(
        "Sign out: here, elsewhere, or everywhere. Effective within a second.",
        extensions=[Transactional()],
    )
    async def session_revoke(self, info: Info, input: SessionRevokeInput) -> SessionRevokePayload:
        id_ = None if input.id is None else require_key(input.id, "Session", "id")
        if isinstance(id_, Problem):
            return SessionRevokePayload.of(id_)
        sessions = info.context.services.sessions
        return SessionRevokePayload.of(
            await sessions.revoke(input.refresh_token, id_, everywhere=input.everywhere)
        )
