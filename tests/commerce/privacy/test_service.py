"""Handing out and forgetting, over every table there is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    MetaData,
    Numeric,
    Table,
    Text,
    func,
    select,
    text,
)

from commerce import migrate
from commerce.core.clock import Clock, system_clock
from commerce.core.columns import PERSONAL
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.privacy.kinds import Erased, ErasureReason
from commerce.privacy.rules import Retention
from commerce.privacy.service import Erasure, PrivacyService
from commerce.privacy.tables import HeldTable, held_tables
from commerce.wiring import Services
from tests.support.personal import add_person
from tests.support.services import PORTS

HELD = held_tables(migrate.metadata())
WHY = ErasureReason.CUSTOMER_REQUEST


def privacy(
    uow: UnitOfWork, viewer: Viewer = SYSTEM, years: int = 10, clock: Clock = system_clock
) -> PrivacyService:
    """Where invoices are kept for so many years."""
    ports = replace(PORTS, retention=Retention(invoice_years=years))
    return Services(uow, viewer, clock, ports).privacy


@contextmanager
def receipts(metadata: MetaData) -> Iterator[None]:
    """The metadata with a table of orders, as a later version may have it."""
    ship_to = Column("ship_to", Text, nullable=False, info={PERSONAL: "Where it was sent."})
    table = Table(
        "receipts",
        metadata,
        Column("id", BigInteger, primary_key=True),
        Column("customer_id", ForeignKey("customers.id")),
        ship_to,
        Column("total", Numeric),
        info={"customer": "customer_id", "erased": "blanked"},
    )
    try:
        yield
    finally:
        metadata.remove(table)


async def rows_of(uow: UnitOfWork, held: HeldTable, id_: int) -> int:
    found: int = await uow.scalar(
        select(func.count()).select_from(held.table).where(held.belongs_to(id_))
    )
    return found


async def everything(uow: UnitOfWork) -> str:
    """Every row of every table, as text."""
    names = migrate.metadata().tables
    rows = [await uow.scalars(text(f'SELECT "{name}"::text FROM "{name}"')) for name in names]
    return "\n".join(line for lines in rows for line in lines)


async def test_the_export_has_every_personal_column_and_what_it_means(uow: UnitOfWork) -> None:
    person = await add_person(uow, "ada")
    export: Any = await uow.transact(lambda: privacy(uow).export(person.id))
    records = {record["name"]: record for record in export["records"]}
    for held in HELD:
        shown = [column.name for column in held.personal if column in held.exported]
        assert set(shown) <= records[held.name]["columns"].keys()
        assert all(records[held.name]["columns"][name].endswith(".") for name in shown)
        (row,) = records[held.name]["rows"]
        assert set(shown) <= row.keys()
    printed = json.dumps(export)
    assert [canary for canary in person.canaries if canary not in printed] == []


async def test_the_export_holds_no_secret(uow: UnitOfWork) -> None:
    person = await add_person(uow, "ada")
    await uow.change(text("UPDATE customers SET password_hash = 'canary-hash'"))
    printed = json.dumps(await uow.transact(lambda: privacy(uow).export(person.id)))
    assert "canary-hash" not in printed
    assert "sha256" not in printed


@pytest.mark.parametrize("addresses", [1, 8])
async def test_an_export_costs_a_statement_per_table(
    uow: UnitOfWork, statements: list[str], addresses: int
) -> None:
    person = await add_person(uow, "ada")
    await uow.change(
        text(
            "INSERT INTO customer_addresses (customer_id, country)"
            f" SELECT {person.id}, 'DE' FROM generate_series(2, {addresses})"
        )
    )
    statements.clear()
    await uow.transact(lambda: privacy(uow).export(person.id))
    assert len(statements) == len(HELD) + 2  # the customer, and the note in the log


async def test_nothing_of_the_erased_is_left_and_nothing_of_others_is_gone(
    uow: UnitOfWork,
) -> None:
    ada, bob = await add_person(uow, "ada"), await add_person(uow, "bob")
    done = await privacy(uow, years=0).erase(ada.id, None, WHY)
    assert isinstance(done, Erasure)
    left = await everything(uow)
    assert [canary for canary in ada.canaries if canary in left] == []
    assert [canary for canary in bob.canaries if canary not in left] == []
    for held in HELD:
        kept = held.erased is Erased.BLANKED
        assert await rows_of(uow, held, ada.id) == kept
        assert await rows_of(uow, held, bob.id) == 1


async def test_invoices_are_kept_as_long_as_the_law_has_them_kept(uow: UnitOfWork) -> None:
    ada, bob = await add_person(uow, "ada"), await add_person(uow, "bob")
    await privacy(uow).erase(ada.id, None, WHY)
    kept = {canary for canary in ada.canaries if "-invoices-" in canary}
    assert kept

    async def told() -> set[str]:
        left = await everything(uow)
        assert [canary for canary in bob.canaries if canary not in left] == []
        return {canary for canary in ada.canaries if canary in left}

    assert await told() == kept
    year = system_clock().year
    for after, gone in ((10, 0), (11, 1), (12, 0)):
        moment = datetime(year + after, 1, 2, tzinfo=UTC)
        assert await privacy(uow, clock=lambda at=moment: at).blank_kept() == gone
    assert await told() == set()


async def test_a_shorter_time_holds_for_the_erased_at_once(uow: UnitOfWork) -> None:
    await privacy(uow).erase((await add_person(uow, "ada")).id, None, WHY)
    await add_person(uow, "bob")
    assert [await privacy(uow, years=0).blank_kept() for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("issued", "years", "kept_at_the_end_of"),
    [("2026-01-01T00:00", 1, 2027), ("2026-12-31T23:59", 1, 2027), ("2024-02-29T12:00", 10, 2034)],
)
def test_years_count_from_the_end_of_the_one_of_the_invoice(
    issued: str, years: int, kept_at_the_end_of: int
) -> None:
    moment, rule = datetime.fromisoformat(issued), Retention(invoice_years=years)
    zone = timezone(timedelta(hours=-8))
    end = datetime(kept_at_the_end_of + 1, 1, 1, tzinfo=zone)
    before, after = (rule.kept_since(at, zone) for at in (end - timedelta(seconds=1), end))
    assert before is not None
    assert after is not None
    assert before <= moment.replace(tzinfo=zone) < after


async def test_the_row_of_the_erased_says_when_and_nothing_else(uow: UnitOfWork) -> None:
    person = await add_person(uow, "ada")
    await uow.change(text("UPDATE customers SET password_hash = 'x'"))
    done: Any = await privacy(uow).erase(person.id, None, WHY)
    (row,) = await uow.rows(select(migrate.metadata().tables["customers"]))
    assert (row.id, row.erased_at, row.version) == (person.id, done.erased_at, 2)
    assert {row.email, row.phone, row.date_of_birth, row.password_hash, row.tax_id} == {None}
    assert (row.first_name, row.note, row.tags, row.extra_fields) == ("", "", [], {})


async def test_erasing_again_answers_the_same(uow: UnitOfWork) -> None:
    person = await add_person(uow, "ada")
    done = await privacy(uow).erase(person.id, None, WHY)
    before = await everything(uow)
    assert await privacy(uow).erase(person.id, None, WHY) == done
    assert await everything(uow) == before


async def test_the_log_says_that_it_was_done_and_why(uow: UnitOfWork) -> None:
    person = await add_person(uow, "ada")
    await privacy(uow).erase(person.id, None, WHY)
    notes = await uow.rows(
        text("SELECT action, target_id, after FROM audit_log WHERE operation = 'noted'")
    )
    assert [tuple(row) for row in notes] == [
        ("customerErase", person.id, {"reason": "customer_request"})
    ]


async def test_an_erased_address_may_register_again(uow: UnitOfWork) -> None:
    person = await add_person(uow, "ada")
    (email,) = [canary for canary in person.canaries if canary.endswith("-customers-email")]
    await privacy(uow).erase(person.id, None, WHY)
    again = await uow.scalar(text(f"INSERT INTO customers (email) VALUES ('{email}') RETURNING id"))
    assert again != person.id


async def test_orders_keep_their_totals(uow: UnitOfWork) -> None:
    """A table that comes later, of which only the metadata tells."""
    await uow.change(
        text(
            "CREATE TABLE receipts (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers,"
            " ship_to text NOT NULL, total numeric NOT NULL)"
        )
    )
    person = await add_person(uow, "ada")
    await uow.change(text(f"INSERT INTO receipts VALUES (1, {person.id}, 'canary lane', 9.99)"))
    with receipts(migrate.metadata()):
        await privacy(uow).erase(person.id, None, WHY)
    (row,) = await uow.rows(text("SELECT customer_id, ship_to, total::text FROM receipts"))
    assert tuple(row) == (person.id, "", "9.99")


STRANGERS = [
    Viewer(ViewerKind.STAFF, 1, frozenset(Scope) - {Scope.ERASE_CUSTOMERS}),
    Viewer(ViewerKind.CUSTOMER, 2**40),
    Viewer(ViewerKind.GUEST, tokens=frozenset({"t" * 22})),
]


@pytest.mark.parametrize("viewer", STRANGERS, ids=lambda viewer: viewer.kind.value)
async def test_a_stranger_is_told_of_nobody(uow: UnitOfWork, viewer: Viewer) -> None:
    person = await add_person(uow, "ada")
    before = await everything(uow)
    for id_ in (person.id, 2**41):
        exported = await privacy(uow, viewer).export(id_)
        erased = await privacy(uow, viewer).erase(id_, None, WHY)
        assert exported == erased == NotFound("There is no customer with this id.", ("id",))
    assert await everything(uow) == before


async def test_who_erases_themselves_shows_the_password(uow: UnitOfWork) -> None:
    person = await add_person(uow, "ada")
    own = Viewer(ViewerKind.CUSTOMER, person.id)
    before = await everything(uow)
    for id_ in (None, person.id):
        refused = await privacy(uow, own).erase(id_, None, WHY)
        assert isinstance(refused, Invalid)
        assert refused.path == ("password",)
    assert await everything(uow) == before
