"""From Cartino's orders to GraphQL variables."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.addresses import address_input
from commerce.rest.cartino.filters import chosen, order, refuse_unknown
from commerce.rest.cartino.orders.fields import FILTERS, SORTS
from commerce.rest.cartino.paging import window
from commerce.rest.cartino.paying import payment_data
from commerce.rest.cartino.statuses import having
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call

NEWEST_FIRST: Final = [{"field": "PLACED_AT", "direction": "DESC"}]
ADDRESSES: Final = {"shipping_address": "shippingAddress", "billing_address": "billingAddress"}
REASONS: Final = ("customer", "payment", "stock", "fraud", "other")


def orders(call: Call) -> dict[str, Any]:
    refuse_unknown(call, *FILTERS)
    return {
        **window(call),
        "where": _where(call),
        "orderBy": order(call, SORTS) or NEWEST_FIRST,
    }


def customer_orders(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Customer"), **window(call)}


def by_id(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Order")}


def by_number(call: Call) -> dict[str, Any]:
    return {"number": call.params["number"]}


def line_by_id(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "OrderLine")}


def history(call: Call) -> dict[str, Any]:
    return {**by_id(call), **window(call)}


def paid(call: Call) -> dict[str, Any]:
    return {"input": {"orderId": by_id(call)["id"]}}


def created(call: Call, method: str | None) -> dict[str, Any]:
    """`method` is the code of what `payment_method` means."""
    body = call.body
    input_: dict[str, Any] = {"lines": [_line(row) for row in body["items"]]}
    for name, theirs in ADDRESSES.items():
        if name in body:
            input_[theirs] = address_input(body[name])
    if "customer_id" in body:
        input_["customerId"] = global_id("Customer", body["customer_id"])
    if "coupon_code" in body:
        input_["couponCodes"] = [body["coupon_code"]]
    if body.get("notes"):
        input_["note"] = body["notes"]
    if method:
        input_["paymentMethod"] = method
    email = _email(body)
    if email:
        input_["email"] = email
    return {"input": {**input_, **_shipping(body.get("shipping_method"))}}


def paying(order_id: str, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
    data = payment_data(body)
    input_ = {"orderId": order_id, "paymentMethod": method}
    return {"input": {**input_, "paymentData": data} if data else input_}


def reason(call: Call) -> dict[str, str]:
    """One of GraphQL's reasons, or a message for the buyer."""
    given = (call.body.get("reason") or "").strip()
    if not given:
        return {}
    known = given.lower() in REASONS
    return {"reason": given.upper()} if known else {"message": given}


def tracking(body: dict[str, Any]) -> dict[str, str]:
    names = {
        "carrier": "carrier",
        "tracking_number": "trackingNumber",
        "tracking_url": "trackingUrl",
    }
    return {theirs: body[ours] for ours, theirs in names.items() if body.get(ours)}


def _email(body: dict[str, Any]) -> str | None:
    if body.get("email"):
        found: str = body["email"]
        return found
    if "customer_id" in body:
        return None
    addresses = (body.get("billing_address") or {}, body.get("shipping_address") or {})
    return next((each["email"] for each in addresses if each.get("email")), None)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    line = {
        "variantId": global_id("ProductVariant", row["variant_id"]),
        "quantity": row["quantity"],
    }
    return {**line, "unitPrice": row["price"]} if "price" in row else line


def _shipping(method: int | str | None) -> dict[str, str]:
    if not method:
        return {}
    if isinstance(method, int):
        return {"shippingMethodId": global_id("ShippingMethod", method)}
    return {"shippingMethod": method}


def _where(call: Call) -> dict[str, Any]:
    where: dict[str, Any] = {}
    wanted = chosen(call, "status")
    if wanted:
        where.update(having(wanted))
    buyers = chosen(call, "customer_id")
    if buyers:
        where["customerId"] = {"in": [global_id("Customer", id_) for id_ in buyers]}
    number = chosen(call, "order_number") or chosen(call, "number")
    if number:
        where["number"] = {"eq": number}
    days = {"first": chosen(call, "from_date"), "last": chosen(call, "to_date")}
    given = {name: value.isoformat() for name, value in days.items() if value is not None}
    return {**where, "placedOn": given} if given else where
