"""What the database writes down of a change."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from commerce.audit.kinds import AuditOperation
from commerce.audit.models import AuditEntry
from commerce.audit.rules import Target
from commerce.catalog.models import Brand, Product, Variant
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import Invalid
from commerce.core.stamp import Stamp
from commerce.core.viewer import SYSTEM
from commerce.customers.models import Customer
from commerce.pricing.models import Price
from commerce.wiring import Services
from tests.support.catalog import make_brand, make_product, make_variant
from tests.support.pricing import make_price, make_price_list

STAMP = Stamp("staff:7", "brandUpsert", "request-1")


async def entries(uow: UnitOfWork, record: str) -> list[Any]:
    columns = (
        col(AuditEntry.actor),
        col(AuditEntry.action),
        col(AuditEntry.request_id),
        col(AuditEntry.operation),
        col(AuditEntry.target_kind),
        col(AuditEntry.target_id),
        col(AuditEntry.before),
        col(AuditEntry.after),
    )
    statement = select(*columns).where(col(AuditEntry.record) == record)
    return list(await uow.rows(statement.order_by(col(AuditEntry.id))))


async def test_an_entry_says_who_did_what_to_what(uow: UnitOfWork) -> None:
    brand = await make_brand(uow, name="Old")
    uow.stamp = STAMP
    rename = update(Brand).where(col(Brand.id) == brand.id).values(name="New", position=0)
    await uow.transact(lambda: uow.change(rename))
    assert (await entries(uow, "brands"))[-1] == (
        "staff:7",
        "brandUpsert",
        "request-1",
        AuditOperation.UPDATED,
        "Brand",
        brand.id,
        {"name": "Old"},
        {"name": "New"},
    )


async def test_what_is_added_and_deleted_is_kept_whole(uow: UnitOfWork) -> None:
    brand = await make_brand(uow, name="Acme", slug="acme")
    await uow.change(text("DELETE FROM brands WHERE id = :id"), [{"id": brand.id}])
    added, deleted = await entries(uow, "brands")
    assert (added.operation, added.before) == (AuditOperation.CREATED, None)
    assert (deleted.operation, deleted.after) == (AuditOperation.DELETED, None)
    assert added.after == deleted.before
    assert added.after["slug"] == "acme"
    assert not {"id", "version", "created_at", "updated_at"} & added.after.keys()


async def test_what_stays_the_same_leaves_no_entry(uow: UnitOfWork) -> None:
    brand = await make_brand(uow, name="Acme")
    same = update(Brand).where(col(Brand.id) == brand.id)
    await uow.change(same.values(name="Acme", version=2, updated_at=system_clock()))
    assert len(await entries(uow, "brands")) == 1


async def test_every_row_of_one_statement_has_its_own_entry(uow: UnitOfWork) -> None:
    product = await make_product(uow, variants=5)
    await uow.change(
        update(Variant)
        .where(col(Variant.product_id) == product.id)
        .values(position=col(Variant.position) + 10)
    )
    changed = [row for row in await entries(uow, "variants") if row.before]
    assert len(changed) == 5
    assert {row.target_id for row in changed} == set(
        await uow.scalars(select(col(Variant.id)).where(col(Variant.product_id) == product.id))
    )
    assert all(row.after["position"] - row.before["position"] == 10 for row in changed)


async def test_a_part_of_a_thing_is_told_by_its_own_key(uow: UnitOfWork) -> None:
    variant = await make_variant(uow, await make_product(uow))
    price = await make_price(uow, await make_price_list(uow), variant, "9.99")
    await uow.change(update(Price).values(amount="8.00"))
    entry = (await entries(uow, "prices"))[-1]
    assert (entry.target_kind, entry.target_id) == ("ProductVariant", variant.id)
    assert entry.before == {"id": price.id, "amount": 9.99}
    assert entry.after == {"id": price.id, "amount": 8}


async def test_personal_values_and_secrets_are_not_kept(uow: UnitOfWork) -> None:
    await uow.change(
        insert(Customer).values(email="canary-1@x.test", password_hash="canary-2", note="canary-3")
    )
    await uow.change(
        update(Customer).values(phone="canary-4", email=None, erased_at=system_clock())
    )
    added, changed = await entries(uow, "customers")
    assert {added.after[name] for name in ("email", "password_hash", "note")} == {"[redacted]"}
    assert (changed.before["email"], changed.after["email"]) == ("[redacted]", None)
    assert (changed.before["phone"], changed.after["phone"]) == (None, "[redacted]")
    log = await uow.scalars(text("SELECT audit_log::text FROM audit_log"))
    assert "canary" not in "".join(log)


async def test_of_a_column_that_comes_later_only_the_change_is_told(uow: UnitOfWork) -> None:
    await uow.change(text("ALTER TABLE brands ADD COLUMN diary text"))
    await make_brand(uow)
    await uow.change(text("UPDATE brands SET diary = 'canary'"))
    entry = (await entries(uow, "brands"))[-1]
    assert (entry.before, entry.after) == ({"diary": None}, {"diary": "[redacted]"})


async def test_a_statement_past_the_server_names_the_role(uow: UnitOfWork) -> None:
    await make_brand(uow)
    (entry,) = await entries(uow, "brands")
    role = await uow.scalar(text("SELECT session_user"))
    assert (entry.actor, entry.action, entry.request_id) == (f"database:{role}", "", "")


async def test_a_stamp_ends_with_its_transaction(database: Database) -> None:
    async with units_on(database)() as uow:
        uow.stamp = STAMP
        await uow.transact(lambda: make_brand(uow, name="A", slug="a"))
    async with database.writer() as connection:
        await connection.execute(insert(Brand).values(name="B", slug="b"))
    async with units_on(database)() as uow:
        actors = [row.actor for row in await entries(uow, "brands")]
    assert actors[0] == "staff:7"
    assert actors[1].startswith("database:")


async def test_what_is_rolled_back_leaves_no_entry(database: Database) -> None:
    async with units_on(database)() as uow:
        await uow.transact(lambda: make_brand(uow), keep=lambda _brand: False)
        assert await entries(uow, "brands") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor = 'nobody'",
        "UPDATE audit_log SET actor = 'nobody' WHERE false",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ],
)
async def test_entries_cannot_be_changed(database: Database, statement: str) -> None:
    async with units_on(database)() as uow:
        await make_brand(uow)
        with pytest.raises(DBAPIError, match="audit_log is append-only"):
            await uow.change(text(statement))
        assert len(await entries(uow, "brands")) == 1


async def test_a_function_that_only_looks_like_the_door_is_none(uow: UnitOfWork) -> None:
    await make_brand(uow)
    await uow.change(
        text(
            "CREATE FUNCTION my_storegraph_prune_audit_log() RETURNS void LANGUAGE plpgsql"
            " AS $$ BEGIN DELETE FROM audit_log; END $$"
        )
    )
    with pytest.raises(DBAPIError, match="append-only"):
        await uow.transact(lambda: uow.row(text("SELECT my_storegraph_prune_audit_log()")))


async def _aged(uow: UnitOfWork, days: int) -> None:
    await uow.change(
        insert(AuditEntry).values(
            occurred_at=system_clock() - timedelta(days=days),
            actor="staff:1",
            operation=AuditOperation.NOTED,
            target_kind="Product",
        )
    )


async def test_old_entries_can_go_and_leave_a_trace(uow: UnitOfWork) -> None:
    audit = Services(uow, SYSTEM, system_clock).audit
    for days in (31, 41, 51):
        await _aged(uow, days)
    assert await uow.transact(lambda: audit.prune(40)) == 2
    assert await uow.transact(lambda: audit.prune(40)) == 0
    left = await uow.rows(
        select(col(AuditEntry.actor), col(AuditEntry.target_kind), col(AuditEntry.after)).order_by(
            col(AuditEntry.id)
        )
    )
    assert [tuple(row)[:2] for row in left] == [("staff:1", "Product"), ("system", "AuditLog")]
    assert left[1].after["entries"] == 2


async def test_the_last_month_stays(uow: UnitOfWork) -> None:
    await _aged(uow, 29)
    audit = Services(uow, SYSTEM, system_clock).audit
    assert isinstance(await audit.prune(29), Invalid)
    with pytest.raises(DBAPIError, match="last 30 days are kept"):
        await uow.transact(
            lambda: uow.scalar(text("SELECT storegraph_prune_audit_log(now(), 100)"))
        )
    assert await uow.scalar(text("SELECT count(*) FROM audit_log")) == 1


async def test_events_are_noted_with_their_facts(uow: UnitOfWork) -> None:
    services = Services(uow, SYSTEM, system_clock)
    await services.audit.note("signIn", "StaffMember", 3, failures=2)
    row = await uow.row(select(AuditEntry.__table__.columns))
    assert row is not None
    assert (row.actor, row.action, row.operation) == ("system", "signIn", AuditOperation.NOTED)
    assert Target(row.target_kind, row.target_id) == Target("StaffMember", 3)
    assert (row.before, row.after) == (None, {"failures": 2})


async def test_texts_of_people_are_no_facts(uow: UnitOfWork) -> None:
    with pytest.raises(ValueError, match="too long"):
        await Services(uow, SYSTEM, system_clock).audit.note("x", "Customer", 3, said="a" * 201)
    assert await uow.scalar(text("SELECT count(*) FROM audit_log")) == 0


async def test_an_import_of_many_rows_matches_old_and_new_by_key(uow: UnitOfWork) -> None:
    for number in range(3):
        await make_product(uow, f"Shirt {number}")
    await uow.change(text("UPDATE products SET title = upper(title) WHERE title LIKE 'Shirt%'"))
    changed = [row for row in await entries(uow, "products") if row.before]
    titles = dict(await uow.rows(select(col(Product.id), col(Product.title))))  # type: ignore[arg-type]  # rows are pairs
    assert {row.target_id: row.after["title"] for row in changed} == titles
    assert all(row.before["title"].upper() == row.after["title"] for row in changed)
