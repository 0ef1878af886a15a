"""Buying a cart, and paying what is left of an order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import strawberry

from commerce.carts.rules.refs import CartRef
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Scope
from commerce.idempotency.rules import KEPT_PAYMENTS
from commerce.orders.service.cart_payments import Purchase
from commerce.orders.service.checkout import Wish
from resolvers.carts.inputs import CartInput, problem_of, ref_of
from resolvers.carts.types import Cart
from resolvers.context import Info
from resolvers.mutations import Stepped, mutation
from resolvers.nodes import require_key
from resolvers.orders.types import Order
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error
from resolvers.scalars import JSON

NO_TOTAL: Final = Invalid("Say what the buyer has agreed to.", ("expected_total",))


@strawberry.type(description="What the buyer's browser has to do before the payment can go on.")
class PaymentAction:
    kind: str = public("What it is: `confirm`, `redirect`, `wait`.")
    client_secret: str | None = public("For the provider's own script in the browser.")
    publishable_key: str | None = public("Whose account it is, for that script.")
    redirect_url: str | None = public("Where to send the buyer.")

    @classmethod
    def of(cls, action: Mapping[str, Any] | None) -> "PaymentAction | None":
        if action is None:
            return None
        return cls(
            kind=action.get("kind", ""),
            client_secret=action.get("clientSecret"),
            publishable_key=action.get("publishableKey"),
            redirect_url=action.get("redirectUrl"),
        )


@strawberry.input(
    description="A cart to buy. Sent again, it answers the same order and charges nothing twice."
)
class CartCompleteInput(CartInput):
    expected_total: Decimal | None = strawberry.field(
        default=None,
        description="The total the buyer has seen and agreed to. If the cart comes to anything "
        "else by now, nothing is charged. Buyers must say it; programs and the shop's people may"
        " buy a cart whatever it comes to.",
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who buys a cart that is nobody's, for those who may write orders.",
    )
    payment_method: str | None = strawberry.field(
        default=None,
        description="The `code` of a payment method: the selected one when absent, and not needed"
        " if nothing is due.",
    )
    payment_data: JSON | None = strawberry.field(
        default=None,
        description="What the provider needs to be paid, such as `{paymentMethod}`; passed on and "
        "never stored. Never the number of a card.",
    )


@strawberry.type(description="The order, or what is left to do, or why nothing was bought.")
class CartCompletePayload:
    order: Order | None = public("The order, once it is placed.")
    next_action: PaymentAction | None = public(
        "What the buyer has to do first; the provider's report then places the order. Sending the "
        "mutation again tells how it went."
    )
    user_errors: list[UserError] = public("Why nothing was bought.")

    @classmethod
    def of(cls, result: Purchase | Problem) -> "CartCompletePayload":
        if isinstance(result, Problem):
            return cls(order=None, next_action=None, user_errors=[user_error(result)])
        order = None if result.order is None else Order.of(result.order)
        return cls(order=order, next_action=PaymentAction.of(result.action), user_errors=[])


@strawberry.input(description="A cart whose payment waits for its buyer.")
class CartPaymentCancelInput(CartInput):
    pass


@strawberry.type(description="What the cart has come to, or why its payment goes on.")
class CartPaymentCancelPayload:
    cart: Cart | None = public("The cart as it is now; null with errors.")
    order: Order | None = public("The order, where the payment came first: nothing is called off.")
    user_errors: list[UserError] = public("Why the payment goes on.")

    @classmethod
    def of(cls, result: Purchase | Problem, cart: Any = None) -> "CartPaymentCancelPayload":
        if isinstance(result, Problem):
            return cls(cart=None, order=None, user_errors=[user_error(result)])
        order = None if result.order is None else Order.of(result.order)
        return cls(cart=None if cart is None else Cart.of(cart), order=order, user_errors=[])


@strawberry.input(description="An order of yours of which something is left to be paid.")
class OrderPayInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    payment_method: str = strawberry.field(description="The `code` of a payment method.")
    payment_data: JSON | None = strawberry.field(default=None, description="As for `cartComplete`.")


@strawberry.type(description="The order as it is now, or why nothing was paid.")
class OrderPayPayload:
    order: Order | None = public("The order; null with errors.")
    next_action: PaymentAction | None = public("What the buyer has to do first.")
    user_errors: list[UserError] = public("Why nothing was paid.")

    @classmethod
    def of(cls, result: Any) -> "OrderPayPayload":
        if isinstance(result, Problem):
            return cls(order=None, next_action=None, user_errors=[user_error(result)])
        order, action = result
        return cls(order=Order.of(order), next_action=PaymentAction.of(action), user_errors=[])


@strawberry.input(description="A cart that was left behind, to make an order of.")
class CartConvertInput:
    cart_id: strawberry.ID = strawberry.field(description="The cart.")


@strawberry.type(description="The order, or why there is none.")
class CartConvertPayload:
    order: Order | None = public("The order; null with errors.")
    user_errors: list[UserError] = public("Why there is none.")

    @classmethod
    def of(cls, result: Any) -> "CartConvertPayload":
        if isinstance(result, Problem):
            return cls(order=None, user_errors=[user_error(result)])
        return cls(order=Order.of(result), user_errors=[])


@strawberry.type
class CheckoutMutations:
    @public(
        "Buy a cart: claim its goods, coupons and gift cards, take the payment, place the order.",
        extensions=[Stepped(KEPT_PAYMENTS)],
    )
    async def cart_complete(self, info: Info, input: CartCompleteInput) -> CartCompletePayload:
        ref, data, buyer = ref_of(input), _data(input.payment_data), _buyer(input.customer_id)
        if isinstance(ref, Problem) or isinstance(data, Problem) or isinstance(buyer, Problem):
            return CartCompletePayload.of(problem_of(ref, data, buyer))
        if input.expected_total is None and info.context.viewer.in_storefront:
            return CartCompletePayload.of(NO_TOTAL)
        wish = Wish(
            cart=ref,
            expected_total=input.expected_total,
            expected_version=input.expected_version,
            payment_method=input.payment_method,
            payment_data=data,
            customer_id=buyer,
        )
        return CartCompletePayload.of(await info.context.services.checkout.complete(wish))

    @public(
        "Call off the payment of a cart that waits for its buyer, and let the cart be changed"
        " again. The provider is asked first: what was paid meanwhile becomes the order.",
        extensions=[Stepped(KEPT_PAYMENTS)],
    )
    async def cart_payment_cancel(
        self, info: Info, input: CartPaymentCancelInput
    ) -> CartPaymentCancelPayload:
        ref, services = ref_of(input), info.context.services
        if isinstance(ref, Problem):
            return CartPaymentCancelPayload.of(ref)
        result = await services.cart_payments.cancel(ref, input.expected_version)
        return CartPaymentCancelPayload.of(result, await services.carts.found(ref))

    @mutation(
        Scope.WRITE_CARTS,
        Scope.WRITE_ORDERS,
        description="Make an order of somebody's cart, at today's prices and still to be paid.",
    )
    async def cart_convert(self, info: Info, input: CartConvertInput) -> CartConvertPayload:
        key = require_key(input.cart_id, "Cart", "cart_id")
        if isinstance(key, Problem):
            return CartConvertPayload.of(key)
        conversions = info.context.services.conversions
        return CartConvertPayload.of(await conversions.convert(CartRef(id=key)))

    @owner(
        Scope.WRITE_ORDERS,
        description="Pay what is left of an order of your own; the shop's people, of any.",
        extensions=[Stepped(KEPT_PAYMENTS)],
    )
    async def order_pay(self, info: Info, input: OrderPayInput) -> OrderPayPayload:
        key, data = require_key(input.order_id, "Order", "order_id"), _data(input.payment_data)
        if isinstance(key, Problem) or isinstance(data, Problem):
            return OrderPayPayload.of(problem_of(key, data))
        money = info.context.services.order_money
        return OrderPayPayload.of(await money.pay(key, input.payment_method, data))


def _buyer(id_: strawberry.ID | None) -> int | NotFound | None:
    return None if id_ is None else require_key(id_, "Customer", "customer_id")


def _data(given: Any) -> dict[str, Any] | Invalid:
    if given is None:
        return {}
    if isinstance(given, dict):
        return given
    return Invalid("This must be an object.", ("payment_data",))
