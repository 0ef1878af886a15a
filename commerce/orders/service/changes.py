"""What the shop's people write on orders: status, notes, addresses, where they are filed."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.files.kinds import FileKind
from commerce.files.repository.files import FileRepository
from commerce.files.rules.keys import kept_path
from commerce.orders.kinds import OrderEventKind, OrderStatus, StatusGroup
from commerce.orders.repository.statuses import OrderStatusRepository
from commerce.orders.repository.writing import Event, OrderRow
from commerce.orders.rules.snapshots import name_of
from commerce.orders.rules.states import transition_flaw
from commerce.orders.rules.texts import checked_note, checked_order
from commerce.orders.service.canceling import ERASED, OrderCancelService
from commerce.orders.service.desk import OrderDesk, in_force

# Columns that name a status of the store's own, and of which group it must be.
CUSTOM: Final = {
    "custom_payment_status_id": StatusGroup.PAYMENT,
    "custom_fulfillment_status_id": StatusGroup.FULFILLMENT,
}
# What says nothing about a person, and may be written on the orders of those who were erased.
NOBODYS: Final = frozenset({"seen_at"})
INVOICE_FILE: Final = "invoice_file_id"


class OrderChangeService:
    def __init__(
        self,
        desk: OrderDesk,
        statuses: OrderStatusRepository,
        cancellations: OrderCancelService,
        files: FileRepository,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._statuses = statuses
        self._cancellations = cancellations
        self._files = files
        self._clock = clock

    async def transition(
        self,
        order_id: int,
        wanted: OrderStatus,
        expected_version: int | None = None,
        *,
        force: bool = False,
    ) -> OrderRow | Problem:
        """Change the status by hand; to cancel is to cancel with all that follows.

        With `force` any status in force leads to any other.
        """
        if wanted is OrderStatus.CANCELED:
            return await self._cancellations.cancel(order_id, expected_version=expected_version)
        order = await self._desk.taken(order_id, expected_version)
        if isinstance(order, Problem) or order.status is wanted:
            return order  # type: ignore[no-any-return]  # a row or a Problem
        allowed = force and wanted is not OrderStatus.DRAFT
        flaw = in_force(order)
        if flaw is None and not allowed:
            flaw = transition_flaw(order.status, wanted, "status")
        if flaw is not None:
            return flaw
        data = {"from": order.status.value, "to": wanted.value}
        event = Event(OrderEventKind.STATUS_CHANGED, data, is_public=True)
        return await self._desk.done(order, {"status": wanted}, event)

    async def note(self, order_id: int, text: str, *, is_public: bool) -> OrderRow | Problem:
        """Add to the timeline; public notes are for the buyer, too."""
        message = checked_note(text, "message")
        if isinstance(message, Invalid):
            return message
        order = await self._desk.taken(order_id)
        if isinstance(order, Problem) or order.erased:
            return order if isinstance(order, Problem) else ERASED
        event = Event(OrderEventKind.NOTED, message=message, is_public=is_public)
        return await self._desk.done(order, {}, event)

    async def update(
        self, order_id: int, values: Mapping[str, Any], expected_version: int | None = None
    ) -> OrderRow | Problem:
        """Write the given fields. What was bought and what it costs is `edit`'s."""
        columns = checked_order(values)
        if isinstance(columns, Problem):
            return columns
        order = await self._desk.taken(order_id, expected_version)
        if isinstance(order, Problem):
            return order
        invoice = await self._invoice_address(columns)
        if isinstance(invoice, Problem):
            return invoice
        columns = self._whole(order, columns | invoice)
        changes = {name: new for name, new in columns.items() if new != getattr(order, name)}
        if not changes:
            return order  # type: ignore[no-any-return]  # a row
        if order.erased and changes.keys() - CUSTOM.keys() - NOBODYS:
            return ERASED
        missing = await self._missing_status(changes)
        if missing is not None:
            return missing
        if "billing_address" in changes or "shipping_address" in changes:
            address = columns.get("billing_address") or order.billing_address
            changes["name"] = name_of(address or columns.get("shipping_address")) or order.name
        event = Event(OrderEventKind.UPDATED, {"fields": sorted(changes)})
        return await self._desk.done(order, changes, event)

    def _whole(self, order: OrderRow, given: Mapping[str, Any]) -> dict[str, Any]:
        """The given values as columns hold them: parts of `dispatch` join the others, and `seen`
        becomes the moment it was."""
        columns = {name: value for name, value in given.items() if name != INVOICE_FILE}
        if "dispatch" in columns:
            parts = {**order.dispatch, **columns["dispatch"]}
            columns["dispatch"] = {name: text for name, text in parts.items() if text}
        if "seen" in columns:
            columns["seen_at"] = (order.seen_at or self._clock()) if columns.pop("seen") else None
        return columns

    async def _invoice_address(self, given: Mapping[str, Any]) -> dict[str, str] | Problem:
        """Of an invoice that is a file kept here: its path, which opens nothing by itself."""
        file_id = given.get(INVOICE_FILE)
        if file_id is None:
            return {}
        if given.get("invoice_url") is not None:
            return Invalid("It is at an address, or a file.", (INVOICE_FILE,))
        file = (await self._files.seen_by_ids([file_id])).get(file_id)
        if file is None or file.kind is not FileKind.DOCUMENT:
            return NotFound("There is no such document.", (INVOICE_FILE,))
        return {"invoice_url": kept_path(file_id)}

    async def archive(self, order_id: int, *, archived: bool) -> OrderRow | Problem:
        """File an order away, or take it out again: lists leave archived ones out."""
        order = await self._desk.taken(order_id)
        if isinstance(order, Problem) or (order.archived_at is not None) is archived:
            return order  # type: ignore[no-any-return]  # a row or a Problem
        kind = OrderEventKind.ARCHIVED if archived else OrderEventKind.UNARCHIVED
        moment = self._clock() if archived else None
        return await self._desk.done(order, {"archived_at": moment}, Event(kind))

    async def _missing_status(self, changes: Mapping[str, Any]) -> NotFound | None:
        for name, group in CUSTOM.items():
            if changes.get(name) is not None:
                status = (await self._statuses.by_ids([changes[name]])).get(changes[name])
                if status is None or status.group is not group or not status.active:
                    path = (name.removeprefix("custom_"),)
                    return NotFound(f"There is no such status of {group.value}.", path)
        return None
