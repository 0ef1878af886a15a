"""Which messages follow from what happened."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from commerce.core.events import EventType

LOW: Final = "stock_low"
DISABLED: Final = "webhook_disabled"
REFUND: Final = "refund"  # what a payment's attempt to give money back is called
# The other messages about orders are queued by what causes them: the caller may ask for none.
OF_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    EventType.ORDER_CREATED.value: ("order_received", "order_placed_sms"),
    EventType.ORDER_PAID.value: ("order_paid", "order_paid_staff"),
    EventType.ORDER_CANCELED.value: ("order_canceled_staff",),
    EventType.ORDER_REFUNDED.value: ("order_refunded_staff",),
}
HEARD: Final = (
    *OF_ORDERS,
    EventType.PAYMENT_FAILED.value,
    EventType.STOCK_LOW.value,
    EventType.WEBHOOK_ENDPOINT_DISABLED.value,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to be queued: `about` names the event, so that none is queued twice."""

    queued_as: str
    about: str
    data: Mapping[str, Any]
    order_id: int | None = None


@dataclass(slots=True)
class _Low:
    about: str = ""
    places: dict[tuple[int, int], Mapping[str, Any]] = field(default_factory=dict)


def notices(events: Iterable[Any]) -> Iterator[Notice]:
    """Of rows of the log. What ran low together is told in one message."""
    low = _Low()
    for event in events:
        if event.type in OF_ORDERS:
            for queued_as in OF_ORDERS[event.type]:
                yield _of_order(queued_as, event, event.resource_id)
        elif event.type == EventType.STOCK_LOW.value:
            low.about = low.about or str(event.event_id)
            place = (event.resource_id, event.data["location_id"])
            low.places[place] = {"variant_id": event.resource_id, **event.data}
        elif event.type == EventType.WEBHOOK_ENDPOINT_DISABLED.value:
            told = {"endpoint_id": event.resource_id, "reason": event.data["reason"]}
            yield Notice(DISABLED, str(event.event_id), told)
        elif event.data.get("kind") == REFUND and event.data.get("order_id") is not None:
            said = {"amount": event.data["amount"], "reason": event.data.get("code") or ""}
            yield _of_order("refund_failed", event, event.data["order_id"], said)
    if low.places:
        yield Notice(LOW, low.about, {"places": [_place(data) for data in low.places.values()]})


def _of_order(
    queued_as: str, event: Any, order_id: int, said: Mapping[str, Any] | None = None
) -> Notice:
    data = {"order_id": order_id, **(said or {})}
    return Notice(queued_as, str(event.event_id), data, order_id)


def _place(data: Mapping[str, Any]) -> dict[str, int]:
    return {name: data[name] for name in ("variant_id", "location_id", "available")}
