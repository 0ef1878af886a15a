from collections.abc import AsyncIterator

import pytest

from commerce.core.pool import Database, PoolLimits

BUYERS = 50


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    """Patience, and connections enough for a crowd: the server has a hundred, and two suites share
    them.
    """
    shop = Database(database.url, PoolLimits(30, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()
