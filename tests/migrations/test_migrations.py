import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from commerce import migrate
from commerce.migrate import SchemaError
from tests.support.databases import fresh_database


@pytest.fixture
async def empty_url(server_url: str) -> AsyncIterator[str]:
    async with fresh_database(server_url, "migrations") as url:
        yield url


async def run(url: str, statement: str) -> object:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            result = await connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        await engine.dispose()


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(migrate.config()).get_heads()) == 1


async def test_models_and_migrations_agree(database_url: str) -> None:
    assert await migrate.drift(database_url) == []


async def test_migrations_lead_up_down_and_up_again(empty_url: str) -> None:
    assert (await migrate.migrate(empty_url)).ready
    await migrate.downgrade(empty_url, "base")
    left = await run(
        empty_url,
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'alembic_version'",
    )
    assert left == 0
    assert (await migrate.migrate(empty_url)).ready


async def test_two_servers_starting_at_once_migrate_once(empty_url: str) -> None:
    states = await asyncio.gather(*(migrate.migrate(empty_url) for _ in range(3)))
    assert all(state.ready for state in states)


async def test_without_the_lock_they_collide(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_SQL", "SELECT :key")
    monkeypatch.setattr(migrate, "UNLOCK_SQL", "SELECT :key")
    done = await asyncio.gather(
        *(migrate.migrate(empty_url) for _ in range(3)), return_exceptions=True
    )
    assert any(isinstance(result, Exception) for result in done)


async def test_an_older_database_is_refused_with_advice(empty_url: str) -> None:
    with pytest.raises(SchemaError, match="run `commerce migrate`"):
        await migrate.require_ready(empty_url)


async def test_a_newer_database_is_refused(empty_url: str) -> None:
    await migrate.migrate(empty_url)
    await run(empty_url, "UPDATE alembic_version SET version_num = '9999_future'")
    with pytest.raises(SchemaError, match="newer version"):
        await migrate.require_ready(empty_url)
    with pytest.raises(SchemaError, match="newer version"):
        await migrate.migrate(empty_url)


async def test_the_stock_ledger_is_append_only(database_url: str) -> None:
    function = await run(
        database_url,
        "SELECT count(*) FROM pg_trigger WHERE tgname = 'append_only'"
        " AND tgrelid = 'stock_movements'::regclass AND tgenabled = 'O'",
    )
    assert function == 1
