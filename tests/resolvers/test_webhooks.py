"""Setting up webhooks in GraphQL."""

from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.events.repository.outbox import EventOutbox
from commerce.webhook_delivery import STANDARD, fanning_out
from commerce.webhooks.kinds import WebhookFormat
from commerce.wiring import Services
from tests.support.services import PORTS
from tests.support.webhooks import Clock

CREATE = """
mutation ($input: WebhookEndpointCreateInput!) {
  webhookEndpointCreate(input: $input) {
    webhookEndpoint { id databaseId url events format active version }
    secret userErrors { code path }
  }
}
"""
UPDATE = """
mutation ($input: WebhookEndpointUpdateInput!) {
  webhookEndpointUpdate(input: $input) {
    webhookEndpoint { url events active disabledReason version } userErrors { code path }
  }
}
"""
ROTATE = """
mutation ($input: WebhookEndpointRotateSecretInput!) {
  webhookEndpointRotateSecret(input: $input) {
    webhookEndpoint { previousSecretUntil rotatedAt } secret userErrors { code }
  }
}
"""
DELETE = """
mutation ($input: WebhookEndpointDeleteInput!) {
  webhookEndpointDelete(input: $input) { deletedId userErrors { code } }
}
"""
TEST = """
mutation ($input: WebhookEndpointTestInput!) {
  webhookEndpointTest(input: $input) {
    webhookDelivery { id eventType state resourceId body } userErrors { code path }
  }
}
"""
RETRY = """
mutation ($input: WebhookDeliveryRetryInput!) {
  webhookDeliveryRetry(input: $input) { webhookDelivery { state tries } userErrors { code } }
}
"""
REPLAY = """
mutation ($input: WebhookReplayInput!) {
  webhookReplay(input: $input) { replayed userErrors { code path } }
}
"""
LIST = """
query ($state: WebhookDeliveryState) {
  webhookEndpoints(first: 10) {
    nodes {
      url
      deliveries(first: 5, state: $state) {
        nodes { eventType resourceSequence event { type } attempts(first: 3) { nodes { status } } }
        totalCount { count }
      }
    }
    totalCount { count }
  }
}
"""
URL = "https://hooks.example.com/in"


def key(*scopes: Scope) -> Viewer:
    return Viewer(ViewerKind.API_KEY, 1, frozenset(scopes))


async def create(ask: Any, viewer: Viewer | None = None, **values: Any) -> dict[str, Any]:
    more = {} if viewer is None else {"viewer": viewer}
    answer = await ask(CREATE, {"input": {"url": URL, **values}}, **more)
    return dict(answer["data"]["webhookEndpointCreate"])


async def happen(uow: UnitOfWork, *ids: int) -> None:
    """Events of orders, numbered and written down for whom they are to be told."""

    async def work() -> None:
        for id_ in ids:
            uow.record(Event(EventType.ORDER_UPDATED, "Order", id_))

    async def number() -> None:
        positions = await EventOutbox(uow).number(100)
        services = Services(uow, key(*Scope), Clock(), PORTS)
        await fanning_out({WebhookFormat.STANDARD: STANDARD})(services, positions)

    await uow.transact(work)
    await uow.transact(number)


async def test_a_secret_is_shown_once_and_stored_sealed(ask: Any, uow: UnitOfWork) -> None:
    made = await create(ask, events=["ORDER_PAID"], description="the ledger")
    assert made["userErrors"] == []
    assert made["webhookEndpoint"]["events"] == ["ORDER_PAID"]
    assert made["secret"].startswith("whsec_")
    (stored,) = await uow.scalars(text("SELECT secret FROM webhook_endpoints"))
    assert made["secret"].encode() not in stored
    assert PORTS.webhook_cipher.decrypt(stored).decode() == made["secret"]
    audited = await uow.scalars(text("SELECT after FROM audit_log"))
    assert made["secret"] not in str(audited)


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"url": "/hook"}, "INVALID", ["url"]),
        ({"url": "http://127.0.0.1/"}, "INVALID", ["url"]),
        ({"url": "https://user:word@example.com/"}, "INVALID", ["url"]),
        ({"events": []}, "INVALID", ["events"]),
        ({"secret": "your-webhook-secret"}, "INVALID", ["secret"]),
        ({"secret": "short", "format": "LITESTORE"}, "INVALID", ["secret"]),
    ],
)
async def test_what_is_refused(
    ask: Any, values: dict[str, Any], code: str, path: list[str]
) -> None:
    made = await create(ask, **values)
    assert made["userErrors"] == [{"code": code, "path": path}]
    assert made["webhookEndpoint"] is made["secret"] is None


@pytest.mark.parametrize(
    ("scopes", "format_", "may"),
    [
        ((Scope.READ_EVENTS,), "STANDARD", True),
        ((), "STANDARD", False),
        ((Scope.READ_EVENTS, Scope.READ_PRODUCTS), "SHOPKIT", False),
        (tuple(Scope), "SHOPKIT", True),
    ],
)
async def test_nobody_has_told_what_they_may_not_read(
    ask: Any, scopes: tuple[Scope, ...], format_: str, may: bool
) -> None:
    viewer = key(Scope.WRITE_WEBHOOKS, Scope.READ_WEBHOOKS, *scopes)
    made = await create(ask, viewer, format=format_)
    refused = [{"code": "SCOPE_NOT_HELD", "path": ["format"]}]
    assert made["userErrors"] == ([] if may else refused)


async def test_an_endpoint_is_changed_and_removed(ask: Any) -> None:
    made = await create(ask)
    id_, version = made["webhookEndpoint"]["id"], made["webhookEndpoint"]["version"]
    values = {"id": id_, "active": False, "events": ["ORDER_PAID"], "expectedVersion": version}
    answer = await ask(UPDATE, {"input": values})
    assert answer["data"]["webhookEndpointUpdate"] == {
        "webhookEndpoint": {
            "url": URL,
            "events": ["ORDER_PAID"],
            "active": False,
            "disabledReason": None,
            "version": version + 1,
        },
        "userErrors": [],
    }
    again = (await ask(UPDATE, {"input": values}))["data"]["webhookEndpointUpdate"]
    assert again["userErrors"] == [{"code": "VERSION_CONFLICT", "path": ["expectedVersion"]}]
    everything = await ask(UPDATE, {"input": {"id": id_, "events": None, "active": True}})
    shown = everything["data"]["webhookEndpointUpdate"]["webhookEndpoint"]
    assert (shown["events"], shown["active"]) == (None, True)
    gone = await ask(DELETE, {"input": {"id": id_}})
    assert gone["data"]["webhookEndpointDelete"]["deletedId"] == id_
    again = (await ask(DELETE, {"input": {"id": id_}}))["data"]["webhookEndpointDelete"]
    assert again["userErrors"] == [{"code": "NOT_FOUND"}]


async def test_a_secret_that_changes_twice_keeps_the_one_in_use(ask: Any, uow: UnitOfWork) -> None:
    """Whoever lost the answer and asks again cuts nobody off."""
    made = await create(ask)
    values = {"input": {"id": made["webhookEndpoint"]["id"]}}
    secrets = [
        (await ask(ROTATE, values))["data"]["webhookEndpointRotateSecret"]["secret"]
        for _ in range(2)
    ]
    (row,) = await uow.rows(text("SELECT secret, previous_secret FROM webhook_endpoints"))
    stored = [PORTS.webhook_cipher.decrypt(sealed).decode() for sealed in row]
    assert stored == [secrets[1], made["secret"]]


async def test_a_test_waits_to_be_sent(ask: Any) -> None:
    made = await create(ask)
    id_ = made["webhookEndpoint"]["id"]
    answer = (await ask(TEST, {"input": {"id": id_}}))["data"]["webhookEndpointTest"]
    delivery = answer["webhookDelivery"]
    assert delivery.pop("id")
    assert delivery == {"eventType": None, "state": "PENDING", "resourceId": id_, "body": None}
    await ask(UPDATE, {"input": {"id": id_, "active": False}})
    refused = (await ask(TEST, {"input": {"id": id_}}))["data"]["webhookEndpointTest"]
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["id"]}]


async def test_deliveries_are_listed_and_asked_for_again(ask: Any, uow: UnitOfWork) -> None:
    made = await create(ask)
    await happen(uow, 1, 2)
    listed = (await ask(LIST))["data"]["webhookEndpoints"]
    deliveries = listed["nodes"][0]["deliveries"]
    assert deliveries["totalCount"] == {"count": 2}
    assert deliveries["nodes"][0] == {
        "eventType": "ORDER_UPDATED",
        "resourceSequence": 1,
        "event": {"type": "ORDER_UPDATED"},
        "attempts": {"nodes": []},
    }
    dead = (await ask(LIST, {"state": "DEAD"}))["data"]["webhookEndpoints"]["nodes"][0]
    assert dead["deliveries"]["totalCount"] == {"count": 0}
    await uow.change(
        text("UPDATE webhook_deliveries SET state = 'dead', ended_at = now(), tries = 9")
    )
    id_ = await uow.scalar(text("SELECT min(id) FROM webhook_deliveries"))
    values = {"input": {"id": global_id("WebhookDelivery", id_)}}
    answer = (await ask(RETRY, values))["data"]["webhookDeliveryRetry"]
    assert answer == {"webhookDelivery": {"state": "PENDING", "tries": 0}, "userErrors": []}
    endpoint = made["webhookEndpoint"]["id"]
    for bounds, replayed in (({"after": 0}, 1), ({"after": 0}, 0), ({"after": 2}, 0)):
        answer = await ask(REPLAY, {"input": {"endpointId": endpoint, **bounds}})
        assert answer["data"]["webhookReplay"] == {"replayed": replayed, "userErrors": []}
    answer = await ask(REPLAY, {"input": {"endpointId": endpoint}})
    assert answer["data"]["webhookReplay"]["userErrors"] == [{"code": "INVALID", "path": ["after"]}]


@pytest.mark.parametrize("many", [1, 6])
async def test_a_page_costs_the_same_for_any_number_of_endpoints(
    ask: Any, uow: UnitOfWork, statements: list[str], many: int
) -> None:
    for _ in range(many):
        await create(ask)
    await happen(uow, 1, 2, 3)
    statements.clear()
    await ask(LIST)
    assert len(statements) == 6


async def test_who_may_not_read_is_shown_nothing(ask: Any) -> None:
    made = await create(ask)
    query = "query ($id: ID!) { node(id: $id) { id } }"
    variables = {"id": made["webhookEndpoint"]["id"]}
    assert (await ask(query, variables, viewer=key(Scope.READ_ORDERS)))["data"]["node"] is None
    assert (await ask(query, variables))["data"]["node"] == variables
