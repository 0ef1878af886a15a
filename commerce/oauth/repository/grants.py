"""Codes, grants and tokens: each is used, rotated and ended by one statement."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, true, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.oauth.kinds import REFRESH_LONGEST, TOKEN_LIFETIME
from commerce.oauth.models import OAuthClient, OAuthCode, OAuthGrant, OAuthToken
from commerce.staff.models.members import Role, StaffMember

GrantRow = Row[Any]
CODE = tuple(columns_of(OAuthCode))
GRANT = tuple(columns_of(OAuthGrant))
# Long enough for a code that is used twice to be recognised.
KEEP_CODES: Final = timedelta(hours=1)


class GrantRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add_code(self, **values: Any) -> None:
        await self._uow.change(insert(OAuthCode).values(**values))

    async def code(self, code_sha256: bytes) -> GrantRow | None:
        return await self._uow.row(select(*CODE).where(col(OAuthCode.code_sha256) == code_sha256))

    async def use_code(self, id_: int, at: datetime) -> bool:
        """Whether the code was still unused: of many redemptions one alone finds it so."""
        statement = (
            update(OAuthCode)
            .where(
                col(OAuthCode.id) == id_,
                col(OAuthCode.used_at).is_(None),
                col(OAuthCode.expires_at) > at,
            )
            .values(used_at=at)
        )
        return await self._uow.change(statement) == 1

    async def remember_gift(self, code_id: int, grant_id: int) -> None:
        """What a code gave, to be taken back when the code turns up again."""
        await self._uow.change(
            update(OAuthCode).where(col(OAuthCode.id) == code_id).values(grant_id=grant_id)
        )

    async def revoke_gift(self, code_id: int, at: datetime) -> None:
        given = select(col(OAuthCode.grant_id)).where(col(OAuthCode.id) == code_id)
        await self._revoke(col(OAuthGrant.id) == given.scalar_subquery(), at)

    async def add(self, **values: Any) -> int:
        statement = insert(OAuthGrant).values(**values).returning(col(OAuthGrant.id))
        return int(await self._uow.scalar(statement))

    async def by_public_id(self, public_id: str) -> GrantRow | None:
        """The grant of a refresh token, whether or not it still counts."""
        return await self._uow.row(select(*GRANT).where(col(OAuthGrant.public_id) == public_id))

    async def rotate(
        self, id_: int, used: bytes, fresh: bytes, at: datetime, idle: timedelta
    ) -> bool:
        """Whether `used` was the present refresh secret; `fresh` is then."""
        statement = (
            update(OAuthGrant)
            .where(
                col(OAuthGrant.id) == id_,
                col(OAuthGrant.refresh_sha256) == used,
                _live(at),
            )
            .values(
                refresh_sha256=fresh,
                refresh_expires_at=func.least(
                    at + idle, col(OAuthGrant.created_at) + REFRESH_LONGEST
                ),
            )
        )
        return await self._uow.change(statement) == 1

    async def revoke(self, id_: int, at: datetime) -> None:
        """Everything of a grant, for good."""
        await self._revoke(col(OAuthGrant.id) == id_, at)

    async def add_token(self, **values: Any) -> None:
        await self._uow.change(insert(OAuthToken).values(**values))

    async def token(self, token_sha256: bytes) -> GrantRow | None:
        """An access token with its grant's client."""
        statement = (
            select(col(OAuthToken.id), col(OAuthGrant.client_id))
            .join(OAuthGrant, col(OAuthGrant.id) == col(OAuthToken.grant_id))
            .where(col(OAuthToken.token_sha256) == token_sha256)
        )
        return await self._uow.row(statement)

    async def delete_token(self, id_: int) -> None:
        await self._uow.change(delete(OAuthToken).where(col(OAuthToken.id) == id_))

    async def holder(self, token_sha256: bytes, at: datetime) -> GrantRow | None:
        """Client, scopes and present role behind an access token that counts, in one statement."""
        staff = col(OAuthGrant.staff_id)
        statement: Any = (
            select(
                col(OAuthClient.id),
                col(OAuthClient.dialect),
                col(OAuthClient.scopes).label("client_scopes"),
                col(OAuthToken.scopes).label("token_scopes"),
                staff,
                col(Role.built_in),
                col(Role.scopes).label("role_scopes"),
            )
            .select_from(OAuthToken)
            .join(OAuthGrant, col(OAuthGrant.id) == col(OAuthToken.grant_id))
            .join(OAuthClient, col(OAuthClient.id) == col(OAuthGrant.client_id))
            .outerjoin(StaffMember, col(StaffMember.id) == staff)
            .outerjoin(Role, col(Role.id) == col(StaffMember.role_id))
            .where(
                col(OAuthToken.token_sha256) == token_sha256,
                col(OAuthToken.expires_at) > at,
                col(OAuthGrant.revoked_at).is_(None),
                or_(staff.is_(None), col(StaffMember.active)),
            )
        )
        return await self._uow.row(statement)

    async def standing(self, client_id: int) -> Sequence[GrantRow]:
        """A client beside each of the grants by staff that count; by itself without any."""
        staff = col(OAuthGrant.staff_id)
        counts = and_(
            col(OAuthGrant.client_id) == col(OAuthClient.id),
            col(OAuthGrant.revoked_at).is_(None),
            staff.in_(select(col(StaffMember.id)).where(col(StaffMember.active))),
        )
        statement: Any = (
            select(
                col(OAuthClient.id),
                col(OAuthClient.dialect),
                col(OAuthClient.scopes),
                col(OAuthClient.grants),
                col(OAuthGrant.scopes).label("grant_scopes"),
                staff,
                col(Role.built_in),
                col(Role.scopes).label("role_scopes"),
            )
            .select_from(OAuthClient)
            .outerjoin(OAuthGrant, counts)
            .outerjoin(StaffMember, col(StaffMember.id) == staff)
            .outerjoin(Role, col(Role.id) == col(StaffMember.role_id))
            .where(col(OAuthClient.id) == client_id)
        )
        return await self._uow.rows(statement)

    async def tidy(self, client_id: int | None, at: datetime) -> int:
        """Forget what a client, or with None any client, holds that is over: how many rows."""
        own = true() if client_id is None else col(OAuthGrant.client_id) == client_id
        ended = [col(OAuthToken.expires_at) <= at]
        stale = [col(OAuthCode.expires_at) <= at - KEEP_CODES]
        if client_id is not None:
            ended.append(col(OAuthToken.grant_id).in_(select(col(OAuthGrant.id)).where(own)))
            stale.append(col(OAuthCode.client_id) == client_id)
        forgotten = await self._uow.change(delete(OAuthToken).where(*ended))
        forgotten += await self._uow.change(delete(OAuthCode).where(*stale))
        bare = and_(
            col(OAuthGrant.public_id).is_(None), col(OAuthGrant.created_at) <= at - TOKEN_LIFETIME
        )
        idle = col(OAuthGrant.refresh_expires_at) <= at - TOKEN_LIFETIME
        grants = delete(OAuthGrant).where(own, or_(bare, idle))
        return forgotten + await self._uow.change(grants)

    async def _revoke(self, which: ColumnElement[bool], at: datetime) -> None:
        await self._uow.change(
            update(OAuthGrant)
            .where(which, col(OAuthGrant.revoked_at).is_(None))
            .values(revoked_at=at)
        )


def _live(at: datetime) -> ColumnElement[bool]:
    return and_(col(OAuthGrant.revoked_at).is_(None), col(OAuthGrant.refresh_expires_at) > at)
