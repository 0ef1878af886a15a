"""Calls of one Cartino client over the real app, and what they answer."""

from typing import Any

import httpx

from tests.support.golden import body


class Buyer:
    """Answers are (status, body). `token` goes along as `X-Cart-Token`; `heard` are the headers of
    the last answer."""

    def __init__(self, client: httpx.AsyncClient, key: str, base: str = "/api") -> None:
        self._client = client
        self._base = base
        self.key = key
        self.token: str | None = None
        self.heard: httpx.Headers = httpx.Headers()

    async def __call__(
        self, method: str, path: str, json: Any = None, **headers: str
    ) -> tuple[int, Any]:
        self._client.cookies.clear()
        sent = {"Authorization": f"Bearer {self.key}"}
        if self.token is not None:
            sent["X-Cart-Token"] = self.token
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        given = {} if json is None else {"json": json}
        response = await self._client.request(method, self._base + path, headers=sent, **given)
        self.heard = response.headers
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
