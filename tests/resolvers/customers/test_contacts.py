from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.customers.models import Customer, CustomerContact
from tests.conftest import Ask
from tests.support.customers import make_contact, make_customer

UPSERT = """
mutation ($input: CustomerContactUpsertInput!) { customerContactUpsert(input: $input) {
  customerContact { id kind value handle note position isDefault } userErrors { code path }
} }
"""
DELETE = """
mutation ($input: CustomerContactDeleteInput!) { customerContactDelete(input: $input) {
  deletedId userErrors { code path }
} }
"""


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["customerContactUpsert"]


async def _stored(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(CustomerContact.value), col(CustomerContact.is_default))
    rows = await uow.rows(select(*columns).order_by(col(CustomerContact.id)))
    return [tuple(row) for row in rows]


async def test_a_contact_is_added_once_and_changed(ask: Ask, uow: UnitOfWork) -> None:
    customer = global_id("Customer", (await make_customer(uow)).id)
    given = {"kind": "INSTAGRAM", "value": " ada ", "handle": "@ada", "note": "Hi", "position": 2}
    added = (await _upsert(ask, customerId=customer, **given))["customerContact"]
    assert added == {**given, "value": "ada", "id": added["id"], "isDefault": False}
    assert (await _upsert(ask, customerId=customer, **given))["customerContact"] == added
    changed = await _upsert(ask, id=added["id"], value="ada.l", isDefault=True)
    assert changed["customerContact"] == {**added, "value": "ada.l", "isDefault": True}
    assert await _stored(uow) == [("ada.l", True)]


async def test_one_contact_of_each_kind_is_the_default(ask: Ask, uow: UnitOfWork) -> None:
    customer, other = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    id_ = global_id("Customer", customer.id)
    await make_contact(uow, other, kind="phone", value="9", is_default=True)
    for kind, value in (("PHONE", "1"), ("PHONE", "2"), ("URL", "https://a.test")):
        await _upsert(ask, customerId=id_, kind=kind, value=value, isDefault=True)
    assert await _stored(uow) == [
        ("9", True),
        ("1", False),
        ("2", True),
        ("https://a.test", True),
    ]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"value": ""}, "INVALID", ["value"]),
        ({}, "INVALID", ["value"]),
        ({"value": "v" * 501}, "INVALID", ["value"]),
        ({"kind": "EMAIL", "value": "nobody"}, "INVALID", ["value"]),
        ({"kind": "URL", "value": "javascript:alert(1)"}, "INVALID", ["value"]),
        ({"value": "x", "handle": "h" * 201}, "INVALID", ["handle"]),
        ({"value": "x", "note": "n" * 2001}, "INVALID", ["note"]),
        ({"value": "x", "position": -(2**31)}, "INVALID", ["position"]),
        ({"value": "x", "customerId": None}, "INVALID", ["customerId"]),
        ({"value": "x", "customerId": global_id("Customer", 404)}, "NOT_FOUND", ["customerId"]),
        ({"value": "x", "customerId": global_id("Product", 1)}, "NOT_FOUND", ["customerId"]),
        ({"value": "x", "id": global_id("CustomerContact", 404)}, "NOT_FOUND", ["id"]),
        ({"value": "x", "id": "nonsense"}, "NOT_FOUND", ["id"]),
    ],
)
async def test_what_a_contact_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    customer = await make_customer(uow)
    refused = await _upsert(ask, **{"customerId": global_id("Customer", customer.id), **given})
    assert refused == {"customerContact": None, "userErrors": [{"code": code, "path": path}]}
    assert await _stored(uow) == []


async def test_a_contact_is_not_changed_as_another_customers(ask: Ask, uow: UnitOfWork) -> None:
    customer, other = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    contact = await make_contact(uow, customer, value="ada")
    given = {"id": global_id("CustomerContact", contact.id), "value": "eve"}
    refused = await _upsert(ask, customerId=global_id("Customer", other.id), **given)
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert await _stored(uow) == [("ada", False)]


async def test_fifty_contacts_are_the_most(ask: Ask, uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    await uow.change(
        text(
            "INSERT INTO customer_contacts (customer_id, kind, value)"
            " SELECT :id, 'other', n FROM generate_series(1, 50) n"
        ).bindparams(id=customer.id)
    )
    id_ = global_id("Customer", customer.id)
    refused = await _upsert(ask, customerId=id_, value="51")
    assert [error["code"] for error in refused["userErrors"]] == ["INVALID"]
    assert (await _upsert(ask, customerId=id_, value="50", note="x"))["userErrors"] == []
    assert len(await _stored(uow)) == 50


CREATE = """
mutation ($input: CustomerCreateInput!) { customerCreate(input: $input) {
  customer { contacts { nodes { kind value isDefault } } } userErrors { code path }
} }
"""


async def _create(ask: Ask, *contacts: dict[str, Any]) -> Any:
    given = {"email": "ada@shop.test", "contacts": list(contacts)}
    return (await ask(CREATE, {"input": given}))["data"]["customerCreate"]


async def test_a_customer_is_added_with_its_contacts(ask: Ask, uow: UnitOfWork) -> None:
    phone = {"kind": "PHONE", "value": "1", "isDefault": True}
    done = await _create(ask, phone, {"value": "x"}, phone | {"isDefault": False})
    assert done == {
        "customer": {
            "contacts": {"nodes": [phone, {"kind": "OTHER", "value": "x", "isDefault": False}]}
        },
        "userErrors": [],
    }
    assert await _stored(uow) == [("1", True), ("x", False)]


@pytest.mark.parametrize(
    ("contacts", "path"),
    [
        ([{"value": "x"}, {"value": ""}], ["contacts", "1", "value"]),
        ([{"value": str(number)} for number in range(51)], ["contacts"]),
        (
            [{"value": "1", "isDefault": True}, {"value": "2", "isDefault": True}],
            ["contacts", "1", "isDefault"],
        ),
    ],
)
async def test_with_a_bad_contact_no_customer_is_added(
    ask: Ask, uow: UnitOfWork, contacts: list[dict[str, Any]], path: list[str]
) -> None:
    refused = await _create(ask, *contacts)
    assert refused == {"customer": None, "userErrors": [{"code": "INVALID", "path": path}]}
    assert await uow.scalars(select(col(Customer.id))) == []


async def test_a_contact_is_deleted(ask: Ask, uow: UnitOfWork) -> None:
    contact = await make_contact(uow, await make_customer(uow))
    id_ = global_id("CustomerContact", contact.id)
    done = (await ask(DELETE, {"input": {"id": id_}}))["data"]["customerContactDelete"]
    assert done == {"deletedId": id_, "userErrors": []}
    assert await _stored(uow) == []
    again = (await ask(DELETE, {"input": {"id": id_}}))["data"]["customerContactDelete"]
    assert again == {"deletedId": None, "userErrors": [{"code": "NOT_FOUND", "path": ["id"]}]}
