"""Customers and orders written to files, with nothing in them that a spreadsheet would do."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from commerce.core.db import units_on
from commerce.core.pool import Database
from tests.support.customers import make_address, make_customer
from tests.support.orders import Item, place_order
from tests.support.servers import commerce

FORMULAS = ("=1+1", "+49 170", "-2+3", "@SUM(A1)")


def table(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(written, newline="")))


def lines(written: str) -> list[Any]:
    return [json.loads(line) for line in written.splitlines()]


@pytest.fixture
async def customers(database: Database) -> str:
    """Ada has two addresses, Eva has none; the URL of their database."""
    async with units_on(database)() as uow:
        equals, plus, minus, at = FORMULAS
        named = {"first_name": equals, "phone": plus, "last_name": minus, "note": at}
        ada = await make_customer(uow, **named)
        await make_address(uow, ada, city="=Berlin", is_default_billing=True)
        await make_address(uow, ada, city="Bonn")
        await make_customer(uow, "eva@shop.test")
    return database.url


@pytest.fixture
async def orders(database: Database) -> str:
    """One of two lines, and one of a line."""
    async with units_on(database)() as uow:
        equals, plus, minus, at = FORMULAS
        goods = (Item("10.00", 2, title=equals), Item("0.10", title=at))
        await place_order(uow, *goods, values={"phone": plus, "note": minus})
        await place_order(uow, Item("7.00"))
    return database.url


async def test_customers_are_written_as_cells_that_nothing_calculates(customers: str) -> None:
    code, out, notes = await commerce("export", "customers", DATABASE_URL=customers)
    assert (code, notes) == (0, "2 customers written.\n")
    home, work, eva = table(out)
    names = ("firstName", "phone", "lastName", "note")
    assert [home[name] for name in names] == [f"'{text}" for text in FORMULAS]
    assert [work[name] for name in names] == [""] * 4
    assert [row["address.city"] for row in (home, work, eva)] == ["'=Berlin", "Bonn", ""]
    assert (home["id"], eva["email"]) == (work["id"], "eva@shop.test")


async def test_customers_are_written_as_they_are_in_each_line(
    customers: str, tmp_path: Path
) -> None:
    file = tmp_path / "customers.jsonl"
    wish = ("export", "customers", "--format", "jsonl", "--output", str(file))
    code, out, notes = await commerce(*wish, DATABASE_URL=customers)
    assert (code, out, notes) == (0, "", "2 customers written.\n")
    ada, eva = lines(file.read_text())
    shown = [ada[name] for name in ("firstName", "phone", "lastName", "note")]
    assert shown == list(FORMULAS)
    assert [address["city"] for address in ada["addresses"]] == ["=Berlin", "Bonn"]
    assert (eva["email"], eva["phone"], eva["addresses"]) == ("eva@shop.test", None, [])


async def test_orders_are_written_as_cells_that_nothing_calculates(
    orders: str, tmp_path: Path
) -> None:
    file = tmp_path / "orders.csv"
    wish = ("export", "orders", "--output", str(file))
    code, out, notes = await commerce(*wish, DATABASE_URL=orders)
    assert (code, out, notes) == (0, "", "2 orders written.\n")
    first, second, other = table(file.read_text())
    assert [row["line.title"] for row in (first, second, other)] == ["'=1+1", "'@SUM(A1)", "Mug"]
    assert (first["phone"], first["note"]) == ("'+49 170", "'-2+3")
    assert (first["total"], second["total"], other["total"]) == ("20.10", "", "7.00")
    assert (first["number"], first["line.quantity"]) == (second["number"], "2")


async def test_orders_are_written_as_they_are_in_each_line(orders: str) -> None:
    code, out, notes = await commerce("export", "orders", "--format", "jsonl", DATABASE_URL=orders)
    assert (code, notes) == (0, "2 orders written.\n")
    order, other = lines(out)
    assert [line["title"] for line in order["lines"]] == ["=1+1", "@SUM(A1)"]
    assert (order["phone"], order["note"]) == ("+49 170", "-2+3")
    assert (order["total"], other["total"]) == ("20.10", "7.00")


@pytest.mark.parametrize("kind", ["customers", "orders"])
async def test_nothing_is_a_file_with_names_alone(database: Database, kind: str) -> None:
    code, out, notes = await commerce("export", kind, DATABASE_URL=database.url)
    assert (code, table(out), notes) == (0, [], f"0 {kind} written.\n")
    assert out.startswith('"')


async def test_a_file_that_cannot_be_written_is_said(database: Database, tmp_path: Path) -> None:
    wish = ("export", "orders", "--output", str(tmp_path / "none" / "orders.csv"))
    code, out, told = await commerce(*wish, DATABASE_URL=database.url)
    assert (code, out) == (1, "")
    assert "no such file" in told
