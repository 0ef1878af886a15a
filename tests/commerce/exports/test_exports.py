"""Exports are read in constant memory, written by jobs, and handed out for a while."""

import csv
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import BadInputError, ForbiddenError
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.customers.criteria import CustomerWhere
from commerce.exports.kinds import SCOPES, ExportFormat, ExportKind
from commerce.exports.rules.wheres import EVERY, Where
from commerce.exports.service.reading import AT_A_TIME
from commerce.job_runner import doing_jobs
from commerce.jobs.kinds import JobState
from commerce.jobs.problems import JobCanceled, JobFailed
from commerce.wiring import Services
from commerce.wiring.job_handlers import JOB_HANDLERS
from tests.support.catalog import make_product
from tests.support.customers import make_address, make_customer
from tests.support.exports import Watched, made
from tests.support.jobs import SOON, everything_over, resources_on, until
from tests.support.orders import Item, place_order
from tests.support.services import PORTS

CSV, JSONL = ExportFormat.CSV, ExportFormat.JSONL
CUSTOMERS, ORDERS, PRODUCTS = ExportKind.CUSTOMERS, ExportKind.ORDERS, ExportKind.PRODUCTS
CLERK = Viewer(ViewerKind.API_KEY, 7, frozenset(Scope))
MANY_CUSTOMERS = text(
    "INSERT INTO customers (email) SELECT n || '@x.test' FROM generate_series(1, :count) n"
)
MANY_PRODUCTS = text(
    "INSERT INTO products (slug, title, status) SELECT 'p' || n, 'P', 'active'"
    " FROM generate_series(1, :count) n"
)
COLUMNS = text(
    "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
    " WHERE table_name = 'orders' AND is_generated = 'NEVER' AND column_name NOT IN"
    " ('id', 'number', 'number_value', 'token', 'cart_id')"
)
# How many statements a chunk takes, with the one that counts what there is for it.
STATEMENTS = {CUSTOMERS: 2, ORDERS: 2, PRODUCTS: 4}


def services_of(uow: UnitOfWork, viewer: Viewer = CLERK, **options: Any) -> Services:
    return Services(uow, viewer, options.pop("clock", system_clock), PORTS)


async def asked(
    uow: UnitOfWork,
    kind: ExportKind = CUSTOMERS,
    format: ExportFormat = CSV,
    where: Where | None = None,
    viewer: Viewer = CLERK,
) -> tuple[Any, Any]:
    """An export and its job."""
    own = services_of(uow, viewer)
    export = await uow.transact(lambda: own.exports.create(kind, format, where or EVERY[kind]))
    return export, (await own.repositories.jobs.by_ids([export.job_id]))[export.job_id]


async def content(export: Any) -> str:
    stored = await PORTS.file_storage.get(export.key)
    assert stored is not None
    return b"".join([part async for part in stored.parts]).decode()


async def many(uow: UnitOfWork, kind: ExportKind, count: int) -> None:
    if kind is ORDERS:
        await place_order(uow)
        columns = await uow.scalar(COLUMNS)
        copies = text(
            f"INSERT INTO orders (number, number_value, {columns})"  # names of columns
            f" SELECT 'X' || n, 1000000 + n, {columns} FROM orders, generate_series(2, :count) n"
        )
        await uow.transact(lambda: uow.change(copies, {"count": count}))
    else:
        statement = MANY_CUSTOMERS if kind is CUSTOMERS else MANY_PRODUCTS
        await uow.transact(lambda: uow.change(statement, {"count": count}))


@pytest.mark.parametrize("kind", ExportKind)
async def test_a_thousand_take_a_few_statements_for_each_chunk(
    uow: UnitOfWork, kind: ExportKind, statements: list[str]
) -> None:
    await many(uow, kind, 2 * AT_A_TIME)
    reading, position, seen = services_of(uow).export_reading, None, []
    for place in range(2):
        statements.clear()
        chunk = await reading.chunk(kind, CSV, EVERY[kind], position)
        assert len(statements) == STATEMENTS[kind]
        assert chunk.rows == AT_A_TIME
        assert (chunk.position is None) is (place == 1)
        position = chunk.position
        seen += list(csv.reader(StringIO(chunk.text, newline="")))
    keys = [row[0] for row in seen[1:]]
    assert len(keys) == len(set(keys)) == 2 * AT_A_TIME


async def test_orders_come_with_lines_and_addresses(uow: UnitOfWork) -> None:
    order = await place_order(
        uow, Item("10.00", 2, title="=Mug"), Item("5.50"), shipping="4.90", email="+ada@shop.test"
    )
    reading = services_of(uow).export_reading
    chunk = await reading.chunk(ORDERS, CSV, EVERY[ORDERS])
    first, second = csv.DictReader(StringIO(chunk.text, newline=""))
    names = ("number", "email", "currency", "subtotal", "shipping", "total", "paymentStatus")
    assert [first[name] for name in names] == [
        order.number, "'+ada@shop.test", "EUR", "25.50", "4.90", "30.40", "unpaid",
    ]  # fmt: skip
    assert (first["placedAt"], first["shippingAddress.city"]) == ("2026-03-04T12:00:00Z", "Berlin")
    assert (first["line.title"], first["line.quantity"], first["line.gross"]) == (
        "'=Mug",
        "2",
        "20.00",
    )
    assert (second["number"], second["total"], second["line.unitPrice"]) == (
        order.number,
        "",
        "5.50",
    )
    (shown,) = map(
        json.loads, (await reading.chunk(ORDERS, JSONL, EVERY[ORDERS])).text.splitlines()
    )
    assert (shown["total"], shown["billingAddress"]["postalCode"]) == ("30.40", "10115")
    assert [(line["title"], line["gross"]) for line in shown["lines"]] == [
        ("=Mug", "20.00"),
        ("Mug", "5.50"),
    ]


async def test_what_has_too_many_options_for_the_format_is_counted(uow: UnitOfWork) -> None:
    await make_product(uow, "Plain", variants=1)
    rich = await make_product(uow, "Rich", variants=1)
    groups = text(
        "INSERT INTO option_groups (product_id, name, position)"
        " SELECT :id, 'O' || n, n FROM generate_series(1, 4) n"
    )
    await uow.transact(lambda: uow.change(groups, {"id": rich.id}))
    reading = services_of(uow).export_reading
    chunk = await reading.chunk(PRODUCTS, CSV, EVERY[PRODUCTS])
    assert (chunk.rows, chunk.left_out) == (1, 1)
    chunk = await reading.chunk(PRODUCTS, JSONL, EVERY[PRODUCTS])
    assert (chunk.rows, chunk.left_out) == (2, 0)
    handles = [json.loads(line)["Handle"] for line in chunk.text.splitlines()]
    assert handles == ["plain", "rich"]


async def test_the_job_writes_what_was_asked_for(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    for name in ("ada", "bob"):
        await make_address(uow, await make_customer(uow, f"{name}@x.test"))
    where = CustomerWhere(some=(CustomerWhere(words="ada"),))
    export, job = await asked(uow, where=where)
    own, watched = services_of(uow), Watched()
    assert own.exports.link(export) is None
    assert await own.exports.there(export.id) is None
    result = await made(open_unit, job, CLERK, watched)
    now = await own.exports.own(export.id)
    assert now is not None
    assert result == {"export": export.id, "rows": 1, "leftOut": 0, "bytes": now.bytes}
    assert (watched.told, watched.held) == ([(1, 1)], 1)
    written = await content(now)
    assert len(written.encode()) == now.bytes
    assert [row["email"] for row in csv.DictReader(StringIO(written, newline=""))] == ["ada@x.test"]
    assert now.expires_at - now.made_at == timedelta(hours=24)
    assert own.exports.link(now) is not None
    noted = await uow.rows(text("SELECT actor, after FROM audit_log WHERE target_kind = 'Export'"))
    assert [tuple(row) for row in noted] == [("api_key:7", {"what": "customers", "format": "csv"})]


async def test_a_canceled_job_leaves_no_file(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    await many(uow, CUSTOMERS, AT_A_TIME + 1)
    export, job = await asked(uow)
    watched = Watched(stops_at=1)
    with pytest.raises(JobCanceled):
        await made(open_unit, job, CLERK, watched)
    assert watched.told == [(AT_A_TIME, AT_A_TIME + 1)]
    assert await PORTS.file_storage.stat(export.key) is None
    assert await services_of(uow).exports.there(export.id) is None


@pytest.mark.parametrize("kind", ExportKind)
async def test_each_kind_takes_its_scopes(
    uow: UnitOfWork, open_unit: OpenUnit, kind: ExportKind
) -> None:
    just = Viewer(ViewerKind.API_KEY, 7, frozenset(SCOPES[kind]))
    export, job = await asked(uow, kind, viewer=just)
    for missing in SCOPES[kind]:
        less = Viewer(ViewerKind.API_KEY, 7, frozenset(Scope) - {missing})
        with pytest.raises(ForbiddenError):
            await asked(uow, kind, viewer=less)
        with pytest.raises(JobFailed, match="may not read"):
            await made(open_unit, job, less)
    assert (await made(open_unit, job, just))["export"] == export.id
    assert await uow.scalar(text("SELECT count(*) FROM exports")) == 1


async def test_a_filter_no_list_takes_is_refused_at_once(uow: UnitOfWork) -> None:
    where = CustomerWhere()
    for _ in range(6):
        where = CustomerWhere(every=(where,))
    with pytest.raises(BadInputError):
        await asked(uow, where=where)
    assert await uow.scalar(text("SELECT count(*) FROM jobs")) == 0


async def test_expired_exports_go_with_their_files(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    old, job = await asked(uow)
    await made(open_unit, job, CLERK)
    kept, _ = await asked(uow, ORDERS)
    own = services_of(uow)
    assert await own.exports.tidy() == 0
    gone = text("UPDATE exports SET expires_at = now() - interval '1 second' WHERE id = :id")
    await uow.change(gone, {"id": old.id})
    assert await own.exports.there(old.id) is None
    assert await own.exports.tidy() == 1
    assert await PORTS.file_storage.stat(old.key) is None
    assert await uow.scalars(text("SELECT id FROM exports")) == [kept.id]
    with pytest.raises(JobFailed, match="expired"):
        await made(open_unit, job, CLERK)


async def test_who_holds_a_link_downloads_the_file(
    uow: UnitOfWork, open_unit: OpenUnit, client: httpx.AsyncClient
) -> None:
    await make_customer(uow, "ada@x.test")
    export, job = await asked(uow, format=JSONL)
    await made(open_unit, job, CLERK)
    exports = services_of(uow).exports
    now = await exports.own(export.id)
    assert now is not None
    url = exports.link(now)
    assert url is not None
    answer = await client.get(url)
    assert (answer.status_code, answer.text) == (200, await content(now))
    assert answer.headers["content-type"] == "application/jsonl"
    name = f"customers-{now.made_at:%Y-%m-%d}.jsonl"
    assert f'attachment; filename="{name}"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert (await client.head(url)).status_code == 200
    assert (await client.get(url[:-1] + "!")).status_code == 403
    assert (
        await client.get(url.replace(f"/{export.id}?", f"/{export.id + 1}?"))
    ).status_code == 403
    gone = text("UPDATE exports SET expires_at = now() - interval '1 second'")
    await uow.change(gone)
    assert (await client.get(url)).status_code == 404


async def test_a_worker_does_it(database: Database) -> None:
    async with units_on(database)() as uow:
        await make_customer(uow, "ada@x.test")
        export, job = await asked(uow, viewer=SYSTEM)
    async with doing_jobs(resources_on(database), JOB_HANDLERS, SOON, ()):
        await until(lambda: everything_over(database))
    async with units_on(database)() as uow:
        own = services_of(uow, SYSTEM)
        done = (await own.repositories.jobs.by_ids([job.id]))[job.id]
        assert (done.state, done.done, done.total) == (JobState.SUCCEEDED, 1, 1)
        assert done.result["rows"] == 1
        assert await own.exports.there(export.id) is not None
