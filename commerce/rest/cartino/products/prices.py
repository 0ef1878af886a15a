"""What variants cost, by price list and quantity: for each customer group, in each currency.

There are no sites or channels here: they are taken and left out, and printed as null.
"""

from typing import Any, Final

from commerce.core.ids import global_id, parse_global_id
from commerce.rest.cartino.envelope import missing
from commerce.rest.cartino.paging import PAGING, whole_list
from commerce.rest.cartino.units import currency_code
from commerce.rest.errors import invalid, not_found
from commerce.rest.fields import Field
from commerce.rest.kinds import number, record, whole
from commerce.rest.parameters import key_in_path
from commerce.rest.printing import amount, percent_off, two_decimals
from commerce.rest.route import Ask, Call, Json, Node, Reply, Route, Steps

GROUP: Final = Field("customer_group_id", whole(1))
CURRENCY: Final = Field("currency", currency_code())
NOWHERE: Final = (
    Field("site_id", whole(), about="Not looked at."),
    Field("channel_id", whole(), about="Not looked at."),
)
LISTS: Final = "CartinoPriceLists"
NAMES: Final = {
    "prices.0.variantId": "product_variant_id",
    "prices.0.price": "price",
    "prices.0.compareAt": "compare_at_price",
    "prices.0.minQuantity": "min_quantity",
}


def _variant(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "ProductVariant")}


def _calculation(call: Call) -> dict[str, Any]:
    body = call.body
    group = body.get("customer_group_id")
    return {
        **_variant(call),
        "quantity": body["quantity"],
        "currency": body.get("currency"),
        "group": None if group is None else global_id("CustomerGroup", group),
    }


def _prices(node: Node, call: Call) -> Json:
    group, currency = call.args.get("customer_group_id"), call.args.get("currency", "")
    rows = node["prices"]["nodes"]
    wanted = None if group is None else global_id("CustomerGroup", group)
    return whole_list(
        [
            price_facts(row, _next(row, rows))
            for row in rows
            if currency in ("", row["price"]["currencyCode"])
            and wanted in (None, row["priceList"]["customerGroupId"])
        ],
        call,
    )


def price_facts(node: Node, following: int | None) -> Json:
    """`following` is the quantity from which the next price counts."""
    price, before = amount(node["price"]), amount(node["compareAt"])
    off = percent_off(price, before)
    return {
        "id": node["databaseId"],
        "site_id": None,
        "channel_id": None,
        "currency": node["price"]["currencyCode"],
        "customer_group_id": _number(node["priceList"]["customerGroupId"]),
        "price": two_decimals(price),
        "compare_at_price": two_decimals(before),
        "discount_percentage": off,
        "min_quantity": node["minQuantity"],
        "max_quantity": following and following - 1,
        "is_on_sale": off is not None,
        "is_currently_active": node["priceList"]["applies"],
    }


def _calculated(node: Node, _call: Call) -> Json:
    pricing = node["pricing"]
    if pricing is None:
        raise not_found()
    price, before = amount(pricing["price"]), amount(pricing["compareAt"])
    return {
        "data": {
            "price": two_decimals(price),
            "compare_at_price": two_decimals(before),
            "discount_percentage": percent_off(price, before),
            "currency": pricing["price"]["currencyCode"],
            "min_quantity": pricing["minQuantity"],
            "formatted": pricing["price"]["formatted"],
        }
    }


def _write(call: Call) -> Steps:
    """Into the list of that currency and group; of several into the default one, or the first."""
    body = call.body
    lists: list[Node] = (yield Ask(LISTS, {}))["nodes"]
    group = body.get("customer_group_id")
    wanted = None if group is None else global_id("CustomerGroup", group)
    default = next((each for each in lists if each["isDefault"]), None)
    currency = body.get("currency")
    if currency is None and default is not None:
        currency = default["currencyCode"]
    fitting = [
        each
        for each in lists
        if each["currencyCode"] == currency and each["customerGroupId"] == wanted
    ]
    if not fitting:
        raise invalid("currency", "must be that of a price list")
    chosen = next((each for each in fitting if each["isDefault"]), fitting[0])
    price = {
        "variantId": global_id("ProductVariant", body["product_variant_id"]),
        "price": body["price"],
        "compareAt": body.get("compare_at_price"),
        "minQuantity": body["min_quantity"],
    }
    input_ = {"priceListId": chosen["id"], "prices": [price]}
    done = yield Ask("CartinoPricesSet", {"input": input_})
    return Reply({"data": price_facts(done["prices"][0], None)}, 201)


def _next(node: Node, rows: list[Node]) -> int | None:
    """From how many units on another price of the same list counts."""
    same = (
        row["minQuantity"]
        for row in rows
        if row["priceList"]["databaseId"] == node["priceList"]["databaseId"]
        and row["minQuantity"] > node["minQuantity"]
    )
    return min(same, default=None)


def _number(id_: str | None) -> int | None:
    """The number in a group's global id."""
    parsed = None if id_ is None else parse_global_id(id_)
    return parsed and parsed[1]


ROUTES: Final = (
    Route(
        "GET",
        "/variants/{id:int}/prices",
        "CartinoVariantPrices",
        _variant,
        _prices,
        query=(CURRENCY, GROUP, *NOWHERE, *PAGING),
        seed=False,
        about="What a variant costs in each price list",
    ),
    Route(
        "POST",
        "/variants/{id:int}/price/calculate",
        "CartinoPriceCalculation",
        _calculation,
        _calculated,
        body=record(CURRENCY, GROUP, Field("quantity", whole(1, 2**31 - 1), default=1), *NOWHERE),
        seed=False,
        about="What one unit costs when so many are bought",
    ),
    Route(
        "POST",
        "/variant-prices",
        LISTS,
        status=201,
        body=record(
            Field("product_variant_id", whole(1), required=True),
            CURRENCY,
            GROUP,
            Field("price", number(above=0), required=True),
            Field("compare_at_price", number(least=0)),
            Field("min_quantity", whole(1, 2**31 - 1), default=1),
            *NOWHERE,
        ),
        flow=_write,
        further=("CartinoPricesSet",),
        renamed=NAMES,
        problems={"NOT_FOUND": missing(NAMES)},
        seed=False,
        about="Say what a variant costs",
    ),
)
