"""What was asked of providers, and their reports."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from commerce.core.arrays import among_ids
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.locks import Rank
from commerce.core.writes import given, written
from commerce.payments.kinds import IN_FLIGHT, OFFLINE, OPENING, AttemptKind
from commerce.payments.models import Payment, PaymentAttempt, PaymentEvent

AttemptRow = Row[Any]

OWN = tuple(columns_of(PaymentAttempt))
# With what a provider, or whoever settles it, must know of the payment.
COLUMNS = (
    *OWN,
    col(Payment.provider),
    col(Payment.method_id),
    col(Payment.cart_id),
    col(Payment.order_id),
    col(Payment.currency),
    col(Payment.payment_reference),
)


class AttemptRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_id(self, id_: int) -> AttemptRow | None:
        return await self._uow.row(_attempts().where(col(PaymentAttempt.id) == id_))

    async def by_payments(self, payment_ids: Keys[int]) -> dict[int, list[AttemptRow]]:
        """The attempts of each payment, the oldest first."""
        statement = (
            _attempts()
            .where(among(col(PaymentAttempt.payment_id), payment_ids))
            .order_by(col(PaymentAttempt.id))
        )
        found: defaultdict[int, list[AttemptRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.payment_id].append(row)
        return dict(found)

    async def of_key(self, payment_id: int, kind: AttemptKind, key: str) -> AttemptRow | None:
        return await self._uow.row(
            _attempts().where(
                col(PaymentAttempt.payment_id) == payment_id,
                col(PaymentAttempt.kind) == kind,
                col(PaymentAttempt.key) == key,
            )
        )

    async def of_provider_key(self, provider_key: str) -> AttemptRow | None:
        return await self._uow.row(
            _attempts().where(col(PaymentAttempt.provider_key) == provider_key)
        )

    async def of_cart(self, cart_id: int) -> AttemptRow | None:
        """What opens a payment of this cart and has no answer yet, the newest."""
        return await self._opening(col(Payment.cart_id) == cart_id)

    async def of_order(self, order_id: int) -> AttemptRow | None:
        """The same of an order."""
        return await self._opening(col(Payment.order_id) == order_id)

    async def _opening(self, which: ColumnElement[bool]) -> AttemptRow | None:
        return await self._uow.row(
            _attempts()
            .where(
                which,
                col(Payment.provider) != OFFLINE,
                col(PaymentAttempt.kind).in_(OPENING),
                col(PaymentAttempt.state).in_(IN_FLIGHT),
            )
            .order_by(col(PaymentAttempt.id).desc())
            .limit(1)
        )

    async def in_doubt(self, before: datetime, limit: int) -> Sequence[AttemptRow]:
        """Those without an answer that nobody has asked about since `before`, in that order."""
        return await self._uow.rows(
            _attempts()
            .where(
                col(PaymentAttempt.state).in_(IN_FLIGHT),
                col(PaymentAttempt.updated_at) < before,
                col(Payment.provider) != OFFLINE,
            )
            .order_by(col(PaymentAttempt.updated_at), col(PaymentAttempt.id))
            .limit(limit)
        )

    async def add(self, values: Mapping[str, Any]) -> AttemptRow:
        return await self._again(await self._uow.scalar(_adding(tuple(values)), written(values)))

    async def write(self, id_: int, changes: Mapping[str, Any]) -> AttemptRow:
        """The changed row of an attempt whose payment is locked."""
        await self._uow.change(
            update(PaymentAttempt)
            .where(col(PaymentAttempt.id) == id_)
            .values(**changes, updated_at=func.clock_timestamp())
        )
        return await self._again(id_)

    async def note_event(self, provider: str, event_id: str) -> bool:
        """False when it was noted before; waits for whoever is noting it right now."""
        self._uow.hold(Rank.IDEMPOTENCY_KEY)
        noted = await self._uow.change(
            upsert(PaymentEvent)
            .values(provider=provider, event_id=event_id)
            .on_conflict_do_nothing()
        )
        return noted == 1

    async def _again(self, id_: int) -> AttemptRow:
        return (await self._uow.rows(_by_ids(), {"ids": [id_]}))[0]


@cache
def _adding(names: tuple[str, ...]) -> Any:
    values = given(PaymentAttempt, names)
    return insert(PaymentAttempt).values(**values).returning(col(PaymentAttempt.id))


@cache
def _by_ids() -> Select[Any]:
    return _attempts().where(among_ids(col(PaymentAttempt.id)))


def _attempts() -> Select[Any]:
    return select(*COLUMNS).join(Payment, col(Payment.id) == col(PaymentAttempt.payment_id))
