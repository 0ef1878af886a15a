"""The queue's tables are made by our migrations, and are those that the library expects."""

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from sqlalchemy import make_url


async def test_the_migrated_tables_are_those_of_the_installed_library(database_url: str) -> None:
    url = make_url(database_url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        plan = await Queries(AsyncpgDriver(connection)).plan_upgrade()
    finally:
        await connection.close()
    assert (list(plan.statements), list(plan.notes)) == ([], [])
