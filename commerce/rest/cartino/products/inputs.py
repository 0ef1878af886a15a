"""From Cartino's products and variants to GraphQL variables."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.filters import chosen, order, refuse_unknown
from commerce.rest.cartino.paging import window
from commerce.rest.cartino.products.fields import SORTS
from commerce.rest.cartino.units import GRAMS, MILLIMETRES
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call

# Cartino knows no hidden products: they are there and not for sale, as drafts are.
STATUSES: Final = {"draft": ["DRAFT", "HIDDEN"], "active": ["ACTIVE"], "archived": ["ARCHIVED"]}
NEWEST_FIRST: Final = [{"field": "CREATED_AT", "direction": "DESC"}]
OPTIONS: Final = ("option1", "option2", "option3")
TEXTS: Final = {
    "title": "title",
    "slug": "slug",
    "vendor": "vendor",
    "description": "descriptionHtml",
}
VARIANT: Final = {
    "sku": "sku",
    "barcode": "barcode",
    "price": "price",
    "compare_at_price": "compareAt",
    "cost_per_item": "cost",
    "track_inventory": "trackStock",
    "requires_shipping": "requiresShipping",
    "taxable": "taxable",
    "weight_unit": "weightUnit",
    "image_url": "mediaUrl",
}
BACKORDERS: Final = {"deny": "DENY", "continue": "ALLOW"}


def products(call: Call) -> dict[str, Any]:
    refuse_unknown(call, "status", "type", "brand_id", "search")
    words = chosen(call, "search") or ""
    sort = order(call, SORTS)
    return {
        **window(call),
        "query": words,
        "where": _where(call),
        "orderBy": sort or (None if words else NEWEST_FIRST),
        **included(call),
    }


def product(call: Call) -> dict[str, Any]:
    return {**by_id(call), **included(call)}


def by_id(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Product")}


def variant_by_id(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "ProductVariant")}


def variants(call: Call) -> dict[str, Any]:
    return {**by_id(call), **window(call)}


def included(call: Call) -> dict[str, bool]:
    asked = call.args.get("include", ())
    return {
        "withOptions": "options" in asked,
        "withCategories": "categories" in asked,
        "withMedia": "media" in asked,
    }


def product_values(body: Mapping[str, Any]) -> dict[str, Any]:
    """A product's own fields for `productSet`."""
    values = {ours: body[name] or "" for name, ours in TEXTS.items() if name in body}
    for name in ("type", "status"):
        if name in body:
            values[name] = body[name].upper()
    if "brand_id" in body:
        id_ = body["brand_id"]
        values["brandId"] = None if id_ is None else global_id("Brand", id_)
    if "published_at" in body:
        values["publishedAt"] = body["published_at"]
    seo = {
        ours: body[name] or ""
        for name, ours in (("seo_title", "title"), ("seo_description", "description"))
        if name in body
    }
    return values | ({"seo": seo} if seo else {})


def options(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Without values the variants name them."""
    return [
        {"name": option["name"], "values": [{"name": value} for value in option.get("values", ())]}
        for option in body.get("options", ())
    ]


def variant_values(body: Mapping[str, Any], names: Sequence[str] = ()) -> dict[str, Any]:
    """A variant for `productSet`, of a product whose options have these names."""
    values = {ours: body[name] for name, ours in VARIANT.items() if name in body}
    if "id" in body:
        values["id"] = global_id("ProductVariant", body["id"])
    if "inventory_policy" in body:
        values["backorder"] = BACKORDERS[body["inventory_policy"]]
    if "weight" in body:
        grams = body["weight"] * GRAMS[body.get("weight_unit", "kg")]
        values["weightGrams"] = rounded(grams)
        values.setdefault("weightUnit", "kg")
    values |= dict(_lengths(body))
    picked = choices(body)
    if picked:
        values["optionValues"] = [
            {"name": option_name(place, names), "value": value}
            for place, value in enumerate(picked)
            if value is not None
        ]
    return values


def stocked(values: dict[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """A new variant, with as many at the default location."""
    quantity = body.get("inventory_quantity")
    return values if quantity is None else {**values, "stock": [{"onHand": quantity}]}


def choices(body: Mapping[str, Any]) -> list[str | None]:
    """What a variant is in each option; its title says it where `option1` does not."""
    found = [body.get(name) for name in OPTIONS]
    if found[0] is None and body.get("title", "").strip():
        found[0] = body["title"]
    while found and found[-1] is None:
        found.pop()
    return found


def option_name(place: int, names: Sequence[str]) -> str:
    return names[place] if place < len(names) else f"Option {place + 1}"


def rounded(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))


def _lengths(body: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    unit = MILLIMETRES[body.get("dimension_unit", "cm")]
    for name in ("length", "width", "height"):
        if name in body:
            length = body[name]
            yield f"{name}Mm", None if length is None else rounded(length * unit)


def _where(call: Call) -> dict[str, Any]:
    where: dict[str, Any] = {}
    statuses, types, brands = (chosen(call, name) for name in ("status", "type", "brand_id"))
    if statuses:
        where["status"] = [kind for status in statuses for kind in STATUSES[status]]
    if types:
        where["type"] = [kind.upper() for kind in types]
    if brands:
        where["brandId"] = {"in": [global_id("Brand", id_) for id_ in brands]}
    return where
