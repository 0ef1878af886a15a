from collections.abc import AsyncIterator
from time import monotonic

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from commerce.core.db import OpenUnit, units_on
from commerce.core.pool import Database, PoolLimits
from commerce.http.health import DatabaseProbe, Probe
from commerce.http.metrics import Metrics
from tests.support.databases import fresh_database
from tests.support.shop_app import AWAY, BEARER, client_of, shop_app


async def readiness(probe: Probe) -> httpx.Response:
    async with client_of(shop_app(probe=probe)) as client:
        assert (await client.get("/livez")).json() == {"status": "ok"}
        return await client.get("/readyz")


async def test_a_migrated_database_is_ready_in_one_statement(
    open_unit: OpenUnit, statements: list[str]
) -> None:
    response = await readiness(DatabaseProbe(open_unit))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert len(statements) == 1


async def test_another_revision_is_not_ready(
    open_unit: OpenUnit, connection: AsyncConnection
) -> None:
    await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    response = await readiness(DatabaseProbe(open_unit))
    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "reason": "the database is at another schema revision",
    }


@pytest.fixture
async def empty(server_url: str) -> AsyncIterator[Database]:
    async with fresh_database(server_url, "empty") as url:
        database = Database(url)
        yield database
        await database.close()


async def test_a_database_without_a_schema_is_not_ready(empty: Database) -> None:
    response = await readiness(DatabaseProbe(units_on(empty)))
    assert response.json()["reason"] == "the database has no schema"


async def test_a_database_that_is_away_is_not_ready() -> None:
    url = "postgresql+asyncpg://nobody:hush@127.0.0.1:1/none"
    database = Database(url, PoolLimits(connect=1))
    response = await readiness(DatabaseProbe(units_on(database)))
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["reason"] == "the database is not available"
    assert "hush" not in response.text
    await database.close()


async def test_a_database_that_does_not_answer_is_not_waited_for(committed_url: str) -> None:
    database = Database(committed_url, PoolLimits(size=1, overflow=0))
    async with database.reader():  # the only connection is taken
        started = monotonic()
        response = await readiness(DatabaseProbe(units_on(database), patience=0.2))
        assert monotonic() - started < 2
    assert response.json()["reason"] == "the database did not answer within 0.2 s"
    await database.close()


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.7", {}, 404),
        ("203.0.113.7", BEARER, 200),
        ("203.0.113.7", {"Authorization": "Bearer nobody"}, 404),
        ("203.0.113.7", {"Authorization": f"Bearer {AWAY}"}, 404),
        ("not an address", {}, 404),
    ],
)
async def test_metrics_are_for_the_machine_and_for_keys(
    address: str, headers: dict[str, str], status: int
) -> None:
    async with client_of(shop_app(), client=(address, 123)) as client:
        assert (await client.get("/metrics", headers=headers)).status_code == status


async def test_two_applications_count_apart() -> None:
    first, second = Metrics(), Metrics()
    async with client_of(shop_app(metrics=first)) as client:
        await client.get("/livez")
    assert b'route="/livez",status="2xx"} 1.0' in first.text()
    assert b'route="/livez"' not in second.text()


async def test_the_pool_can_be_watched() -> None:
    metrics = Metrics()
    metrics.watch_pool(lambda: 3)
    assert b"storegraph_database_connections_in_use 3.0" in metrics.text()
