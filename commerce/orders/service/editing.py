"""Changing what was bought: one step, priced, promised and written down together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from commerce.carts.rules.content import Priced
from commerce.carts.service.pricing import CartPricingService
from commerce.core.clock import Clock
from commerce.core.problems import Problem, version_conflict
from commerce.gift_cards.service.uses import GiftCardUseService
from commerce.inventory.rules.promises import Want
from commerce.inventory.service.allocations import AllocationService
from commerce.orders.kinds import OrderEventKind, OrderStatus
from commerce.orders.problems import InvalidTransition
from commerce.orders.repository.lines import LineRow, OrderLineRepository
from commerce.orders.repository.writing import Event, OrderRow, OrderWriteRepository
from commerce.orders.rules.charges import charge_values
from commerce.orders.rules.editing import (
    LineEdit,
    Wanted,
    content_of,
    repriced,
    wanted_lines,
)
from commerce.orders.rules.placing import wants_of
from commerce.orders.rules.snapshots import line_values, sum_values
from commerce.orders.rules.states import OPEN, fulfillment_status
from commerce.orders.rules.surcharges import renewed, surcharges_flaw
from commerce.orders.service.desk import MISSING, OrderDesk
from commerce.orders.service.order_payments import OrderPaymentService

EDITABLE = (OrderStatus.DRAFT, *OPEN)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The order as it was looked at, and as it is to be."""

    order: OrderRow
    before: Sequence[LineRow]
    wanted: Sequence[Wanted]
    priced: Priced

    @property
    def gone(self) -> list[int]:
        kept = {each.id for each in self.wanted}
        return [row.id for row in self.before if row.id not in kept]


class OrderEditService:
    def __init__(
        self,
        desk: OrderDesk,
        lines: OrderLineRepository,
        writes: OrderWriteRepository,
        pricing: CartPricingService,
        gift_cards: GiftCardUseService,
        allocations: AllocationService,
        payments: OrderPaymentService,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._lines = lines
        self._writes = writes
        self._pricing = pricing
        self._gift_cards = gift_cards
        self._allocations = allocations
        self._payments = payments
        self._clock = clock

    async def edit(
        self,
        order_id: int,
        edits: Sequence[LineEdit],
        expected_version: int | None = None,
        terms: Mapping[str, Any] | None = None,
    ) -> OrderRow | Problem:
        """The order with these lines; `cost.balance` says what is to be paid or to go back.

        `terms` are columns that its price depends on, to be written with it: all of a draft's, the
        surcharges of any order.
        """
        plan = await self._planned(order_id, edits, expected_version, terms or {})
        if isinstance(plan, Problem):
            return plan
        added = await self._writes.add_lines(order_id, _new_lines(plan))
        flaw = await self._promised(plan, added)
        order = flaw or await self._desk.taken(order_id, plan.order.version)
        if isinstance(order, Problem):
            return order
        return await self._written(plan, terms or {})

    async def _planned(
        self,
        order_id: int,
        edits: Sequence[LineEdit],
        expected_version: int | None,
        terms: Mapping[str, Any],
    ) -> _Plan | Problem:
        seen = await self._desk.seen(order_id)
        if seen is None:
            return MISSING
        order = _with(seen, terms)
        if order.status not in EDITABLE:
            message = f"An order that is {order.status.name} is not edited."
            return InvalidTransition(message, ("order_id",), order.status.name)
        before = await self._desk.lines(order_id)
        wanted = (
            version_conflict("order", order.version, expected_version)
            or surcharges_flaw(terms.get("surcharges", ()), order.currency)
            or wanted_lines(before, edits, order.currency)
        )
        if isinstance(wanted, Problem):
            return wanted
        today = await self._pricing.priced(content_of(order, wanted), self._clock())
        priced = repriced(order, wanted, today)
        if isinstance(priced, Problem):
            return priced
        return _Plan(order, before, wanted, priced)

    async def _promised(self, plan: _Plan, added: Sequence[LineRow]) -> Problem | None:
        """Gift cards and stock follow what changes; nothing of a draft is promised."""
        if plan.order.status is OrderStatus.DRAFT:
            return None
        too_much = plan.order.gift_cards - plan.priced.result.total
        if too_much > 0:
            await self._gift_cards.give_back(plan.order.id, too_much)
        quantities = {each.id: each.quantity for each in plan.wanted}
        more, less = [], {}
        for row in plan.before:
            change = quantities.get(row.id, 0) - row.quantity
            if change < 0:
                less[row.id] = -change
            elif change > 0 and row.variant_id is not None:
                more.append(Want(row.id, row.variant_id, change))
        more += wants_of(added)
        if less:
            await self._allocations.release(plan.order.id, less)
        given = await self._allocations.allocate(plan.order.id, more, None) if more else None
        return given if isinstance(given, Problem) else None

    async def _written(self, plan: _Plan, terms: Mapping[str, Any]) -> OrderRow:
        order, result = plan.order, plan.priced.result
        kept = [each for each in plan.wanted if each.row is not None]
        await self._lines.change_all(
            [
                {
                    "id": each.id,
                    "quantity": each.quantity,
                    "unit_price": shown.unit_price,
                    "custom_price": each.custom,
                    **charge_values(result.lines[each.id]),
                }
                for each, shown in zip(kept, plan.priced.lines, strict=False)
            ]
        )
        if plan.gone:
            await self._lines.remove(plan.gone)
        sums = sum_values(plan.priced)
        if order.status is not OrderStatus.DRAFT:
            for kept_as_it_was in ("shipping_method", "currency", "exponent", "rounding"):
                del sums[kept_as_it_was]
        lines = await self._desk.lines(order.id)
        changes = {
            **terms,
            **sums,
            "fulfillment_status": fulfillment_status(lines),
        }
        data = {"before": _plain(order.total), "after": _plain(result.total)}
        edited = await self._desk.done(order, changes, Event(OrderEventKind.EDITED, data))
        return await self._payments.following(edited)


def _new_lines(plan: _Plan) -> list[Mapping[str, Any]]:
    last = max((row.position for row in plan.before), default=-1)
    new = [
        (each, line)
        for each, line in zip(plan.wanted, plan.priced.lines, strict=True)
        if each.row is None
    ]
    return [
        {
            **line_values(line, plan.priced.result.lines[each.id], last + 1 + place),
            "custom_price": each.custom,
        }
        for place, (each, line) in enumerate(new)
    ]


def _with(row: OrderRow, terms: Mapping[str, Any]) -> Any:
    """The order as it will be once `terms` are written."""
    if not terms:
        return row
    surcharges = renewed(row.surcharges, terms.get("surcharges", row.surcharges))
    return SimpleNamespace(**{**row._mapping, **terms, "surcharges": surcharges})


def _plain(amount: Decimal) -> str:
    return format(amount, "f")
