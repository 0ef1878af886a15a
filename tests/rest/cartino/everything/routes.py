"""The rows of the table of endpoints that the calls are for, and what the document says of them."""

import json
from functools import cache
from typing import Any

from commerce.rest.cartino.routes import CARTINO
from commerce.rest.openapi.documents import file_of
from commerce.rest.paths import PARAMETER, Table, chosen
from commerce.rest.route import NO_QUERY, Route
from tests.rest.cartino.everything.world import Ids, Row
from tests.support.openapi import strict

TABLE = Table(CARTINO)


def route_of(row: Row, ids: Ids) -> Route:
    path = "/api" + row.path.format_map(ids)
    found = chosen(TABLE.matches(path), row.method, NO_QUERY)
    assert found is not None, row
    return found.route


@cache
def document() -> Any:
    """Nothing may be said that is not in it."""
    return strict(json.loads(file_of("cartino").read_text("utf-8")))


def answers_of(route: Route) -> dict[str, Any]:
    """The documented ones, by status."""
    document_ = document()
    for address, path in document_["paths"].items():
        if _nameless(address) == _nameless(f"/api{route.path}"):
            found: dict[str, Any] = path[route.method.lower()]["responses"]
            return {status: resolved(answer) for status, answer in found.items()}
    raise KeyError(route.path)


def resolved(node: Any) -> Any:
    while "$ref" in node:
        found = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _nameless(path: str) -> str:
    return PARAMETER.sub("{}", path)
