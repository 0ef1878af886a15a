"""A shop to buy in, on connections of its own: goods, ways to pay, and carts of guests."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from secrets import token_urlsafe
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlmodel import col

from commerce.carts.models import CartLine
from commerce.carts.rules.refs import CartRef
from commerce.core.clock import Clock, system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.problems import Problem
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.gift_cards.models import GiftCard
from commerce.integrations.test_payments import PretendPayments
from commerce.inventory.models import StockLevel
from commerce.orders.models import Order
from commerce.orders.service.cart_payments import Purchase
from commerce.orders.service.checkout import Wish
from commerce.payments.kinds import CaptureMode, MethodKind
from commerce.payments.manual import ManualPayments
from commerce.payments.models import BookedCharge
from commerce.payments.providers import Providers
from commerce.wiring import Services
from tests.support.carts import Goods, make_cart
from tests.support.gift_cards import make_gift_card
from tests.support.payments import make_method
from tests.support.promotions import make_coupon
from tests.support.services import PORTS

BUYER: Final = "buyer@example.com"


class Shop:
    """Goods need no shipping unless a test says so. `methods` are by code: card, later, manual."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self.database = database
        self._goods: Goods | None = None
        self._made = 0
        self.clock = clock
        self.open_unit = units_on(database)
        self.provider = PretendPayments(self.open_unit, system_clock)
        self.ports = replace(PORTS, payment_providers=Providers([ManualPayments(), self.provider]))

    @classmethod
    async def open(cls, database: Database, clock: Clock = system_clock) -> "Shop":
        shop = cls(database, clock)
        async with shop.open_unit() as uow:
            card = {"kind": MethodKind.CARD}
            await make_method(uow, "card", **card)
            await make_method(uow, "later", capture=CaptureMode.LATER, **card)
            await make_method(uow, "manual", provider="manual", kind=MethodKind.BANK_TRANSFER)
            shop._goods = await Goods.open(uow)
        return shop

    @asynccontextmanager
    async def services(self, viewer: Viewer = ANONYMOUS) -> AsyncIterator[Services]:
        async with self.open_unit() as uow:
            yield Services(uow, viewer, self.clock, self.ports)

    async def variant(self, amount: str = "10", stock: int = 50, **values: Any) -> int:
        async with self.open_unit() as uow:
            assert self._goods is not None
            goods = Goods(uow, self._goods.prices, self._goods.location)
            self._made += 1
            goods._made = self._made
            given = {"requires_shipping": False, **values}
            return int((await goods.variant(amount, stock, **given)).id)

    async def cart(self, *wanted: tuple[int, int], **values: Any) -> str:
        """The token of a guest's cart with units of variants."""
        token = token_urlsafe(32)
        async with self.open_unit() as uow:
            cart = await make_cart(uow, token, **{"email": BUYER, **values})
            for variant_id, quantity in wanted:
                line = {"cart_id": cart.id, "variant_id": variant_id, "quantity": quantity}
                await uow.change(insert(CartLine).values(**line))
        return token

    async def gift_card(self, balance: str) -> int:
        async with self.open_unit() as uow:
            return int((await make_gift_card(uow, balance)).id)

    async def promotion_of_ten_percent(self) -> str:
        """The code of its coupon."""
        async with self.open_unit() as uow:
            return str((await make_coupon(uow, "TEN")).code)

    async def balance(self, gift_card_id: int) -> int:
        return await self._count(
            select(col(GiftCard.balance)).where(col(GiftCard.id) == gift_card_id)
        )

    async def buy(
        self, token: str, total: str, method: str | None = "card", **wish: Any
    ) -> Purchase | Problem:
        async with self.services() as services:
            asked = Wish(CartRef(token), Decimal(total), payment_method=method, **wish)
            return await services.checkout.complete(asked)

    async def reconcile(self) -> int:
        async with self.services(SYSTEM) as services:
            return await services.reconciling.reconcile()

    async def orders(self) -> int:
        """How many there are, those that wait for their payment included."""
        return await self._count(select(func.count()).select_from(Order))

    async def charges(self) -> int:
        """How many payments the provider has taken or set aside."""
        done = col(BookedCharge.state) == "succeeded"
        kinds = col(BookedCharge.kind).in_(("charge", "authorize"))
        return await self._count(select(func.count()).select_from(BookedCharge).where(done, kinds))

    async def provider_keys(self) -> Sequence[str]:
        """By which the provider knows what it was asked for."""
        async with self.open_unit() as uow:
            return await uow.scalars(select(col(BookedCharge.key)))

    async def left(self, variant_id: int) -> int:
        """Units on hand that no order has been promised."""
        units = col(StockLevel.on_hand) - col(StockLevel.reserved)
        own = col(StockLevel.variant_id) == variant_id
        return await self._count(select(func.sum(units)).where(own))

    async def _count(self, statement: Any) -> int:
        async with self.open_unit() as uow:
            return int(await uow.scalar(statement) or 0)
