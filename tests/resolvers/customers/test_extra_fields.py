from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.customers.models import Customer, CustomerExtraField
from tests.conftest import Ask
from tests.support.customers import make_customer, make_extra_field, viewer_of

UPSERT = """
mutation ($input: CustomerExtraFieldUpsertInput!) { customerExtraFieldUpsert(input: $input) {
  customerExtraField { id key title kind required storefront shownOnOrders position }
  userErrors { code path }
} }
"""
DELETE = """
mutation ($input: CustomerExtraFieldDeleteInput!) { customerExtraFieldDelete(input: $input) {
  deletedId userErrors { code path }
} }
"""
UPDATE = """
mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) {
  customer { extraFields { value field { key } } } userErrors { code path }
} }
"""


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["customerExtraFieldUpsert"]


async def _fill(ask: Ask, customer: Any, **values: str | None) -> Any:
    filled = [{"key": key, "value": value} for key, value in values.items()]
    given = {"id": global_id("Customer", customer.id), "extraFields": filled}
    return (await ask(UPDATE, {"input": given}))["data"]["customerUpdate"]


async def _keys(uow: UnitOfWork) -> list[str]:
    field = CustomerExtraField
    return list(await uow.scalars(select(col(field.key)).order_by(col(field.id))))


async def _held(uow: UnitOfWork) -> Any:
    return await uow.scalar(select(col(Customer.extra_fields)))


async def test_a_field_is_added_found_again_by_its_key_and_changed(
    ask: Ask, uow: UnitOfWork
) -> None:
    given = {"title": "Loyalty Card", "shownOnOrders": True, "position": 3}
    added = (await _upsert(ask, **given))["customerExtraField"]
    assert added == {
        **given,
        "id": added["id"],
        "key": "loyalty-card",
        "kind": "TEXT",
        "required": False,
        "storefront": False,
    }
    assert (await _upsert(ask, **given))["customerExtraField"] == added
    changed = await _upsert(ask, key="loyalty-card", kind="DATETIME", required=True)
    assert changed["customerExtraField"] == {**added, "kind": "DATETIME", "required": True}
    renamed = await _upsert(ask, id=added["id"], key="Card")
    assert renamed["customerExtraField"]["key"] == "Card"
    assert await _keys(uow) == ["Card"]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID", ["key"]),
        ({"key": "new"}, "INVALID", ["title"]),
        ({"key": "no key", "title": "T"}, "INVALID", ["key"]),
        ({"key": "k" * 65, "title": "T"}, "INVALID", ["key"]),
        ({"title": "日本"}, "INVALID", ["key"]),
        ({"key": "new", "title": "t" * 201}, "INVALID", ["title"]),
        ({"key": "new", "title": "T", "position": -(2**31)}, "INVALID", ["position"]),
        ({"id": global_id("CustomerExtraField", 404)}, "NOT_FOUND", ["id"]),
        ({"id": "one", "key": "two"}, "TAKEN", ["key"]),
    ],
)
async def test_what_a_field_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    one = await make_extra_field(uow, "one")
    await make_extra_field(uow, "two")
    ids = {"id": global_id("CustomerExtraField", one.id)} if given.get("id") == "one" else {}
    refused = await _upsert(ask, **{**given, **ids})
    assert refused == {"customerExtraField": None, "userErrors": [{"code": code, "path": path}]}
    assert await _keys(uow) == ["one", "two"]


async def test_values_are_put_in_one_by_one_and_taken_out(ask: Ask, uow: UnitOfWork) -> None:
    for key, kind in (("card", "text"), ("since", "datetime")):
        await make_extra_field(uow, key, kind=kind)
    customer = await make_customer(uow)
    await _fill(ask, customer, card="A-1")
    done = await _fill(ask, customer, since="2026-01-31T10:00:00+02:00")
    assert done["customer"]["extraFields"] == [
        {"value": "A-1", "field": {"key": "card"}},
        {"value": "2026-01-31T08:00:00Z", "field": {"key": "since"}},
    ]
    await _fill(ask, customer, card=None)
    assert await _held(uow) == {"since": "2026-01-31T08:00:00Z"}


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"unknown": "x"}, ["extraFields", "0", "key"]),
        ({"card": "x", "since": "yesterday"}, ["extraFields", "1", "value"]),
        ({"since": "2026-01-31T10:00:00"}, ["extraFields", "0", "value"]),
        ({"since": "0001-01-01T00:00:00+14:00"}, ["extraFields", "0", "value"]),
        ({"card": "x" * 2001}, ["extraFields", "0", "value"]),
    ],
)
async def test_values_fit_their_field(
    ask: Ask, uow: UnitOfWork, values: dict[str, str], path: list[str]
) -> None:
    for key, kind in (("card", "text"), ("since", "datetime")):
        await make_extra_field(uow, key, kind=kind)
    refused = await _fill(ask, await make_customer(uow), **values)
    assert refused == {"customer": None, "userErrors": [{"code": "INVALID", "path": path}]}
    assert await _held(uow) == {}


@pytest.mark.parametrize("change", [{"kind": "DATETIME"}, {"key": "other"}])
async def test_a_field_with_values_keeps_its_key_and_kind(
    ask: Ask, uow: UnitOfWork, change: dict[str, str]
) -> None:
    field = await make_extra_field(uow, "card")
    await make_customer(uow, extra_fields={"card": "A-1"})
    refused = await _upsert(ask, id=global_id("CustomerExtraField", field.id), **change)
    assert refused["userErrors"] == [{"code": "IN_USE", "path": list(change)}]
    assert await _keys(uow) == ["card"]


async def test_a_deleted_field_takes_its_values_along(ask: Ask, uow: UnitOfWork) -> None:
    field = await make_extra_field(uow, "card")
    await make_extra_field(uow, "size")
    await make_customer(uow, extra_fields={"card": "A-1", "size": "M"})
    id_ = global_id("CustomerExtraField", field.id)
    done = (await ask(DELETE, {"input": {"id": id_}}))["data"]["customerExtraFieldDelete"]
    assert done == {"deletedId": id_, "userErrors": []}
    assert await _held(uow) == {"size": "M"}
    again = (await ask(DELETE, {"input": {"id": id_}}))["data"]["customerExtraFieldDelete"]
    assert again == {"deletedId": None, "userErrors": [{"code": "NOT_FOUND", "path": ["id"]}]}


async def test_the_storefront_sees_the_fields_that_are_for_it(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    await make_extra_field(uow, "secret", position=1)
    await make_extra_field(uow, "size", storefront=True)
    query = "{ customerExtraFields { nodes { key } totalCount { count } } }"
    seen = {"nodes": [{"key": "size"}], "totalCount": {"count": 1}}
    assert (await ask_anonymously(query))["data"]["customerExtraFields"] == seen
    assert [node["key"] for node in (await ask(query))["data"]["customerExtraFields"]["nodes"]] == [
        "size",
        "secret",
    ]
    customer = await make_customer(uow, extra_fields={"secret": "x", "size": "M"})
    own = "query ($id: ID!) { node(id: $id) { ... on Customer { extraFields { value } } } }"
    id_ = {"id": global_id("Customer", customer.id)}
    held = [await ask(own, id_), await ask(own, id_, viewer=viewer_of(customer))]
    assert [answer["data"]["node"]["extraFields"] for answer in held] == [
        [{"value": "M"}, {"value": "x"}],
        [{"value": "M"}],
    ]
