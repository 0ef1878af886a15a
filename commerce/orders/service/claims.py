"""What a purchase takes from others' reach before it is paid, and gives back if it is not."""

from datetime import datetime
from decimal import Decimal

from commerce.carts.rules.content import Priced
from commerce.core.problems import Problem
from commerce.gift_cards.service.uses import GiftCardUseService
from commerce.inventory.service.reservations import ReservationService
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.editing import BY_HAND
from commerce.promotions.problems import CouponRejected
from commerce.promotions.rules.claims import CouponUse
from commerce.promotions.service.redemptions import RedemptionService


class ClaimService:
    """Runs in a transaction that has locked the cart, and takes locks in the global order:
    promotions, gift cards, stock.
    """

    def __init__(
        self,
        redemptions: RedemptionService,
        gift_cards: GiftCardUseService,
        reservations: ReservationService,
    ) -> None:
        self._redemptions = redemptions
        self._gift_cards = gift_cards
        self._reservations = reservations

    async def claim(self, cart_id: int, priced: Priced) -> Problem | None:
        """Discounts and gift cards of a cart as it was priced; asked again, the same."""
        uses = [
            CouponUse(given.promotion.id, given.promotion.code, given.amount)
            for given in priced.result.discounts
        ]
        rejected = await self._redemptions.claim(cart_id, uses, priced.content.email)
        if rejected is not None:
            return rejected
        return await self._gift_cards.draw(cart_id, priced.result.gift_cards)

    async def redeem(self, order: OrderRow) -> CouponRejected | None:
        """The discounts of a draft, at once for good: it is about to be placed."""
        uses = [
            CouponUse(held["promotion_id"], held["code"], Decimal(held["amount"]))
            for held in order.discounts
            if held["promotion_id"] != BY_HAND
        ]
        return await self._redemptions.redeem(order.id, uses, order.email)

    async def hold(self, cart_id: int, priced: Priced, until: datetime) -> Problem | None:
        """Its goods, until then."""
        held = await self._reservations.hold(cart_id, priced.content.quantities(), until)
        return held if isinstance(held, Problem) else None

    async def attach(self, order: OrderRow) -> None:
        """What its cart has claimed is the order's."""
        if order.discounts:
            await self._redemptions.attach(order.cart_id, order.id)
        if order.gift_cards:
            await self._gift_cards.attach(order.cart_id, order.id)

    async def release(self, cart_id: int) -> None:
        """No order came of the cart: everything goes back."""
        await self._redemptions.release(cart_id)
        await self._gift_cards.release(cart_id)
        await self._reservations.drop(cart_id)
