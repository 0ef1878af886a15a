"""A cart on its way to become an order: what checkout does with it."""

from dataclasses import replace

from commerce.carts.kinds import CartState
from commerce.carts.repository.carts import CartRow
from commerce.carts.repository.purchases import PurchaseRepository
from commerce.carts.rules.content import CartContent
from commerce.carts.rules.refs import CartRef
from commerce.carts.rules.states import EXPIRED, MISSING, state_of
from commerce.carts.service.carts import NO_CUSTOMER, CartService
from commerce.core.clock import Clock
from commerce.core.problems import NotFound, Problem
from commerce.core.viewer import Scope, Viewer
from commerce.customers.rules.minimums import Minimum


class CartPurchaseService:
    def __init__(
        self, carts: CartService, purchases: PurchaseRepository, viewer: Viewer, clock: Clock
    ) -> None:
        self._carts = carts
        self._purchases = purchases
        self._viewer = viewer
        self._clock = clock

    async def content_to_buy(self, ref: CartRef) -> CartContent | None:
        """What is in a cart that can be bought, as it is before it is locked."""
        cart = await self._carts.found(ref)
        if cart is None or state_of(cart, self._clock()) is not CartState.ACTIVE:
            return None
        return await self._carts.content_of(cart)

    async def to_buy(self, ref: CartRef) -> CartRow | Problem:
        """Locked: active, being paid for, or bought."""
        cart = await self.to_convert(ref)
        if isinstance(cart, Problem) or state_of(cart, self._clock()) is not CartState.EXPIRED:
            return cart
        return EXPIRED

    async def to_convert(self, ref: CartRef) -> CartRow | Problem:
        """The same for the shop's people, to whom no cart is too old."""
        cart = await self._carts.locked(ref)
        return MISSING if cart is None or cart.state is CartState.MERGED else cart

    async def content_of(self, cart: CartRow) -> CartContent:
        return await self._carts.content_of(cart)

    async def content_for(self, cart: CartRow, customer_id: int) -> CartContent | NotFound:
        """The same as `content_of` where a customer buys it whose cart it is not."""
        content = await self.content_of(cart)
        if customer_id == cart.customer_id:
            return content
        allowed = cart.customer_id is None and self._viewer.may(Scope.WRITE_ORDERS)
        buyer = await self._purchases.buyer(customer_id) if allowed else None
        if buyer is None:
            return NO_CUSTOMER
        return replace(
            content,
            customer_id=customer_id,
            customer_group_id=buyer.group_id,
            tax_exempt=buyer.tax_exempt,
            minimum=Minimum(buyer.min_subtotal, buyer.min_quantity),
            email=content.email or buyer.email,
        )

    async def lock(self, cart_id: int) -> CartRow | None:
        """Whoever asks: payments are settled for buyers by the system."""
        return await self._purchases.locked(cart_id)

    async def freeze(self, cart_id: int, payment_method_id: int) -> None:
        """It is being paid for in this way: nobody changes it now."""
        await self._purchases.freeze(cart_id, payment_method_id)

    async def thaw(self, cart_id: int) -> None:
        """Nothing came of the payment."""
        await self._purchases.thaw(cart_id)

    async def completed(self, cart_id: int, order_id: int) -> None:
        """It was bought, with or without having been frozen."""
        await self._purchases.complete(cart_id, order_id)
