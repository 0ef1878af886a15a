"""Options (our variants) and option groups (our options) from GraphQL to Shopkit's JSON."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from commerce.rest.errors import not_found
from commerce.rest.parameters import whole_in_path
from commerce.rest.route import Call, Json, Node
from commerce.rest.shopkit.pictures import image, images_of
from commerce.rest.shopkit.products.prices import prices_of, tax_of

VALUES: Final = 3


def options_of(node: Node, call: Call) -> list[Json]:
    """A product without options has none, though it has a variant."""
    if not node["options"]:
        return []
    shown = images_of(node["media"]["nodes"])
    percent = tax_of(node)
    return [option(variant, node, call, shown, percent) for variant in node["variants"]["nodes"]]


def option(variant: Node, node: Node, call: Call, shown: Sequence[Json], percent: Decimal) -> Json:
    chosen = [value["valueId"] for value in variant["selectedOptions"]]
    picture = image(variant["media"]) if variant["media"] else next(iter(shown), None)
    return {
        "id": variant["databaseId"],
        **{f"id_variant_{i + 1}": chosen[i] if i < len(chosen) else None for i in range(VALUES)},
        "title": variant["title"],
        **prices_of(variant).printed(percent),
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
    return options_of(node, call)


def one_option(node: Node, call: Call) -> Json:
    return _with_id(options_of(node, call), call.params["option"])


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
