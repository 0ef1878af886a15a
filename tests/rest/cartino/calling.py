"""Calls of one Cartino client over the real app."""

from typing import Any

import httpx

from tests.support.golden import body


class Cartino:
    """Answers are (status, body); `base` is `/api` or `/api/v1`."""

    def __init__(self, client: httpx.AsyncClient, key: str, base: str = "/api") -> None:
        self._client = client
        self.base = base
        self.headers = {"Authorization": f"Bearer {key}"}

    async def __call__(
        self, method: str, path: str, json: Any = None, **headers: str
    ) -> tuple[int, Any]:
        sent = {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        given = {} if json is None else {"json": json}
        response = await self._client.request(method, self.base + path, headers=sent, **given)
        return response.status_code, body(response)

    async def data(self, method: str, path: str, json: Any = None, status: int = 200) -> Any:
        """What stands in `data`, of an answer with that status."""
        found, shown = await self(method, path, json)
        assert found == status, shown
        return shown["data"]

    async def refused(self, method: str, path: str, json: Any = None) -> dict[str, list[str]]:
        """The texts of a 422, by field."""
        status, shown = await self(method, path, json)
        assert (status, shown["message"]) == (422, "The given data was invalid."), shown
        errors: dict[str, list[str]] = shown["errors"]
        return errors
