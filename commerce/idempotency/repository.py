"""Claims and answers in SQL. Outside of transactions each statement commits by itself."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.idempotency.models import IdempotencyKey


class Claim(NamedTuple):
    """The right to do a call, until somebody takes `owner` for dead."""

    name: bytes
    owner: bytes


class IdempotencyRepository:
    """No lock is ranked here: a claim waits for nothing but the end of the one before it, and an
    answer is written last, so that whoever asks meanwhile is told at once that it is in flight.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def claim(self, claim: Claim, request: bytes, now: datetime, **values: Any) -> bool:
        """Whether the call is the claimer's to do: new, expired, or left by a dead owner.

        Safe to send twice, as happens when a connection is lost: an owner may claim again.
        """
        fresh = {"request_digest": request, "owner": claim.owner, "answer": None, **values}
        left = and_(
            col(IdempotencyKey.answer).is_(None),
            col(IdempotencyKey.request_digest) == request,
            or_(col(IdempotencyKey.lease_until) <= now, col(IdempotencyKey.owner) == claim.owner),
        )
        statement = (
            insert(IdempotencyKey)
            .values(name_digest=claim.name, **fresh)
            .on_conflict_do_update(
                index_elements=[col(IdempotencyKey.name_digest)],
                set_=fresh,
                where=or_(col(IdempotencyKey.expires_at) <= now, left),
            )
        )
        return await self._uow.change(statement) == 1

    async def find(self, name: bytes) -> Row[Any] | None:
        """What is known of a call that is somebody's already."""
        columns = (col(IdempotencyKey.request_digest), col(IdempotencyKey.answer))
        return await self._uow.row(select(*columns).where(_named(name)))

    async def keep(self, claim: Claim, answer: bytes) -> bool:
        """Whether the answer is stored: it is not when somebody else has taken the call over."""
        statement = update(IdempotencyKey).where(_mine(claim)).values(answer=answer)
        return await self._uow.change(statement) == 1

    async def release(self, claim: Claim) -> None:
        """Nothing was done: the key is as good as new."""
        await self._uow.change(delete(IdempotencyKey).where(_mine(claim)))

    async def leave(self, claim: Claim, now: datetime) -> None:
        """Something may have been done: whoever sends the same again takes over at once."""
        statement = update(IdempotencyKey).where(_mine(claim)).values(lease_until=now)
        await self._uow.change(statement)

    async def remove_expired(self, now: datetime, limit: int) -> int:
        """At most `limit` rows, none that another process is just removing."""
        expired = (
            select(col(IdempotencyKey.id))
            .where(col(IdempotencyKey.expires_at) <= now)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("expired")
        )
        return await self._uow.change(
            delete(IdempotencyKey).where(col(IdempotencyKey.id) == expired.c.id)
        )


def _named(name: bytes) -> ColumnElement[bool]:
    return col(IdempotencyKey.name_digest) == name


def _mine(claim: Claim) -> ColumnElement[bool]:
    """The call while it is in progress, and still the claimer's."""
    return and_(
        _named(claim.name),
        col(IdempotencyKey.owner) == claim.owner,
        col(IdempotencyKey.answer).is_(None),
    )
