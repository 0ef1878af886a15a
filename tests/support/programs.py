"""Applications beside each other in this process, each on connections of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import httpx

from commerce.app import create_app
from commerce.authentication import Authenticator
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.viewer import SYSTEM, Scope
from commerce.runtime import Resources
from commerce.staff.service.api_keys import IssuedKey
from commerce.wiring import Services
from commerce.wiring.ports import Ports
from tests.support.services import PORTS


def patient(callers: int) -> PoolLimits:
    """A connection for each, and time to wait for the others."""
    return PoolLimits(callers, 0, wait=60, statement=60, lock=60)


@asynccontextmanager
async def programs(
    url: str, resources: Resources, ports: Ports, callers: int, count: int = 2
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """What keeps their callers apart is the database alone, as with servers."""
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(count):
            database = Database(url, patient(callers))
            stack.push_async_callback(database.close)
            app = create_app(_over(database, resources, ports))
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://store.test"
            )
            clients.append(await stack.enter_async_context(client))
        yield clients


def _over(database: Database, resources: Resources, ports: Ports) -> Resources:
    open_unit = units_on(database)
    return replace(
        resources,
        open_unit=open_unit,
        authenticator=Authenticator(open_unit, system_clock, ports.access_tokens),
        ports=ports,
        database_url=database.url,
    )


async def committed_key(database: Database, dialect: str) -> str:
    """One with every scope, that all programs know."""
    async with units_on(database)() as uow:
        keys = Services(uow, SYSTEM, system_clock, PORTS).api_keys
        issued = await uow.transact(lambda: keys.create("test", frozenset(Scope), dialect))
        assert isinstance(issued, IssuedKey)
        return issued.text
