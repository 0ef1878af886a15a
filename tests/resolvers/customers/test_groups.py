from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.customers.models import Customer, CustomerGroup
from tests.conftest import Ask
from tests.support.customers import make_customer, make_group, viewer_of
from tests.support.pricing import make_price_list

UPSERT = """
mutation ($input: CustomerGroupUpsertInput!) { customerGroupUpsert(input: $input) {
  customerGroup { id databaseId name externalId kind minSubtotal minQuantity builtIn version }
  userErrors { code path ... on VersionConflictError { current } }
} }
"""
DELETE = """
mutation ($input: CustomerGroupDeleteInput!) { customerGroupDelete(input: $input) {
  deletedId movedCustomers userErrors { code message path }
} }
"""
GENERAL = global_id("CustomerGroup", 0)


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["customerGroupUpsert"]


async def _delete(ask: Ask, id_: str, **given: Any) -> Any:
    return (await ask(DELETE, {"input": {"id": id_, **given}}))["data"]["customerGroupDelete"]


async def _groups(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(CustomerGroup.name), col(CustomerGroup.version))
    rows = await uow.rows(select(*columns).order_by(col(CustomerGroup.id)))
    return [tuple(row) for row in rows]


async def test_the_group_of_everybody_is_there_with_the_id_legacy_clients_know(ask: Ask) -> None:
    found = await ask(
        "query ($id: ID!) { node(id: $id) { ... on CustomerGroup { name databaseId builtIn } }"
        " customerGroup(id: $id) { id } }",
        {"id": GENERAL},
    )
    assert found["data"] == {
        "node": {"name": "General", "databaseId": 0, "builtIn": True},
        "customerGroup": {"id": GENERAL},
    }


async def test_a_group_is_added_found_again_and_changed(ask: Ask, uow: UnitOfWork) -> None:
    added = (await _upsert(ask, name=" Trade ", externalId="t-1"))["customerGroup"]
    assert (added["name"], added["builtIn"], added["version"]) == ("Trade", False, 1)
    assert (await _upsert(ask, name="trade"))["customerGroup"]["version"] == 2
    renamed = await _upsert(ask, externalId="t-1", name="Dealers", expectedVersion=2)
    assert renamed["customerGroup"] == {**added, "name": "Dealers", "version": 3}
    forgot = await _upsert(ask, id=added["id"], externalId=None)
    assert forgot["customerGroup"]["externalId"] is None
    late = await _upsert(ask, id=added["id"], name="Late", expectedVersion=2)
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 4}
    ]
    assert await _groups(uow) == [("General", 1), ("Dealers", 4)]


async def test_a_group_says_what_it_is_of_and_how_much_it_has_to_order(ask: Ask) -> None:
    least = {"kind": "WHOLESALE", "minSubtotal": "250.50", "minQuantity": 12}
    added = (await _upsert(ask, name="Dealers", **least))["customerGroup"]
    assert (added["kind"], Decimal(added["minSubtotal"])) == ("WHOLESALE", Decimal("250.50"))
    assert added["minQuantity"] == 12
    query = """query ($id: ID!, $sum: Decimal!, $units: Int!) {
      customerGroup(id: $id) { orderFlaws(subtotal: $sum, quantity: $units) } }"""
    missed = ["Goods for at least 250.5 are to be ordered.", "At least 12 units are to be ordered."]
    for sum_, units, flaws in (
        ("250.50", 12, []),
        ("250.49", 12, missed[:1]),
        ("1000", 11, missed[1:]),
        ("0", 0, missed),
    ):
        shown = await ask(query, {"id": added["id"], "sum": sum_, "units": units})
        assert shown["data"]["customerGroup"]["orderFlaws"] == flaws
    none = dict.fromkeys(least)
    assert (await _upsert(ask, id=added["id"], **none))["customerGroup"] == added | none | {
        "version": 2
    }


@pytest.mark.parametrize("groups", [1, 3])
async def test_groups_show_their_price_lists_in_one_statement(
    ask: Ask, uow: UnitOfWork, statements: list[str], groups: int
) -> None:
    for place in range(groups):
        group = await make_group(uow, f"Group {place}")
        await make_price_list(uow, code=f"b{place}", customer_group_id=group.id)
        await make_price_list(uow, code=f"a{place}", customer_group_id=group.id, priority=2)
    statements.clear()
    shown = await ask("{ customerGroups { nodes { priceLists { code } } } }")
    found = [
        [each["code"] for each in node["priceLists"]]
        for node in shown["data"]["customerGroups"]["nodes"]
    ]
    assert found == [[], *([f"a{place}", f"b{place}"] for place in range(groups))]
    assert len(statements) == 2


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"name": "New", "minSubtotal": "0"}, "INVALID", ["minSubtotal"]),
        ({"name": "New", "minSubtotal": "0.0000001"}, "INVALID", ["minSubtotal"]),
        ({"name": "New", "minQuantity": 0}, "INVALID", ["minQuantity"]),
        ({}, "INVALID", ["name"]),
        ({"name": " "}, "INVALID", ["name"]),
        ({"name": "n" * 201}, "INVALID", ["name"]),
        ({"name": "New", "externalId": ""}, "INVALID", ["externalId"]),
        ({"id": global_id("CustomerGroup", 404), "name": "X"}, "NOT_FOUND", ["id"]),
        ({"id": global_id("Customer", 0), "name": "X"}, "NOT_FOUND", ["id"]),
        ({"id": GENERAL, "name": "trade"}, "TAKEN", ["name"]),
        ({"id": GENERAL, "externalId": "t"}, "TAKEN", ["externalId"]),
    ],
)
async def test_what_a_group_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    await make_group(uow, "Trade", external_id="t")
    refused = await _upsert(ask, **given)
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [(code, path)]
    assert await _groups(uow) == [("General", 1), ("Trade", 1)]


async def test_the_customers_of_a_deleted_group_go_to_the_built_in_one(
    ask: Ask, uow: UnitOfWork
) -> None:
    trade = await make_group(uow)
    for place in range(3):
        await make_customer(uow, f"{place}@shop.test", group_id=trade.id if place else 0)
    id_ = global_id("CustomerGroup", trade.id)
    assert await _delete(ask, id_) == {"deletedId": id_, "movedCustomers": 2, "userErrors": []}
    columns = (col(Customer.group_id), col(Customer.version))
    rows = await uow.rows(select(*columns).order_by(col(Customer.id)))
    assert [tuple(row) for row in rows] == [(0, 1), (0, 2), (0, 2)]
    again = await _delete(ask, id_)
    assert [error["code"] for error in again["userErrors"]] == ["NOT_FOUND"]


async def test_the_built_in_group_stays(ask: Ask, uow: UnitOfWork) -> None:
    refused = await _delete(ask, GENERAL)
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [
        ("INVALID", ["id"])
    ]
    assert await _groups(uow) == [("General", 1)]


async def test_a_group_that_a_price_list_is_for_stays_with_its_customers(
    ask: Ask, uow: UnitOfWork
) -> None:
    trade = await make_group(uow)
    member = await make_customer(uow, group_id=trade.id)
    await make_price_list(uow, customer_group_id=trade.id)
    refused = await _delete(ask, global_id("CustomerGroup", trade.id))
    assert [error["code"] for error in refused["userErrors"]] == ["IN_USE"]
    assert await _groups(uow) == [("General", 1), ("Trade", 1)]
    kept = select(col(Customer.group_id)).where(col(Customer.id) == member.id)
    assert await uow.scalar(kept) == trade.id


async def test_groups_are_listed_by_filter_with_their_customers(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    for number in range(3):
        group = await make_group(uow, f"Group {number}", external_id=f"g-{number}")
        for place in range(number):
            await make_customer(uow, f"{number}-{place}@shop.test", group_id=group.id)
    query = """query ($where: CustomerGroupWhere) { customerGroups(where: $where, first: 10) {
      nodes { name customers(first: 1) { nodes { email } totalCount { count } } }
      totalCount { count } } }"""
    statements.clear()
    found = (await ask(query, {"where": {"name": {"startsWith": "group"}}}))["data"]
    assert [
        node["customers"]["totalCount"]["count"] for node in found["customerGroups"]["nodes"]
    ] == [0, 1, 2]
    assert found["customerGroups"]["nodes"][2]["customers"]["nodes"] == [{"email": "2-1@shop.test"}]
    assert len(statements) == 4  # groups, their count, a page of customers of each, their counts
    one = (await ask(query, {"where": {"externalId": {"eq": "g-1"}}}))["data"]["customerGroups"]
    assert [node["name"] for node in one["nodes"]] == ["Group 1"]
    ids = {"id": {"in": [GENERAL, "nonsense"]}}
    listed = (await ask(query, {"where": ids}))["data"]["customerGroups"]
    assert [node["name"] for node in listed["nodes"]] == ["General"]


async def test_a_customer_sees_its_own_group_alone(ask: Ask, uow: UnitOfWork) -> None:
    trade = await make_group(uow)
    customer = await make_customer(uow, group_id=trade.id)
    query = "query ($id: ID!) { node(id: $id) { id } customerGroup(id: $id) { name } }"
    own, other = global_id("CustomerGroup", trade.id), GENERAL
    seen = await ask(query, {"id": own}, viewer=viewer_of(customer))
    assert seen["data"] == {"node": {"id": own}, "customerGroup": {"name": "Trade"}}
    unseen = await ask(query, {"id": other}, viewer=viewer_of(customer))
    assert unseen["data"] == {"node": None, "customerGroup": None}
    nobody = Viewer(ViewerKind.API_KEY, 9, frozenset({Scope.READ_PRODUCTS}))
    nothing = await ask("query ($id: ID!) { node(id: $id) { id } }", {"id": own}, viewer=nobody)
    assert nothing["data"] == {"node": None}
