"""What left the house, and what was sold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from commerce.core.criteria import check_leaf
from commerce.core.days import moments_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import BadInputError
from commerce.orders.repository.reports import FulfillmentWhere, OrderReportRepository
from commerce.store.service import StoreService

MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class DayOfSales:
    day: date
    orders: int
    units: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Sales:
    """Of orders in the store's currency, by the day they were placed where the store is."""

    first: date
    last: date
    currency: str
    days: Sequence[DayOfSales]


@dataclass(frozen=True, slots=True)
class ShippedWhere:
    """With days in the store's zone in place of moments."""

    where: FulfillmentWhere
    first: date | None = None
    last: date | None = None


class OrderReportService:
    """Raises `BadInputError` for filters that a list cannot have."""

    def __init__(self, reports: OrderReportRepository, store: StoreService) -> None:
        self._reports = reports
        self._store = store

    async def fulfillments(self, wanted: ShippedWhere, args: PageArgs) -> Page[Any]:
        return await self._reports.fulfillments(await self._within(wanted), args)

    async def fulfillment_count(self, wanted: ShippedWhere, limit: int | None) -> Count:
        return await self._reports.fulfillment_count(await self._within(wanted), limit)

    async def carriers(self) -> Sequence[str]:
        return await self._reports.carriers()

    async def sales(self, first: date, last: date) -> Sales:
        if not 0 <= (last - first).days < MOST_DAYS:
            raise BadInputError(f"Sales are told of at most {MOST_DAYS} days.")
        store, zone = await self._store.settings(), await self._store.zone()
        within = moments_of(first, last, zone)
        rows = await self._reports.sales(within, store.currency, str(zone))
        days = [DayOfSales(row.day, row.orders, row.units, row.revenue) for row in rows]
        return Sales(first, last, store.currency, days)

    async def _within(self, wanted: ShippedWhere) -> FulfillmentWhere:
        for text in (wanted.where.tracking_number, wanted.where.carrier, wanted.where.words):
            check_leaf(text)
        if wanted.first is None and wanted.last is None:
            return wanted.where
        zone = await self._store.zone()
        return replace(wanted.where, shipped_at=moments_of(wanted.first, wanted.last, zone))
