"""Builders of carts, and a shop to fill them in."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert

from commerce.carts.models import Cart, CartLine
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from tests.support.catalog import make_category, make_product, make_variant
from tests.support.inventory import make_level, make_location
from tests.support.pricing import make_price, make_price_list

Change = Callable[..., Awaitable[Any]]
TOKEN = "a-token-that-nobody-would-ever-guess"


async def make_cart(uow: UnitOfWork, token: str = TOKEN, **values: Any) -> Row[Any]:
    """An active guest's cart in EUR, good for a day."""
    given = {"currency": "EUR", "expires_at": system_clock() + timedelta(days=1), **values}
    return await _added(uow, Cart, token=token, **given)


async def make_cart_line(
    uow: UnitOfWork, cart: Any, variant: Any, quantity: int = 1, **values: Any
) -> Row[Any]:
    given = {"cart_id": cart.id, "variant_id": variant.id, "quantity": quantity, **values}
    return await _added(uow, CartLine, **given)


class Goods:
    """A shop with a default price list, a location, and variants to buy."""

    def __init__(self, uow: UnitOfWork, prices: Any, location: Any) -> None:
        self.uow = uow
        self.prices = prices
        self.location = location
        self._made = 0

    @classmethod
    async def open(cls, uow: UnitOfWork, **prices: Any) -> "Goods":
        return cls(
            uow, await make_price_list(uow, is_default=True, **prices), await make_location(uow)
        )

    async def variant(self, amount: str | None = "10", stock: int = 50, **values: Any) -> Row[Any]:
        """A variant of a product of its own, in a category of two levels."""
        self._made += 1
        product = await make_product(
            self.uow, f"Thing {self._made}", **values.pop("product", {"tags": ["plain"]})
        )
        variant = await make_variant(self.uow, product, sku=f"sku-{self._made}", **values)
        if amount is not None:
            await make_price(self.uow, self.prices, variant, amount)
        await make_level(self.uow, variant, self.location, stock)
        return variant

    async def variants(self, count: int) -> Sequence[Row[Any]]:
        made = [await self.variant() for _ in range(count)]
        above = await make_category(self.uow, "All")
        await make_category(self.uow, "Below", parent=above)
        return made


async def _added(uow: UnitOfWork, model: Any, **values: Any) -> Row[Any]:
    row = await uow.row(insert(model).values(**values).returning(*model.__table__.c))
    assert row is not None
    return row


def wanted(variant: Any, quantity: int = 1, **extra: Any) -> dict[str, Any]:
    """A line as mutations take it."""
    fields = {"extraFields": extra} if extra else {}
    return {"variantId": global_id("ProductVariant", variant.id), "quantity": quantity, **fields}


def units(payload: Any) -> list[tuple[int, int]]:
    """The numbers of a cart's lines with their quantities."""
    return [(line["databaseId"], line["quantity"]) for line in payload["cart"]["lines"]["nodes"]]


def errors(payload: Any) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["path"]) for error in payload["userErrors"]]
