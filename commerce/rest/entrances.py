"""The gateway as Starlette sees it: one entrance per documented path, for logs and metrics."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from starlette.routing import BaseRoute, Match, Mount, Route
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


class Below(Mount):
    """Everything at and below a prefix: Starlette's mounts leave out paths with a line break."""

    def matches(self, scope: Scope) -> tuple[Match, dict[str, Any]]:
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self.path}/"):
            return Match.FULL, {"endpoint": self.app}
        return Match.NONE, {}


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
    return [Below(prefix, Entrance(gateway, _below(prefix, known))) for prefix in PREFIXES]


def _below(prefix: str, known: Entrances) -> Iterable[BaseRoute]:
    for path, entrance in known.items():
        if path.startswith(prefix + "/"):
            yield Route(path.removeprefix(prefix), entrance)


def plain(path: str) -> str:
    """`/products/{id:int}` -> `/products/{id}`: Starlette knows other kinds than we do."""
    return PARAMETER.sub(r"{\1}", path)
