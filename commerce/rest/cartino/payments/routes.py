"""Paying: what providers ask of the buyer's browser, and the ways of paying there are.

An intent is the payment of a cart or of an order, and is named by it: `cart_12`, `order_34`.
"""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.cart.flows import CART
from commerce.rest.cartino.cart.tokens import READ
from commerce.rest.cartino.checkout import flows as checkout
from commerce.rest.cartino.orders.inputs import paying
from commerce.rest.cartino.paging import PAGING, listed, window
from commerce.rest.cartino.paying import METHODS, method_offered, method_wanted
from commerce.rest.cartino.problems import CONFLICTS
from commerce.rest.errors import invalid
from commerce.rest.fields import REQUIRED, Field
from commerce.rest.kinds import record, text, whole
from commerce.rest.parameters import key_in_path, whole_in_path
from commerce.rest.printing import amount, two_decimals
from commerce.rest.route import Ask, Asking, Call, Flow, Json, Node, Reply, Route, Steps

OPTIONS: Final = checkout.OPTIONS
ORDER: Final = "CartinoOrder"
PAY: Final = "CartinoOrderPay"
NAMES: Final = {
    "cart.email": "email",
    "cart.shippingAddress": "shipping_address",
    "cart.shippingMethod": "shipping_method",
    "orderId": "order_id",
    "cartToken": "cart_id",
}
WAY: Final = (
    Field("payment_token", text(1_000), about="What the provider knows the buyer's money by."),
    Field("return_url", text(2_000), about="Where the buyer's browser comes back to."),
)
INTENT: Final = record(
    Field("order_id", whole(1), about="An order to pay; absent, a cart to buy."),
    Field("cart_id", whole(1), about="Absent: the current cart."),
    Field("payment_method", text(100), required=True, about="Its code, or its kind."),
    *WAY,
)
CONFIRM: Final = record(Field("payment_method", text(100)), *WAY)


def intent(call: Call) -> Steps:
    body = call.body
    if "order_id" in body:
        found = yield from _pay_order(body["order_id"], body)
    else:
        if "cart_id" in body:
            cart = yield Ask(CART, {"id": global_id("Cart", body["cart_id"])})
        else:
            cart = yield from checkout.to_buy(call)
        found = yield from _pay_cart(cart, body)
    return Reply({"data": found}, 201)


def confirm_cart(call: Call) -> Steps:
    """What has become of it; with a token it is tried with that."""
    cart = yield Ask(CART, {"id": key_in_path(_number(call), "Cart")})
    return {"data": (yield from _pay_cart(cart, call.body))}


def confirm_order(call: Call) -> Steps:
    return {"data": (yield from _pay_order(whole_in_path(_number(call)), call.body))}


def _number(call: Call) -> str:
    return call.params["id"].rpartition("_")[2]


def _confirmed(kind: str, first: str, flow: Flow, *further: str) -> Route:
    return Route(
        "POST",
        f"/payments/{{id:{kind}_}}/confirm",
        first,
        flow=flow,
        further=further,
        body=CONFIRM,
        problems=CONFLICTS,
        renamed=NAMES,
        seed=False,
        about=f"Go on with the payment of the {kind}, and tell how it went",
    )


def _pay_cart(cart: Node, body: Mapping[str, Any]) -> Asking:
    options = yield Ask(OPTIONS, {"id": cart["id"]})
    method = method_offered(body.get("payment_method"), options)
    payload = yield from checkout.bought(cart, options["cost"]["total"], method, body)
    return _intent(f"cart_{cart['databaseId']}", payload, cart["cost"], cart["currencyCode"])


def _pay_order(number: int, body: Mapping[str, Any]) -> Asking:
    """One that is paid has succeeded, and is not paid again."""
    order = yield Ask(ORDER, {"id": global_id("Order", number)})
    payload: dict[str, Any] = {"order": order, "nextAction": None}
    if order["paymentStatus"] not in ("PAID", "PARTIALLY_REFUNDED", "REFUNDED"):
        method = (yield from method_wanted(body.get("payment_method"))) or _last_method(order)
        payload = yield Ask(PAY, paying(order["id"], method, body))
    return _intent(f"order_{number}", payload, order["cost"], order["currencyCode"])


def _last_method(order: Node) -> str:
    payments = order.get("payments") or ()
    if not payments:
        raise invalid("payment_method", REQUIRED)
    code: str = payments[-1]["method"]["code"]
    return code


def _intent(name: str, payload: Node, cost: Node, currency: str) -> Json:
    order, action = payload["order"], payload["nextAction"]
    shown = action or {"clientSecret": None, "publishableKey": None, "redirectUrl": None}
    paid = order is not None and order["paymentStatus"] == "PAID"
    done = "succeeded" if paid else "processing"
    return {
        "id": name,
        "status": "requires_action" if action else done,
        "client_secret": shown["clientSecret"],
        "publishable_key": shown["publishableKey"],
        "redirect_url": shown["redirectUrl"],
        "amount": two_decimals(amount((order or {"cost": cost})["cost"]["total"])),
        "currency": currency,
        "order_id": order and order["databaseId"],
    }


def methods(connection: Node, call: Call) -> Json:
    return listed(connection, call, _method)


def _method(node: Node) -> Json:
    return {
        "id": node["databaseId"],
        "code": node["code"],
        "name": node["name"],
        "description": node["description"] or None,
        "instructions": node["instructions"] or None,
        "type": node["kind"].lower(),
    }


ROUTES: Final = (
    Route(
        "POST",
        "/payments/intents",
        OPTIONS,
        flow=intent,
        further=(*checkout.FURTHER, checkout.FIRST, CART, ORDER, METHODS, PAY),
        status=201,
        body=INTENT,
        problems=CONFLICTS,
        renamed=NAMES,
        seed=False,
        about="Begin to pay a cart or an order",
        **READ,
    ),
    _confirmed("cart", CART, confirm_cart, OPTIONS, checkout.COMPLETE),
    _confirmed("order", ORDER, confirm_order, METHODS, PAY),
    Route(
        "GET",
        "/payment-methods",
        METHODS,
        window,
        methods,
        query=PAGING,
        seed=False,
        about="Ways of paying",
    ),
)
