"""Listing and finding orders."""

from collections.abc import Callable
from dataclasses import replace
from hmac import compare_digest

from commerce.core.criteria import check_leaf, check_order, check_where, clean_words
from commerce.core.days import moments_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.orders.criteria import OrderListing, OrderWhere
from commerce.orders.repository.orders import OrderRepository, OrderRow
from commerce.store.service import StoreService


class OrderService:
    """Raises `BadInputError` for filters and orders that a list cannot have."""

    def __init__(self, orders: OrderRepository, store: StoreService) -> None:
        self._orders = orders
        self._store = store

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
        if not _any_of(where, lambda part: part.placed_on is not None or part.words is not None):
            return where
        zone = await self._store.zone()

        def settled(part: OrderWhere) -> OrderWhere:
            days = part.placed_on
            within = None if days is None else moments_of(days.first, days.last, zone)
            words = None if part.words is None else clean_words(part.words)
            return replace(part, placed_on=None, placed_within=within, words=words)

        return _each(where, settled)


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
