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
from commerce.orders.problems import CheckoutIncomplete, PaymentDeclined, PaymentInProgress
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.placing import (
    failed,
    incomplete,
    is_on_its_way,
    located,
    not_sold,
    placement_of,
    price_changed,
    rejected_code,
)
from commerce.orders.service.claims import ClaimService
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.placing import PlacingService
from commerce.orders.service.returning import ReturningService
from commerce.orders.service.settling import SettlingService, Standing
from commerce.orders.service.writing import OrderWriter
from commerce.payments.kinds import OFFLINE, AttemptState, CaptureMode
from commerce.payments.ports import ProviderCall
from commerce.payments.providers import Providers
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import Opening, PaymentLedgerService
from commerce.payments.service.methods import UNUSABLE
from commerce.store.service import StoreService

NO_METHOD: Final = CheckoutIncomplete(
    "Say how it is paid: `paymentMethods` lists what is offered.", ("payment_method",)
)
IN_PROGRESS: Final = PaymentInProgress("The payment is under way. Ask again in a moment.", ())


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer asks for. The total is compared with what the cart comes to, never believed;
    `payment_data` is passed on to the provider and never stored.
    """

    cart: CartRef
    expected_total: Decimal
    expected_version: int | None = None
    payment_method: str | None = None
    payment_data: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Purchase:
    """The order, once it is placed; before that, what the buyer's browser has to do for it."""

    cart_id: int
    order: OrderRow | None = None
    action: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Question:
    """For a provider: to do what an attempt is for or, `again`, what has come of it."""

    attempt_id: int
    call: ProviderCall
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Begun:
    """A purchase for which everything is claimed, and what is left to ask."""

    purchase: Purchase
    question: _Question | None = None


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
        providers: Providers,
        settling: SettlingService,
        returning: ReturningService,
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
        self._providers = providers
        self._settling = settling
        self._returning = returning
        self._store = store
        self._clock = clock

    async def complete(self, wish: Wish) -> Purchase | Problem:
        """Buy the cart. Asked again, it answers the same order and charges nothing twice."""
        if self._pricing.asks_others:
            await self._prepare(wish)
        begun = await self._uow.transact(
            lambda: self._begin(wish), keep=lambda found: not failed(found)
        )
        if isinstance(begun, Problem):
            return begun
        if begun.question is None:
            return begun.purchase
        await self._uow.release()
        ask = self._providers.look_up if begun.question.again else self._providers.send
        outcome = await ask(begun.question.call)
        standing = await self._settling.settle(begun.question.attempt_id, outcome)
        return await self._answer(begun.purchase, standing)

    async def _prepare(self, wish: Wish) -> None:
        content = await self._carts.content_to_buy(wish.cart)
        if content is not None:
            await self._pricing.prepare(content, self._clock())

    async def _begin(self, wish: Wish) -> _Begun | Problem:
        cart = await self._carts.to_buy(wish.cart)
        if isinstance(cart, Problem):
            return cart
        if cart.order_id is not None:
            return _Begun(Purchase(cart.id, await self._order_payments.order(cart.order_id)))
        if cart.state is CartState.FROZEN:
            return await self._under_way(cart)
        conflict = version_conflict("cart", cart.version, wish.expected_version)
        if conflict is not None:
            return conflict
        content = _paid_with(await self._carts.content_of(cart), wish.payment_method)
        priced = await self._pricing.priced(content, self._clock())
        flaw = (
            not_sold(cart, await self._store.settings())
            or incomplete(cart, priced)
            or price_changed(priced, wish.expected_total)
            or rejected_code(priced)
        )
        return flaw or await self._claim(cart, priced, wish)

    async def _under_way(self, cart: CartRow) -> _Begun | Problem:
        """Somebody is paying already: the provider is asked how it went, and nothing is charged.

        Not while the call that pays may still be on its way: asking would call it off.
        """
        attempt = await self._ledger.open_for_cart(cart.id)
        if attempt is None or is_on_its_way(attempt, self._clock()):
            return IN_PROGRESS
        return _Begun(Purchase(cart.id), _Question(attempt.id, call_of(attempt), again=True))

    async def _claim(self, cart: CartRow, priced: Priced, wish: Wish) -> _Begun | Problem:
        method = _method(priced)
        if isinstance(method, Problem):
            return method
        claimed = await self._claims.claim(cart.id, priced)
        if claimed is not None:
            return claimed
        order = await self._writer.place(placement_of(cart, priced))
        if method is None or method.provider == OFFLINE:
            return await self._place_now(cart, order, priced, method)
        return await self._ask_for_payment(cart, priced, method, wish)

    async def _place_now(
        self, cart: CartRow, order: OrderRow, priced: Priced, method: Any
    ) -> _Begun | Problem:
        """Nothing is due, or the money comes later, some other way."""
        kind = None if method is None else method.kind
        placed = await self._placing.place(order, kind, paid=method is None)
        if isinstance(placed, Problem):
            return located(placed, priced)
        if method is not None:
            opened = await self._ledger.open(_opening(cart.id, order.id, priced, method, {}))
            if isinstance(opened, Problem):
                return opened
        return _Begun(Purchase(cart.id, placed))

    async def _ask_for_payment(
        self, cart: CartRow, priced: Priced, method: Any, wish: Wish
    ) -> _Begun | Problem:
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
        question = _Question(attempt.id, call_of(attempt, wish.payment_data))
        return _Begun(Purchase(cart.id), question)

    async def _answer(self, purchase: Purchase, standing: Standing) -> Purchase | Problem:
        if standing.to_return and standing.settled is not None:
            await self._returning.give_back(standing.settled.payment.id)
            return PaymentDeclined(
                "The goods were gone before the payment came. The money goes back.", (), "returned"
            )
        if standing.order is not None:
            return Purchase(purchase.cart_id, standing.order)
        settled = standing.settled
        if settled is None or settled.attempt.state is AttemptState.PENDING:
            return IN_PROGRESS
        if settled.attempt.state is AttemptState.FAILED:
            reason = settled.attempt.decline_code or "declined"
            return PaymentDeclined("The payment was declined.", ("payment_method",), reason)
        return Purchase(purchase.cart_id, action=settled.outcome.next_action)


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
