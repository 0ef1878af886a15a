"""Sending what was bought, all at once or parcel by parcel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.problems import NotFound, Problem, version_conflict
from commerce.inventory.rules.promises import Want
from commerce.inventory.service.allocations import AllocationService
from commerce.notifications.service import NotificationQueue
from commerce.orders.kinds import OrderEventKind, OrderStatus, ShipmentStatus
from commerce.orders.problems import InvalidTransition
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.shipments import FulfillmentRepository, PartRow
from commerce.orders.repository.writing import Event, OrderRow
from commerce.orders.rules.states import (
    fulfillment_status,
    status_once_recalled,
    status_once_sent,
    transition_flaw,
)
from commerce.orders.rules.texts import checked_tracking
from commerce.orders.rules.units import LineUnits, to_fulfill, wanted_units
from commerce.orders.service import mails
from commerce.orders.service.canceling import ERASED
from commerce.orders.service.desk import MISSING, OrderDesk, in_force

NO_PARCEL: Final = NotFound("There is no Fulfillment with this id.", ("id",))


@dataclass(frozen=True, slots=True)
class Shipped:
    """A parcel and its order, as they are now."""

    fulfillment: PartRow
    order: OrderRow


class FulfillmentService:
    def __init__(
        self,
        desk: OrderDesk,
        fulfillments: FulfillmentRepository,
        lines: OrderLineRepository,
        allocations: AllocationService,
        mail: NotificationQueue,
        clock: Clock,
        actor: str,
    ) -> None:
        self._desk = desk
        self._fulfillments = fulfillments
        self._lines = lines
        self._allocations = allocations
        self._mail = mail
        self._clock = clock
        self._actor = actor

    async def create(
        self,
        order_id: int,
        wanted: Sequence[LineUnits],
        tracking: Mapping[str, str],
        *,
        notify: bool = True,
        expected_version: int | None = None,
    ) -> Shipped | Problem:
        """Send these units, or all that are left; they leave the stock."""
        told = checked_tracking(tracking)
        if isinstance(told, Problem):
            return told
        seen = await self._desk.seen(order_id)
        if seen is None:
            return MISSING
        units = wanted_units(wanted, await self._desk.lines(order_id), to_fulfill)
        if isinstance(units, Problem):
            return units
        missing = await self._allocations.ship(order_id, units, seen.number, self._actor)
        if missing is not None:
            return missing
        order = await self._desk.taken(order_id, expected_version)
        if isinstance(order, Problem):
            return order
        flaw = in_force(order) or await self._recounted(order_id, units)
        if flaw is not None:
            return flaw
        if order.erased and any(told.values()):
            return ERASED
        return await self._sent(order, units, told, notify=notify)

    async def _recounted(self, order_id: int, units: Mapping[int, int]) -> Problem | None:
        """Whether the units are still there to be sent, now that the order is taken."""
        wanted = [LineUnits(line_id, quantity) for line_id, quantity in units.items()]
        found = wanted_units(wanted, await self._desk.lines(order_id), to_fulfill)
        return found if isinstance(found, Problem) else None

    async def _sent(
        self, order: OrderRow, units: Mapping[int, int], told: Mapping[str, Any], *, notify: bool
    ) -> Shipped:
        values = {"order_id": order.id, "shipped_at": self._clock(), **told}
        parcel = await self._fulfillments.add(values, units)
        await self._lines.count_units("fulfilled", units)
        fulfillment = fulfillment_status(await self._desk.lines(order.id))
        changes = {
            "fulfillment_status": fulfillment,
            "status": status_once_sent(order.status, fulfillment),
        }
        data = {"fulfillment_id": parcel.id, "units": sum(units.values())}
        event = Event(OrderEventKind.SHIPPED, data, is_public=True)
        changed = await self._desk.done(order, changes, event)
        told_of = {"order_id": order.id, "fulfillment_id": parcel.id}
        if notify and order.email is not None:
            await self._mail.add(mails.SHIPPED, told_of, order.customer_id)
        if notify and order.phone:
            await self._mail.add(mails.SHIPPED_SMS, told_of, order.customer_id)
        return Shipped(parcel, changed)

    async def update(
        self, id_: int, tracking: Mapping[str, str], expected_version: int | None = None
    ) -> Shipped | Problem:
        """Say who carries the parcel and where it can be followed."""
        told = checked_tracking(tracking)
        if isinstance(told, Problem):
            return told
        found = await self._taken(id_, expected_version)
        if isinstance(found, Problem):
            return found
        if found.order.erased and any(told.values()):
            return ERASED
        event = Event(OrderEventKind.SHIPMENT_UPDATED, {"fulfillment_id": id_}, is_public=True)
        return Shipped(
            await self._fulfillments.change(id_, told),
            await self._desk.done(found.order, {}, event),
        )

    async def deliver(self, id_: int) -> Shipped | Problem:
        """The parcel has arrived; once all have, so has the order. Twice is once."""
        found = await self._taken(id_)
        if isinstance(found, Problem):
            return found
        parcel, order = found.fulfillment, found.order
        if parcel.status is ShipmentStatus.DELIVERED:
            return found
        if parcel.status is ShipmentStatus.CANCELED:
            return _canceled()
        delivered = {"status": ShipmentStatus.DELIVERED, "delivered_at": self._clock()}
        parcel = await self._fulfillments.change(id_, delivered)
        event = Event(OrderEventKind.DELIVERED, {"fulfillment_id": id_}, is_public=True)
        changes = {"status": OrderStatus.DELIVERED} if await self._arrived(order) else {}
        return Shipped(parcel, await self._desk.done(order, changes, event))

    async def _arrived(self, order: OrderRow) -> bool:
        """Whether everything was sent, and every parcel of it has arrived."""
        if transition_flaw(order.status, OrderStatus.DELIVERED) is not None:
            return False
        parcels = (await self._fulfillments.by_orders([order.id])).get(order.id, ())
        on_the_way = any(parcel.status is ShipmentStatus.SHIPPED for parcel in parcels)
        left = sum(to_fulfill(line) for line in await self._desk.lines(order.id))
        return not on_the_way and left == 0

    async def cancel(self, id_: int) -> Shipped | Problem:
        """The parcel never left: its units are to be sent again. Twice is once."""
        order_id = await self._fulfillments.order_of(id_)
        seen = None if order_id is None else await self._desk.seen(order_id)
        if order_id is None or seen is None:
            return NO_PARCEL
        before = (await self._fulfillments.by_ids([id_]))[id_]
        if before.status is ShipmentStatus.CANCELED:
            return Shipped(before, seen)
        units = (await self._fulfillments.units([id_]))[id_]
        flaw = await self._back_on_the_shelf(order_id, units, seen.number)
        found = flaw or await self._taken(id_)
        if isinstance(found, Problem):
            return found
        if found.fulfillment.status is not ShipmentStatus.SHIPPED:
            return _canceled()
        return await self._recalled(found, units)

    async def _back_on_the_shelf(
        self, order_id: int, units: Mapping[int, int], reference: str
    ) -> Problem | None:
        flaw = await self._allocations.take_back(order_id, units, None, reference, self._actor)
        if flaw is not None:
            return flaw
        promised = (await self._allocations.by_orders([order_id])).get(order_id, ())
        counted = {row.order_line_id: row.variant_id for row in promised}
        wants = [
            Want(line_id, counted[line_id], quantity)
            for line_id, quantity in units.items()
            if line_id in counted
        ]
        again = await self._allocations.allocate(order_id, wants, None)
        return again if isinstance(again, Problem) else None

    async def _recalled(self, found: Shipped, units: Mapping[int, int]) -> Shipped | Problem:
        less = {line_id: -quantity for line_id, quantity in units.items()}
        lines = {line.id: line for line in await self._desk.lines(found.order.id)}
        if any(lines[id_].fulfilled - lines[id_].returned < units[id_] for id_ in units):
            message = "Units of the parcel came back already."
            return InvalidTransition(message, ("id",), found.fulfillment.status.name)
        await self._lines.count_units("fulfilled", less)
        canceled = {"status": ShipmentStatus.CANCELED, "canceled_at": self._clock()}
        parcel = await self._fulfillments.change(found.fulfillment.id, canceled)
        fulfillment = fulfillment_status(await self._desk.lines(found.order.id))
        changes = {
            "fulfillment_status": fulfillment,
            "status": status_once_recalled(found.order.status, fulfillment),
        }
        event = Event(OrderEventKind.SHIPMENT_CANCELED, {"fulfillment_id": parcel.id})
        return Shipped(parcel, await self._desk.done(found.order, changes, event))

    async def _taken(self, id_: int, expected_version: int | None = None) -> Shipped | Problem:
        """The parcel, as it is now that its order is taken."""
        order_id = await self._fulfillments.order_of(id_)
        order = NO_PARCEL if order_id is None else await self._desk.taken(order_id)
        if isinstance(order, Problem):
            return NO_PARCEL
        parcel = (await self._fulfillments.of_order(order.id))[id_]
        conflict = version_conflict("fulfillment", parcel.version, expected_version)
        return conflict or Shipped(parcel, order)


def _canceled() -> InvalidTransition:
    return InvalidTransition("The parcel was canceled or delivered.", ("id",))
