"""The test schema behind everything that surrounds a request in production."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from commerce.core.db import OpenUnit
from commerce.core.problems import UnavailableError
from commerce.core.viewer import Viewer, ViewerKind
from commerce.http.auth import by_bearer
from commerce.http.errors import exception_handlers
from commerce.http.graphql.endpoint import GraphQLEndpoint
from commerce.http.graphql.execute import ExecutorOptions
from commerce.http.graphql.manifest import NO_MANIFEST, Manifest
from commerce.http.graphql.throttle import FreeRide, Throttle
from commerce.http.health import Probe, health_routes
from commerce.http.metrics import Metrics
from commerce.http.middleware import middleware
from commerce.http.protocol import PatientProtocol
from commerce.http.server import server_config
from commerce.settings import Settings
from tests.support.shop import KEYED, no_database, shop_executor

KEY = "ck_live_abcdefgh_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
AWAY = "ck_live_awayaway"
JSON_HEADERS = {"Content-Type": "application/json"}
MODERN = {**JSON_HEADERS, "Accept": "application/graphql-response+json"}
BEARER = {"Authorization": f"Bearer {KEY}"}
CUSTOMER_KEY = "a.customers.token"
CUSTOMER = Viewer(ViewerKind.CUSTOMER, 3)


async def authenticate(key: str) -> Viewer | None:
    if key == AWAY:
        raise UnavailableError("The database is not available right now.")
    return {KEY: KEYED, CUSTOMER_KEY: CUSTOMER}.get(key)


async def page() -> Response:
    return HTMLResponse("<title>GraphiQL</title>")


async def is_ready() -> str | None:
    return None


async def broken(_request: Request) -> Response:
    raise ValueError("canary-4f1d")


async def half_broken(_request: Request) -> ASGIApp:
    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("canary-4f1d")

    return answer


async def slow(request: Request) -> Response:
    await asyncio.sleep(float(request.path_params["seconds"]))
    return JSONResponse({})


async def size(request: Request) -> Response:
    return JSONResponse({"size": len(await request.body())})


def shop_app(
    settings: Settings = Settings(),
    metrics: Metrics | None = None,
    probe: Probe = is_ready,
    open_unit: OpenUnit = no_database,
    manifest: Manifest = NO_MANIFEST,
    throttle: Throttle = FreeRide(),
) -> Starlette:
    metrics = metrics or Metrics()
    options = ExecutorOptions(production=settings.production, manifest=manifest)
    graphql = GraphQLEndpoint(
        shop_executor(open_unit, options), by_bearer(authenticate), page, throttle
    )
    return Starlette(
        routes=[
            Route("/graphql", graphql),
            Route("/broken", broken),
            Route("/half", half_broken),  # type: ignore[arg-type]  # answers with a bare application
            Route("/slow/{seconds}", slow),
            Route("/size", size, methods=["POST"]),
            *health_routes(probe, metrics, authenticate),
        ],
        middleware=middleware(settings, metrics),
        exception_handlers=exception_handlers(),
    )


def client_of(app: ASGIApp, **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, **options)
    return httpx.AsyncClient(transport=transport, base_url="http://shop")


@asynccontextmanager
async def serving(
    app: ASGIApp, protocol: type[PatientProtocol] = PatientProtocol
) -> AsyncIterator[tuple[str, int]]:
    """Host and port of a real server in this process, configured as the real one is."""
    config = server_config(Settings(), "unused:unused")
    config.app, config.factory = app, False
    config.lifespan, config.http, config.log_config = "off", protocol, None
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  # uvicorn sets a flag, no event
            await asyncio.sleep(0.01)
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            await running


async def spoken(address: Sequence[Any], *parts: bytes | float) -> bytes:
    """What a server answers on one connection; numbers among the parts are pauses in seconds."""
    reader, writer = await asyncio.open_connection(*address[:2])
    try:
        for part in parts:
            if isinstance(part, bytes):
                writer.write(part)
                await writer.drain()
            else:
                await asyncio.sleep(part)
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
