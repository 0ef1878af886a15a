"""Purpose tokens in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.identity.kinds import Holder, Purpose
from commerce.identity.models import PurposeToken
from commerce.identity.visibility import column_of, held_by

TokenRow = Row[Any]
COLUMNS = tuple(columns_of(PurposeToken))


class PurposeTokenRepository:
    """Nobody reads these: they are put down, and taken by who knows them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def put(self, holder: Holder, purpose: Purpose, values: dict[str, Any]) -> None:
        """Write a token down, in place of the holder's older one for this purpose."""
        owner = column_of(PurposeToken, holder.audience).key
        statement = insert(PurposeToken).values({owner: holder.id, "purpose": purpose, **values})
        await self._uow.change(
            statement.on_conflict_do_update(
                index_elements=[owner, "purpose"],
                index_where=text(f"{owner} NOTNULL"),
                set_={name: statement.excluded[name] for name in values},
            )
        )

    async def take(self, purpose: Purpose, sha256: bytes, at: datetime) -> TokenRow | None:
        """The token, which is gone by that: of two who take it one gets None."""
        found = delete(PurposeToken).where(*_good(purpose, sha256, at))
        return await self._uow.row(found.returning(*COLUMNS))

    async def look(self, purpose: Purpose, sha256: bytes, at: datetime) -> TokenRow | None:
        """The token as it is, for what has to be done before it is taken."""
        return await self._uow.row(select(*COLUMNS).where(*_good(purpose, sha256, at)))

    async def forget_expired(self, at: datetime) -> int:
        return await self._uow.change(
            delete(PurposeToken).where(col(PurposeToken.expires_at) <= at)
        )

    async def void(self, holder: Holder, purpose: Purpose | None = None) -> int:
        """Make a holder's tokens, or the one for a purpose, worthless: how many there were."""
        which = [held_by(PurposeToken, holder)]
        if purpose is not None:
            which.append(col(PurposeToken.purpose) == purpose)
        return await self._uow.change(delete(PurposeToken).where(*which))


def _good(purpose: Purpose, sha256: bytes, at: datetime) -> Sequence[ColumnElement[bool]]:
    """The token with this hash, if it is for this purpose and not over."""
    return (
        col(PurposeToken.sha256) == sha256,
        col(PurposeToken.purpose) == purpose,
        col(PurposeToken.expires_at) > at,
    )
