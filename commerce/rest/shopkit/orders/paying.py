"""How an order is paid, and what made it cheaper, in Shopkit's words."""

from typing import Any, Final

from commerce.rest.printing import amount
from commerce.rest.route import Json, Node
from commerce.rest.shopkit.orders.figures import number

NO_PAYMENT: Final = ("type", "data", "description", "title", "method", "gateway")


def payment_of(node: Node) -> Json:
    """The first payment that counts. `data` is what its method shows and what it is known by."""
    payments = [payment for payment in node["payments"] if payment["method"]]
    if not payments:
        return dict.fromkeys(NO_PAYMENT) | {"data": {}}
    payment = next((each for each in payments if not each["closed"]), payments[0])
    method = payment["method"]
    alias = alias_of(method)
    return {
        "type": alias,
        "data": _data(payment),
        "description": method["name"],
        "title": method["name"],
        "method": alias,
        "gateway": payment["provider"],
    }


def alias_of(method: Node) -> str:
    """`bank-transfer` -> `bank_transfer`."""
    return str(method["code"]).replace("-", "_")


def paid_at(node: Node) -> str | None:
    """When the last of its money came; what cost nothing was paid when it was placed."""
    taken = [
        each["createdAt"]
        for payment in node["payments"]
        for each in payment["transactions"]
        if each["kind"] == "CAPTURE"
    ]
    moment: str | None = max(taken, default=node["placedAt"])
    return moment


def coupon_of(node: Node) -> Json:
    """In the terms it promised; in money where an order of old does not tell them."""
    taken = [each for each in node["cost"]["discounts"] if each["code"]]
    if not taken:
        return None
    first = taken[0]
    code = first["code"]
    if first["appliesTo"] == "SHIPPING":
        return {"code": code, "type": "shipping", "value": _percent(first)}
    if first["percent"] is not None:
        return {"code": code, "type": "percent", "value": _percent(first)}
    off = first["amountOff"] or first["amount"]
    return {"code": code, "type": "money", "value": number(amount(off))}


def _percent(discount: Node) -> Any:
    return number(amount({"amount": discount["percent"] or 0}))


def _data(payment: Node) -> Json:
    """Without a reference there is nothing that one could pay with."""
    reference, entity = (
        payment["paymentReference"],
        (payment["method"]["details"] or {}).get("entity"),
    )
    if reference is None and entity is None:
        return {}
    return {
        "entity": _digits(entity),
        "reference": _digits(reference),
        "value": number(amount(payment["amount"])),
    }


def _digits(value: Any) -> Any:
    """References of Multibanco are numbers, those of others are texts."""
    text = "" if value is None else str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else value
