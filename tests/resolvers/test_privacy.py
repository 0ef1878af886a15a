"""Handing out and forgetting, as clients ask for it."""

from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Policy, Scope, Viewer, ViewerKind
from resolvers.schema import policies
from tests.conftest import Ask
from tests.support.customers import make_customer, viewer_of
from tests.support.graphql import schema
from tests.support.personal import add_person

EXPORT = """
mutation ($input: CustomerDataExportInput!) {
  done: customerDataExport(input: $input) { export userErrors { code path } }
}
"""
ERASE = """
mutation ($input: CustomerEraseInput!) {
  done: customerErase(input: $input) { customerId erasedAt userErrors { code path } }
}
"""
UNKNOWN = [{"code": "NOT_FOUND", "path": ["id"]}]
CLERK = Viewer(ViewerKind.STAFF, 7, frozenset(Scope) - {Scope.ERASE_CUSTOMERS})


async def _ask(ask: Ask, query: str, viewer: Viewer, **input_: Any) -> Any:
    answer = await ask(query, {"input": input_}, viewer)
    assert "errors" not in answer, answer
    return answer["data"]["done"]


async def _count(uow: UnitOfWork) -> int:
    return int(await uow.scalar(text("SELECT count(*) FROM customers WHERE erased_at IS NULL")))


def test_owners_and_those_who_may_erase_are_let_in() -> None:
    both = Policy(frozenset({Scope.ERASE_CUSTOMERS}), owner=True)
    asked = policies(schema())
    assert asked["Mutation", "customerDataExport"] == both
    assert asked["Mutation", "customerErase"] == both
    assert not both.allows(ANONYMOUS)


async def test_customers_get_what_is_held_about_them_alone(ask: Ask, uow: UnitOfWork) -> None:
    ada, bob = await add_person(uow, "ada"), await add_person(uow, "bob")
    own = Viewer(ViewerKind.CUSTOMER, ada.id)
    for input_ in ({}, {"id": global_id("Customer", ada.id)}):
        done = await _ask(ask, EXPORT, own, **input_)
        printed = str(done["export"])
        assert [canary for canary in ada.canaries if canary not in printed] == []
        assert [canary for canary in bob.canaries if canary in printed] == []


@pytest.mark.parametrize("query", [EXPORT, ERASE])
async def test_somebody_else_is_like_nobody(ask: Ask, uow: UnitOfWork, query: str) -> None:
    ada, bob = await make_customer(uow, "ada@x.test"), await make_customer(uow, "bob@x.test")
    why = {"reason": "OTHER"} if query == ERASE else {}
    others = [global_id("Customer", bob.id), global_id("Customer", 2**40), "nonsense"]
    others.append(global_id("Product", ada.id))
    for viewer in (viewer_of(ada), CLERK):
        for id_ in others:
            done = await _ask(ask, query, viewer, id=id_, **why)
            assert done["userErrors"] == UNKNOWN
    assert await _count(uow) == 2


@pytest.mark.parametrize("query", [EXPORT, ERASE])
async def test_who_is_no_customer_names_one(ask: Ask, uow: UnitOfWork, query: str) -> None:
    await make_customer(uow)
    why = {"reason": "OTHER"} if query == ERASE else {}
    everything = Viewer(ViewerKind.API_KEY, 1, frozenset(Scope))
    assert (await _ask(ask, query, everything, **why))["userErrors"] == UNKNOWN
    assert await _count(uow) == 1


async def test_the_shop_erases_and_asks_again(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow)
    everything = Viewer(ViewerKind.API_KEY, 1, frozenset(Scope))
    id_ = global_id("Customer", ada.id)
    done = await _ask(ask, ERASE, everything, id=id_, reason="CUSTOMER_REQUEST")
    assert (done["customerId"], done["userErrors"]) == (id_, [])
    assert done == await _ask(ask, ERASE, everything, id=id_, reason="OTHER")
    export = (await _ask(ask, EXPORT, everything, id=id_))["export"]
    (row,) = next(record["rows"] for record in export["records"] if record["name"] == "customers")
    assert row["email"] is None
    assert row["first_name"] == ""


async def test_an_export_is_noted(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow)
    await _ask(ask, EXPORT, viewer_of(ada))
    noted = text("SELECT actor, action, target_id FROM audit_log WHERE operation = 'noted'")
    assert [tuple(row) for row in await uow.rows(noted)] == [
        (f"customer:{ada.id}", "customerDataExport", ada.id)
    ]
