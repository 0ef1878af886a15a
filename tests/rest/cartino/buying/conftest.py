"""A shop in dollars: prices without taxes, 9 % on goods and none on shipping, parcels for 10.00."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from commerce.core.db import UnitOfWork
from commerce.core.places import Area
from commerce.payments.kinds import MethodKind
from commerce.store.models import Store as StoreRow
from commerce.taxes.models import TaxRate
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.conftest import MakeKey
from tests.support import payments, shipping
from tests.support.carts import Goods
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location
from tests.support.pricing import make_price, make_price_list
from tests.support.taxes import make_tax_zone

ADDRESS: dict[str, Any] = {
    "first_name": "John",
    "last_name": "Doe",
    "address_line_1": "Ring 1",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
    "email": "john@example.com",
}


@dataclass
class Counter:
    """What is sold: a shirt in red, size M, for 19.99."""

    uow: UnitOfWork
    prices: Any
    location: Any
    product: Any
    shirt: Any
    goods: Goods

    async def another(self, amount: str = "5", stock: int = 10, **values: Any) -> Any:
        return await self.goods.variant(amount, stock, **values)


@pytest.fixture
async def counter(uow: UnitOfWork) -> Counter:
    return await open_counter(uow)


async def open_counter(uow: UnitOfWork) -> Counter:
    await uow.change(update(StoreRow).values(currency="USD"))
    await make_tax_zone(uow, "Everywhere", [Area()], ("Sales tax", "9", None))
    await uow.change(update(TaxRate).values(applies_to_shipping=False))
    zone = await shipping.make_zone(uow, "Germany", {"country": "DE"})
    parcel = {"zone_id": zone.id, "cost": {"currency": "USD"}}
    await shipping.make_method(uow, "standard", "10.00", **parcel)
    await shipping.make_method(uow, "express", "25.00", **parcel)
    await payments.make_method(uow, "transfer", provider="manual", kind=MethodKind.BANK_TRANSFER)
    prices = await make_price_list(uow, is_default=True, currency="USD", prices_include_tax=False)
    location = await make_location(uow)
    product = await make_product(uow, "Cotton T-Shirt")
    shirt = await make_variant(uow, product, sku="TS-RED-M", title="Red / M")
    await make_price(uow, prices, shirt, "19.99")
    await make_level(uow, shirt, location, 100)
    return Counter(uow, prices, location, product, shirt, Goods(uow, prices, location))


@pytest.fixture
async def buyer(client: httpx.AsyncClient, make_key: MakeKey) -> Buyer:
    """With a key of every scope."""
    return Buyer(client, await make_key("cartino"))
