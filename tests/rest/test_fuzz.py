"""Whatever is asked, the answer is the caller's dialect's own, and never a bug."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.core.viewer import Viewer
from tests.support.rest import BEARER, PaperShop, Told, empty_list

NAMES = st.sampled_from(
    [
        *("limit", "offset", "page", "per_page", "cursor", "status", "status_alias", "category"),
        *("search", "q", "type", "brand_id", "sort", "include", "filter[status]", "filter[x]"),
        *("fields[products]", "id", "ids", "handle", "reference", "featured", "new", "X-API-KEY"),
    ]
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["1", "0", "-1", "9" * 30, "1e5", "active", "true", "a,b", "1,2", "title,-price"]
    ),
)
PATHS = st.sampled_from(
    [
        ("litestore", "/api/products"),
        ("litestore", "/api/products/prod-1"),
        ("cartino", "/api/products"),
        ("cartino", "/api/v1/products/1"),
        ("shopkit", "/v1/product"),
        ("shopkit", "/v1/product/a"),
    ]
)
ENVELOPES = {"litestore": "error", "cartino": "message", "shopkit": "message"}


class EmptyShop(PaperShop):
    """Lists are empty, and nothing is found."""

    async def execute(
        self, operation: Any, variables: dict[str, Any], *, viewer: Viewer, key: str | None
    ) -> Told:
        self.result = empty_list() if operation.endswith("s") else None
        return await super().execute(operation, variables, viewer=viewer, key=key)


@cache
def client() -> httpx.AsyncClient:
    return EmptyShop().client()


def asked(
    path: str, headers: dict[str, Any], query: Sequence[tuple[str, str]] = ()
) -> httpx.Response:
    return asyncio.run(client().get(path, params=tuple(query), headers=headers))


@settings(max_examples=200, deadline=None)
@given(PATHS, st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_any_query_is_answered_in_the_envelope(
    path: tuple[str, str], query: list[tuple[str, str]]
) -> None:
    dialect, address = path
    response = asked(address, BEARER[dialect], query)
    assert response.status_code in (200, 400, 404, 422)
    assert response.headers["X-Api-Dialect"] == dialect
    if response.status_code != 200:
        assert ENVELOPES[dialect] in response.json()


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["/api/", "/api/products/", "/api/v1/products/", "/v1/product/"]),
    st.text(min_size=1, max_size=40),
    st.sampled_from(sorted(BEARER)),
)
def test_any_path_is_answered(prefix: str, rest: str, dialect: str) -> None:
    # A client resolves "." and ".." itself; written like this they arrive.
    path = quote(rest, safe="/").replace(".", "%2E")
    response = asked(prefix + path, BEARER[dialect])
    assert response.status_code in (400, 401, 404, 422)
    assert response.headers["X-Api-Dialect"] in ENVELOPES


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["Authorization", "X-API-KEY", "X-Api-Dialect", "Accept", "Cookie", "Host"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
)
def test_any_header_is_answered(name: str, value: str) -> None:
    encoded: Any = {name: value.strip().encode("latin-1")}
    for path in ("/api/products", "/v1/product"):
        assert asked(path, encoded).status_code in (200, 400, 401, 404, 406)
