"""How the process is, for whoever runs it.

`/livez` says that the event loop turns, and nothing of the database: a restart mends no database.
`/readyz` says whether requests can be answered just now. `/metrics` is for the machine itself and
for holders of an API key; to others it is not there. A proxy on the same machine must send
`X-Forwarded-For`, or everything it passes on looks like the machine's own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from commerce.core.db import OpenUnit
from commerce.core.problems import RequestError
from commerce.core.urls import is_loopback
from commerce.http.auth import Authenticate, viewer_of
from commerce.http.doors import Door, behind
from commerce.http.errors import RETRY_SECONDS, error_response
from commerce.http.metrics import Metrics
from commerce.migrate import head
from commerce.webhooks.repository.backlog import BacklogRepository

log: Final = structlog.get_logger("commerce.health")

PATIENCE: Final = 1.0  # seconds
FRESH: Final = {"Cache-Control": "no-store"}

# Why requests cannot be answered just now; None when they can.
Probe = Callable[[], Awaitable[str | None]]


class DatabaseProbe:
    """Asks for the schema's revision: one statement that needs both a server and a schema."""

    def __init__(self, open_unit: OpenUnit, patience: float = PATIENCE) -> None:
        self._open_unit = open_unit
        self._patience = patience
        self._head = head()

    async def __call__(self) -> str | None:
        try:
            async with asyncio.timeout(self._patience), self._open_unit() as uow:
                current = await uow.scalar(text("SELECT version_num FROM alembic_version"))
        except TimeoutError:
            return f"the database did not answer within {self._patience:g} s"
        except RequestError:
            return "the database is not available"
        except DBAPIError:
            return "the database has no schema"
        return None if current == self._head else "the database is at another schema revision"


class BacklogProbe:
    """Asks how much nobody was told of yet, when somebody wants to see the metrics."""

    def __init__(self, open_unit: OpenUnit, metrics: Metrics, patience: float = PATIENCE) -> None:
        self._open_unit = open_unit
        self._metrics = metrics
        self._patience = patience

    async def __call__(self) -> None:
        self._metrics.show_backlog({})
        with suppress(TimeoutError, RequestError, DBAPIError):
            async with asyncio.timeout(self._patience), self._open_unit() as uow:
                seen = await BacklogRepository(uow).now()
            self._metrics.show_backlog(
                {
                    "events_waiting": seen.unnumbered,
                    "event_lag_seconds": seen.lag,
                    "webhooks_due": seen.due,
                    "webhooks_due_seconds": seen.age,
                    "webhooks_dead": seen.dead,
                    "webhook_endpoints_disabled": seen.disabled,
                }
            )


async def _unmeasured() -> None:
    """There is nothing to ask before the metrics are shown."""


def health_routes(
    probe: Probe,
    metrics: Metrics,
    authenticate: Authenticate,
    measure: Callable[[], Awaitable[None]] = _unmeasured,
) -> list[BaseRoute]:
    async def livez(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=FRESH)

    async def readyz(_request: Request) -> Response:
        reason = await probe()
        if reason is None:
            return JSONResponse({"status": "ok"}, headers=FRESH)
        headers = FRESH | {"Retry-After": str(RETRY_SECONDS)}
        return JSONResponse({"status": "unavailable", "reason": reason}, 503, headers)

    async def show_metrics(request: Request) -> Response:
        if not await _may_read_metrics(request, authenticate):
            return error_response(request.scope, 404, "Not Found.")
        await measure()
        return Response(metrics.text(), headers=FRESH, media_type=CONTENT_TYPE_LATEST)

    return [
        *behind(Door.PUBLIC, Route("/livez", livez), Route("/readyz", readyz)),
        *behind(Door.OPERATOR, Route("/metrics", show_metrics)),
    ]


async def _may_read_metrics(request: Request, authenticate: Authenticate) -> bool:
    if request.client is not None and is_loopback(request.client.host):
        return True
    try:
        return not (await viewer_of(request.scope, authenticate)).in_storefront
    except RequestError:
        return False
