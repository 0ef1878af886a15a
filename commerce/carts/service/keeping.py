"""The current cart of whoever calls, without its being named."""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any, Final

from commerce.carts.repository.carts import CartRow
from commerce.carts.repository.keeping import KeptCartRepository
from commerce.carts.rules.keeping import Keeping, keeping_of
from commerce.carts.rules.refs import OWN, CartRef
from commerce.carts.rules.states import MISSING, state_of
from commerce.carts.service.answers import CartAnswer
from commerce.carts.service.carts import TOKEN_BYTES, CartService
from commerce.carts.visibility import OPEN
from commerce.core.clock import Clock
from commerce.core.problems import Problem
from commerce.core.viewer import Viewer

# For so long a purchase that is asked for again is answered with what was bought.
REMEMBERED: Final = timedelta(days=1)


class CartKeepingService:
    """In order: the open cart of the token, the customer's own, the one kept for the caller."""

    def __init__(
        self, carts: CartService, kept: KeptCartRepository, viewer: Viewer, clock: Clock
    ) -> None:
        self._carts = carts
        self._kept = kept
        self._viewer = viewer
        self._clock = clock

    async def current(self, token: str | None) -> CartRow | None:
        """The open one; where there is none, the one that was bought last, or None."""
        named = await self._named(token)
        if named is not None and self._is_open(named):
            return named
        keeping = keeping_of(self._viewer, token)
        if keeping is None:
            return (await self._carts.found(OWN)) or named
        at = self._clock()
        own = await self._kept.open(keeping, at)
        return own or named or await self._kept.bought(keeping, at - REMEMBERED)

    async def open(self, token: str | None) -> CartAnswer | Problem:
        """The open one, made when there is none yet. Many who ask at once get the same one."""
        named = await self._named(token)
        if named is not None and self._is_open(named):
            return CartAnswer(named)
        keeping = keeping_of(self._viewer, token)
        if keeping is not None:
            return await self._keep(keeping)
        cart = await self._carts.found(OWN) or await self._carts.create({})
        return cart if isinstance(cart, Problem) else CartAnswer(cart)

    async def _keep(self, keeping: Keeping) -> CartAnswer | Problem:
        at = self._clock()
        cart = await self._kept.open(keeping, at)
        if cart is not None:
            return CartAnswer(cart)
        currency = await self._carts.currency_of(None)
        if isinstance(currency, Problem):
            return currency
        await self._kept.close_expired(keeping, at)
        values: dict[str, Any] = {"currency": currency, "token": token_urlsafe(TOKEN_BYTES)}
        added = await self._kept.add(keeping, values, at) or await self._kept.open(keeping, at)
        return MISSING if added is None else CartAnswer(added)

    async def _named(self, token: str | None) -> CartRow | None:
        """The cart of the token; callers who are told no other tokens know those of their own."""
        if not token:
            return None
        ref, caller = CartRef(token=token), self._viewer
        found = await self._carts.found(ref)
        if found is not None or caller.in_storefront or not ref.is_possible:
            return found
        return await self._kept.of_token(caller.name, token)

    def _is_open(self, cart: CartRow) -> bool:
        return state_of(cart, self._clock()) in OPEN
