from collections.abc import AsyncIterator

import pytest

from commerce.core.pool import Database, PoolLimits

BUYERS = 50


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    """A connection for every buyer, and patience: the machine may be busy."""
    shop = Database(database.url, PoolLimits(BUYERS, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()
