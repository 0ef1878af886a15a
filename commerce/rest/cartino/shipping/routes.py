"""Ways of shipping, and what they cost."""

from decimal import Decimal
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.paging import PAGING, listed, window
from commerce.rest.errors import invalid
from commerce.rest.fields import REQUIRED, Field
from commerce.rest.kinds import listing, number, record, text, whole
from commerce.rest.printing import amount, two_decimals
from commerce.rest.route import Ask, Call, Json, Node, Route, Steps

CALCULATE: Final = "CartinoCalculate"
QUOTES: Final = "CartinoShippingQuotes"
MAX_LINES: Final = 100
ITEM: Final = record(
    Field("variant_id", whole(1), required=True), Field("quantity", whole(1, 9_999), default=1)
)
PLACE: Final = (
    Field("country", text(2, least=1), about="Two letters: `DE`."),
    Field("state", text(255)),
    Field("postal_code", text(40)),
)
BODY: Final = record(
    *PLACE,
    Field("address", record(*PLACE), about="In place of the three."),
    Field("items", listing(ITEM, MAX_LINES), about="What is sent; or its weight and value:"),
    Field("weight", number(least=0), about="In kilograms."),
    Field("subtotal", number(least=0)),
)
GRAMS: Final = 1_000


def calculate(call: Call) -> Steps:
    """For these items, else for so much of weight and value."""
    body = call.body
    place = _place(body.get("address") or body)
    if body.get("items"):
        lines = [
            {
                "variantId": global_id("ProductVariant", row["variant_id"]),
                "quantity": row["quantity"],
            }
            for row in body["items"]
        ]
        found = yield Ask(CALCULATE, {"input": {"lines": lines, "place": place}})
        return {"data": [_option(each) for each in found["shippingOptions"]]}
    parcel = {
        "weight": int(body.get("weight", Decimal(0)) * GRAMS),
        "value": body.get("subtotal", Decimal(0)),
        "quantity": 1,
    }
    return {"data": [_option(each) for each in (yield Ask(QUOTES, {**place, **parcel}))]}


def methods(connection: Node, call: Call) -> Json:
    return listed(connection, call, _method)


def _place(given: Any) -> dict[str, Any]:
    if "country" not in given:
        raise invalid("country", REQUIRED)
    return {
        "country": given["country"].upper(),
        "region": given.get("state"),
        "postalCode": given.get("postal_code"),
    }


def _option(node: Node) -> Json:
    return {
        "code": node["code"],
        "name": node["name"],
        "description": node["description"] or None,
        "price": two_decimals(amount(node["price"])),
        "delivery_from": node["deliveryFrom"],
        "delivery_to": node["deliveryTo"],
    }


def _method(node: Node) -> Json:
    prices = node["prices"]
    return {
        "id": node["databaseId"],
        "code": node["code"],
        "name": node["name"],
        "description": node["description"] or None,
        "type": node["kind"].lower(),
        "zone": node["zone"] and node["zone"]["name"],
        "price": two_decimals(amount(prices[0]["price"])) if prices else None,
        "currency": prices[0]["currencyCode"] if prices else None,
        "min_days": node["minDays"],
        "max_days": node["maxDays"],
        "is_active": node["active"],
    }


ROUTES: Final = (
    Route(
        "POST",
        "/shipping/calculate",
        CALCULATE,
        flow=calculate,
        further=(QUOTES,),
        body=BODY,
        seed=False,
        renamed={"place.country": "country", "lines": "items", "variantId": "variant_id"},
        about="Ways of shipping to a place, and their prices",
    ),
    Route(
        "GET",
        "/shipping/methods",
        "CartinoShippingMethods",
        window,
        methods,
        query=PAGING,
        seed=False,
        about="All ways of shipping",
    ),
)
