"""Buying the same again, as far as it is still sold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commerce.carts.repository.carts import CartRow
from commerce.carts.rules.content import WantedLine
from commerce.carts.rules.lines import NewLine
from commerce.carts.service.lines import CartLineService
from commerce.carts.service.pricing import CartPricingService
from commerce.core.clock import Clock
from commerce.core.problems import Problem
from commerce.orders.repository.lines import LineRow
from commerce.orders.rules.editing import content_of
from commerce.orders.service.desk import MISSING, OrderDesk


@dataclass(frozen=True, slots=True)
class Repeated:
    """A cart with what is still sold, and the lines of the order that are not."""

    cart: CartRow
    missing: Sequence[LineRow]


class OrderRepeatService:
    def __init__(
        self,
        desk: OrderDesk,
        pricing: CartPricingService,
        carts: CartLineService,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._pricing = pricing
        self._carts = carts
        self._clock = clock

    async def repeat(self, order_id: int) -> Repeated | Problem:
        """Customers have one cart, to which the goods are added."""
        order = await self._desk.seen(order_id)
        if order is None:
            return MISSING
        lines = await self._desk.lines(order_id)
        content = content_of(order, ())
        wanted = tuple(
            WantedLine(line.id, line.variant_id, line.quantity)
            for line in lines
            if line.variant_id is not None
        )
        priced = await self._pricing.priced(
            replace(content, lines=wanted, codes=(), shipping_method_id=None), self._clock()
        )
        sold = {line.id for line in priced.lines}
        again = [
            NewLine(line.variant_id, line.quantity, line.extra_fields)
            for line in lines
            if line.id in sold
        ]
        made = await self._carts.create({"currency": order.currency}, again)
        if isinstance(made, Problem):
            return made
        return Repeated(made.cart, [line for line in lines if line.id not in sold])
