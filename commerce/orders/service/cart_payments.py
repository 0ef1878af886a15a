"""Asking a provider about the payment of a cart, and what its buyer is told then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from commerce.carts.kinds import CartState
from commerce.carts.repository.carts import CartRow
from commerce.carts.rules.refs import CartRef
from commerce.carts.service.purchases import CartPurchaseService
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem, version_conflict
from commerce.orders.problems import PaymentDeclined, PaymentInProgress
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.placing import failed, is_on_its_way
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.returning import ReturningService
from commerce.orders.service.settling import SettlingService, Standing
from commerce.payments.kinds import AttemptState
from commerce.payments.ports import ProviderCall
from commerce.payments.providers import Providers
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import PaymentLedgerService
from commerce.payments.service.methods import PaymentMethodService

IN_PROGRESS: Final = PaymentInProgress("The payment is under way. Ask again in a moment.", ())
RETURNED: Final = PaymentDeclined(
    "The goods were gone before the payment came. The money goes back.", (), "returned"
)


class Asked(Enum):
    """What a provider is asked: to take the money, how it went, or to end it unless it is paid."""

    PAY = "pay"
    LOOK_UP = "look_up"
    CALL_OFF = "call_off"


@dataclass(frozen=True, slots=True)
class Question:
    """For the provider of the attempt that opened the payment of a cart."""

    cart_id: int
    attempt_id: int
    call: ProviderCall
    asked: Asked


@dataclass(frozen=True, slots=True)
class Purchase:
    """The order, once it is placed; before that, what the buyer's browser has to do for it."""

    cart_id: int
    order: OrderRow | None = None
    action: Mapping[str, Any] | None = field(default=None, repr=False)


class CartPaymentService:
    """Opens transactions of its own, and none is open while a provider is asked."""

    def __init__(
        self,
        uow: UnitOfWork,
        carts: CartPurchaseService,
        order_payments: OrderPaymentService,
        ledger: PaymentLedgerService,
        methods: PaymentMethodService,
        providers: Providers,
        settling: SettlingService,
        returning: ReturningService,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._carts = carts
        self._order_payments = order_payments
        self._ledger = ledger
        self._methods = methods
        self._providers = providers
        self._settling = settling
        self._returning = returning
        self._clock = clock

    async def cancel(self, ref: CartRef, expected_version: int | None = None) -> Purchase | Problem:
        """The payment that waits for the cart's buyer is called off, and the cart can be changed.

        What was paid meanwhile stays paid: the answer is the order then.
        """
        begun = await self._uow.transact(
            lambda: self._begin(ref, expected_version), keep=lambda found: not failed(found)
        )
        if not isinstance(begun, Question):
            return begun
        standing = await self.ask(begun)
        if is_called_off(standing):
            return Purchase(begun.cart_id)
        answer = await self.answer(begun.cart_id, standing)
        if isinstance(answer, Purchase) and answer.order is None:
            return IN_PROGRESS  # it waits for its buyer still: the provider did not end it
        return answer

    async def under_way(
        self, cart: CartRow, method: str | None = None
    ) -> Question | PaymentInProgress:
        """Of a cart that is being paid for: the provider is asked how it went, and nothing is
        charged. Who wants to pay by another `method` has the payment called off.

        Not while the call that pays may still be on its way: asking would call it off.
        """
        attempt = await self._ledger.open_for_cart(cart.id)
        if attempt is None or is_on_its_way(attempt, self._clock()):
            return IN_PROGRESS
        other = None if method is None else await self._methods.by_code(method)
        changed = other is not None and other.id != attempt.method_id
        asked = Asked.CALL_OFF if changed else Asked.LOOK_UP
        return Question(cart.id, attempt.id, call_of(attempt), asked)

    async def ask(self, question: Question) -> Standing:
        """Ask the provider, and follow what it says."""
        await self._uow.release()
        asking = {
            Asked.PAY: self._providers.send,
            Asked.LOOK_UP: self._providers.look_up,
            Asked.CALL_OFF: self._providers.abandon,
        }[question.asked]
        outcome = await asking(question.call)
        return await self._settling.settle(question.attempt_id, outcome)

    async def answer(self, cart_id: int, standing: Standing) -> Purchase | Problem:
        settled = standing.settled
        if standing.to_return and settled is not None:
            await self._returning.give_back(settled.payment.id)
            return RETURNED
        if standing.order is not None:
            return Purchase(cart_id, standing.order)
        if settled is None or settled.attempt.state is AttemptState.PENDING:
            return IN_PROGRESS
        if settled.attempt.state is AttemptState.FAILED:
            reason = settled.attempt.decline_code or "declined"
            return PaymentDeclined("The payment was declined.", ("payment_method",), reason)
        return Purchase(cart_id, action=settled.outcome.next_action)

    async def _begin(
        self, ref: CartRef, expected_version: int | None
    ) -> Question | Purchase | Problem:
        cart = await self._carts.to_buy(ref)
        if isinstance(cart, Problem):
            return cart
        if cart.order_id is not None:
            return Purchase(cart.id, await self._order_payments.order(cart.order_id))
        conflict = version_conflict("cart", cart.version, expected_version)
        if conflict is not None:
            return conflict
        if cart.state is not CartState.FROZEN:
            return Purchase(cart.id)
        question = await self.under_way(cart)
        if isinstance(question, Problem):
            return question
        return Question(cart.id, question.attempt_id, question.call, Asked.CALL_OFF)


def is_called_off(standing: Standing) -> bool:
    """Whether no money moved, and none will."""
    return standing.settled is not None and standing.settled.attempt.state is AttemptState.FAILED
