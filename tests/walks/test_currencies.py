"""Whole orders in currencies without decimals and with three, with and without taxes in prices."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from commerce.core.ids import global_id
from tests.support.invariants import assert_invariants
from tests.support.invoices import text_of
from tests.support.walking import BERLIN, COMPLETE, Json, Walker, mutation, token_in

COST = """
cart { token cost {
  shipping { gross { amount } } taxLines { amount { amount } } total { amount } } }
"""
WAYS = "cart { shippingOptions { methodId price { amount } } }"
INVOICE = "invoice { pdfUrl total { amount } }"
PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Land:
    """A price list of its currency, a price, and what comes of three units and their parcel."""

    country: str
    currency: str
    included: bool
    percent: str
    price: str
    parcel: str
    shipping: str
    tax: str
    total: str
    exempt: str
    refunds: tuple[str, ...]
    printed: tuple[str, ...]


# 3 x 1,999 and 500 contain a tenth: 5,906.36 net. 3 x 7.125 and 1.250 and a twentieth: 23.75625.
JAPAN = Land(
    *("JP", "JPY", True, "10", "1999", "500", "500", "591", "6497", "5906"),
    ("1999", "1999", "1999"),
    ("1.999 ¥", "6.497 ¥", "591 ¥", "Rechnung"),
)
KUWAIT = Land(
    *("KW", "KWD", False, "5", "7.125", "1.250", "1.312", "1.131", "23.756", "22.625"),
    ("7.481", "7.482", "7.481"),
    ("7,125 KWD", "23,756 KWD", "1,131 KWD", "Rechnung"),
)


async def priced(walker: Walker, land: Land) -> int:
    """A thing that is for sale there."""
    thing = await walker.shop.variant("25", requires_shipping=True, weight_grams=100)
    list_ = {"code": land.country.lower(), "name": land.country, "currencyCode": land.currency}
    terms = {**list_, "pricesIncludeTax": land.included}
    made = await walker.work("priceListUpsert", terms, "priceList { id }")
    price = {"variantId": global_id("ProductVariant", thing), "price": land.price}
    await walker.work("pricesSet", {"priceListId": made["priceList"]["id"], "prices": [price]})
    areas = [{"country": land.country}]
    rates = [{"name": "Tax", "percent": land.percent}]
    await walker.work("taxZoneUpsert", {"name": land.country, "areas": areas, "rates": rates})
    parcel = [{"currencyCode": land.currency, "price": land.parcel}]
    await walker.work(
        "shippingMethodUpsert", {"code": land.country.lower(), "name": "Parcel", "prices": parcel}
    )
    return thing


async def filled(walker: Walker, land: Land, thing: int, **headers: str) -> Any:
    """A cart with three of them, on their way there."""
    lines = [{"variantId": global_id("ProductVariant", thing), "quantity": 3}]
    wish = {"currencyCode": land.currency, "lines": lines}
    made = await walker.change("cartCreate", wish, "cart { token }", **headers)
    token: Json = {"cartToken": made["cart"]["token"]}
    contact = {**token, "email": "far@example.com", "locale": "de"}
    await walker.change("cartContactSet", contact, **headers)
    where = {**token, "shippingAddress": {**BERLIN, "country": land.country, "region": "Tokyo"}}
    where["shippingAddress"]["postalCode"] = "100-0001" if land.country == "JP" else "12345"
    seen = await walker.change("cartAddressSet", where, WAYS, **headers)
    (way,) = seen["cart"]["shippingOptions"]
    chosen = {**token, "methodId": way["methodId"]}
    return (await walker.change("cartShippingSelect", chosen, COST, **headers))["cart"]


@pytest.mark.parametrize("land", [JAPAN, KUWAIT], ids=lambda land: land.currency)
async def test_a_whole_order(walkers: tuple[Walker, Walker], land: Land) -> None:
    walker, _ = walkers
    await walker.work(
        "shopUpdate", {"currencyCodes": ["EUR", "JPY", "KWD"], "legalName": "Far Ltd"}
    )
    thing = await priced(walker, land)
    cart = await filled(walker, land, thing)
    cost = cart["cost"]
    assert cost["shipping"]["gross"]["amount"] == land.shipping
    assert [tax["amount"]["amount"] for tax in cost["taxLines"]] == [land.tax]
    assert cost["total"]["amount"] == land.total
    bought = (await walker.complete(cart["token"], "card", land.total))["order"]
    assert bought["paymentStatus"] == "PAID"
    await printed(walker, land, bought)
    await refunded(walker, land, bought)
    await exempt(walker, land, thing)
    await assert_invariants(walker.shop.database)


async def printed(walker: Walker, land: Land, bought: Json) -> None:
    issued = (await walker.work("invoiceIssue", {"orderId": bought["id"]}, INVOICE))["invoice"]
    assert issued["total"]["amount"] == land.total
    link = urlsplit(issued["pdfUrl"])
    file = await walker.client.get(f"{link.path}?{link.query}")
    paper = text_of(file.content)
    assert not [words for words in land.printed if words not in paper], paper


async def refunded(walker: Walker, land: Land, bought: Json) -> None:
    """Unit by unit what was paid for the line, and not a bit more."""
    (line,) = (await walker.order(bought))["lines"]["nodes"]
    units = {"orderId": bought["id"], "lines": [{"orderLineId": line["id"], "quantity": 1}]}
    shape = "refund { amount { amount } }"
    back = [await walker.work("refundCreate", units, shape) for _ in land.refunds]
    assert tuple(each["refund"]["amount"]["amount"] for each in back) == land.refunds
    refunds = (await walker.order(bought))["refunds"]
    note = "creditNote { total { amount } }"
    issued = await walker.work("creditNoteIssue", {"refundId": refunds[0]["id"]}, note)
    assert issued["creditNote"]["total"]["amount"] in land.refunds


async def exempt(walker: Walker, land: Land, thing: int) -> None:
    """Whoever pays no taxes pays the net, also where prices contain taxes."""
    email = f"{land.country.lower()}@example.com"
    made = await walker.work("customerCreate", {"email": email}, "customer { id }")
    await walker.work("customerUpdate", {"id": made["customer"]["id"], "taxExempt": True})
    await walker.change("passwordResetRequest", {"email": email})
    token = token_in(await walker.letter(email))
    await walker.change("passwordReset", {"token": token, "password": PASSWORD})
    shape = "session { accessToken }"
    session = await walker.change("sessionCreate", {"email": email, "password": PASSWORD}, shape)
    own = {"Authorization": f"Bearer {session['session']['accessToken']}"}
    cart = await filled(walker, land, thing, **own)
    assert (cart["cost"]["taxLines"], cart["cost"]["total"]["amount"]) == ([], land.exempt)
    wish = {"expectedTotal": land.exempt, "paymentMethod": "manual"}
    bought = await walker.ask(COMPLETE, {"input": wish}, **own)
    assert bought["order"]["cost"]["total"]["amount"] == land.exempt


async def test_half_a_yen_is_no_price(walkers: tuple[Walker, Walker]) -> None:
    walker, _ = walkers
    list_ = {"code": "yen", "name": "Yen", "currencyCode": "JPY"}
    made = await walker.work("priceListUpsert", list_, "priceList { id }")
    thing = global_id("ProductVariant", await walker.shop.variant("25"))
    wish = {
        "priceListId": made["priceList"]["id"],
        "prices": [{"variantId": thing, "price": "10.5"}],
    }
    refused = await walker.manage(mutation("pricesSet"), {"input": wish})
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [
        ("INVALID", ["prices", "0", "price"])
    ]
