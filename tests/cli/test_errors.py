from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.databases import fresh_database, migrated_database
from tests.support.limiters import own_redis
from tests.support.servers import commerce


@pytest.fixture
async def empty_url(server_url: str) -> AsyncIterator[str]:
    async with fresh_database(server_url, "empty") as url:
        yield url


async def test_a_database_without_schema_is_refused_with_advice(empty_url: str) -> None:
    code, out, notes = await commerce("keys", "list", DATABASE_URL=empty_url)
    assert (code, out) == (1, "")
    assert notes.startswith("Error: The database is at revision none")
    assert notes.endswith("run `commerce migrate`.\n")
    assert notes.count("\n") == 1


async def test_migrate_says_what_it_did_and_may_be_repeated(empty_url: str) -> None:
    code, _, notes = await commerce("migrate", DATABASE_URL=empty_url)
    assert code == 0
    assert notes.startswith("Migrated from revision none to ")
    code, _, notes = await commerce("migrate", DATABASE_URL=empty_url)
    assert code == 0
    assert "already" in notes
    assert (await commerce("doctor", DATABASE_URL=empty_url))[0] == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"PORT": "http"}, "Error: COMMERCE_PORT: input should be a valid integer"),
        ({"COLOUR": "red"}, "Error: COMMERCE_COLOUR is not a setting"),
        ({"DATABASE_URL": "mysql://x"}, "Error: COMMERCE_DATABASE_URL must start with"),
        (
            {"DATABASE_URL": "postgresql://nobody:hunter2@127.0.0.1:1/x"},
            "Error: The database cannot be reached",
        ),
    ],
)
@pytest.mark.parametrize("command", [("serve",), ("keys", "list")])
async def test_what_cannot_work_is_said_in_one_line(
    command: tuple[str, ...], settings: dict[str, str], message: str
) -> None:
    code, out, notes = await commerce(*command, **settings)
    assert (code, out) == (1, "")
    assert message in notes
    assert "Traceback" not in notes
    assert "hunter2" not in notes


async def test_doctor_finds_a_database_that_is_not_there() -> None:
    code, out, _ = await commerce("doctor", DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert code == 1
    assert "wrong" in out


async def test_a_file_that_is_not_there_is_named_without_the_systems_number(
    committed_url: str, tmp_path: Path
) -> None:
    gone = tmp_path / "[/]gone.csv"
    code, out, notes = await commerce("import", "products", str(gone), DATABASE_URL=committed_url)
    assert (code, out) == (1, "")
    assert notes == f"Error: {gone}: no such file or directory.\n"


async def test_doctor_asks_redis_and_keeps_its_password(live_url: str) -> None:
    away = "redis://:canary-4f1d@127.0.0.1:1/0"
    code, out, _ = await commerce("doctor", DATABASE_URL=live_url, REDIS_URL=away)
    assert (code, "not reachable" in out, "canary" in out) == (1, True, False)
    with own_redis() as redis:
        code, out, _ = await commerce("doctor", DATABASE_URL=live_url, REDIS_URL=redis.url)
    assert (code, "Redis" in out) == (0, True)


async def test_doctor_knows_a_database_of_a_newer_version(server_url: str) -> None:
    async with migrated_database(server_url, "newer") as url:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = 'zzz'"))
        await engine.dispose()
        code, out, _ = await commerce("doctor", DATABASE_URL=url)
    assert code == 1
    assert "revision zzz; upgrade this installation" in out
