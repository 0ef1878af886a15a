"""A tax service and a carrier, asked as docs/taxes.md and docs/shipping.md say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.buying import told
from tests.support.checkout import Shop
from tests.support.json_services import JsonDouble, json_double
from tests.support.walking import BERLIN, CART, Walker, codes, walking

TAXES = {"rates": {"standard": [{"name": "GST", "percent": "5"}]}, "seconds": 3600}
EXPRESS = {"service": "express", "price": "9.90", "currency": "EUR"}
OVER = "UPDATE shipping_answers SET expires_at = now() - interval '1 second' RETURNING 1"
QUOTES = """
{ shippingQuotes(country: "DE", postalCode: "10115", weight: 100, value: "10") {
  name price { amount } } }
"""


@dataclass
class Street:
    """A shop with two ways of shipping, and whom its server asks."""

    walker: Walker
    taxes: JsonDouble
    carrier: JsonDouble
    thing: int

    async def cart(self, postal_code: str) -> tuple[str, Any]:
        """The token of a cart that goes there, and what is seen of it."""
        token = await self.walker.cart(self.thing)
        where = {"cartToken": token, "shippingAddress": {**BERLIN, "postalCode": postal_code}}
        done = await self.walker.change("cartAddressSet", where, f"cart {{ {CART} }}")
        assert done["userErrors"] == []
        return token, done["cart"]

    def says(self, taxes: Any, *rates: Any) -> None:
        self.taxes.status = self.carrier.status = "200 OK"
        self.taxes.says(taxes)
        self.carrier.says({"rates": rates})


@pytest.fixture(scope="module")
async def street(
    walked_shop: Shop, key: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Street]:
    async with json_double() as taxes, json_double() as carrier:
        settings = {
            "TAX_URL": taxes.url,
            "TAX_TOKEN": "canary-of-taxes",
            "CARRIER_URL": carrier.url,
            "CARRIER_TOKEN": "canary-of-the-carrier",
        }
        folder = tmp_path_factory.mktemp("street")
        async with walking(walked_shop, key, folder, **settings) as walker:
            flat = {"code": "flat", "name": "Flat", "prices": [{"price": "4.90"}]}
            asked = {"kind": "CARRIER", "service": "express", "prices": [{"price": "1"}]}
            await walker.work("shippingMethodUpsert", {**asked, "code": "fast", "name": "Fast"})
            await walker.work("shippingMethodUpsert", flat)
            vat = {"areas": [{"country": "DE"}], "rates": [{"name": "VAT", "percent": "19"}]}
            await walker.work("taxZoneUpsert", {"name": "Germany", **vat})
            thing = await walked_shop.variant("10", requires_shipping=True, weight_grams=100)
            yield Street(walker, taxes, carrier, thing)


def seen(cart: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Ways of shipping with their prices, taxes with their amounts."""
    ways = {way["name"]: way["price"]["amount"] for way in cart["shippingOptions"]}
    return ways, {tax["name"]: tax["amount"]["amount"] for tax in cart["cost"]["taxLines"]}


async def test_what_they_say_is_charged_and_asked_for_once(street: Street) -> None:
    street.says(TAXES, EXPRESS)
    for _ in range(2):
        _, cart = await street.cart("10115")
        assert seen(cart) == ({"Fast": "10.90", "Flat": "4.90"}, {"GST": "0.48"})
    quotes = await street.walker.ask(QUOTES)
    assert quotes[0] == {"name": "Fast", "price": {"amount": "10.90"}}
    ((_, to_taxes, place),) = street.taxes.requests
    ((_, to_carrier, parcel),) = street.carrier.requests
    to = {"country": "DE", "region": None, "postalCode": "10115"}
    goods = {"currency": "EUR", "value": "10.00", "weightGrams": 100, "quantity": 1}
    assert place == {"to": to, "classes": ["standard"]}
    assert parcel == {"to": to, "parcel": goods}
    assert to_taxes["authorization"] == "Bearer canary-of-taxes"
    assert to_carrier["authorization"] == "Bearer canary-of-the-carrier"


async def test_nobody_is_charged_another_price_than_the_one_they_saw(street: Street) -> None:
    street.says(TAXES, EXPRESS)
    token, cart = await street.cart("20001")
    way = {"cartToken": token, "methodId": cart["shippingOptions"][0]["methodId"]}
    chosen = await street.walker.change("cartShippingSelect", way, f"cart {{ {CART} }}")
    assert chosen["cart"]["cost"]["total"]["amount"] == "20.90"
    street.says(TAXES, {**EXPRESS, "price": "12"})
    await told(street.walker.shop, OVER)
    dearer = await street.walker.complete(token, "manual", "20.90")
    assert codes(dearer) == ["PRICE_CHANGED"]
    assert dearer["userErrors"][0]["actual"] == {"amount": "23.00"}
    street.carrier.status = "503 Sorry"
    await told(street.walker.shop, OVER)
    gone = await street.walker.complete(token, "manual", "23.00")
    assert codes(gone) == ["CHECKOUT_INCOMPLETE"]
    street.says(TAXES, EXPRESS)
    await told(street.walker.shop, OVER)
    bought = await street.walker.complete(token, "manual", "20.90")
    assert bought["order"]["cost"]["total"]["amount"] == "20.90"


async def test_rubbish_costs_nobody_anything(street: Street) -> None:
    """The store's own zones count, and the carrier's methods are left out."""
    answers = [
        ("500 Oops", b"{}"),
        ("302 Elsewhere", b"{}"),
        ("200 OK", b"<html>"),
        ("200 OK", b"null"),
        ("200 OK", b'{"rates": [{"service": "express", "price": "-9", "currency": "EUR"}]}'),
        ("200 OK", b'{"rates": {"standard": [{"name": "GST", "percent": "NaN"}]}}'),
    ]
    for number, (status, body) in enumerate(answers):
        for double in (street.taxes, street.carrier):
            double.status, double.body = status, body
        _, cart = await street.cart(f"3000{number}")
        assert seen(cart) == ({"Flat": "4.90"}, {"VAT": "1.60"}), body
    log = "".join(street.walker.log)
    assert log.count('"carrier_failed"') >= len(answers)
    assert "tax_service_failed" in log
    assert "canary" not in log
    assert BERLIN["street1"] not in log
