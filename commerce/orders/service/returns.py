"""What buyers send back: asked for, agreed to, and received once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.problems import NotFound, Problem
from commerce.core.text import words_flaw
from commerce.core.viewer import Scope, Viewer
from commerce.inventory.service.allocations import AllocationService
from commerce.orders.kinds import OrderEventKind, ReturnStatus
from commerce.orders.problems import InvalidTransition
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.shipments import PartRow, ReturnRepository
from commerce.orders.repository.writing import Event, OrderRow
from commerce.orders.rules.states import fulfillment_status
from commerce.orders.rules.units import LineUnits, to_return, wanted_units
from commerce.orders.service.canceling import ERASED
from commerce.orders.service.desk import OrderDesk, in_force

MAX_REASON: Final = 2_000
NO_RETURN: Final = NotFound("There is no OrderReturn with this id.", ("id",))
UNDER_WAY: Final = (ReturnStatus.REQUESTED, ReturnStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Returned:
    """A return and its order, as they are now."""

    order_return: PartRow
    order: OrderRow


class ReturnService:
    def __init__(
        self,
        desk: OrderDesk,
        returns: ReturnRepository,
        lines: OrderLineRepository,
        allocations: AllocationService,
        viewer: Viewer,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._returns = returns
        self._lines = lines
        self._allocations = allocations
        self._viewer = viewer
        self._clock = clock

    async def create(
        self, order_id: int, wanted: Sequence[LineUnits], reason: str, *, restock: bool = True
    ) -> Returned | Problem:
        """Announce units that come back. The shop's own people agree by announcing it."""
        flaw = words_flaw(reason, MAX_REASON, "reason")
        order = flaw or await self._desk.touched(order_id)
        if isinstance(order, Problem):
            return order
        lines, under_way = await self._desk.lines(order_id), await self._under_way(order_id)
        units = wanted_units(wanted, lines, lambda line: to_return(line, under_way))
        stopped = in_force(order) or (units if isinstance(units, Problem) else None)
        if stopped is not None or (order.erased and reason):
            return stopped or ERASED
        staff = self._viewer.may(Scope.WRITE_ORDERS)
        values: dict[str, Any] = {
            "order_id": order_id,
            "status": ReturnStatus.APPROVED if staff else ReturnStatus.REQUESTED,
            "reason": reason.strip(),
            "requested_by": self._viewer.name,
            "restock": restock,
            "decided_at": self._clock() if staff else None,
        }
        added = await self._returns.add(values, units)  # type: ignore[arg-type]  # no Problem
        event = _event(OrderEventKind.RETURN_REQUESTED, added)
        return Returned(added, await self._desk.done(order, {}, event))

    async def decide(self, id_: int, answer: str, *, approved: bool) -> Returned | Problem:
        """Agree to what a buyer asked for, or refuse it. The same answer twice is one."""
        flaw = words_flaw(answer, MAX_REASON, "answer")
        found = flaw or await self._taken(id_)
        if isinstance(found, Problem):
            return found
        wanted = ReturnStatus.APPROVED if approved else ReturnStatus.REFUSED
        current = found.order_return.status
        if current is wanted:
            return found
        if current not in UNDER_WAY:
            return _over(current)
        if found.order.erased and answer:
            return ERASED
        changes = {"status": wanted, "answer": answer.strip(), "decided_at": self._clock()}
        kind = OrderEventKind.RETURN_APPROVED if approved else OrderEventKind.RETURN_REFUSED
        changed = await self._returns.change(id_, changes)
        return Returned(changed, await self._desk.done(found.order, {}, _event(kind, changed)))

    async def receive(
        self, id_: int, *, restock: bool | None = None, location_id: int | None = None
    ) -> Returned | Problem:
        """The units are here again, and on the shelf if they are good. Twice is once."""
        order_id = await self._returns.order_of(id_)
        seen = None if order_id is None else await self._desk.seen(order_id)
        if order_id is None or seen is None:
            return NO_RETURN
        before = (await self._returns.by_ids([id_]))[id_]
        if before.status is ReturnStatus.RECEIVED:
            return Returned(before, seen)
        shelve = before.restock if restock is None else restock
        units = (await self._returns.units([id_]))[id_]
        if shelve:
            flaw = await self._allocations.take_back(
                order_id, units, location_id, seen.number, self._viewer.name
            )
            if flaw is not None:
                return flaw
        found = await self._taken(id_)
        if isinstance(found, Problem):
            return found
        if found.order_return.status not in UNDER_WAY:
            return _over(found.order_return.status)
        return await self._received(found, units, {"restock": shelve, "location_id": location_id})

    async def _received(
        self, found: Returned, units: Mapping[int, int], how: Mapping[str, Any]
    ) -> Returned:
        await self._lines.count_units("returned", units)
        now = self._clock()
        changes = {"status": ReturnStatus.RECEIVED, "received_at": now, **how}
        changed = await self._returns.change(found.order_return.id, changes)
        status = fulfillment_status(await self._desk.lines(found.order.id))
        event = _event(OrderEventKind.RETURN_RECEIVED, changed)
        order = await self._desk.done(found.order, {"fulfillment_status": status}, event)
        return Returned(changed, order)

    async def _under_way(self, order_id: int) -> Mapping[int, int]:
        """Units by line that are announced and not here yet."""
        every = (await self._returns.by_orders([order_id])).get(order_id, ())
        units = await self._returns.units([row.id for row in every if row.status in UNDER_WAY])
        sums: Counter[int] = Counter()
        for announced in units.values():
            sums.update(announced)
        return sums

    async def _taken(self, id_: int) -> Returned | Problem:
        """The return, as it is now that its order is taken."""
        order_id = await self._returns.order_of(id_)
        order = NO_RETURN if order_id is None else await self._desk.taken(order_id)
        if isinstance(order, Problem):
            return NO_RETURN
        return Returned((await self._returns.of_order(order.id))[id_], order)


def _event(kind: OrderEventKind, row: PartRow) -> Event:
    return Event(kind, {"return_id": row.id}, is_public=True)


def _over(status: ReturnStatus) -> InvalidTransition:
    return InvalidTransition(f"The return is {status.name}.", ("id",), status.name)
