"""Carts that were left behind, made orders of by the shop's people: at today's prices, unpaid."""

from commerce.carts.kinds import CartState
from commerce.carts.rules.refs import CartRef
from commerce.carts.rules.states import FROZEN
from commerce.carts.service.pricing import CartPricingService
from commerce.carts.service.purchases import CartPurchaseService
from commerce.core.clock import Clock
from commerce.core.problems import Problem
from commerce.orders.kinds import OrderSource
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.placing import incomplete, placement_of
from commerce.orders.service.claims import ClaimService
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.placing import PlacingService
from commerce.payments.kinds import MethodKind


class ConversionService:
    """Runs in the caller's transaction, which is rolled back on a Problem."""

    def __init__(
        self,
        carts: CartPurchaseService,
        pricing: CartPricingService,
        claims: ClaimService,
        placing: PlacingService,
        order_payments: OrderPaymentService,
        clock: Clock,
    ) -> None:
        self._carts = carts
        self._pricing = pricing
        self._claims = claims
        self._placing = placing
        self._order_payments = order_payments
        self._clock = clock

    async def convert(self, ref: CartRef) -> OrderRow | Problem | None:
        """The order, which its buyer may pay as any other; the same cart again, the same order."""
        cart = await self._carts.to_convert(ref)
        if isinstance(cart, Problem):
            return cart
        if cart.order_id is not None:
            return await self._order_payments.order(cart.order_id)
        if cart.state is CartState.FROZEN:
            return FROZEN
        priced = await self._pricing.priced(await self._carts.content_of(cart), self._clock())
        refused = incomplete(cart, priced) or await self._claims.claim(cart.id, priced)
        if refused is not None:
            return refused
        placement = placement_of(cart, priced, OrderSource.ABANDONED_CART)
        paid = priced.result.due == 0
        kind = None if paid else MethodKind.OTHER
        return await self._placing.at_once(placement, kind, paid=paid)
