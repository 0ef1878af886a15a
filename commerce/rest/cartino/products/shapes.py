"""From GraphQL to Cartino's JSON."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.rest.cartino.custom_data import data_of
from commerce.rest.cartino.envelope import message
from commerce.rest.cartino.paging import listed
from commerce.rest.cartino.units import GRAMS, MILLIMETRES
from commerce.rest.printing import amount, percent_off, seconds, shortest, two_decimals
from commerce.rest.route import Call, Json, Node

STATUSES: Final = {
    "ACTIVE": "active",
    "DRAFT": "draft",
    "HIDDEN": "draft",
    "ARCHIVED": "archived",
}
WEIGHT_DIGITS: Final = Decimal("0.0001")
OPTIONS: Final = ("option1", "option2", "option3")
UNCHOSEN: Final = (None,) * len(OPTIONS)


def products(connection: Node, call: Call) -> Json:
    return listed(connection, call, lambda node: _product(node, call))


def product(node: Node, call: Call) -> Json:
    return {"data": _product(node, call)}


def variants(node: Node, call: Call) -> Json:
    id_ = node["databaseId"]
    return listed(node["variants"], call, lambda each: _variant(each, id_))


def variant(node: Node, _call: Call) -> Json:
    return {"data": _variant(node, node["product"]["databaseId"])}


def deleted(_node: Any, _call: Call) -> Json:
    return gone("Product")


def gone(name: str) -> Json:
    return message(f"{name} deleted successfully")


def _product(node: Node, call: Call) -> Json:
    whole = {**_facts(node), **_relations(node)}
    kept = call.args.get("fields[products]")
    return {name: value for name, value in whole.items() if name in kept} if kept else whole


def _facts(node: Node) -> dict[str, Any]:
    prices = node["priceRange"] or {"min": None, "max": None}
    return {
        "id": node["databaseId"],
        "title": node["title"],
        "slug": node["slug"],
        "description": node["descriptionHtml"] or None,
        "type": node["type"].lower(),
        "status": STATUSES[node["status"]],
        "vendor": node["vendor"] or None,
        "brand_id": node["brand"] and node["brand"]["databaseId"],
        "product_type_id": None,
        "seo_title": node["seo"]["title"] or None,
        "seo_description": node["seo"]["description"] or None,
        "published_at": seconds(node["publishedAt"]),
        "data": data_of(node),
        "variants_count": node["variants"]["totalCount"]["count"],
        "lowest_price": two_decimals(amount(prices["min"])),
        "highest_price": two_decimals(amount(prices["max"])),
        "created_at": seconds(node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }


def _relations(node: Node) -> dict[str, Any]:
    """Options, categories and media are there when they were asked for."""
    brand = node["brand"]
    related: dict[str, Any] = {
        "brand": brand and {"id": brand["databaseId"], "name": brand["name"]},
        "variants": [_variant(each, node["databaseId"]) for each in node["variants"]["nodes"]],
    }
    for name, shape in INCLUDED.items():
        if name in node:
            related[name] = shape(node[name])
    return related


def _options(options: list[Node]) -> Json:
    return [
        {
            "id": option["databaseId"],
            "name": option["name"],
            "values": [value["name"] for value in option["values"]],
        }
        for option in options
    ]


def _categories(connection: Node) -> Json:
    return [
        {"id": node["databaseId"], "title": node["title"], "slug": node["slug"]}
        for node in connection["nodes"]
    ]


def _media(connection: Node) -> Json:
    return [
        {
            "id": node["databaseId"],
            "type": node["kind"].lower(),
            "url": node["url"],
            "alt": node["alt"],
            "position": node["position"],
        }
        for node in connection["nodes"]
    ]


INCLUDED: Final[Mapping[str, Any]] = {
    "options": _options,
    "categories": _categories,
    "media": _media,
}


def _variant(node: Node, product_id: int) -> Json:
    chosen = [option["value"] for option in node["selectedOptions"]]
    return {
        "id": node["databaseId"],
        "product_id": product_id,
        "title": node["title"],
        "sku": node["sku"],
        "barcode": node["barcode"],
        **dict(zip(OPTIONS, (*chosen, *UNCHOSEN), strict=False)),
        **_prices(node["pricing"]),
        **_stock(node),
        **_parcel(node),
        "position": node["position"],
        "image_url": node["media"] and node["media"]["url"],
        "data": data_of(node),
        "created_at": seconds(node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }


def _prices(pricing: Node | None) -> dict[str, Any]:
    price = amount(pricing and pricing["price"])
    before = amount(pricing and pricing["compareAt"])
    cost = amount(pricing and pricing.get("cost"))
    off = percent_off(price, before)
    return {
        "price": two_decimals(price),
        "compare_at_price": two_decimals(before),
        "cost_per_item": two_decimals(cost),
        "on_sale": off is not None,
        "discount_percent": off,
    }


def _stock(node: Node) -> dict[str, Any]:
    """Stock that is not counted is 0. Keys that may not read stock see whether there is any."""
    availability = node["availability"]
    return {
        "inventory_quantity": availability["quantity"] or 0 if "quantity" in availability else None,
        "inventory_policy": "continue" if node["backorder"] == "ALLOW" else "deny",
        "track_inventory": node["trackStock"],
        "in_stock": availability["inStock"],
    }


def _parcel(node: Node) -> dict[str, Any]:
    unit = node["weightUnit"] if node["weightUnit"] in GRAMS else "g"
    weight = (node["weightGrams"] / GRAMS[unit]).quantize(WEIGHT_DIGITS)
    return {
        "weight": shortest(weight),
        "weight_unit": unit,
        "length": _centimetres(node["lengthMm"]),
        "width": _centimetres(node["widthMm"]),
        "height": _centimetres(node["heightMm"]),
        "dimension_unit": "cm",
        "requires_shipping": node["requiresShipping"],
        "taxable": node["taxable"],
    }


def _centimetres(millimetres: int | None) -> Decimal | None:
    return None if millimetres is None else shortest(millimetres / MILLIMETRES["cm"])
