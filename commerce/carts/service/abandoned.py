"""Carts that were left behind: writing to their buyers, once, where the store wants that."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from commerce.carts.kinds import CartState
from commerce.carts.repository.carts import CartRepository
from commerce.carts.rules.states import state_of
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.notifications.messages import Mail
from commerce.notifications.service import NotificationQueue
from commerce.store.service import StoreService

LEFT: Final = "cart_abandoned"
AT_ONCE: Final = 100
FALLBACK: Final = "en"


class AbandonedCartService:
    """Only who has typed an e-mail address into the cart is written to."""

    def __init__(
        self,
        uow: UnitOfWork,
        carts: CartRepository,
        store: StoreService,
        mails: NotificationQueue,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._carts = carts
        self._store = store
        self._mails = mails
        self._clock = clock

    async def remind(self, now: datetime) -> int:
        """How many buyers are written to, in transactions of so many each."""
        settings = await self._store.settings()
        if not settings.abandoned_mails:
            return 0
        before, reminded = now - timedelta(hours=settings.abandoned_hours), 0
        while True:
            some = await self._uow.transact(lambda: self._noted(before, now))
            reminded += some
            if some < AT_ONCE:
                return reminded

    async def mail(self, data: Mapping[str, Any]) -> Mail | None:
        """None where the cart was bought meanwhile, or emptied, or is over."""
        cart = (await self._carts.by_ids([data["cart_id"]])).get(data["cart_id"])
        if cart is None or cart.email is None or cart.token is None:
            return None
        if state_of(cart, self._clock()) is not CartState.ACTIVE:
            return None
        settings = await self._store.settings()
        return Mail(LEFT, cart.email, cart.locale or settings.locale, {"token": cart.token})

    async def _noted(self, before: datetime, now: datetime) -> int:
        carts = await self._carts.remind(before, now, AT_ONCE)
        for cart in carts:
            await self._mails.add(LEFT, {"cart_id": cart.id}, cart.customer_id)
        return len(carts)
