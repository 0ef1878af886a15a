"""Refunds and their lines. Callers have found, or locked, the order before."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlmodel import col

from commerce.core.db import UnitOfWork, among
from commerce.core.viewer import Viewer
from commerce.orders.kinds import RefundStatus
from commerce.orders.models import Order, Refund, RefundLine, RefundPayment
from commerce.orders.repository import shown
from commerce.orders.rules.events import changed_order
from commerce.orders.visibility import visible_orders

RefundRow = Row[Any]
Values = Mapping[str, Any]


class RefundRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, RefundRow]:
        """Those of orders that the viewer sees."""
        statement = (
            select(*shown.REFUND)
            .join(Order, col(Order.id) == col(Refund.order_id))
            .where(among(col(Refund.id), ids), visible_orders(self._viewer))
        )
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_key(self, order_id: int, key: str) -> RefundRow | None:
        return await self._uow.row(
            select(*shown.REFUND).where(col(Refund.order_id) == order_id, col(Refund.key) == key)
        )

    async def by_orders(self, ids: Keys[int]) -> dict[int, list[RefundRow]]:
        statement = (
            select(*shown.REFUND).where(among(col(Refund.order_id), ids)).order_by(col(Refund.id))
        )
        return _grouped(await self._uow.rows(statement), "order_id")

    async def lines(self, ids: Keys[int]) -> dict[int, list[RefundRow]]:
        statement = (
            select(*shown.REFUND_LINE)
            .where(among(col(RefundLine.refund_id), ids))
            .order_by(col(RefundLine.id))
        )
        return _grouped(await self._uow.rows(statement), "refund_id")

    async def payments(self, ids: Keys[int]) -> dict[int, list[RefundRow]]:
        """By what the money of each refund goes back."""
        statement = (
            select(*shown.REFUND_PAYMENT)
            .where(among(col(RefundPayment.refund_id), ids))
            .order_by(col(RefundPayment.id))
        )
        return _grouped(await self._uow.rows(statement), "refund_id")

    async def gross_by_line(self, order_id: int) -> dict[int, Decimal]:
        """What went back of each line, or is on its way."""
        line_id = col(RefundLine.order_line_id)
        statement = (
            select(line_id, func.sum(col(RefundLine.gross)).label("gross"))
            .join(Refund, col(Refund.id) == col(RefundLine.refund_id))
            .where(col(Refund.order_id) == order_id, col(Refund.status) != RefundStatus.FAILED)
            .group_by(line_id)
        )
        return {row.order_line_id: row.gross for row in await self._uow.rows(statement)}

    async def add(
        self, values: Values, lines: Sequence[Values], payments: Sequence[Values]
    ) -> RefundRow:
        rows = await self._uow.rows(insert(Refund).values(**values).returning(*shown.REFUND))
        for model, parts in ((RefundLine, lines), (RefundPayment, payments)):
            if parts:
                held = [{"refund_id": rows[0].id, **part} for part in parts]
                await self._uow.change(insert(model), held)
        self._uow.record(changed_order(rows[0].order_id, "refund_opened"))
        return rows[0]

    async def settle_payment(
        self, attempt_id: int, status: RefundStatus, settled_at: datetime
    ) -> RefundRow | None:
        """The part, with the status of its refund until now; None of what is in none, or was
        settled before.

        What went back may come back from the bank days later: FAILED after it SUCCEEDED.
        """
        before = (RefundStatus.PENDING, RefundStatus.SUCCEEDED)
        statement: Any = (
            update(RefundPayment)
            .where(
                col(RefundPayment.attempt_id) == attempt_id,
                col(RefundPayment.status).in_(before),
                col(RefundPayment.status) != status,
                col(Refund.id) == col(RefundPayment.refund_id),
            )
            .values(status=status, settled_at=settled_at)
            .returning(
                col(RefundPayment.refund_id),
                col(RefundPayment.amount),
                col(Refund.order_id),
                col(Refund.status).label("refund_status"),
            )
        )
        return await self._uow.row(statement)

    async def ask_again(self, refund_id: int, attempts: Mapping[int, int]) -> RefundRow:
        """New attempts for parts of a refund that were refused, by their ids."""
        for id_, attempt_id in attempts.items():
            await self._uow.change(
                update(RefundPayment)
                .where(col(RefundPayment.id) == id_)
                .values(
                    attempt_id=attempt_id,
                    asked=col(RefundPayment.asked) + 1,
                    status=RefundStatus.PENDING,
                    settled_at=None,
                )
            )
        statement = (
            update(Refund)
            .where(col(Refund.id) == refund_id)
            .values(status=RefundStatus.PENDING, settled_at=None)
            .returning(*shown.REFUND)
        )
        return (await self._uow.rows(statement))[0]

    async def settle(
        self, id_: int, status: RefundStatus, settled_at: datetime
    ) -> RefundRow | None:
        """None when that is no news; one that has failed stays so."""
        known = (status, RefundStatus.FAILED)
        statement = (
            update(Refund)
            .where(col(Refund.id) == id_, col(Refund.status).not_in(known))
            .values(status=status, settled_at=settled_at)
            .returning(*shown.REFUND)
        )
        return await self._uow.row(statement)


def _grouped(rows: Sequence[RefundRow], owner: str) -> dict[int, list[RefundRow]]:
    found: defaultdict[int, list[RefundRow]] = defaultdict(list)
    for row in rows:
        found[getattr(row, owner)].append(row)
    return found
