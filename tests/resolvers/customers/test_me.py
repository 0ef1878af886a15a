from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from resolvers.schema import policies
from tests.conftest import Ask
from tests.support.customers import make_address, make_customer, make_group, viewer_of
from tests.support.graphql import schema

ME = """{ me {
  email name company group { name }
  addresses(first: 2) { nodes { street1 formatted(locale: "de") } totalCount { count } }
  more: addresses(last: 1) { nodes { street1 } }
  defaultBillingAddress { street1 } defaultShippingAddress { street1 }
} }"""
UPDATE = """mutation ($input: CustomerProfileUpdateInput!) { customerProfileUpdate(input: $input) {
  customer { firstName lastName phone company locale dateOfBirth gender version }
  userErrors { code path } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
BERLIN: dict[str, Any] = {"street1": "Weg 1", "postal_code": "10115", "city": "Berlin"}
READER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CUSTOMERS}))


async def _update(ask: Ask, viewer: Viewer, **input_: Any) -> Any:
    answer = await ask(UPDATE, {"input": input_}, viewer=viewer)
    assert "errors" not in answer, answer
    return answer["data"]["customerProfileUpdate"]


async def test_customers_see_themselves_and_what_is_theirs(ask: Ask, uow: UnitOfWork) -> None:
    group = await make_group(uow, "Trade")
    ada = await make_customer(
        uow, "ada@shop.example", first_name="Ada", last_name="L", group_id=group.id
    )
    await make_address(uow, await make_customer(uow, "bob@shop.example"), street1="Theirs")
    await make_address(uow, ada, **BERLIN, is_default_billing=True)
    await make_address(uow, ada, **{**BERLIN, "street1": "Weg 2"})
    await make_address(uow, ada, **{**BERLIN, "street1": "Weg 3"}, is_default_shipping=True)
    answer = await ask(ME, viewer=viewer_of(ada))
    assert answer["data"]["me"] == {
        "email": "ada@shop.example",
        "name": "Ada L",
        "company": "",
        "group": {"name": "Trade"},
        "addresses": {
            "nodes": [
                {"street1": "Weg 1", "formatted": ["Weg 1", "10115 BERLIN", "DEUTSCHLAND"]},
                {"street1": "Weg 2", "formatted": ["Weg 2", "10115 BERLIN", "DEUTSCHLAND"]},
            ],
            "totalCount": {"count": 3},
        },
        "more": {"nodes": [{"street1": "Weg 3"}]},
        "defaultBillingAddress": {"street1": "Weg 1"},
        "defaultShippingAddress": {"street1": "Weg 3"},
    }


@pytest.mark.parametrize("count", [1, 60])
async def test_me_costs_six_statements_whatever_there_is(
    ask: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    ada = await make_customer(uow)
    for number in range(count):
        await make_address(uow, ada, street1=f"Weg {number}")
    statements.clear()
    await ask(ME, viewer=viewer_of(ada))
    # The customer, its group, two pages, their count, the default addresses.
    assert len(statements) == 6


@pytest.mark.parametrize("viewer", [READER, Viewer(ViewerKind.GUEST, tokens=frozenset({"t" * 22}))])
async def test_me_is_nobody_for_those_who_are_no_customers(ask: Ask, viewer: Viewer) -> None:
    assert await ask("{ me { id } }", viewer=viewer) == {"data": {"me": None}}


async def test_what_others_are_is_nobody_s_business(ask: Ask, uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.example")
    address = await make_address(uow, bob)
    ids = (global_id("Customer", bob.id), global_id("CustomerAddress", address.id))
    for id_ in ids:
        for viewer in (viewer_of(ada), ANONYMOUS, Viewer(ViewerKind.STAFF, 1)):
            assert await ask(NODE, {"id": id_}, viewer=viewer) == {"data": {"node": None}}
        for viewer in (viewer_of(bob), READER):
            assert await ask(NODE, {"id": id_}, viewer=viewer) == {"data": {"node": {"id": id_}}}


@pytest.mark.parametrize("field", ["note", "tags", "taxExempt", "blocked", "erased"])
def test_what_the_shop_notes_is_not_for_the_customer(field: str) -> None:
    policy = policies(schema())["Customer", field]
    assert not policy.allows(Viewer(ViewerKind.CUSTOMER, 1))
    assert policy.allows(READER)


async def test_the_given_parts_of_a_profile_are_changed(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow, first_name="Ada", last_name="Byron", phone="+491701234567")
    changed = await _update(
        ask, viewer_of(ada), lastName=" Lovelace ", phone=None, locale="en_gb", expectedVersion=1
    )
    assert changed["userErrors"] == []
    assert changed["customer"] == {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "phone": None,
        "company": "",
        "locale": "en-GB",
        "dateOfBirth": None,
        "gender": None,
        "version": 2,
    }
    again = await _update(ask, viewer_of(ada), lastName="Lovelace")
    assert again["customer"]["version"] == 2


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"phone": "12"}, {"code": "INVALID", "path": ["phone"]}),
        ({"locale": "x"}, {"code": "INVALID", "path": ["locale"]}),
        ({"company": "x" * 201}, {"code": "INVALID", "path": ["company"]}),
        ({"dateOfBirth": "2999-01-01"}, {"code": "INVALID", "path": ["dateOfBirth"]}),
        ({"expectedVersion": 7}, {"code": "VERSION_CONFLICT", "path": ["expectedVersion"]}),
    ],
)
async def test_a_bad_profile_is_refused_and_nothing_changes(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], error: dict[str, Any]
) -> None:
    ada = await make_customer(uow)
    refused = await _update(ask, viewer_of(ada), firstName="Eve", **given)
    assert (refused["customer"], refused["userErrors"]) == (None, [error])
    assert await uow.scalar(text("SELECT first_name FROM customers")) == ""


async def test_who_is_no_customer_has_no_profile(ask: Ask, uow: UnitOfWork) -> None:
    await make_customer(uow)
    refused = await _update(ask, READER, firstName="Eve")
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert await uow.scalar(text("SELECT first_name FROM customers")) == ""


async def test_a_profile_takes_nothing_but_what_is_one_s_own_to_say(
    ask: Ask, uow: UnitOfWork
) -> None:
    ada = await make_customer(uow)
    for field in ("email", "note", "tags", "taxExempt", "groupId", "emailVerified", "blocked"):
        answer = await ask(UPDATE, {"input": {field: "x"}}, viewer=viewer_of(ada))
        assert answer["errors"]
        assert answer.get("data") is None
