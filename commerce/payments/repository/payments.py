"""Payments and their sums."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, insert, or_, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.events import Event
from commerce.core.locks import Rank
from commerce.core.viewer import Viewer
from commerce.core.writes import given, written
from commerce.payments.kinds import IN_FLIGHT, OPENING, TransactionKind
from commerce.payments.models import Payment, PaymentAttempt, PaymentTransaction
from commerce.payments.rules.sums import Sums
from commerce.payments.visibility import visible_payments

PaymentRow = Row[Any]
TransactionRow = Row[Any]

COLUMNS = tuple(columns_of(Payment))
TRANSACTIONS = tuple(columns_of(PaymentTransaction))
SPOKEN_FOR = (
    col(Payment.captured)
    + col(Payment.capture_pending)
    + col(Payment.voided)
    + col(Payment.void_pending)
)


class PaymentRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, PaymentRow]:
        found = await self._uow.rows(select(*COLUMNS).where(among(col(Payment.id), ids)))
        return {row.id: row for row in found}

    async def visible_by_ids(self, ids: Keys[int]) -> dict[int, PaymentRow]:
        """For whoever asks for payments by themselves."""
        statement = select(*COLUMNS).where(
            among(col(Payment.id), ids), visible_payments(self._viewer)
        )
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_orders(self, order_ids: Keys[int]) -> dict[int, list[PaymentRow]]:
        """The payments of each order, the oldest first."""
        statement = (
            select(*COLUMNS)
            .where(among(col(Payment.order_id), order_ids))
            .order_by(col(Payment.id))
        )
        found: defaultdict[int, list[PaymentRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.order_id].append(row)
        return dict(found)

    async def transactions(self, payment_ids: Keys[int]) -> dict[int, list[TransactionRow]]:
        """The ledger of each payment, the oldest row first."""
        statement = (
            select(*TRANSACTIONS)
            .where(among(col(PaymentTransaction.payment_id), payment_ids))
            .order_by(col(PaymentTransaction.id))
        )
        found: defaultdict[int, list[TransactionRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.payment_id].append(row)
        return dict(found)

    async def of_reference(self, provider: str, reference: str) -> PaymentRow | None:
        return await self._uow.row(
            select(*COLUMNS).where(
                col(Payment.provider) == provider, col(Payment.payment_reference) == reference
            )
        )

    async def for_nothing(self, before: datetime, limit: int) -> Sequence[PaymentRow]:
        """Those without an order in which money is left that nobody has asked back yet."""
        left = col(Payment.authorized) > SPOKEN_FOR
        taken = col(Payment.refunded) + col(Payment.refund_pending) < col(Payment.captured)
        waiting = exists().where(
            col(PaymentAttempt.payment_id) == col(Payment.id),
            col(PaymentAttempt.kind).in_(OPENING),
            col(PaymentAttempt.state).in_(IN_FLIGHT),
        )
        return await self._uow.rows(
            select(*COLUMNS)
            .where(
                col(Payment.order_id).is_(None),
                col(Payment.authorized) > col(Payment.voided) + col(Payment.refunded),  # the index
                or_(and_(left, ~col(Payment.closed)), taken),
                col(Payment.updated_at) < before,
                ~waiting,
            )
            .order_by(col(Payment.id))
            .limit(limit)
        )

    async def locked(self, id_: int) -> PaymentRow | None:
        statement = select(*COLUMNS).where(col(Payment.id) == id_)
        return next(iter(await self._uow.locked(Rank.PAYMENT, statement)), None)

    async def locked_of(self, attempt_id: int) -> PaymentRow | None:
        """The payment that an attempt belongs to."""
        own = select(col(PaymentAttempt.payment_id)).where(col(PaymentAttempt.id) == attempt_id)
        statement = select(*COLUMNS).where(col(Payment.id) == own.scalar_subquery())
        return next(iter(await self._uow.locked(Rank.PAYMENT, statement)), None)

    async def add(self, values: Mapping[str, Any]) -> PaymentRow:
        self._uow.hold(Rank.PAYMENT)
        return (await self._uow.rows(_adding(tuple(values)), written(values)))[0]

    async def ask_capture(self, id_: int, amount: Decimal) -> PaymentRow | None:
        """None when that much is not open. One UPDATE decides and writes, here and below."""
        return await self._asked(
            id_, col(Payment.capture_pending), amount, _has_open(amount) & ~col(Payment.closed)
        )

    async def ask_void(self, id_: int, amount: Decimal) -> PaymentRow | None:
        return await self._asked(id_, col(Payment.void_pending), amount, _has_open(amount))

    async def ask_refund(self, id_: int, amount: Decimal) -> PaymentRow | None:
        return await self._asked(id_, col(Payment.refund_pending), amount, _has_taken(amount))

    async def write(self, id_: int, sums: Sums, payment_reference: str | None = None) -> PaymentRow:
        """The changed row of a payment that is locked; what the provider calls it stays known."""
        values: dict[str, Any] = asdict(sums) | {"updated_at": func.now()}
        if payment_reference is not None:
            values["payment_reference"] = payment_reference
        statement = (
            update(Payment).where(col(Payment.id) == id_).values(**values).returning(*COLUMNS)
        )
        return (await self._uow.rows(statement))[0]

    async def book(
        self, payment_id: int, attempt_id: int, moved: Mapping[TransactionKind, Decimal]
    ) -> None:
        """Rows of the ledger."""
        rows = [
            {"payment_id": payment_id, "attempt_id": attempt_id, "kind": kind, "amount": amount}
            for kind, amount in moved.items()
        ]
        if rows:
            await self._uow.change(insert(PaymentTransaction), rows)

    def tell(self, events: Iterable[Event]) -> None:
        for event in events:
            self._uow.record(event)

    async def attach(self, id_: int, order_id: int) -> None:
        self._uow.hold(Rank.PAYMENT)
        await self._uow.change(
            update(Payment)
            .where(col(Payment.id) == id_, col(Payment.order_id).is_(None))
            .values(order_id=order_id, updated_at=func.now())
        )

    async def _asked(
        self, id_: int, pending: Any, amount: Decimal, possible: ColumnElement[bool]
    ) -> PaymentRow | None:
        self._uow.hold(Rank.PAYMENT)
        return await self._uow.row(
            update(Payment)
            .where(col(Payment.id) == id_, possible)
            .values({pending: pending + amount, col(Payment.updated_at): func.now()})
            .returning(*COLUMNS)
        )


@cache
def _adding(names: tuple[str, ...]) -> Any:
    return insert(Payment).values(**given(Payment, names)).returning(*COLUMNS)


def _has_open(amount: Decimal) -> ColumnElement[bool]:
    return SPOKEN_FOR + amount <= col(Payment.authorized)


def _has_taken(amount: Decimal) -> ColumnElement[bool]:
    given_back = col(Payment.refunded) + col(Payment.refund_pending)
    return given_back + amount <= col(Payment.captured)
