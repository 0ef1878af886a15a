"""Buying a cart: one path, however it is paid and however often it is asked for.

First, in one transaction, everything is claimed, and the order is written down as it will be. Then
the provider is asked, with nothing locked. Then, in `settling`, the order is placed or given up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from commerce.carts.kinds import CartState
from commerce.carts.repository.carts import CartRow
from commerce.carts.rules.content import CartContent, Priced
from commerce.carts.rules.refs import CartRef
from commerce.carts.service.pricing import CartPricingService
from commerce.carts.service.purchases import CartPurchaseService
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem, version_conflict
from commerce.orders.problems import CheckoutIncomplete
from commerce.orders.rules.placing import (
    failed,
    incomplete,
    located,
    not_sold,
    placement_of,
    price_changed,
    rejected_code,
)
from commerce.orders.service.cart_payments import (
    Asked,
    CartPaymentService,
    Purchase,
    Question,
    is_called_off,
)
from commerce.orders.service.claims import ClaimService
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.placing import PlacingService
from commerce.orders.service.writing import OrderWriter
from commerce.payments.kinds import OFFLINE, CaptureMode
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import Opening, PaymentLedgerService
from commerce.payments.service.methods import UNUSABLE
from commerce.store.service import StoreService

NO_METHOD: Final = CheckoutIncomplete(
    "Say how it is paid: `paymentMethods` lists what is offered.", ("payment_method",)
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer asks for. The total is compared with what the cart comes to, never believed;
    without one the cart is bought whatever it comes to. `payment_data` is passed on to the provider
    and never stored. `customer_id` is who buys a cart that is nobody's.
    """

    cart: CartRef
    expected_total: Decimal | None
    expected_version: int | None = None
    payment_method: str | None = None
    payment_data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    customer_id: int | None = None


class CheckoutService:
    """Opens transactions of its own, and none is open while a provider is asked."""

    def __init__(
        self,
        uow: UnitOfWork,
        carts: CartPurchaseService,
        pricing: CartPricingService,
        claims: ClaimService,
        placing: PlacingService,
        writer: OrderWriter,
        order_payments: OrderPaymentService,
        ledger: PaymentLedgerService,
        payments: CartPaymentService,
        store: StoreService,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._carts = carts
        self._pricing = pricing
        self._claims = claims
        self._placing = placing
        self._writer = writer
        self._order_payments = order_payments
        self._ledger = ledger
        self._payments = payments
        self._store = store
        self._clock = clock

    async def complete(self, wish: Wish) -> Purchase | Problem:
        """Buy the cart. Asked again, it answers the same order and charges nothing twice; asked to
        pay in another way, it calls off what was not paid yet.
        """
        if self._pricing.asks_others:
            await self._prepare(wish)
        begun = await self._uow.transact(
            lambda: self._begin(wish), keep=lambda found: not failed(found)
        )
        if not isinstance(begun, Question):
            return begun
        standing = await self._payments.ask(begun)
        if begun.asked is Asked.CALL_OFF and is_called_off(standing):
            return await self.complete(_once_thawed(wish))
        return await self._payments.answer(begun.cart_id, standing)

    async def _prepare(self, wish: Wish) -> None:
        content = await self._carts.content_to_buy(wish.cart)
        if content is not None:
            await self._pricing.prepare(content, self._clock())

    async def _begin(self, wish: Wish) -> Question | Purchase | Problem:
        cart = await self._carts.to_buy(wish.cart)
        if isinstance(cart, Problem):
            return cart
        if cart.order_id is not None:
            return Purchase(cart.id, await self._order_payments.order(cart.order_id))
        if cart.state is CartState.FROZEN:
            return await self._under_way(cart, wish)
        conflict = version_conflict("cart", cart.version, wish.expected_version)
        if conflict is not None:
            return conflict
        content = await self._content(cart, wish)
        if isinstance(content, Problem):
            return content
        priced = await self._pricing.priced(content, self._clock())
        flaw = (
            not_sold(cart, await self._store.settings())
            or incomplete(cart, priced)
            or price_changed(priced, wish.expected_total)
            or rejected_code(priced)
            or self._pricing.unpayable(priced)
        )
        return flaw or await self._claim(cart, priced, wish)

    async def _content(self, cart: CartRow, wish: Wish) -> CartContent | Problem:
        if wish.customer_id is None:
            return _paid_with(await self._carts.content_of(cart), wish.payment_method)
        content = await self._carts.content_for(cart, wish.customer_id)
        return content if isinstance(content, Problem) else _paid_with(content, wish.payment_method)

    async def _under_way(self, cart: CartRow, wish: Wish) -> Question | Problem:
        """Somebody is paying already."""
        question = await self._payments.under_way(cart, wish.payment_method)
        if isinstance(question, Question) and question.asked is Asked.CALL_OFF:
            conflict = version_conflict("cart", cart.version, wish.expected_version)
            return conflict or question
        return question

    async def _claim(
        self, cart: CartRow, priced: Priced, wish: Wish
    ) -> Question | Purchase | Problem:
        method = _method(priced)
        if isinstance(method, Problem):
            return method
        claimed = await self._claims.claim(cart.id, priced)
        if claimed is not None:
            return claimed
        if method is None or method.provider == OFFLINE:
            return await self._place_now(cart, priced, method)
        await self._writer.place(placement_of(cart, priced))
        return await self._ask_for_payment(cart, priced, method, wish)

    async def _place_now(
        self, cart: CartRow, priced: Priced, method: Any
    ) -> Question | Purchase | Problem:
        """Nothing is due, or the money comes later, some other way."""
        kind = None if method is None else method.kind
        placement = placement_of(cart, priced)
        placed = await self._placing.at_once(placement, kind, paid=method is None)
        if isinstance(placed, Problem):
            return located(placed, priced)
        if method is not None:
            opened = await self._ledger.open(_opening(cart.id, placed.id, priced, method, {}))
            if isinstance(opened, Problem):
                return opened
        return Purchase(cart.id, placed)

    async def _ask_for_payment(
        self, cart: CartRow, priced: Priced, method: Any, wish: Wish
    ) -> Question | Purchase | Problem:
        minutes = (await self._store.settings()).reservation_minutes
        until = self._clock() + timedelta(minutes=minutes)
        missing = await self._claims.hold(cart.id, priced, until)
        if missing is not None:
            return located(missing, priced)
        opening = _opening(cart.id, None, priced, method, wish.payment_data)
        attempt = await self._ledger.open(opening)
        if isinstance(attempt, Problem):
            return attempt
        await self._carts.freeze(cart.id, method.id)
        call = call_of(attempt, wish.payment_data)
        return Question(cart.id, attempt.id, call, Asked.PAY)


def _once_thawed(wish: Wish) -> Wish:
    """The version that was expected is one less than that of the cart whose payment is off."""
    version = wish.expected_version
    return wish if version is None else replace(wish, expected_version=version + 1)


def _paid_with(content: CartContent, method: str | None) -> CartContent:
    """Somebody who says how it is paid need not have chosen before."""
    return content if method is None else replace(content, payment_method=method)


def _method(priced: Priced) -> Any:
    """The payment method, None when nothing is due."""
    if priced.result.due == 0:
        return None
    if priced.content.payment_method is None:
        return NO_METHOD
    return UNUSABLE if priced.payment_method is None else priced.payment_method


def _opening(
    cart_id: int, order_id: int | None, priced: Priced, method: Any, data: Mapping[str, Any]
) -> Opening:
    return Opening(
        cart_id=cart_id,
        order_id=order_id,
        method_id=method.id,
        amount=priced.result.due,
        currency=priced.content.currency,
        capture_now=method.capture is CaptureMode.AT_ONCE,
        data=data,
    )
