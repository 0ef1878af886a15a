"""What a cart comes to is worked out once, however many fields ask for it, and only if one does."""

from asyncio import Future, ensure_future, shield

from commerce.carts.repository.carts import CartRow
from commerce.carts.rules.content import Priced
from commerce.carts.rules.stored import content_of
from resolvers.context import Info


class Pricing:
    """Of one cart; `known` where the change that led here had to work it out."""

    __slots__ = ("_cart", "_known", "_running")

    def __init__(self, cart: CartRow, known: Priced | None = None) -> None:
        self._cart = cart
        self._known = known
        self._running: Future[Priced] | None = None

    async def get(self, info: Info) -> Priced:
        if self._known is not None:
            return self._known
        if self._running is None:
            self._running = ensure_future(self._work(info))
        return await shield(self._running)  # one field may be given up, and not the others

    async def _work(self, info: Info) -> Priced:
        context = info.context
        services, loaders = context.services, context.loaders.carts
        loaders.count_pricing()
        content = content_of(self._cart, await loaders.lines.load(self._cart.id))
        if services.call.key is None:  # with one the answer is a part of the transaction
            await services.cart_pricing.prepare(content, services.clock())
        return await services.cart_pricing.priced(content, services.clock())
