"""Options (our variants) and option groups (our options) from GraphQL to Shopkit's JSON."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.rest.errors import not_found
from commerce.rest.parameters import whole_in_path
from commerce.rest.route import Call, Json, Node
from commerce.rest.shopkit.pictures import image
from commerce.rest.shopkit.products.goods import Goods
from commerce.rest.shopkit.products.prices import Prices

VALUES: Final = ("id_variant_1", "id_variant_2", "id_variant_3")
UNCHOSEN: Final = (None,) * len(VALUES)


def options_of(goods: Goods, call: Call) -> list[Json]:
    """A product without options has none, though it has a variant."""
    if not goods.node["options"]:
        return []
    each = zip(goods.variants, goods.prices, strict=True)
    return [option(variant, prices, goods, call) for variant, prices in each]


def option(variant: Node, prices: Prices, goods: Goods, call: Call) -> Json:
    node = goods.node
    chosen = [value["valueId"] for value in variant["selectedOptions"]]
    picture = image(variant["media"]) if variant["media"] else next(iter(goods.pictures), None)
    return {
        "id": variant["databaseId"],
        **dict(zip(VALUES, (*chosen, *UNCHOSEN), strict=False)),
        "title": variant["title"],
        **prices.printed(goods.percent),
        "price_on_request": node["priceOnRequest"],
        "stock": quantity(variant),
        "shipping": 0,
        "weight": variant["weightGrams"],
        "active": variant["active"],
        "reference": variant["sku"],
        "barcode": variant["barcode"],
        "url": f"{call.origin}/product/{node['slug']}?option={variant['databaseId']}",
        "image": picture,
    }


def groups_of(node: Node) -> list[Json]:
    """Within a product: the ids of values are texts here, and numbers in `id_variant_1`."""
    return [
        {
            "title": group["name"],
            "options": [
                {"id": str(value["databaseId"]), "title": value["name"]}
                for value in group["values"]
            ],
        }
        for group in node["options"]
    ]


def quantity(variant: Node) -> int | None:
    """0 where stock is not counted; None for keys that may not read it."""
    availability = variant["availability"]
    return availability["quantity"] or 0 if "quantity" in availability else None


def option_list(node: Node, call: Call) -> list[Json]:
    return options_of(Goods.of(node), call)


def one_option(node: Node, call: Call) -> Json:
    return _with_id(option_list(node, call), call.params["option"])


def group_list(node: Node, _call: Call) -> list[Json]:
    return [_group(group) for group in node["options"]]


def one_group(node: Node, call: Call) -> Json:
    return _with_id(group_list(node, call), call.params["group"])


def _group(group: Node) -> Json:
    values = [{"id": value["databaseId"], "title": value["name"]} for value in group["values"]]
    return {"id": group["databaseId"], "title": group["name"], "options": values}


def _with_id(rows: Sequence[Any], text: str) -> Json:
    id_ = whole_in_path(text)
    found = next((row for row in rows if row["id"] == id_), None)
    if found is None:
        raise not_found()
    return found
