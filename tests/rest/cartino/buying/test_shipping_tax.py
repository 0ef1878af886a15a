"""What shipping with a tax class of its own is taxed, in carts and in orders made by hand."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from commerce.core.places import Area
from commerce.shipping.models import ShippingMethod
from commerce.taxes.models import TaxClass, TaxZone
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import ADDRESS, Counter
from tests.support.taxes import make_tax_class, make_tax_zone


async def taxed(counter: Counter, *, everything: bool) -> None:
    """9 % on goods, and 0 % on a class that shipping has; the 9 % may be on `everything`."""
    uow = counter.uow
    goods = await uow.scalar(select(col(TaxClass.id)).where(col(TaxClass.is_default)))
    free = await make_tax_class(uow, "free")
    await uow.change(delete(TaxZone))
    rates = (("Sales tax", "9", None if everything else goods), ("None", "0", free.id))
    await make_tax_zone(uow, "Everywhere", [Area()], *rates)
    await uow.change(update(ShippingMethod).values(tax_class_id=free.id))


@pytest.mark.parametrize(("everything", "tax"), [(False, "1.80"), (True, "2.70")])
async def test_orders_made_by_hand_are_taxed_as_carts_are(
    buyer: Buyer, counter: Counter, everything: bool, tax: str
) -> None:
    """A rate that names no class is on goods, and ways of shipping, of every class."""
    await taxed(counter, everything=everything)
    item: dict[str, Any] = {"variant_id": counter.shirt.id, "quantity": 1}
    whole = {"shipping_address": ADDRESS, "shipping_method": "standard"}
    body = {"items": [item], "email": "john@example.com", **whole}
    by_hand = await buyer.data("POST", "/orders", body, 201)
    await buyer.data("POST", "/cart/items", item, 201)
    pays = {**whole, "payment_method": "transfer"}
    bought = await buyer.data("POST", "/cart/checkout", pays, 201)
    assert (str(by_hand["tax"]), str(bought["tax"])) == (tax, tax)
