"""From Cartino's stock calls to GraphQL variables."""

from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.paging import window
from commerce.rest.errors import invalid
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call

# Of locations nothing is known that these could mean.
UNKNOWN: Final = ("type", "near[lat]", "near[lng]")
MAX_REASON: Final = 200


def levels(call: Call) -> dict[str, Any]:
    """Those that the query asks for."""
    where: dict[str, Any] = {}
    for name, ours, kind in (
        ("variant_id", "variantId", "ProductVariant"),
        ("location_id", "locationId", "StockLocation"),
    ):
        if name in call.args:
            where[ours] = global_id(kind, call.args[name])
    if "low_stock" in call.args:
        where["lowStock"] = call.args["low_stock"]
    return {**window(call), "where": where}


def of_variant(call: Call) -> dict[str, Any]:
    return {**window(call), "where": {"variantId": variant(call)["id"]}}


def of_location(call: Call) -> dict[str, Any]:
    return {**window(call), "where": {"locationId": location(call)["id"]}}


def variant(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "ProductVariant")}


def location(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "StockLocation")}


def level(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "StockLevel")}


def locations(call: Call) -> dict[str, Any]:
    for name in UNKNOWN:
        if call.query.get(name):
            raise invalid(name, "is not known of locations")
    active = call.args.get("is_active")
    return {**window(call), "where": {} if active is None else {"active": active}}


def movement(call: Call) -> dict[str, Any]:
    """What goes out is negative, whichever way it is written."""
    body = call.body
    quantity = body["quantity"]
    if body.get("type") == "adjustment_out":
        quantity = -abs(quantity)
    return change(
        global_id("ProductVariant", body["variant_id"]), body.get("location_id"), quantity, body
    )


def change(
    variant_id: str, location_id: int | None, delta: int, body: dict[str, Any]
) -> dict[str, Any]:
    where = None if location_id is None else global_id("StockLocation", location_id)
    one = {"variantId": variant_id, "locationId": where, "change": {"delta": delta}}
    return {"input": {"changes": [one], "reason": body.get("reason") or ""}}
