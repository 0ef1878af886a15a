"""The protocol `graphql-transport-ws`, as it is written down, and what a connection may do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from commerce.app import context_factory
from commerce.core.db import UnitOfWork
from commerce.core.events import EventType
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.http.graphql.subscribe import LiveExecutor
from commerce.http.graphql.throttle import FreeRide
from commerce.http.live.messages import Code
from commerce.http.live.visitors import Places
from commerce.http.live.websocket import GraphQLSocket, Live, LiveLimits
from commerce.runtime import Resources
from resolvers.schema import core_schema
from tests.support.customers import make_customer
from tests.support.graphql import schema
from tests.support.orders import Item, place_order
from tests.support.wires import FeedDouble, Wire, wired

ALL = "subscription { events { cursor type event { databaseId } } }"
ORDER = "subscription Mine($id: ID!) { orderUpdated(id: $id) { cursor type order { databaseId } } }"
CUT_EVENT = "subscription($id: ID!) { orderUpdated(id: $id) { event { eventId } } }"
LISTENER = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.READ_EVENTS}))


@dataclass
class Door:
    """`known` are the credentials that are good just now."""

    live: Live
    feed: FeedDouble
    known: dict[str, Viewer] = field(default_factory=dict)

    def open(self, *args: Any, **headers: str) -> AbstractAsyncContextManager[Wire]:
        return wired(GraphQLSocket(self.live), *args, **headers)


Make = Callable[..., Door]


@pytest.fixture
def make(resources: Resources) -> Make:
    def door(places: int = 10, **limits: float) -> Door:
        feed = FeedDouble()
        known = {"key": LISTENER}

        async def authenticate(text: str) -> Viewer | None:
            return known.get(text)

        executor = LiveExecutor(
            core_schema(schema()), resources.open_unit, context_factory(resources)
        )
        live = Live(
            executor,
            authenticate,
            FreeRide(),
            feed,  # type: ignore[arg-type]  # it listens like one
            ("https://shop.test",),
            limits=LiveLimits(**{"check": 60, **limits}),  # type: ignore[arg-type]
            places=Places(places),
        )
        return Door(live, feed, known)

    return door


@pytest.fixture
async def wire(make: Make) -> AsyncIterator[Wire]:
    """Accepted, not introduced."""
    async with make().open() as wire:
        await wire.next()
        yield wire


def happened(position: int, kind: str = "Order", id_: int = 1) -> SimpleNamespace:
    return SimpleNamespace(
        position=position,
        event_id=UUID(int=position),
        type=EventType.ORDER_UPDATED.value,
        resource_type=kind,
        resource_id=id_,
        resource_sequence=position,
        data={},
        actor="system",
        request_id="",
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '{"type": "start", "id": "1", "payload": {}}',
        '{"type": 7}',
        '{"type": "subscribe", "payload": {"query": "{a}"}}',
        '{"type": "subscribe", "id": "", "payload": {}}',
        '{"type": "subscribe", "id": 1, "payload": {}}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "1", "payload": "{a}"}',
        '{"type": "complete"}',
        '{"type": "ping", "payload": 1}',
        f'{{"type": "complete", "id": "{"x" * 129}"}}',
    ],
)
async def test_what_is_no_message_ends_the_connection(wire: Wire, text: str) -> None:
    await wire.introduce()
    wire.say_text(text)
    assert await wire.closed() == Code.BAD_MESSAGE


async def test_nothing_is_done_before_the_introduction(wire: Wire) -> None:
    wire.subscribe("{ __typename }")
    assert await wire.closed() == Code.UNAUTHORIZED


async def test_whoever_says_nothing_is_sent_away(make: Make) -> None:
    async with make(first=0.01).open() as wire:
        await wire.next()
        assert await wire.closed() == Code.NO_INIT


async def test_nobody_is_introduced_twice(wire: Wire) -> None:
    await wire.introduce()
    wire.say("connection_init")
    assert await wire.closed() == Code.SECOND_INIT


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"Authorization": "Bearer other"}, Code.FORBIDDEN),
        ({"authorization": "key"}, Code.FORBIDDEN),
        ({"Authorization": 7}, Code.BAD_MESSAGE),
        ({"X-Guest-Token": "short"}, Code.BAD_MESSAGE),
    ],
)
async def test_credentials_that_are_not_good_are_refused(
    wire: Wire, payload: dict[str, Any], code: Code
) -> None:
    wire.say("connection_init", payload=payload)
    assert await wire.closed() == code


async def test_an_operations_name_is_free_again_when_it_has_ended(wire: Wire) -> None:
    await wire.introduce(Authorization="Bearer key")
    for _ in range(2):
        wire.subscribe("{ __typename }")
        assert (await wire.hear())["payload"]["data"] == {"__typename": "Query"}
        assert await wire.hear() == {"type": "complete", "id": "1"}
    wire.subscribe(ALL)
    wire.subscribe(ALL)
    assert await wire.closed() == Code.ID_IN_USE


@pytest.mark.parametrize("protocols", [("graphql-ws",), (), ("graphql-ws", "other")])
async def test_other_protocols_are_not_spoken(make: Make, protocols: tuple[str, ...]) -> None:
    async with make().open(protocols) as wire:
        assert (await wire.next())["subprotocol"] is None
        assert await wire.closed() == Code.OTHER_PROTOCOL


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({}, True),
        ({"origin": "https://shop.test"}, True),
        ({"origin": "http://store.test:8000", "host": "store.test:8000"}, True),
        ({"origin": "https://evil.test", "host": "store.test"}, False),
        ({"origin": "null", "host": "store.test"}, False),
        ({"origin": "https://shop.test.evil.test"}, False),
    ],
)
async def test_browsers_connect_from_listed_pages_alone(
    make: Make, headers: dict[str, str], welcome: bool
) -> None:
    async with make().open(**headers) as wire:
        answer = await wire.next()
        assert answer["type"] == ("websocket.accept" if welcome else "websocket.close")


async def test_a_ping_is_answered_before_and_after_the_introduction(wire: Wire) -> None:
    wire.say("ping", payload={"n": 1})
    assert await wire.hear() == {"type": "pong", "payload": {"n": 1}}
    await wire.introduce()
    wire.say("pong")
    wire.say("ping")
    assert await wire.hear() == {"type": "pong"}


async def test_what_may_not_run_is_told_and_the_connection_goes_on(make: Make) -> None:
    async with make().open() as wire:
        await wire.next()
        await wire.introduce()
        for query, code in (
            (ALL, "UNAUTHENTICATED"),
            ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription {", "GRAPHQL_PARSE_FAILED"),
            (ALL[:-1] + " more: events { cursor } }", "GRAPHQL_VALIDATION_FAILED"),
        ):
            wire.subscribe(query)
            message = await wire.hear()
            assert (message["type"], message["id"]) == ("error", "1")
            assert message["payload"][0]["extensions"]["code"] == code


async def test_events_come_with_cursors_until_the_client_has_enough(make: Make) -> None:
    door = make()
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        wire.subscribe(ALL)
        door.feed.happen(happened(7))
        message = await wire.hear()
        assert (message["type"], message["id"]) == ("next", "1")
        told = message["payload"]["data"]["events"]
        assert (told["type"], told["event"]) == ("ORDER_UPDATED", {"databaseId": 7})
        wire.say("complete", id="1")
        wire.subscribe(ALL.replace("events", f'events(after: "{told["cursor"]}")'))
        wire.say("ping")
        assert (await wire.hear())["type"] == "pong"
        assert [after for _, after in door.feed.asked] in ([None], [None, 7])
    assert door.feed.asked[-1][1] == 7
    assert door.feed.ended >= 1


async def test_a_connection_runs_ten_operations_of_a_visitor_at_once(make: Make) -> None:
    door = make(keyed=2)
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        for number in range(3):
            wire.subscribe(ALL, str(number))
        message = await wire.hear()
        assert (message["type"], message["id"]) == ("error", "2")
        assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        wire.say("complete", id="0")
        wire.subscribe("{ __typename }", "3")
        assert (await wire.hear())["id"] == "3"
    limits = LiveLimits()
    assert (limits.storefront, limits.keyed) == (10, 50)


async def test_a_key_that_is_revoked_ends_the_connection_at_the_next_event(make: Make) -> None:
    door = make()
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        wire.subscribe(ALL)
        await door.feed.listens.wait()
        door.known.clear()
        door.feed.happen(happened(1))
        assert await wire.closed() == Code.FORBIDDEN


async def test_a_key_that_is_revoked_ends_a_connection_on_which_nothing_happens(
    make: Make,
) -> None:
    door = make(check=0.01)
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        door.known.clear()
        assert await wire.closed() == Code.FORBIDDEN


async def test_a_scope_that_is_taken_away_ends_the_subscription(make: Make) -> None:
    door = make()
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        wire.subscribe(ALL)
        await door.feed.listens.wait()
        door.known["key"] = Viewer(ViewerKind.API_KEY, 1)
        door.feed.happen(happened(1))
        message = await wire.hear()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_whoever_does_not_read_is_cut_off(make: Make) -> None:
    door = make(slow=0.01, closing=0.01)
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        wire.subscribe(ALL)
        await door.feed.listens.wait()
        wire.reads.clear()
        door.feed.happen(happened(1))
        await wire.over()
    assert wire.received.empty()


async def test_whoever_reads_too_slowly_is_told_so(make: Make) -> None:
    door = make(slow=0.01, closing=30)
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        wire.subscribe(ALL)
        await door.feed.listens.wait()
        wire.reads.clear()
        door.feed.happen(happened(1))
        await ended(door)
        wire.reads.set()
        assert await wire.closed() == Code.TOO_SLOW


async def ended(door: Door) -> None:
    async with asyncio.timeout(30):
        while not door.feed.ended:  # noqa: ASYNC110  # the connection's doing
            await asyncio.sleep(0.01)


async def test_connections_are_counted(make: Make) -> None:
    door = make(places=1)
    async with door.open() as first:
        await first.next()
        await first.introduce()
        async with door.open() as second:
            await second.next()
            assert await second.closed() == Code.TRY_LATER
    async with door.open() as third:
        await third.next()
        await third.introduce()


@pytest.fixture
async def mine(uow: UnitOfWork) -> Any:
    return await place_order(uow, Item("10.00"), customer=await make_customer(uow))


async def asked_for(door: Door, order_id: int, token: str = "") -> dict[str, Any]:
    """The first message about an order to which something happens."""
    async with door.open() as wire:
        await wire.next()
        payload = {"X-Guest-Token": token} if token else {"Authorization": "Bearer key"}
        await wire.introduce(**payload)
        door.feed.happen(happened(3, "Order", order_id))
        wire.subscribe(ORDER, id=global_id("Order", order_id))
        return await wire.hear()


async def test_orders_are_watched_by_those_who_may_see_them(make: Make, mine: Any) -> None:
    door = make()
    missing = await asked_for(door, 10**9)
    other = Viewer(ViewerKind.CUSTOMER, 10**9)
    owner = Viewer(ViewerKind.CUSTOMER, mine.customer_id)
    for viewer, sees in (
        (owner, True),
        (Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_ORDERS})), True),
        (other, False),
        (LISTENER, False),
    ):
        door.known["key"] = viewer
        message = await asked_for(door, mine.id)
        if sees:
            update = message["payload"]["data"]["orderUpdated"]
            assert (update["type"], update["order"]) == ("ORDER_UPDATED", {"databaseId": mine.id})
        else:
            assert message == missing
    assert missing["payload"][0]["extensions"]["code"] == "NOT_FOUND"
    by_token = await asked_for(door, mine.id, mine.token)
    assert by_token["payload"]["data"]["orderUpdated"]["order"] == {"databaseId": mine.id}
    assert (await asked_for(door, mine.id, "x" * 43)) == missing


async def test_an_order_that_cannot_be_seen_any_more_ends_the_subscription(
    make: Make, mine: Any
) -> None:
    door = make()
    door.known["key"] = Viewer(ViewerKind.CUSTOMER, mine.customer_id)
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        wire.subscribe(ORDER, id=global_id("Order", mine.id))
        await door.feed.listens.wait()
        door.known["key"] = Viewer(ViewerKind.CUSTOMER, 10**9)
        door.feed.happen(happened(3, "Order", mine.id))
        message = await wire.hear()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == (
            "error",
            "NOT_FOUND",
        )


async def test_owners_are_not_shown_the_log(make: Make, mine: Any) -> None:
    door = make()
    door.known["key"] = Viewer(ViewerKind.CUSTOMER, mine.customer_id)
    async with door.open() as wire:
        await wire.next()
        await wire.introduce(Authorization="Bearer key")
        wire.subscribe(CUT_EVENT, id=global_id("Order", mine.id))
        message = await wire.hear()
        assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"
