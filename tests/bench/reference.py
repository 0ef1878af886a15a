"""The hand-written limit: plain ASGI, one asyncpg statement a request, orjson."""

import os
from typing import Any

import asyncpg
import orjson

from tests.bench.operations import operations

HEADERS = [(b"content-type", b"application/json")]


class Reference:
    """POST /P1 and so on, with the variables as a JSON object in the body."""

    def __init__(self) -> None:
        self._pool: Any = None
        self._statements = {f"/{op.name}": op.reference for op in operations("")}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        message = await receive()
        values = list(orjson.loads(message["body"]).values())
        async with self._pool.acquire() as connection:
            answer = await connection.fetchval(self._statements[scope["path"]], *values)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": answer.encode()})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        url = os.environ["COMMERCE_BENCH_URL"]  # noqa: TID251  # handed over by the bench
        self._pool = await asyncpg.create_pool(url, min_size=10, max_size=20)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})


app = Reference()
