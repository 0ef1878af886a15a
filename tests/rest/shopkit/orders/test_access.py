"""Who may change orders through Shopkit's API, and what a call that is made again does."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from commerce.payments.kinds import TransactionKind
from commerce.payments.models import PaymentTransaction
from tests.rest.conftest import MakeKey
from tests.support.orders import Item, place_order
from tests.support.payments import make_method
from tests.support.shopkit import Client

CALLS = (("GET", "/order"), ("GET", "/order/1"), ("PUT", "/order/1"), ("DELETE", "/order/1"))
UNAUTHORIZED = (401, {"message": "Unauthorized."})


async def placed(uow: UnitOfWork) -> Any:
    await make_method(uow, "bank_transfer", provider="manual")
    return await place_order(uow, Item("10.00", 2))


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_nobody_without_a_good_key(
    client: httpx.AsyncClient, make_key: MakeKey, method: str, path: str
) -> None:
    revoked = await make_key("shopkit", revoked=True)
    sent = {"json": {"paid": True}} if method == "PUT" else {}
    for key in (None, "wrong", revoked):
        headers, query = ({}, {}) if key is None else ({"X-API-KEY": key}, {"X-API-KEY": key})
        for form in ({"headers": headers}, {"params": query}):
            response = await client.request(method, f"/v1{path}", **form, **sent)  # type: ignore[arg-type]  # by name
            assert (response.status_code, response.json()) == UNAUTHORIZED


async def test_the_key_may_be_in_the_query(
    client: httpx.AsyncClient, uow: UnitOfWork, make_key: MakeKey
) -> None:
    order, key = await placed(uow), await make_key("shopkit")
    path, query = f"/v1/order/{order.id}", {"X-API-KEY": key}
    changed = await client.put(path, params=query, json={"note": "Fragile"})
    assert (changed.status_code, changed.json()["note"]) == (200, "Fragile")
    assert (await client.get(path, params=query)).json()["note"] == "Fragile"


async def test_who_may_only_read_changes_nothing(
    shopkit: Client, client: httpx.AsyncClient, uow: UnitOfWork, make_key: MakeKey
) -> None:
    order = await placed(uow)
    path = f"/order/{order.id}"
    reader = Client(client, await make_key("shopkit", *(set(Scope) - {Scope.WRITE_ORDERS})))
    before = await shopkit.get(path)
    for change in ({"note": "Mine"}, {"status_alias": "processing"}, {"status_alias": "canceled"}):
        assert await reader.refused("PUT", path, change) == 403, change
    assert await reader.refused("DELETE", path) == 403
    assert await shopkit.get(path) == before


async def test_a_retried_change_is_made_once(shopkit: Client, uow: UnitOfWork) -> None:
    """What other calls have changed meanwhile stays."""
    path = f"/order/{(await placed(uow)).id}"
    again = {"Idempotency-Key": "k"}
    first = await shopkit.call("PUT", path, {"paid": True, "note": "Fragile"}, **again)
    assert first.status_code == 200, first.text
    assert "Idempotent-Replayed" not in first.headers
    await shopkit.found("PUT", path, {"note": "Solid"})
    second = await shopkit.call("PUT", path, {"paid": True, "note": "Fragile"}, **again)
    assert second.status_code == 200, second.text
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (await shopkit.get(path))["note"] == "Solid"
    captures = select(col(PaymentTransaction.id)).where(
        col(PaymentTransaction.kind) == TransactionKind.CAPTURE
    )
    assert len(await uow.rows(captures)) == 1
    other = await shopkit.call("PUT", path, {"note": "Else"}, **again)
    assert (other.status_code, list(other.json())) == (422, ["message"])


async def test_what_cannot_be_deleted(shopkit: Client, uow: UnitOfWork) -> None:
    order = await placed(uow)
    for path, status in (("999999", 404), ("0", 404), ("mine", 400), ("1.5", 400)):
        assert await shopkit.refused("DELETE", f"/order/{path}") == status, path
    assert (await shopkit.get(f"/order/{order.id}"))["status_alias"] == "pending"
