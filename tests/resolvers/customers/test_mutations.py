from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from commerce.customers.models import Customer, MarketingConsent
from commerce.identity.models import Session
from resolvers.schema import policies
from tests.conftest import Ask
from tests.support.customers import (
    make_customer,
    make_extra_field,
    make_group,
    make_session,
    viewer_of,
)
from tests.support.graphql import schema

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIELDS = """
  id databaseId externalId email emailVerified name phone company locale dateOfBirth gender
  acceptsEmail acceptsSms taxId taxIdValid fiscalCode taxExempt note tags blocked version
  group { name } extraFields { value field { key } }
  marketingConsents { nodes { channel granted source } }
"""
CREATE = f"""mutation ($input: CustomerCreateInput!) {{ customerCreate(input: $input) {{
  customer {{ {FIELDS} }} userErrors {{ code path }} }} }}"""
UPDATE = f"""mutation ($input: CustomerUpdateInput!) {{ customerUpdate(input: $input) {{
  customer {{ {FIELDS} }} userErrors {{ code path ... on VersionConflictError {{ current }} }}
}} }}"""
WHOLE: dict[str, Any] = {
    "email": "Ada@SHOP.test",
    "firstName": " Ada ",
    "lastName": "Lovelace",
    "phone": "+49 170 1234567",
    "company": "Engines",
    "locale": "de_at",
    "dateOfBirth": "1915-12-10",
    "gender": "female",
    "externalId": "erp-7",
    "taxId": "de 136 695 976",
    "fiscalCode": "F-1",
    "taxExempt": True,
    "note": "Likes numbers.",
    "tags": ["vip", " b2b", "vip"],
    "acceptsEmail": True,
    "acceptsSms": False,
}


async def _create(ask: Ask, **given: Any) -> Any:
    return (await ask(CREATE, {"input": {"email": "new@shop.test", **given}}))["data"][
        "customerCreate"
    ]


async def _update(ask: Ask, customer: Any, **given: Any) -> Any:
    input_ = {"id": global_id("Customer", customer.id), **given}
    return (await ask(UPDATE, {"input": input_}))["data"]["customerUpdate"]


async def _stored(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    rows = await uow.rows(select(*Customer.__table__.c).order_by(col(Customer.id)))  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return [tuple(row) for row in rows]


async def test_the_shop_adds_a_customer_with_all_it_knows(ask: Ask, uow: UnitOfWork) -> None:
    group = await make_group(uow)
    await make_extra_field(uow, "card")
    done = await _create(
        ask,
        **WHOLE,
        groupId=global_id("CustomerGroup", group.id),
        extraFields=[{"key": "card", "value": "A-1"}],
    )
    assert done["userErrors"] == []
    customer = done["customer"]
    assert customer == {
        "id": customer["id"],
        "databaseId": customer["databaseId"],
        "externalId": "erp-7",
        "email": "Ada@shop.test",
        "emailVerified": False,
        "name": "Ada Lovelace",
        "phone": "+491701234567",
        "company": "Engines",
        "locale": "de-AT",
        "dateOfBirth": "1915-12-10",
        "gender": "female",
        "acceptsEmail": True,
        "acceptsSms": False,
        "taxId": "DE136695976",
        "taxIdValid": True,
        "fiscalCode": "F-1",
        "taxExempt": True,
        "note": "Likes numbers.",
        "tags": ["vip", "b2b"],
        "blocked": False,
        "version": 1,
        "group": {"name": "Trade"},
        "extraFields": [{"value": "A-1", "field": {"key": "card"}}],
        "marketingConsents": {
            "nodes": [
                {"channel": "SMS", "granted": False, "source": "shop"},
                {"channel": "EMAIL", "granted": True, "source": "shop"},
            ]
        },
    }


async def test_an_address_alone_makes_a_customer_without_a_password(
    ask: Ask, uow: UnitOfWork
) -> None:
    done = await _create(ask)
    assert done["customer"]["group"] == {"name": "General"}
    assert done["customer"]["acceptsEmail"] is None
    assert await uow.scalars(select(col(Customer.password_hash))) == [None]


async def test_the_same_customer_is_not_added_twice(ask: Ask, uow: UnitOfWork) -> None:
    await make_customer(uow, "ada@shop.test", external_id="erp-7")
    before = await _stored(uow)
    for given, path in (
        ({"email": "ADA@shop.test"}, "email"),
        ({"externalId": "erp-7"}, "externalId"),
    ):
        refused = await _create(ask, **given)
        assert refused == {"customer": None, "userErrors": [{"code": "TAKEN", "path": [path]}]}
    assert await _stored(uow) == before


BAD: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"email": "nobody"}, "INVALID", ["email"]),
    ({"email": f"{'a' * 250}@shop.test"}, "INVALID", ["email"]),
    ({"firstName": "n" * 201}, "INVALID", ["firstName"]),
    ({"note": "n" * 10_001}, "INVALID", ["note"]),
    ({"phone": "170"}, "INVALID", ["phone"]),
    ({"locale": "martian"}, "INVALID", ["locale"]),
    ({"dateOfBirth": "2999-01-01"}, "INVALID", ["dateOfBirth"]),
    ({"tags": ["a", " "]}, "INVALID", ["tags", "1"]),
    ({"tags": ["t" * 101]}, "INVALID", ["tags", "0"]),
    ({"tags": [str(number) for number in range(101)]}, "INVALID", ["tags"]),
    ({"taxId": "1" * 51}, "INVALID", ["taxId"]),
    ({"externalId": " "}, "INVALID", ["externalId"]),
    ({"groupId": global_id("CustomerGroup", 404)}, "NOT_FOUND", ["groupId"]),
    ({"groupId": global_id("Product", 1)}, "NOT_FOUND", ["groupId"]),
    ({"extraFields": [{"key": "x", "value": "1"}]}, "INVALID", ["extraFields", "0", "key"]),
]


@pytest.mark.parametrize(("given", "code", "path"), BAD)
async def test_what_a_customer_cannot_be(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    customer = await make_customer(uow)
    before = await _stored(uow)
    refused = {"customer": None, "userErrors": [{"code": code, "path": path}]}
    assert await _create(ask, **given) == refused
    assert await _update(ask, customer, **given) == refused
    assert await _stored(uow) == before


async def test_only_what_is_given_is_changed(ask: Ask, uow: UnitOfWork) -> None:
    customer = await make_customer(
        uow, first_name="Ada", last_name="L.", phone="+491701234567", note="Old", tags=["a"]
    )
    done = (await _update(ask, customer, lastName="Lovelace", phone=None, expectedVersion=1))[
        "customer"
    ]
    assert (done["name"], done["phone"], done["note"]) == ("Ada Lovelace", None, "Old")
    assert (done["tags"], done["version"]) == (["a"], 2)
    assert (await _update(ask, customer, lastName="Lovelace"))["customer"]["version"] == 2
    late = await _update(ask, customer, lastName="Byron", expectedVersion=1)
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 2}
    ]


async def test_another_address_is_one_that_nobody_has_proven(ask: Ask, uow: UnitOfWork) -> None:
    proven = await make_customer(uow, "ada@shop.test", email_verified_at=NOW)
    same = (await _update(ask, proven, email="ADA@shop.test"))["customer"]
    assert (same["email"], same["emailVerified"]) == ("ADA@shop.test", True)
    other = (await _update(ask, proven, email="lovelace@shop.test"))["customer"]
    assert (other["email"], other["emailVerified"]) == ("lovelace@shop.test", False)


@pytest.mark.parametrize(
    ("number", "valid"),
    [("DE136695976", True), ("DE136695977", False), ("12-345", None), ("", None), (None, None)],
)
async def test_tax_numbers_are_looked_at(ask: Ask, number: str | None, valid: bool | None) -> None:
    assert (await _create(ask, taxId=number))["customer"]["taxIdValid"] is valid


async def test_the_shop_knows_better_whether_a_tax_number_is_right(ask: Ask) -> None:
    done = await _create(ask, taxId="DE136695977", taxIdValid=True)
    assert done["customer"]["taxIdValid"] is True


async def test_null_is_refused_where_nothing_can_be_empty(ask: Ask, uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    given = {"id": global_id("Customer", customer.id), "email": None}
    answer = await ask(UPDATE, {"input": given})
    assert answer["errors"][0]["message"] == "email must not be null; leave it out to keep it."


@pytest.mark.parametrize("id_", [global_id("Customer", 404), global_id("Product", 1), "x"])
async def test_a_customer_that_is_not_there_is_not_found(ask: Ask, id_: str) -> None:
    refused = {"customer": None, "userErrors": [{"code": "NOT_FOUND", "path": ["id"]}]}
    assert (await ask(UPDATE, {"input": {"id": id_}}))["data"]["customerUpdate"] == refused
    for name in ("Block", "Unblock"):
        answer = await ask(_switch(name), {"input": {"id": id_}})
        assert answer["data"][f"customer{name}"] == refused


async def test_an_erased_customer_is_no_more(ask: Ask, uow: UnitOfWork) -> None:
    customer = await make_customer(uow, erased_at=NOW)
    refused = await _update(ask, customer, note="Hello")
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]


# Columns that nobody writes by an input, under the names an input would give them.
UNWRITABLE = (
    "passwordHash",
    "emailVerifiedAt",
    "blockedAt",
    "erasedAt",
    "version",
    "createdAt",
    "updatedAt",
    "emailVerified",
    "databaseId",
)
INPUTS = {
    "customerCreate": {"email": "new@shop.test"},
    "customerUpdate": {"id": global_id("Customer", 1)},
    "customerProfileUpdate": {},
    "customerConsentSet": {"channel": "EMAIL", "granted": True},
    "customerContactUpsert": {"value": "x"},
    "customerGroupUpsert": {"name": "x"},
}


@pytest.mark.parametrize("name", UNWRITABLE)
@pytest.mark.parametrize("mutation", INPUTS)
async def test_no_input_takes_a_column_that_is_not_its_own(
    ask: Ask, mutation: str, name: str
) -> None:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = (
        f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
    )
    answer = await ask(query, {"input": {**INPUTS[mutation], name: None}})
    refused = f"'{kind}' not to include unknown field '{name}'"
    assert refused in answer["errors"][0]["message"]


async def test_every_column_of_a_customer_is_in_an_input_or_named_as_unwritable() -> None:
    """A new column fails here until somebody says who may write it."""
    columns = {column.name for column in Customer.__table__.c}  # type: ignore[attr-defined]  # SQLModel sets it on tables
    inputs = schema().get_type_by_name("CustomerUpdateInput")
    written = {field.python_name for field in inputs.fields}  # type: ignore[union-attr]  # it is there
    unwritable = {
        "password_hash",
        "email_verified_at",
        "blocked_at",
        "erased_at",
        "version",
        "created_at",
        "updated_at",
    }
    assert columns - written == unwritable


def _switch(name: str) -> str:
    return f"""mutation ($input: Customer{name}Input!) {{ customer{name}(input: $input) {{
      customer {{ blocked version }} userErrors {{ code path }} }} }}"""


async def test_a_blocked_customer_has_no_session_left(ask: Ask, uow: UnitOfWork) -> None:
    customer, other = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    for owner in (customer, customer, other):
        await make_session(uow, owner)
    given = {"input": {"id": global_id("Customer", customer.id)}}
    for _ in range(2):
        done = (await ask(_switch("Block"), given))["data"]["customerBlock"]
        assert done == {"customer": {"blocked": True, "version": 2}, "userErrors": []}
    assert await uow.scalars(select(col(Session.customer_id))) == [other.id]
    done = (await ask(_switch("Unblock"), given))["data"]["customerUnblock"]
    assert done == {"customer": {"blocked": False, "version": 3}, "userErrors": []}


CONSENT = """mutation ($input: CustomerConsentSetInput!) { customerConsentSet(input: $input) {
  customer { email acceptsEmail acceptsSms
    marketingConsents { nodes { channel granted source } totalCount { count } } }
  userErrors { code path } } }"""


async def test_each_word_on_marketing_is_kept_and_the_last_one_counts(
    ask: Ask, uow: UnitOfWork
) -> None:
    customer = await make_customer(uow)
    own, viewer = {"channel": "EMAIL"}, viewer_of(customer)
    for granted in (True, True, False):
        done = await ask(CONSENT, {"input": {**own, "granted": granted}}, viewer=viewer)
    shop = {"customerId": global_id("Customer", customer.id), "channel": "SMS"}
    done = await ask(CONSENT, {"input": {**shop, "granted": True, "source": "fair"}})
    assert done["data"]["customerConsentSet"]["customer"] == {
        "email": "ada@shop.test",
        "acceptsEmail": False,
        "acceptsSms": True,
        "marketingConsents": {
            "nodes": [
                {"channel": "SMS", "granted": True, "source": "fair"},
                {"channel": "EMAIL", "granted": False, "source": "storefront"},
                {"channel": "EMAIL", "granted": True, "source": "storefront"},
            ],
            "totalCount": {"count": 3},
        },
    }


async def test_nobody_speaks_for_another_customer(ask: Ask, uow: UnitOfWork) -> None:
    customer, other = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    reader = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CUSTOMERS}))
    answers = [
        await ask(
            CONSENT,
            {"input": {"customerId": id_, "channel": "EMAIL", "granted": True}},
            viewer=viewer,
        )
        for id_ in (global_id("Customer", other.id), global_id("Customer", 404))
        for viewer in (viewer_of(customer), reader)
    ]
    refused = {"customer": None, "userErrors": [{"code": "NOT_FOUND", "path": ["customerId"]}]}
    assert answers == [{"data": {"customerConsentSet": refused}}] * 4
    assert await uow.scalars(select(col(MarketingConsent.id))) == []


async def test_staff_must_say_whose_consent_it_is(ask: Ask) -> None:
    given = {"channel": "EMAIL", "granted": True}
    answer = await ask(CONSENT, {"input": given})
    refused = {"customer": None, "userErrors": [{"code": "INVALID", "path": ["customerId"]}]}
    assert answer["data"]["customerConsentSet"] == refused


def test_only_writers_of_customers_change_them() -> None:
    writing = {
        field: policy
        for (type_, field), policy in policies(schema()).items()
        if type_ == "Mutation" and field in SHOP_MUTATIONS
    }
    assert writing.keys() == SHOP_MUTATIONS
    for policy in writing.values():
        assert policy.scopes == {Scope.WRITE_CUSTOMERS}
        assert not policy.owner
        assert not policy.allows(ANONYMOUS)


SHOP_MUTATIONS = {
    "customerCreate",
    "customerUpdate",
    "customerBlock",
    "customerUnblock",
    "customerGroupUpsert",
    "customerGroupDelete",
    "customerContactUpsert",
    "customerContactDelete",
    "customerExtraFieldUpsert",
    "customerExtraFieldDelete",
}
