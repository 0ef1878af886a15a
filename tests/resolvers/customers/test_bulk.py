from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.customers.models import Customer, MarketingConsent
from tests.conftest import Ask
from tests.support.customers import make_customer, make_extra_field, make_group

UPSERT = """
mutation ($input: CustomerBulkUpsertInput!) { customerBulkUpsert(input: $input) {
  results { index created changed customer { email name version tags } userErrors { code path } }
  userErrors { code path }
} }
"""


async def _upsert(ask: Ask, *rows: dict[str, Any], policy: str = "ALL_OR_NOTHING") -> Any:
    given = {"customers": list(rows), "errorPolicy": policy}
    answer = await ask(UPSERT, {"input": given})
    assert "errors" not in answer, answer
    return answer["data"]["customerBulkUpsert"]


async def _emails(uow: UnitOfWork) -> list[str]:
    return list(await uow.scalars(select(col(Customer.email)).order_by(col(Customer.id))))


async def test_customers_are_added_and_changed_at_once_and_the_same_again_changes_nothing(
    ask: Ask, uow: UnitOfWork
) -> None:
    group = await make_group(uow)
    await make_extra_field(uow, "card")
    await make_customer(uow, "ada@shop.test", first_name="Ada", note="Keep", tags=["old"])
    await make_customer(uow, "eve@shop.test", external_id="e-1", email_verified_at=system_clock())
    rows = (
        {
            "email": "ADA@shop.test",
            "externalId": "a-1",
            "lastName": "L.",
            "tags": ["a", "b"],
            "dateOfBirth": "1915-12-10",
            "groupId": global_id("CustomerGroup", group.id),
            "extraFields": [{"key": "card", "value": "1"}],
        },
        {"externalId": "e-1", "email": "eva@shop.test", "acceptsEmail": True},
        {"email": "new@shop.test", "firstName": "New", "tags": [], "taxId": "DE136695976"},
    )
    done = await _upsert(ask, *rows)
    assert done["userErrors"] == []
    assert [(row["created"], row["changed"]) for row in done["results"]] == [
        (False, True),
        (False, True),
        (True, True),
    ]
    assert [row["customer"] for row in done["results"]] == [
        {"email": "ADA@shop.test", "name": "Ada L.", "version": 2, "tags": ["a", "b"]},
        {"email": "eva@shop.test", "name": "", "version": 2, "tags": []},
        {"email": "new@shop.test", "name": "New", "version": 1, "tags": []},
    ]
    stored = await uow.rows(select(*Customer.__table__.c).order_by(col(Customer.id)))  # type: ignore[attr-defined]  # SQLModel sets it on tables
    ada, eva, new = stored
    assert (ada.note, ada.extra_fields, ada.group_id) == ("Keep", {"card": "1"}, group.id)
    assert (str(ada.date_of_birth), ada.external_id) == ("1915-12-10", "a-1")
    assert (eva.email_verified_at, eva.accepts_email) == (None, True)
    assert (new.tax_id_valid, new.group_id, new.password_hash) == (True, 0, None)
    assert await uow.scalars(select(col(MarketingConsent.customer_id))) == [eva.id]
    again = await _upsert(ask, *rows)
    assert [(row["created"], row["changed"]) for row in again["results"]] == [(False, False)] * 3
    assert len(await uow.scalars(select(col(MarketingConsent.id)))) == 1


NO_GROUP = global_id("CustomerGroup", 404)
BAD: list[tuple[dict[str, Any], str, list[str]]] = [
    ({}, "INVALID", ["email"]),
    ({"email": "nobody"}, "INVALID", ["email"]),
    ({"externalId": "unknown"}, "INVALID", ["email"]),
    ({"externalId": "e-1", "email": "ada@shop.test"}, "TAKEN", ["email"]),
    ({"externalId": "other", "email": "eve@shop.test"}, "TAKEN", ["externalId"]),
    ({"email": "first@shop.test"}, "INVALID", []),
    ({"email": "x@shop.test", "tags": [""]}, "INVALID", ["tags", "0"]),
    (
        {"email": "x@shop.test", "groupId": global_id("CustomerGroup", 404)},
        "NOT_FOUND",
        ["groupId"],
    ),
    ({"email": "x@shop.test", "groupId": "nonsense"}, "NOT_FOUND", ["groupId"]),
    (
        {"email": "x@shop.test", "extraFields": [{"key": "none", "value": "1"}]},
        "INVALID",
        ["extraFields", "0", "key"],
    ),
]


@pytest.mark.parametrize(("row", "code", "path"), BAD)
async def test_a_bad_row_stops_all_or_itself_alone(
    ask: Ask, uow: UnitOfWork, row: dict[str, Any], code: str, path: list[str]
) -> None:
    await make_customer(uow, "ada@shop.test")
    await make_customer(uow, "eve@shop.test", external_id="e-1")
    first = {"email": "first@shop.test"}
    refused = await _upsert(ask, first, row)
    assert refused["userErrors"] == [{"code": code, "path": ["customers", "1", *path]}]
    assert [result["customer"] for result in refused["results"]] == [None, None]
    assert await _emails(uow) == ["ada@shop.test", "eve@shop.test"]
    skipped = await _upsert(ask, first, row, policy="SKIP_FAILED_ROWS")
    assert skipped["userErrors"] == []
    assert skipped["results"][1]["userErrors"] == [{"code": code, "path": path or None}]
    assert await _emails(uow) == ["ada@shop.test", "eve@shop.test", "first@shop.test"]


async def test_one_hundred_customers_are_the_most(ask: Ask) -> None:
    rows = [{"email": f"{number}@shop.test"} for number in range(101)]
    answer = await ask(UPSERT, {"input": {"customers": rows}})
    assert answer["errors"][0]["message"] == "customers takes at most 100 items."


async def test_two_customers_do_not_swap_addresses(ask: Ask, uow: UnitOfWork) -> None:
    await make_customer(uow, "a@shop.test", external_id="a")
    await make_customer(uow, "b@shop.test", external_id="b")
    rows = (
        {"externalId": "a", "email": "b@shop.test"},
        {"externalId": "b", "email": "a@shop.test"},
    )
    refused = await _upsert(ask, *rows, policy="SKIP_FAILED_ROWS")
    errors = [row["userErrors"][0]["code"] for row in refused["results"]]
    assert errors == ["TAKEN", "TAKEN"]
    assert await _emails(uow) == ["a@shop.test", "b@shop.test"]


@pytest.mark.parametrize("count", [2, 30])
async def test_the_statements_are_as_many_for_any_number_of_rows(
    ask: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    await make_extra_field(uow, "card")
    rows: list[dict[str, Any]] = []
    for number in range(count):
        email = f"{number}@shop.test"
        if number % 2:
            await make_customer(uow, email)
        row = {"email": email, "firstName": "A", "groupId": global_id("CustomerGroup", 0)}
        rows.append({**row, "acceptsEmail": True, "extraFields": [{"key": "card", "value": "1"}]})
    statements.clear()
    await _upsert(ask, *rows)
    assert (
        len(statements) == 7
    )  # fields, groups, customers, an insert, an update, the ledger, events
