"""The invoice that follows from an order being paid, where the store wants that."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.invoices import make_series


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    shop = await Shop.open(database)
    async with shop.open_unit() as uow:
        await make_series(uow, "a", prefix="A", is_default=True, on_payment=True)
    yield shop
    await assert_invariants(database)


async def invoices(shop: Shop) -> list[Any]:
    async with shop.services(SYSTEM) as services:
        page = await services.repositories.invoices.by_orders([1, 2])
    return [invoice for found in page.values() for invoice in found]


async def test_whoever_pays_at_once_has_an_invoice(shop: Shop) -> None:
    await shop.buy(await shop.cart((await shop.variant("10"), 1)), "10")
    assert [invoice.total for invoice in await invoices(shop)] == [10]


async def test_whoever_pays_later_has_one_then(shop: Shop) -> None:
    bought: Any = await shop.buy(await shop.cart((await shop.variant("10"), 1)), "10", "manual")
    assert await invoices(shop) == []
    async with shop.services(SYSTEM) as services:
        (payment,) = (await services.repositories.payments.by_orders([bought.order.id]))[
            bought.order.id
        ]
        await services.order_money.capture(payment.id, None, "came")
    assert len(await invoices(shop)) == 1
