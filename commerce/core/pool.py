"""The pool of connections to PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from commerce.core.stamp import Stamp
from commerce.core.transactions import transaction


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Per process. Times are in seconds."""

    size: int = 20
    overflow: int = 0
    wait: float = 3
    connect: float = 3
    statement: float = 5
    lock: float = 2


class Database:
    """One pool of connections, shared by both lanes."""

    def __init__(self, url: str, limits: PoolLimits = PoolLimits()) -> None:
        self.url = url
        self.engine = _engine(url, limits)

    def reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.engine.connect()

    @asynccontextmanager
    async def writer(
        self, stamp: Stamp = Stamp(), *, further: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection, transaction(connection, stamp):
            yield connection

    async def close(self) -> None:
        await self.engine.dispose()


def _engine(url: str, limits: PoolLimits) -> AsyncEngine:
    """An engine with short timeouts on both ends.

    There is no ping before use: reads are repeated once and transactions retried when a pooled
    connection turns out to be dead, which costs nothing while all is well.
    """
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",  # transactions are begun where they are wanted
        pool_size=limits.size,
        max_overflow=limits.overflow,
        pool_timeout=limits.wait,
        pool_recycle=1800,
        pool_use_lifo=True,
        query_cache_size=2000,
        hide_parameters=True,  # errors are logged, and parameters are what clients sent
        connect_args={
            "timeout": limits.connect,
            "command_timeout": limits.statement * 2,
            "prepared_statement_cache_size": 500,
            "statement_cache_size": 1000,  # the driver's own, for statements that are kept
            "max_cached_statement_lifetime": 0,
            "max_cacheable_statement_size": 0,
            "server_settings": {
                "application_name": "storegraph",
                "jit": "off",
                "random_page_cost": "1.1",  # indexes are in memory or on fast disks
                "statement_timeout": _milliseconds(limits.statement),
                "lock_timeout": _milliseconds(limits.lock),
                "idle_in_transaction_session_timeout": "10000",
                "timezone": "UTC",
            },
        },
    )
    event.listen(engine.sync_engine, "connect", _limit_transactions)
    return engine


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


def _limit_transactions(connection: Any, _record: object) -> None:
    """PostgreSQL 17 and newer can also end a transaction that takes too long in sum."""
    if connection.driver_connection.get_server_version().major >= 17:
        connection.run_async(lambda driver: driver.execute("SET transaction_timeout = '20s'"))
