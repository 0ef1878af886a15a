"""From GraphQL's promotions and coupons to Cartino's discounts and coupons."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.core.ids import parse_global_id
from commerce.rest.cartino.paging import listed
from commerce.rest.cartino.sums import money
from commerce.rest.printing import Word, amount, seconds, shortest, two_decimals
from commerce.rest.route import Call, Json, Node

STATES: Final = {
    "RUNNING": "active",
    "SCHEDULED": "scheduled",
    "ENDED": "expired",
    "PAUSED": "disabled",
}
TARGETS: Final = ("cart", "products", "categories", "collections", "shipping")
NOTHING: Final = Decimal(0)


def discounts(connection: Node, call: Call) -> Json:
    return listed(connection, call, _discount)


def active(connection: Node, _call: Call) -> Json:
    """None of them gives anything without a cart."""
    rows = [{**_discount(node), "discount_amount": NOTHING} for node in connection["nodes"]]
    return {"discounts": rows, "total_discount": NOTHING}


def coupon(node: Node, _call: Call) -> Json:
    promotion = node["promotion"]
    state = STATES[promotion["state"]] if node["active"] else "disabled"
    limit = node["usageLimit"]
    return {
        "data": {
            "id": node["databaseId"],
            "code": node["code"],
            "name": promotion["name"],
            "description": promotion["description"] or None,
            **_value(promotion),
            "applies_to": _applies_to(promotion),
            "usage_limit": promotion["usageLimit"] if limit is None else limit,
            "usage_limit_per_customer": promotion["perCustomerLimit"],
            "times_used": node["used"],
            "starts_at": seconds(promotion["startsAt"]),
            "ends_at": seconds(node["expiresAt"] or promotion["endsAt"]),
            "status": state,
        }
    }


def validated(node: Node, given: Node | None) -> Json:
    """`given` is what the code gives to the cart."""
    promotion = node["promotion"]
    discount = money(given and given["discount"])
    return {
        "valid": True,
        "coupon": {
            "id": node["databaseId"],
            "code": node["code"],
            "name": promotion["name"],
            "formatted_value": _value(promotion)["formatted_value"],
            "discount_amount": two_decimals(discount),
        },
    }


def invalid(message: str) -> Json:
    return {"valid": False, "coupon": None, "message": message}


def calculated(cart: Node, _call: Call) -> Json:
    rows = [_given(each) for each in cart["cost"]["discounts"]]
    total = sum((row["discount_amount"] for row in rows), NOTHING)
    return {"discounts": rows, "total_discount": two_decimals(total)}


def _given(node: Node) -> dict[str, Any]:
    """One that takes off neither a percentage nor an amount gives what it gives."""
    percent, off = node["percent"], amount(node["amountOff"])
    given, known = money(node["amount"]), parse_global_id(node["promotionId"])
    if percent is not None:
        kind, value = "percentage", Decimal(percent)
    else:
        kind, value = "fixed_amount", given if off is None else off
    return {
        "id": known and known[1],
        "name": node["name"],
        "code": node["code"],
        "type": kind,
        "value": shortest(value) if kind == "percentage" else two_decimals(value),
        "formatted_value": _percent(value) if kind == "percentage" else _plain(value),
        "discount_amount": two_decimals(given),
    }


def _discount(node: Node) -> dict[str, Any]:
    return {
        "id": node["databaseId"],
        "name": node["name"],
        **_value(node),
        "applies_to": _applies_to(node),
        "requires_coupon": node["trigger"] == "COUPON",
        "starts_at": seconds(node["startsAt"]),
        "ends_at": seconds(node["endsAt"]),
        "status": STATES[node["state"]],
    }


def _value(promotion: Node) -> dict[str, Any]:
    kind, value, text = _kind(promotion["value"])
    return {"type": kind, "value": value, "formatted_value": text}


def _kind(value: Mapping[str, Any]) -> tuple[str, Decimal | None, str]:
    match value["__typename"]:
        case "PercentOff":
            percent = Decimal(value["percent"])
            return "percentage", shortest(percent), _percent(percent)
        case "FreeShipping":
            percent = Decimal(value["shippingOff"])
            return "free_shipping", shortest(percent), "Free shipping"
        case "BuyXGetY":
            return "buy_x_get_y", None, f"Buy {value['buy']}, get {value['get']}"
        case "Bundle":
            shown = f"{value['units']} for {value['bundle']['formatted']}"
            return "fixed_amount", two_decimals(amount(value["bundle"])), shown
        case "FixedPrice":
            return (
                "fixed_amount",
                two_decimals(amount(value["price"])),
                value["price"]["formatted"],
            )
        case _:
            return (
                "fixed_amount",
                two_decimals(amount(value["amount"])),
                value["amount"]["formatted"],
            )


def _applies_to(promotion: Node) -> str:
    return Word.one_of(TARGETS, _target(promotion))


def _target(promotion: Node) -> str:
    target = promotion["target"]
    if promotion["appliesTo"] == "SHIPPING":
        return "shipping"
    if target["collectionIds"]:
        return "collections"
    if target["categoryIds"]:
        return "categories"
    return "products" if target["productIds"] or target["variantIds"] else "cart"


def _percent(value: Decimal) -> str:
    return f"{shortest(value):f}%"


def _plain(value: Decimal) -> str:
    return f"{two_decimals(value):f}"
