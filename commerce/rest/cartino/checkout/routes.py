"""Buying what is in the cart."""

from typing import Final

from commerce.rest.cartino.addresses import ADDRESS
from commerce.rest.cartino.addresses import NAMES as ADDRESS_NAMES
from commerce.rest.cartino.cart.tokens import READ
from commerce.rest.cartino.checkout import flows
from commerce.rest.cartino.problems import CONFLICTS
from commerce.rest.fields import Field
from commerce.rest.kinds import either, record, text, whole
from commerce.rest.route import Route

NAMES: Final = {
    **ADDRESS_NAMES,
    "cart.email": "email",
    "cart.shippingAddress": "shipping_address",
    "cart.shippingMethod": "shipping_method",
    "cartToken": "items",
    "methodId": "shipping_method",
}
BODY: Final = record(
    Field("customer_id", whole(1), about="Who buys; absent, whose cart it is, or a guest."),
    Field("email", text(255), about="In place of the customer's."),
    Field("shipping_address", ADDRESS),
    Field("billing_address", ADDRESS),
    Field("shipping_method", either(whole(1), text(100)), about="Absent: the cheapest."),
    Field("payment_method", text(100), about="Its code, or its kind: `credit_card`."),
    Field("payment_token", text(1_000), about="What the provider knows the buyer's money by."),
    Field("return_url", text(2_000), about="Where the buyer's browser comes back to."),
)
ROUTES: Final = (
    Route(
        "POST",
        "/cart/checkout",
        flows.FIRST,
        flow=flows.checkout,
        further=flows.FURTHER,
        status=201,
        body=BODY,
        problems=CONFLICTS,
        renamed=NAMES,
        about="Buy what is in the cart; asked again, it answers the same order",
        **READ,
    ),
)
