"""A guest's cart goes into the cart of the customer who has signed in."""

from collections.abc import Sequence
from typing import Final

from commerce.carts.kinds import CartState, CartWarningCode
from commerce.carts.repository.carts import CartRepository, CartRow
from commerce.carts.repository.goods import GoodsRepository
from commerce.carts.repository.lines import CartLineRepository
from commerce.carts.rules.content import CartWarning, Priced
from commerce.carts.rules.details import MAX_CODES, MAX_GIFT_CARDS
from commerce.carts.rules.merging import taken_over, transfer
from commerce.carts.rules.refs import OWN, CartRef
from commerce.carts.rules.states import MISSING, refusal
from commerce.carts.service.answers import CartAnswer
from commerce.carts.service.carts import CartService
from commerce.carts.service.lines import CartLineService
from commerce.carts.service.pricing import CartPricingService
from commerce.core.problems import Invalid, Problem
from commerce.core.viewer import Viewer
from commerce.pricing.rules.eligible import Rejection, normalised
from commerce.promotions.rules.rejections import MESSAGES

NOBODY: Final = Invalid("Sign in first.", ())


class CartMergeService:
    def __init__(
        self,
        rows: CartRepository,
        line_rows: CartLineRepository,
        goods: GoodsRepository,
        carts: CartService,
        lines: CartLineService,
        pricing: CartPricingService,
        viewer: Viewer,
    ) -> None:
        self._rows = rows
        self._line_rows = line_rows
        self._goods = goods
        self._carts = carts
        self._lines = lines
        self._pricing = pricing
        self._viewer = viewer

    async def merge(self, token: str) -> CartAnswer | Problem:
        """Doing it again answers the customer's cart, and adds nothing."""
        guests, customer_id = CartRef(token=token), self._viewer.customer_id
        if customer_id is None:
            return NOBODY
        if not guests.is_possible:
            return MISSING
        # The customer's cart is made first: both are there to be locked in one order.
        made = await self._carts.create({})
        if isinstance(made, Problem):
            return made
        both = await self._rows.locked_all([guests, OWN])
        own = next(cart for cart in both if cart.id == made.id)
        guest = next((cart for cart in both if cart.token == token), None)
        if guest is None:
            merged = await self._rows.merged_into(token, customer_id)
            return MISSING if merged is None else CartAnswer(own)
        if guest.id == own.id:
            return CartAnswer(own)
        return refusal(guest, self._carts.now()) or await self._moved(own, guest)

    async def _moved(self, own: CartRow, guest: CartRow) -> CartAnswer | Problem:
        """Both are locked and active."""
        lines = await self._line_rows.by_carts([own.id, guest.id])
        theirs = lines.get(guest.id, ())
        quantities = {line.variant_id: line.quantity for line in theirs}
        goods = await self._goods.by_variants(quantities, self._carts.terms(own), own.id)
        added, warnings = transfer(lines.get(own.id, ()), theirs, goods)
        put = await self._lines.put(own, added)
        if isinstance(put, Problem):
            return put
        state = {"state": CartState.MERGED, "merged_into_id": own.id}
        await self._carts.changed(guest.id, state)
        known = taken_over(own, guest)
        known["gift_card_ids"] = known["gift_card_ids"][:MAX_GIFT_CARDS]
        codes = list({normalised(code): code for code in (*guest.codes, *own.codes)}.values())
        cart, priced, refused = await self._with_codes(own.id, known, codes[:MAX_CODES])
        return CartAnswer(cart, priced, (*warnings, *refused))

    async def _with_codes(
        self, cart_id: int, known: dict[str, object], codes: Sequence[str]
    ) -> tuple[CartRow, Priced, list[CartWarning]]:
        """The cart with those of the codes that give it something."""
        cart = await self._carts.changed(cart_id, {**known, "codes": list(codes)})
        priced = await self._priced(cart)
        refused = {normalised(one.code): one for one in priced.result.rejections}
        if not refused:
            return cart, priced, []
        left = [code for code in codes if normalised(code) not in refused]
        cart = await self._carts.changed(cart_id, {"codes": left})
        warnings = [_refused(rejection) for rejection in refused.values()]
        return cart, await self._priced(cart), warnings

    async def _priced(self, cart: CartRow) -> Priced:
        content = await self._carts.content_of(cart)
        return await self._pricing.priced(content, self._carts.now())


def _refused(rejection: Rejection) -> CartWarning:
    path = ("codes", rejection.code)
    return CartWarning(CartWarningCode.CODE_REJECTED, MESSAGES[rejection.reason], path)
