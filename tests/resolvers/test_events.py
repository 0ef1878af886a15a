"""The log of events in GraphQL."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.ids import global_id
from commerce.events.repository.outbox import EventOutbox

LOG = """
query Log($first: Int, $after: String, $types: [EventType!], $resource: ID) {
  eventLog(first: $first, after: $after, types: $types, resourceId: $resource) {
    nodes {
      id databaseId eventId type resourceType resourceId resourceDatabaseId resourceSequence data
      actor { kind } requestId
    }
    pageInfo { hasNextPage endCursor }
    totalCount { count }
  }
}
"""


async def happen(uow: UnitOfWork, *events: Event) -> None:
    async def work() -> None:
        for event in events:
            uow.record(event)

    await uow.transact(work)
    await uow.transact(lambda: EventOutbox(uow).number(100))


def order(id_: int, type_: EventType = EventType.ORDER_UPDATED, **data: Any) -> Event:
    return Event(type_, "Order", id_, data)


async def test_the_log_is_read_in_pages(ask: Any, uow: UnitOfWork) -> None:
    await happen(uow, order(1, EventType.ORDER_CREATED, number="A1"), order(2), order(1))
    answer = await ask(LOG, {"first": 2})
    found = answer["data"]["eventLog"]
    first = found["nodes"][0]
    assert first.pop("eventId").startswith("evt_")
    assert first == {
        "id": global_id("Event", 1),
        "databaseId": 1,
        "type": "ORDER_CREATED",
        "resourceType": "Order",
        "resourceId": global_id("Order", 1),
        "resourceDatabaseId": 1,
        "resourceSequence": 1,
        "data": {"number": "A1"},
        "actor": {"kind": ""},
        "requestId": "",
    }
    assert (found["pageInfo"]["hasNextPage"], found["totalCount"]["count"]) == (True, 3)
    rest = await ask(LOG, {"first": 2, "after": found["pageInfo"]["endCursor"]})
    assert [node["resourceSequence"] for node in rest["data"]["eventLog"]["nodes"]] == [2]


@pytest.mark.parametrize(
    ("wanted", "positions"),
    [
        ({"types": ["ORDER_CREATED"]}, [1]),
        ({"types": ["ORDER_PAID", "ORDER_UPDATED"]}, [2, 3]),
        ({"types": []}, []),
        ({"resource": global_id("Order", 1)}, [1, 3]),
        ({"resource": global_id("Product", 1)}, []),
        ({"resource": "nonsense"}, []),
    ],
)
async def test_what_is_wanted_of_it(
    ask: Any, uow: UnitOfWork, wanted: dict[str, Any], positions: list[int]
) -> None:
    await happen(uow, order(1, EventType.ORDER_CREATED), order(2), order(1))
    answer = await ask(LOG, wanted)
    assert [node["databaseId"] for node in answer["data"]["eventLog"]["nodes"]] == positions


async def test_an_event_is_found_again(ask: Any, uow: UnitOfWork) -> None:
    await happen(uow, order(1))
    query = "query Again($id: ID!) { node(id: $id) { ... on Event { type } } }"
    answer = await ask(query, {"id": global_id("Event", 1)})
    assert answer["data"]["node"] == {"type": "ORDER_UPDATED"}


@pytest.mark.parametrize("events", [1, 20])
async def test_a_page_costs_the_same_for_any_number_of_events(
    ask: Any, uow: UnitOfWork, statements: list[str], events: int
) -> None:
    await happen(uow, *(order(number) for number in range(events)))
    statements.clear()
    await ask("{ eventLog(first: 50) { nodes { id type data } } }")
    assert len(statements) == 1
