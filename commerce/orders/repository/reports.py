"""What left the house and what was sold, over all orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Date, Row, Select, cast, func, or_, select
from sqlmodel import col

from commerce.core.comparisons import range_is
from commerce.core.criteria import Times
from commerce.core.db import UnitOfWork
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.orders.kinds import OrderStatus, PaymentStatus
from commerce.orders.models import Fulfillment, Order, OrderLine
from commerce.orders.repository import shown
from commerce.orders.visibility import visible_orders

NEWEST: Final = (SortKey(col(Fulfillment.id), descending=True),)
MOST_CARRIERS: Final = 100


@dataclass(frozen=True, slots=True)
class FulfillmentWhere:
    """All that is given must hold. `words` is a part of a tracking number, carrier or order's
    number."""

    tracking_number: str | None = None
    carrier: str | None = None
    paid: bool | None = None
    order_status: tuple[OrderStatus, ...] | None = None
    shipped_at: Times | None = None
    words: str | None = None


class OrderReportRepository:
    """For who may read orders."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def fulfillments(self, where: FulfillmentWhere, args: PageArgs) -> Page[Row[Any]]:
        """The newest first; those that were called off are left out."""
        rows = await self._uow.rows(paged(self._shipped(where), NEWEST, args))
        return page_of(rows, len(NEWEST), args)

    async def fulfillment_count(self, where: FulfillmentWhere, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._shipped(where), limit)), limit)

    async def carriers(self) -> Sequence[str]:
        """Those that carried anything, by name; at most a hundred."""
        carrier = col(Fulfillment.carrier)
        known = select(carrier).where(carrier != "").distinct().order_by(carrier)
        return list(await self._uow.scalars(known.limit(MOST_CARRIERS)))

    async def sales(self, within: Times, currency: str, zone: str) -> Sequence[Row[Any]]:
        """`day`, `orders`, `revenue` and `units` of each day with orders that were not canceled."""
        day = cast(func.timezone(zone, col(Order.placed_at)), Date).label("day")
        sold = (
            select(
                col(OrderLine.order_id),
                func.sum(col(OrderLine.quantity) - col(OrderLine.canceled)).label("units"),
            )
            .group_by(col(OrderLine.order_id))
            .subquery()
        )
        statement = (
            select(
                day,
                func.count().label("orders"),
                func.sum(col(Order.total)).label("revenue"),
                func.coalesce(func.sum(sold.c.units), 0).label("units"),
            )
            .outerjoin(sold, sold.c.order_id == col(Order.id))
            .where(
                col(Order.status) != OrderStatus.CANCELED,
                col(Order.currency) == currency,
                range_is(col(Order.placed_at), within),
                visible_orders(self._viewer),
            )
            .group_by(day)
            .order_by(day)
        )
        return await self._uow.rows(statement)

    def _shipped(self, where: FulfillmentWhere) -> Select[Any]:
        own = col(Order.id) == col(Fulfillment.order_id)
        found = select(*shown.FULFILLMENT).join(Order, own).where(visible_orders(self._viewer))
        return found.where(col(Fulfillment.canceled_at).is_(None), *_conditions(where))


def _conditions(where: FulfillmentWhere) -> Sequence[Any]:
    found: list[Any] = []
    if where.tracking_number is not None:
        found.append(col(Fulfillment.tracking_number) == where.tracking_number)
    if where.carrier is not None:
        found.append(func.lower(col(Fulfillment.carrier)) == func.lower(where.carrier))
    if where.paid is not None:
        paid = col(Order.payment_status) == PaymentStatus.PAID
        found.append(paid if where.paid else ~paid)
    if where.order_status is not None:
        found.append(col(Order.status).in_(where.order_status))
    if where.shipped_at is not None:
        found.append(range_is(col(Fulfillment.shipped_at), where.shipped_at))
    if where.words is not None:
        texts = (col(Fulfillment.tracking_number), col(Fulfillment.carrier), col(Order.number))
        found.append(or_(*(text.icontains(where.words, autoescape=True) for text in texts)))
    return found
