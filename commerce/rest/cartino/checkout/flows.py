"""Buying the current cart. Whoever asks again, or at once, gets the one order it became."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.addresses import address_input
from commerce.rest.cartino.cart.flows import CURRENT, current
from commerce.rest.cartino.orders import shapes as orders
from commerce.rest.cartino.paying import method_offered, payment_data
from commerce.rest.errors import Kind, RefusedError, invalid
from commerce.rest.printing import amount
from commerce.rest.route import Ask, Asking, Call, Node, Reply, Steps

OPTIONS: Final = "CartinoCartOptions"
ADDRESS: Final = "CartinoCartAddressSet"
CONTACT: Final = "CartinoCartContactSet"
SHIPPING: Final = "CartinoCartShippingSelect"
COMPLETE: Final = "CartinoCartComplete"
FURTHER: Final = (OPTIONS, ADDRESS, CONTACT, SHIPPING, COMPLETE)
FIRST: Final = CURRENT
EMPTY: Final = "must have an item"


def checkout(call: Call) -> Steps:
    """While the cart is being paid for, or once it was bought, nothing of it is changed: that is
    looked at again where a change is refused."""
    cart = yield from to_buy(call)
    method, total = call.body.get("payment_method"), cart["cost"]["total"]
    if cart["state"] == "ACTIVE":
        if not cart["lines"]["nodes"]:
            raise invalid("items", EMPTY)
        method, total = yield from _prepared(cart, call.body)
    return answered((yield from bought(cart, total, method, call.body)), call)


def to_buy(call: Call) -> Asking:
    try:
        return (yield from current(call))
    except RefusedError as error:
        if error.refusal.kind is Kind.NOT_FOUND:
            raise invalid("items", EMPTY) from None
        raise


def bought(cart: Node, total: Node, method: str | None, body: Mapping[str, Any]) -> Asking:
    """Cartino's callers agree to no total: it is what the cart has just come to, and what it comes
    to for a customer who is named is not known before."""
    input_: dict[str, Any] = {"cartId": cart["id"], "paymentMethod": method or None}
    if "customer_id" in body:
        input_["customerId"] = global_id("Customer", body["customer_id"])
    else:
        input_["expectedTotal"] = amount(total)
    data = payment_data(body)
    return (yield Ask(COMPLETE, {"input": {**input_, "paymentData": data} if data else input_}))


def answered(payload: Node, call: Call) -> Reply:
    """The order; where the buyer has to do something first, what that is."""
    order, action = payload["order"], payload["nextAction"]
    if order is not None:
        return Reply({"data": orders.detail(order)}, 201)
    shown = action or {"kind": "wait", "clientSecret": None, "redirectUrl": None}
    data = {
        "status": "requires_action",
        "action": shown["kind"],
        "client_secret": shown["clientSecret"],
        "redirect_url": shown["redirectUrl"],
    }
    return Reply({"data": data}, 202)


def _prepared(cart: Node, body: Mapping[str, Any]) -> Asking:
    """The code of the way of paying, and the total, once the cart knows where it goes and how."""
    try:
        yield from _addressed(cart, body)
        options = yield Ask(OPTIONS, {"id": cart["id"]})
        if options["requiresShipping"]:
            yield from _sent(options, body.get("shipping_method"))
            options = yield Ask(OPTIONS, {"id": cart["id"]})
    except RefusedError:
        options = yield Ask(OPTIONS, {"id": cart["id"]})
        if options["state"] == "ACTIVE":
            raise
    method = method_offered(body.get("payment_method"), options)
    return method, options["cost"]["total"]


def _addressed(cart: Node, body: Mapping[str, Any]) -> Asking:
    names = {"shipping_address": "shippingAddress", "billing_address": "billingAddress"}
    given = {theirs: address_input(body[ours]) for ours, theirs in names.items() if ours in body}
    if given:
        yield Ask(ADDRESS, {"input": {"cartId": cart["id"], **given}})
    addresses = [body.get(name) or {} for name in ("billing_address", "shipping_address")]
    emails = (body.get("email"), *(each.get("email") for each in addresses))
    email = next((each for each in emails if each), None)
    if email:
        yield Ask(CONTACT, {"input": {"cartId": cart["id"], "email": email}})


def _sent(options: Node, wanted: int | str | None) -> Asking:
    """As is wanted; else as was selected, else the cheapest way."""
    offered = options["shippingOptions"]
    if wanted is None and options["selectedShipping"] is not None:
        return
    if wanted is not None:
        key = global_id("ShippingMethod", wanted) if isinstance(wanted, int) else wanted
        offered = [each for each in offered if key in (each["methodId"], each["code"])]
        if not offered:
            raise invalid("shipping_method", "must be one that is offered")
    if offered:
        cheapest = min(offered, key=lambda each: amount(each["price"]) or 0)
        input_ = {"cartId": options["id"], "methodId": cheapest["methodId"]}
        yield Ask(SHIPPING, {"input": input_})
