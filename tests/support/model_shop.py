"""A whole application to compare with the model: GraphQL in front, PostgreSQL behind."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from commerce.app import create_app
from commerce.authentication import Authenticator
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.paging import Cursors
from commerce.core.places import Area
from commerce.core.viewer import SYSTEM
from commerce.invariants import broken
from commerce.runtime import Resources
from commerce.settings import Settings
from commerce.wiring import Services
from tests.support.buying import buying_shop, make_key
from tests.support.checkout import Shop
from tests.support.gift_cards import make_gift_card
from tests.support.model import ModelGoods
from tests.support.promotions import make_coupon
from tests.support.taxes import make_tax_zone

DOCUMENTS = {
    "cartCreate": "cart { token }",
    "cartContactSet": "cart { id }",
    "cartAddressSet": "cart { id }",
    "cartLinesAdd": "cart { id }",
    "cartLineSet": "cart { id }",
    "cartCouponApply": "cart { id }",
    "cartGiftCardApply": "cart { id }",
    "cartComplete": "order { databaseId cost { total { amount } due { amount } } }",
    "transactionCapture": "payment { id }",
    "refundCreate": "refund { id }",
    "orderCancel": "order { id }",
    "fulfillmentCreate": "fulfillment { id }",
    "returnCreate": "orderReturn { id }",
    "returnReceive": "orderReturn { id }",
    "stockAdjust": "stockLevels { onHand }",
}
LEVELS = "SELECT variant_id, on_hand, reserved FROM stock_levels WHERE variant_id = ANY(:ids)"
MONEY = """
SELECT orders.id, orders.total, orders.gift_cards, orders.due, orders.paid, orders.refunded,
    orders.status = 'canceled' AS canceled, amount,
    payments.authorized, captured, voided,
    payments.refunded AS given_back, refund_pending, void_pending,
    (SELECT coalesce(sum(CASE kind WHEN 'refund' THEN -book.amount ELSE book.amount END), 0)
        FROM test_provider_charges AS book
        WHERE book.payment_reference = payments.payment_reference AND book.state = 'succeeded'
            AND kind IN ('charge', 'capture', 'refund')) AS booked
FROM orders LEFT JOIN payments ON payments.order_id = orders.id
WHERE orders.id = ANY(:ids) ORDER BY orders.id
"""
LINES = "SELECT id FROM order_lines WHERE order_id = :order AND variant_id = :variant"


class ModelShop:
    """Each `start` sells goods of its own, with a coupon and a gift card of its own."""

    def __init__(self, shop: Shop, client: httpx.AsyncClient) -> None:
        self.shop = shop
        self._client = client
        self._starts = self._calls = 0
        self.variants: list[int] = []
        self.card_code = self.coupon_code = ""
        self._card_id = 0

    async def start(self, goods: Sequence[ModelGoods], card: Decimal) -> None:
        self._starts += 1
        self.card_code = f"CARD-{self._starts:04}-GIVEN"
        self.coupon_code = f"TEN-{self._starts}"
        self.variants = [
            await self.shop.variant(str(each.price), each.on_hand, taxable=each.rate > 0)
            for each in goods
        ]
        async with self.shop.open_unit() as uow:
            await make_coupon(uow, self.coupon_code)
            self._card_id = (await make_gift_card(uow, str(card), self.card_code)).id

    async def do(self, name: str, given: Mapping[str, Any]) -> tuple[Any, bool]:
        """The payload, and whether it was done."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = (
            f"mutation ($input: {kind}!) {{ {name}(input: $input)"
            f" {{ {DOCUMENTS[name]} userErrors {{ code message path }} }} }}"
        )
        self._calls += 1
        headers = {"Idempotency-Key": f"call {self._calls}"}
        body = {"query": query, "variables": {"input": given}}
        answer = await self._client.post("/graphql", json=body, headers=headers)
        told = answer.json()
        assert answer.status_code == 200, told
        assert "errors" not in told, told
        payload = told["data"][name]
        return payload, not payload["userErrors"]

    async def settle(self) -> None:
        """What waits to be asked of providers is asked, as if a minute had passed."""
        later = later_by(timedelta(minutes=1))
        async with self.shop.open_unit() as uow:
            services = Services(uow, SYSTEM, later, self.shop.ports)
            await services.reconciling.reconcile()

    async def levels(self) -> list[tuple[int, int]]:
        """On hand and allocated of each of the goods."""
        async with self.shop.open_unit() as uow:
            rows = await uow.rows(text(LEVELS), {"ids": self.variants})
        found = {row.variant_id: (row.on_hand, row.reserved) for row in rows}
        return [found[variant] for variant in self.variants]

    async def money(self, ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        async with self.shop.open_unit() as uow:
            rows = await uow.rows(text(MONEY), {"ids": list(ids)})
        return [row._mapping for row in rows]

    async def card(self) -> Decimal:
        statement = "SELECT balance FROM gift_cards WHERE id = :id"
        return Decimal(await self._one(statement, id=self._card_id))

    async def broken(self) -> list[str]:
        async with self.shop.open_unit() as uow:
            return [str(each) for each in await broken(uow)]

    async def payment(self, order_id: int) -> str | None:
        found = await self._one("SELECT id FROM payments WHERE order_id = :id", id=order_id)
        return None if found is None else global_id("Payment", found)

    async def line(self, order_id: int, place: int) -> str:
        variant = self.variants[place]
        return global_id("OrderLine", await self._one(LINES, order=order_id, variant=variant))

    async def _one(self, statement: str, **values: Any) -> Any:
        async with self.shop.open_unit() as uow:
            rows = await uow.rows(text(statement), values)
            return rows[0][0] if rows else None


def later_by(later: timedelta) -> Any:
    return lambda: system_clock() + later


@asynccontextmanager
async def model_shop(server_url: str, folder: Path) -> AsyncIterator[ModelShop]:
    """Prices are net; where goods go, 23 percent are added to those that are taxed."""
    async with buying_shop(server_url, "model") as shop:
        async with shop.open_unit() as uow:
            await _with_taxes(uow)
        headers = {"Authorization": f"Bearer {await make_key(shop)}"}
        transport = httpx.ASGITransport(create_app(_resources(shop, folder)))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://store.test", headers=headers
        ) as client:
            yield ModelShop(shop, client)


async def _with_taxes(uow: UnitOfWork) -> None:
    await uow.change(text("UPDATE price_lists SET prices_include_tax = false"))
    await make_tax_zone(uow, "Poland", [Area("PL")], ("VAT 23%", "23", None))


def _resources(shop: Shop, folder: Path) -> Resources:
    ports = shop.ports
    return Resources(
        settings=Settings(data_dir=folder, rate_limits=False),
        open_unit=shop.open_unit,
        clock=system_clock,
        cursors=Cursors(b"a secret of the tests"),
        authenticator=Authenticator(shop.open_unit, system_clock, ports.access_tokens),
        ports=ports,
        database_url=shop.database.url,
    )
