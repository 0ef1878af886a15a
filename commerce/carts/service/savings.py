"""What makes a cart cheaper: coupons, and gift cards to pay with."""

from commerce.carts.ports import GiftCards
from commerce.carts.repository.carts import CartRow
from commerce.carts.rules.details import MAX_GIFT_CARDS, code_flaw
from commerce.carts.rules.refs import CartRef
from commerce.carts.service.answers import CartAnswer
from commerce.carts.service.carts import CartService
from commerce.carts.service.guesses import CouponGuessService
from commerce.carts.service.pricing import CartPricingService
from commerce.core.problems import Invalid, Problem
from commerce.pricing.rules.eligible import normalised
from commerce.promotions.rules.rejections import explained


class CartSavingService:
    def __init__(
        self,
        carts: CartService,
        pricing: CartPricingService,
        cards: GiftCards,
        guesses: CouponGuessService,
    ) -> None:
        self._carts = carts
        self._pricing = pricing
        self._cards = cards
        self._guesses = guesses

    async def apply_coupon(
        self, ref: CartRef, code: str, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """A code that gives nothing to the cart as it is now is refused, and not kept."""
        refused = await self._guesses.may_try()
        if refused is not None:
            return refused
        cart = await self._carts.to_change(ref, expected_version)
        if isinstance(cart, Problem) or _has(cart, code):
            return cart if isinstance(cart, Problem) else CartAnswer(cart)
        flaw = code_flaw(cart.codes, code)
        if flaw is not None:
            return flaw
        changed = await self._carts.changed(cart.id, {"codes": [*cart.codes, code.strip()]})
        content = await self._carts.content_of(changed)
        priced = await self._pricing.priced(content, self._carts.now())
        for rejection in priced.result.rejections:
            if normalised(rejection.code) == normalised(code):
                await self._guesses.count([rejection])
                offers, subtotal = priced.draft.promotions, priced.result.subtotal
                return explained(rejection, offers, subtotal, "code")
        return CartAnswer(changed, priced)

    async def remove_coupon(
        self, ref: CartRef, code: str, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        cart = await self._carts.to_change(ref, expected_version)
        if isinstance(cart, Problem):
            return cart
        left = [one for one in cart.codes if normalised(one) != normalised(code)]
        return CartAnswer(await self._carts.changed(cart.id, {"codes": left}))

    async def apply_gift_card(
        self, ref: CartRef, code: str, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """The card's number is kept, never its code. It is looked for before the cart is held."""
        card = await self._cards.find(code)
        if isinstance(card, Problem):
            return card
        cart = await self._carts.to_change(ref, expected_version)
        if isinstance(cart, Problem):
            return cart
        if card.id in cart.gift_card_ids:
            return CartAnswer(cart)
        if card.currency != cart.currency:
            return Invalid("This gift card is in another currency.", ("code",))
        if len(cart.gift_card_ids) >= MAX_GIFT_CARDS:
            return Invalid(f"A cart takes at most {MAX_GIFT_CARDS} gift cards.", ("code",))
        kept = [*cart.gift_card_ids, card.id]
        return CartAnswer(await self._carts.changed(cart.id, {"gift_card_ids": kept}))

    async def remove_gift_card(
        self, ref: CartRef, card_id: int, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        cart = await self._carts.to_change(ref, expected_version)
        if isinstance(cart, Problem):
            return cart
        left = [one for one in cart.gift_card_ids if one != card_id]
        return CartAnswer(await self._carts.changed(cart.id, {"gift_card_ids": left}))


def _has(cart: CartRow, code: str) -> bool:
    return normalised(code) in map(normalised, cart.codes)
