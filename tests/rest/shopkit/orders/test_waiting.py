"""Orders that are packed and wait: for the carrier, or for who bought them."""

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.events import EventType
from tests.support.orders import Item, place_order
from tests.support.shopkit import Client


@pytest.mark.parametrize(
    ("alias", "number", "text", "told"),
    [
        ("pickup_available", 10, "Pickup Available", EventType.ORDER_READY_FOR_PICKUP),
        ("waiting_shipment", 11, "Waiting Shipment", EventType.ORDER_AWAITING_SHIPMENT),
    ],
)
async def test_they_are_put_there_and_found_there(
    shopkit: Client,
    uow: UnitOfWork,
    monkeypatch: pytest.MonkeyPatch,
    alias: str,
    number: int,
    text: str,
    told: EventType,
) -> None:
    heard: list[EventType] = []
    record = UnitOfWork.record
    monkeypatch.setattr(
        UnitOfWork, "record", lambda unit, event: (heard.append(event.type), record(unit, event))
    )
    order, other = [await place_order(uow, Item("10.00")) for _ in range(2)]
    for sent in ({"status_alias": alias}, {"status": number}):
        await shopkit.found("PUT", f"/order/{order.id}", {"status_alias": "processing"})
        heard.clear()
        shown = await shopkit.found("PUT", f"/order/{order.id}", sent)
        assert (shown["status"], shown["status_alias"]) == (number, alias)
        assert (shown["status_description"], shown["sent_at"]) == (text, None)
        assert told in heard
    for query in (f"status_alias={alias}", f"status={number}"):
        found = await shopkit.get(f"/order?{query}")
        assert [found["0"]["id"], *list(found)[1:]] == [order.id, "paging"]
    gone = await shopkit.found("PUT", f"/order/{order.id}", {"status_alias": "delivered"})
    assert (gone["status_alias"], gone["sent_at"] is None) == ("delivered", False)
    assert (await shopkit.get(f"/order/{other.id}"))["status_alias"] == "pending"


async def test_what_came_back_is_not_said_by_hand(shopkit: Client, uow: UnitOfWork) -> None:
    order = await place_order(uow, Item("10.00"))
    for sent in ({"status": 9}, {"status_alias": "returned"}, {"status": 12}):
        assert await shopkit.refused("PUT", f"/order/{order.id}", sent) == 400
