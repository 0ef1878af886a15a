"""Listing and finding orders."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from hmac import compare_digest
from typing import Any, Final
from zoneinfo import ZoneInfo

from commerce.core.clock import Clock
from commerce.core.criteria import Times, check_leaf, check_order, check_where, clean_words
from commerce.core.days import day_of, moments_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import BadInputError
from commerce.orders.criteria import DAYS, Days, OrderListing, OrderWhere
from commerce.orders.repository.orders import OrderRepository, OrderRow
from commerce.store.service import StoreService

MOST_DAYS: Final = 3660


class OrderService:
    """Raises `BadInputError` for filters and orders that a list cannot have."""

    def __init__(self, orders: OrderRepository, store: StoreService, clock: Clock) -> None:
        self._orders = orders
        self._store = store
        self._clock = clock

    async def page(self, listing: OrderListing, args: PageArgs) -> Page[OrderRow]:
        check_order(listing.order)
        where = await self._checked(listing.where)
        return await self._orders.page(replace(listing, where=where), args)

    async def count(self, where: OrderWhere, limit: int | None) -> Count:
        return await self._orders.count(await self._checked(where), limit)

    async def by_number(self, number: str) -> OrderRow | None:
        check_leaf(number)
        return await self._orders.by_number(number)

    async def by_token(self, number: str, token: str) -> OrderRow | None:
        """For guests: the same work and the same answer, whether it is not there or not theirs."""
        check_leaf(number)
        check_leaf(token)
        order = await self._orders.by_token(token)
        known = "" if order is None else order.number
        return order if compare_digest(known.encode(), number.encode()) else None

    async def _checked(self, where: OrderWhere) -> OrderWhere:
        check_where(where)
        if not _any_of(where, lambda part: _has_days(part) or part.words is not None):
            return where
        zone = await self._store.zone()

        def settled(part: OrderWhere) -> OrderWhere:
            words = None if part.words is None else clean_words(part.words)
            within: dict[str, Any] = dict.fromkeys(DAYS)
            for name, days in _days_of(part).items():
                within[DAYS[name]] = self._within(days, zone)
            return replace(part, words=words, **within)

        return _each(where, settled)

    def _within(self, days: Days, zone: ZoneInfo) -> Times:
        if days.recent is None:
            return moments_of(days.first, days.last, zone)
        if days.first or days.last or not 1 <= days.recent <= MOST_DAYS:
            raise BadInputError(f"recent is a number of days from 1 to {MOST_DAYS}, on its own.")
        if not 0 <= days.ago <= MOST_DAYS:
            raise BadInputError(f"ago is a number of days from 0 to {MOST_DAYS}.")
        last: date = day_of(self._clock(), zone) - timedelta(days=days.ago)
        return moments_of(last - timedelta(days=days.recent - 1), last, zone)


def _days_of(where: OrderWhere) -> dict[str, Days]:
    """The filters of days that are given."""
    named = {name: getattr(where, name) for name in DAYS}
    return {name: days for name, days in named.items() if days is not None}


def _has_days(where: OrderWhere) -> bool:
    return bool(_days_of(where))


def _any_of(where: OrderWhere, holds: Callable[[OrderWhere], bool]) -> bool:
    """Whether it holds for the filter or a part of it."""
    inside = (*(where.every or ()), *(where.some or ()), *((where.none,) if where.none else ()))
    return holds(where) or any(_any_of(part, holds) for part in inside)


def _each(where: OrderWhere, change: Callable[[OrderWhere], OrderWhere]) -> OrderWhere:
    """The filter with all its parts changed."""
    every, some, none = where.every, where.some, where.none
    return replace(
        change(where),
        every=None if every is None else tuple(_each(part, change) for part in every),
        some=None if some is None else tuple(_each(part, change) for part in some),
        none=None if none is None else _each(none, change),
    )
