"""What a transaction has told comes to few events: the latest word on everything that happened."""

from collections.abc import Sequence
from typing import Any

import pytest

from commerce.core.events import Event, EventType, Recording


def told(*events: Event) -> Sequence[tuple[str, int, Any]]:
    recording = Recording()
    for event in events:
        recording.add(event)
    return [(event.type.value, event.resource_id, event.data) for event in recording.told()]


def order(type_: EventType, id_: int = 1, part: int | None = None, **data: Any) -> Event:
    return Event(type_, "Order", id_, data, part)


def is_up(data: Any) -> bool:
    return bool(data["to"] > data["from"])


def went(before: int, after: int) -> Event:
    return Event(EventType.STOCK_LOW, "ProductVariant", 1, {"from": before, "to": after}, 7, is_up)


UPDATED, CREATED = EventType.ORDER_UPDATED, EventType.ORDER_CREATED
CHANGED = EventType.ORDER_STATUS_CHANGED


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([order(UPDATED), order(UPDATED)], [("order.updated", 1, {})]),
        (
            [order(UPDATED), order(UPDATED, 2)],
            [("order.updated", 1, {}), ("order.updated", 2, {})],
        ),
        (
            [order(UPDATED, part=1, n=1), order(UPDATED, part=2, n=2)],
            [("order.updated", 1, {"n": 1}), ("order.updated", 1, {"n": 2})],
        ),
        (
            [order(UPDATED, kinds=["a", "b"]), order(UPDATED, kinds=["b", "c"])],
            [("order.updated", 1, {"kinds": ["a", "b", "c"]})],
        ),
        (
            [
                order(CHANGED, **{"from": "a", "to": "b"}),
                order(CHANGED, **{"from": "b", "to": "c"}),
            ],
            [("order.status_changed", 1, {"from": "a", "to": "c"})],
        ),
        (
            [order(UPDATED), order(CREATED)],
            [("order.created", 1, {}), ("order.updated", 1, {})],
        ),
        ([order(CHANGED), order(CREATED)], [("order.created", 1, {})]),
        (
            [order(CHANGED), order(CREATED, 2)],
            [("order.created", 2, {}), ("order.status_changed", 1, {})],
        ),
        ([went(1, 3), went(3, 1)], []),
        ([went(1, 0), went(0, 3)], [("stock.low", 1, {"from": 1, "to": 3})]),
    ],
)
def test_a_transaction_tells_once_of_each_thing(
    events: Sequence[Event], expected: Sequence[tuple[str, int, Any]]
) -> None:
    assert told(*events) == expected


def test_the_next_transaction_begins_with_nothing() -> None:
    recording = Recording()
    recording.add(order(CREATED))
    recording.clear()
    recording.add(order(UPDATED))
    assert [event.type for event in recording.told()] == [UPDATED]
