"""What happens at the edges of the gateway: refusals from before it, odd paths, other methods."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from commerce.http.errors import exception_handlers
from commerce.http.metrics import Metrics
from commerce.http.middleware import middleware
from commerce.http.middleware.frame import Frame
from commerce.http.middleware.gate import Gate, GateLimits
from commerce.rest.dialects import DIALECTS
from commerce.rest.paths import PARAMETER
from commerce.rest.route import Dialect
from commerce.settings import Settings
from tests.support.rest import BEARER, PaperShop

PATHS = {
    "litekart": "/api/products",
    "litestore": "/api/products",
    "cartino": "/api/v1/products",
    "ecwid": "/api/v3/1/products",
    "shopkit": "/v1/product",
}
MARKS = {"litekart": {"X-Api-Dialect": "litekart"}, "litestore": {"X-Api-Dialect": "litestore"}}
EACH = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


def asked(dialect: Dialect) -> tuple[str, dict[str, str]]:
    return PATHS[dialect.name], dict(MARKS.get(dialect.name, {}))


def server(limits: GateLimits = GateLimits()) -> Any:
    """The gateway behind the gate, as in the server."""
    gateway = PaperShop().gateway()
    app = Starlette(
        routes=gateway.routes(), exception_handlers=exception_handlers(gateway.envelope)
    )
    return Frame(Gate(app, limits, gateway.envelope), Metrics())


def client(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test")


async def slowly() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.sleep(5)
    yield b"}"


def in_its_words(dialect: Dialect, answer: httpx.Response) -> bool:
    """Whether the body has what this dialect's own refusals have."""
    body = answer.json()
    known: Mapping[str, set[str]] = {
        "litekart": {"error", "message"},
        "litestore": {"error"},
        "cartino": {"message"},
        "ecwid": {"errorMessage", "errorCode"},
        "shopkit": {"message"},
    }
    return set(body) == known[dialect.name]


@EACH
async def test_what_is_refused_before_the_gateway_wears_the_callers_envelope(
    dialect: Dialect,
) -> None:
    path, headers = asked(dialect)
    limits = GateLimits(anonymous_body=10, idle=0.05)
    full = GateLimits(places=0)
    zipped = {**headers, "Content-Encoding": "gzip"}
    answers = [
        (413, await client(server(limits)).post(path, content=b"x" * 11, headers=headers)),
        (415, await client(server(limits)).post(path, content=b"x", headers=zipped)),
        (408, await client(server(limits)).post(path, content=slowly(), headers=headers)),
        (503, await client(server(full)).get(path, headers=headers)),
    ]
    for status, answer in answers:
        assert answer.status_code == status
        assert in_its_words(dialect, answer), answer.text
        assert answer.headers["X-Request-Id"]


@EACH
async def test_a_refusal_names_the_request(dialect: Dialect) -> None:
    path, headers = asked(dialect)
    answer = await client(server()).get(path, headers={**headers, "X-Request-Id": "mine-1"})
    assert answer.status_code in (401, 404)
    assert answer.headers["X-Request-Id"] == "mine-1"


@EACH
async def test_every_row_says_which_methods_it_has_and_has_a_head(dialect: Dialect) -> None:
    """`OPTIONS` and `HEAD` reach every row, at each base, with a slash at its end too."""
    http = client(server())
    for route in dialect.routes:
        for base in dialect.bases:
            path = base + filled(route.path)
            for end in ("", "/"):
                headers = {**BEARER.get(dialect.name, {}), **MARKS.get(dialect.name, {})}
                answer = await http.options(path + end, headers=headers)
                assert answer.status_code == 204, (path, answer.text)
                allowed = answer.headers["Allow"].split(", ")
                assert route.method in allowed
                assert ("HEAD" in allowed) is ("GET" in allowed)


async def test_a_plus_in_a_path_is_a_plus_and_in_a_query_a_space() -> None:
    shop = PaperShop(result=None)
    routes = [Route("/{path:path}", shop.gateway())]
    seen: list[str] = []
    app = Starlette(routes=routes)

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])
        await app(scope, receive, send)

    http = client(watched)
    await http.get("/v1/product/a+b", headers=BEARER["shopkit"])
    await http.get(f"/v1/product/{quote('a+b', safe='')}", headers=BEARER["shopkit"])
    assert seen == ["/v1/product/a+b", "/v1/product/a+b"]


def filled(path: str) -> str:
    """A path whose parameters are all a number, after the word that has to stand before it."""
    return PARAMETER.sub(
        lambda found: f"{found[2]}1" if (found[2] or "")[-1:] == "_" else "1", path
    )


async def test_browsers_of_listed_origins_may_call_every_dialect() -> None:
    gateway = PaperShop(result=None).gateway()
    settings = Settings(cors_origins=("https://shop.example",))
    app = Starlette(
        routes=gateway.routes(), middleware=middleware(settings, Metrics(), gateway.envelope)
    )
    origin = {"Origin": "https://shop.example"}
    asking = {
        **origin,
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization,x-api-key,x-csrf-token,x-cart-token",
    }
    async with client(app) as http:
        for path in sorted(set(PATHS.values())):
            allowed = await http.options(path, headers=asking)
            assert allowed.status_code == 200
            assert allowed.headers["Access-Control-Allow-Origin"] == "https://shop.example"
            assert "DELETE" in allowed.headers["Access-Control-Allow-Methods"]
            answer = await http.get(path, headers=origin)
            assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
            assert "X-RateLimit-Remaining" in answer.headers["Access-Control-Expose-Headers"]
