from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.payments.models import PaymentMethod
from tests.conftest import Ask
from tests.support.customers import make_group
from tests.support.payments import make_method
from tests.support.taxes import make_tax_class

UPSERT = """
mutation ($input: PaymentMethodUpsertInput!) { paymentMethodUpsert(input: $input) {
  paymentMethod { id code name description instructions kind provider capture countries currencies
    minTotal maxTotal customerGroupIds surcharge { kind value base taxable taxClassId }
    position active version }
  userErrors { code path ... on VersionConflictError { current } }
} }
"""
DELETE = """
mutation ($input: PaymentMethodDeleteInput!) { paymentMethodDelete(input: $input) {
  deletedId userErrors { code path }
} }
"""
FIVE = {"kind": "FIXED", "value": "5"}
NEW = {"code": "transfer", "name": "Bank transfer", "provider": "manual"}


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["paymentMethodUpsert"]


async def _delete(ask: Ask, **given: Any) -> Any:
    return (await ask(DELETE, {"input": given}))["data"]["paymentMethodDelete"]


async def _codes(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(PaymentMethod.code), col(PaymentMethod.version))
    return [tuple(row) for row in await uow.rows(select(*columns).order_by(col(PaymentMethod.id)))]


async def test_a_method_is_added_found_again_and_changed(ask: Ask, uow: UnitOfWork) -> None:
    group = global_id("CustomerGroup", (await make_group(uow)).id)
    added = (
        await _upsert(
            ask,
            **NEW,
            kind="BANK_TRANSFER",
            instructions="To DE89 3704 0044 0532 0130 00.",
            countries=["DE", "AT"],
            minTotal="10",
            customerGroupIds=[group],
        )
    )["paymentMethod"]
    assert added == {
        "id": added["id"],
        **NEW,
        "description": "",
        "instructions": "To DE89 3704 0044 0532 0130 00.",
        "kind": "BANK_TRANSFER",
        "capture": "AT_ONCE",
        "countries": ["DE", "AT"],
        "currencies": [],
        "minTotal": "10.000000",
        "maxTotal": None,
        "customerGroupIds": [group],
        "surcharge": None,
        "position": 0,
        "active": True,
        "version": 1,
    }
    again = await _upsert(ask, code="transfer", position=3, minTotal=None)
    assert again["paymentMethod"] == {**added, "position": 3, "minTotal": None, "version": 2}
    same = await _upsert(ask, id=added["id"], position=3, expectedVersion=2)
    assert same["paymentMethod"]["version"] == 2
    late = await _upsert(ask, id=added["id"], position=4, expectedVersion=1)
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 2}
    ]


async def test_paying_with_a_method_costs_something_until_it_does_not(
    ask: Ask, uow: UnitOfWork
) -> None:
    reduced = global_id("TaxClass", (await make_tax_class(uow)).id)
    asked = {**FIVE, "base": "SUBTOTAL_AND_SHIPPING", "taxable": True, "taxClassId": reduced}
    added = (await _upsert(ask, **NEW, surcharge=asked))["paymentMethod"]
    assert added["surcharge"] == {**asked, "value": "5.000000"}
    kept = (await _upsert(ask, code="transfer", position=3))["paymentMethod"]
    assert kept["surcharge"] == added["surcharge"]
    percent = {"kind": "PERCENT", "value": "2.5"}
    other = (await _upsert(ask, code="transfer", surcharge=percent))["paymentMethod"]
    defaults = {"base": "SUBTOTAL", "taxable": True, "taxClassId": None}
    assert other["surcharge"] == {**percent, "value": "2.500000", **defaults}
    free = (await _upsert(ask, code="transfer", surcharge=None))["paymentMethod"]
    assert free["surcharge"] is None


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID", ["code"]),
        ({"code": "new"}, "INVALID", ["name"]),
        ({"code": "new", "name": "New"}, "INVALID", ["provider"]),
        ({**NEW, "code": "No Slug"}, "INVALID", ["code"]),
        ({**NEW, "name": "\0"}, "INVALID", ["name"]),
        ({**NEW, "name": "\ud800"}, "INVALID", ["name"]),
        ({**NEW, "name": "n" * 201}, "INVALID", ["name"]),
        ({**NEW, "instructions": "i" * 5001}, "INVALID", ["instructions"]),
        ({**NEW, "provider": "stripe"}, "INVALID", ["provider"]),
        ({**NEW, "countries": ["de"]}, "INVALID", ["countries", "0"]),
        ({**NEW, "currencies": ["EUR", "XXZ"]}, "INVALID", ["currencies", "1"]),
        ({**NEW, "minTotal": "-1"}, "INVALID", ["minTotal"]),
        ({**NEW, "maxTotal": "1e20"}, "INVALID", ["maxTotal"]),
        ({**NEW, "maxTotal": "0.0000001"}, "INVALID", ["maxTotal"]),
        ({**NEW, "minTotal": "2", "maxTotal": "1"}, "INVALID", ["maxTotal"]),
        ({**NEW, "position": -1}, "INVALID", ["position"]),
        ({**NEW, "surcharge": FIVE | {"value": "-1"}}, "INVALID", ["surcharge", "value"]),
        ({**NEW, "surcharge": FIVE | {"value": "1e20"}}, "INVALID", ["surcharge", "value"]),
        ({**NEW, "surcharge": FIVE | {"value": "0.0000001"}}, "INVALID", ["surcharge", "value"]),
        (
            {**NEW, "surcharge": {"kind": "PERCENT", "value": "100.5"}},
            "INVALID",
            ["surcharge", "value"],
        ),
        (
            {**NEW, "surcharge": FIVE | {"taxClassId": global_id("TaxClass", 404)}},
            "NOT_FOUND",
            ["surcharge", "taxClassId"],
        ),
        (
            {**NEW, "surcharge": FIVE | {"taxClassId": "nonsense"}},
            "NOT_FOUND",
            ["surcharge", "taxClassId"],
        ),
        (
            {**NEW, "customerGroupIds": [global_id("CustomerGroup", 404)]},
            "NOT_FOUND",
            ["customerGroupIds", "0"],
        ),
        ({**NEW, "customerGroupIds": ["nonsense"]}, "NOT_FOUND", ["customerGroupIds", "0"]),
        (
            {**NEW, "shippingMethodIds": [global_id("ShippingMethod", 404)]},
            "NOT_FOUND",
            ["shippingMethodIds", "0"],
        ),
        ({**NEW, "id": global_id("PaymentMethod", 404)}, "NOT_FOUND", ["id"]),
        ({**NEW, "id": global_id("Customer", 1)}, "NOT_FOUND", ["id"]),
    ],
)
async def test_what_a_method_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    refused = await _upsert(ask, **given)
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [(code, path)]
    assert await _codes(uow) == []


async def test_a_code_is_of_one_method(ask: Ask, uow: UnitOfWork) -> None:
    await make_method(uow, "one")
    two = await make_method(uow, "two")
    refused = await _upsert(ask, id=global_id("PaymentMethod", two.id), code="one")
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [
        ("TAKEN", ["code"])
    ]
    assert await _codes(uow) == [("one", 1), ("two", 1)]


async def test_a_method_is_deleted_once(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("PaymentMethod", (await make_method(uow)).id)
    late = await _delete(ask, id=id_, expectedVersion=2)
    assert late["userErrors"][0]["code"] == "VERSION_CONFLICT"
    assert await _delete(ask, id=id_) == {"deletedId": id_, "userErrors": []}
    again = await _delete(ask, id=id_)
    assert again["userErrors"] == [{"code": "NOT_FOUND", "path": ["id"]}]


async def test_buyers_see_what_is_on_offer(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    await make_method(uow, "last", position=2)
    await make_method(uow, "hidden", active=False)
    await make_method(uow, "first", position=1)
    query = "{ paymentMethods(first: 9) { nodes { id code name instructions kind } } }"
    statements.clear()
    seen = (await ask_anonymously(query))["data"]["paymentMethods"]["nodes"]
    assert [node["code"] for node in seen] == ["first", "last"]
    assert len(statements) == 1
    every = (await ask("{ paymentMethods { nodes { code } totalCount { count } } }"))["data"]
    assert [node["code"] for node in every["paymentMethods"]["nodes"]] == [
        "hidden",
        "first",
        "last",
    ]
    assert every["paymentMethods"]["totalCount"]["count"] == 3


async def test_a_method_that_is_not_on_offer_is_not_there(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    id_ = global_id("PaymentMethod", (await make_method(uow, active=False)).id)
    query = "query ($id: ID!) { node(id: $id) { id } paymentMethod(id: $id) { code } }"
    unseen = await ask_anonymously(query, {"id": id_})
    assert unseen["data"] == {"node": None, "paymentMethod": None}
    seen = await ask(query, {"id": id_})
    assert seen["data"] == {"node": {"id": id_}, "paymentMethod": {"code": "card"}}
    nonsense = await ask(query, {"id": "nonsense"})
    assert nonsense["data"] == {"node": None, "paymentMethod": None}
