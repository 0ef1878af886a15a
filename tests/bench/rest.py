"""R1: the lists of products of two dialects, and the same operations sent as GraphQL."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.rest.answers import allowances
from commerce.rest.dialects import DIALECTS
from commerce.rest.fields import read_fields
from commerce.rest.operations import operation_text
from commerce.rest.paths import Table, chosen
from commerce.rest.query import Query
from commerce.rest.route import Call
from tests.support.servers import commerce

PAGES = 10  # to warm up with
LISTS = (
    ("shopkit", "/v1/product", "limit", 25, 60),
    ("shopkit", "/v1/product", "limit", 50, 30),
    ("cartino", "/api/v1/products", "per_page", 25, 60),
    ("cartino", "/api/v1/products", "per_page", 100, 20),
)


@dataclass(frozen=True)
class Page:
    title: str
    rest: bytes
    graphql: bytes
    requests: int


def manifest(folder: Path) -> Path:
    """The operations as trusted documents: what the gateway asks costs more than a stranger may."""
    texts = [_operation(each[0], each[1], Query())["query"] for each in LISTS]
    file = folder / "trusted.json"
    file.write_text(json.dumps({sha256(text.encode()).hexdigest(): text for text in texts}))
    return file


async def pages(host: str, port: int, data_dir: str) -> list[Page]:
    """Each with a key that may read everything."""
    keys = {name: await key(name, data_dir) for name in ("shopkit", "cartino")}
    return list(_pages(host, port, keys))


async def key(dialect: str, data_dir: str) -> str:
    create = ("keys", "create", "--name", "bench", "--all-scopes", "--dialect", dialect)
    _, text, _ = await commerce(*create, DATA_DIR=data_dir)
    return text.strip()


def _pages(host: str, port: int, keys: dict[str, str]) -> Iterator[Page]:
    for dialect, path, name, size, requests in LISTS:
        proof = f"X-API-KEY: {keys[dialect]}"
        if dialect != "shopkit":
            proof = f"Authorization: Bearer {keys[dialect]}"
        head = f"Host: {host}:{port}\r\nAccept: application/json\r\n{proof}\r\n"
        rest = f"GET {path}?{name}={size} HTTP/1.1\r\n{head}\r\n".encode()
        # GraphQL takes keys as bearers alone; those of another dialect are keys as well.
        bearer = f"Host: {host}:{port}\r\nAccept: application/json\r\n"
        bearer += f"Authorization: Bearer {keys[dialect]}\r\nContent-Type: application/json\r\n"
        body = json.dumps(_operation(dialect, path, Query(((name, str(size)),)))).encode()
        start = f"POST /graphql HTTP/1.1\r\n{bearer}Content-Length: {len(body)}\r\n\r\n"
        yield Page(f"{dialect}, {size} products", rest, start.encode() + body, requests)


def _operation(dialect: str, path: str, query: Query) -> dict[str, Any]:
    """What the gateway makes of the call."""
    found = next(each for each in DIALECTS if each.name == dialect)
    match = chosen(Table(found).matches(path), "GET", query)
    assert match is not None
    given = {each.name: query.get(each.name) for each in match.route.query}
    call = Call(path, {}, query, args=read_fields(match.route.query, given))
    viewer = Viewer(ViewerKind.API_KEY, 1, frozenset(Scope))
    text = operation_text(dialect, match.route.operation)
    known = {k: v for k, v in allowances(viewer).items() if f"${k}:" in text}
    return {"query": text, "variables": known | match.route.variables(call)}
