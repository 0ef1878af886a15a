from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from commerce.core.db import UnitOfWork
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import open_counter
from tests.rest.cartino.everything.world import JOHN, PASSWORD, Ids, Row, filled, world_of
from tests.rest.conftest import MakeKey


@dataclass
class World:
    """Whoever calls finds everything as it was, whatever was done before."""

    client: httpx.AsyncClient
    connection: AsyncConnection
    key: str
    ids: Ids
    token: str = ""

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        savepoint = await self.connection.begin_nested()
        try:
            yield
        finally:
            await savepoint.rollback()

    async def call(
        self, row: Row, headers: Mapping[str, str] | None = None, base: str = "/api"
    ) -> httpx.Response:
        """By somebody who may, unless headers say who calls; it stays done."""
        self.client.cookies.clear()
        given = {} if row.body is None else {"json": filled(row.body, self.ids)}
        sent = self.own(row) if headers is None else headers
        path = base + row.path.format_map(self.ids)
        return await self.client.request(row.method, path, headers=dict(sent), **given)

    def own(self, row: Row, **more: str) -> dict[str, str]:
        return bearer(self.token if row.mine else self.key) | more


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
async def world(
    client: httpx.AsyncClient, connection: AsyncConnection, uow: UnitOfWork, make_key: MakeKey
) -> World:
    key = await make_key("cartino")
    ids = await world_of(uow, await open_counter(uow), Buyer(client, key))
    login = {"email": JOHN, "password": PASSWORD}
    told = await client.post("/api/v1/auth/login", json=login)
    return World(client, connection, key, ids, told.json()["access_token"])
