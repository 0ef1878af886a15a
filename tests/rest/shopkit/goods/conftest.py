"""A client of a Shopkit shop, over the real app and database."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from tests.rest.conftest import MakeKey
from tests.support.golden import body
from tests.support.store import Store

PREFIX = "/v1"


class Shopkit:
    """Calls below `/v1`, with a key that may do everything unless another one is given."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self._client = client
        self.headers = {"X-API-KEY": key}

    async def send(
        self, method: str, path: str, json: Any = None, headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        sent = {"json": json} if json is not None else {}
        return await self._client.request(
            method, PREFIX + path, headers={**self.headers, **headers}, **sent
        )

    async def get(self, path: str) -> Any:
        return await self.ask("GET", path)

    async def ask(self, method: str, path: str, json: Any = None, status: int = 200) -> Any:
        """The body of an answer with this status; None without one."""
        response = await self.send(method, path, json)
        assert response.status_code == status, (response.status_code, response.text)
        return body(response) if response.content else None

    async def refused(self, method: str, path: str, json: Any = None) -> int:
        """The status of a refusal in Shopkit's words."""
        response = await self.send(method, path, json)
        assert list(response.json()) == ["message"], response.text
        return response.status_code


@pytest.fixture
async def store(uow: UnitOfWork) -> Store:
    return await Store.open(uow)


@pytest.fixture
async def shopkit(store: Store, client: httpx.AsyncClient, make_key: MakeKey) -> Shopkit:
    return Shopkit(client, await make_key("shopkit"))


def rows(listed: Mapping[str, Any]) -> list[Any]:
    """The rows of a list, without its paging."""
    return [row for name, row in listed.items() if name != "paging"]
