"""The gateway as Starlette sees it: one entrance per documented path, for logs and metrics."""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from commerce.rest.paths import PARAMETER
from commerce.rest.route import Dialect

PREFIXES: Final = ("/api", "/v1")


class Entrance:
    """A path in Starlette's tables. Every entrance leads to the gateway, which reads the path.

    `routes` are the documented paths below a prefix, as Starlette's own mounts have them.
    """

    def __init__(self, gateway: ASGIApp, routes: Iterable[BaseRoute] = ()) -> None:
        self._gateway = gateway
        self.routes = list(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._gateway(scope, receive, send)


Entrances = Mapping[str, Entrance]


def entrances(gateway: ASGIApp, dialects: Iterable[Dialect]) -> Entrances:
    """One for each path of each table, by its template: `/api/products/{id}`."""
    paths = (
        plain(base + route.path)
        for dialect in dialects
        for base in dialect.bases
        for route in dialect.routes
    )
    return {path: Entrance(gateway) for path in paths}


def starlette_routes(gateway: ASGIApp, known: Entrances) -> list[BaseRoute]:
    """Whatever is below the prefixes reaches the gateway, documented or not."""
    routes: list[BaseRoute] = []
    for prefix in PREFIXES:
        below = [
            Route(path.removeprefix(prefix), entrance)
            for path, entrance in known.items()
            if path.startswith(prefix + "/")
        ]
        entrance = Entrance(gateway, below)
        routes += [Route(prefix, entrance), Mount(prefix, entrance)]
    return routes


def plain(path: str) -> str:
    """`/products/{id:int}` -> `/products/{id}`: Starlette knows other kinds than we do."""
    return PARAMETER.sub(r"{\1}", path)
