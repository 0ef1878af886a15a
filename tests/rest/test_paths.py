from typing import Any

import pytest

from commerce.core.limiter import Rate
from commerce.rest.credentials import bearer
from commerce.rest.paths import Table, chosen, methods_of, pattern_of
from commerce.rest.query import Query
from commerce.rest.route import Dialect, Route


def row(method: str, path: str, operation: str, **options: Any) -> Route:
    return Route(method, path, operation, lambda _call: {}, lambda node, _call: node, **options)


DIALECT = Dialect(
    "some",
    ("/api", "/api/v1"),
    bearer,
    lambda _refusal: (500, {}),
    Rate("some", 60, 60),
    (
        row("GET", "/products/{id}", "One"),
        row("PUT", "/products/{id}", "Change"),
        row("GET", "/products/search", "Search"),
        row("GET", "/products", "Found", when=("id", "handle")),
        row("GET", "/products", "List"),
        row("POST", "/products", "Add"),
        row("GET", "/orders/{order:int}/lines/{line:int}", "Line"),
        row("GET", "/reviews/{id:review}", "Review"),
        row("GET", "", "Root"),
    ),
)
TABLE = Table(DIALECT)


def found(method: str, path: str, query: bytes = b"") -> tuple[str, dict[str, str]] | None:
    match = chosen(TABLE.matches(path), method, Query.parse(query))
    return None if match is None else (match.route.operation, dict(match.params))


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/products", ("List", {})),
        ("GET", "/api/v1/products", ("List", {})),
        ("HEAD", "/api/products", ("List", {})),
        ("POST", "/api/products", ("Add", {})),
        ("DELETE", "/api/products", None),
        ("GET", "/api/products/search", ("Search", {})),  # literal before template
        ("PUT", "/api/products/search", None),
        ("GET", "/api/products/a b", ("One", {"id": "a b"})),
        ("GET", "/api/products/a/b", None),
        ("GET", "/api/products/", None),
        ("GET", "/api/orders/7/lines/8", ("Line", {"order": "7", "line": "8"})),
        ("GET", "/api/orders/7/lines/x", None),
        ("GET", "/api/orders/\uff17/lines/8", None),
        ("GET", "/api/reviews/review-7", ("Review", {"id": "review-7"})),
        ("GET", "/api/reviews/7", ("Review", {"id": "7"})),
        ("GET", "/api/reviews/prod-7", None),
        ("GET", "/api", ("Root", {})),
        ("GET", "/apis/products", None),
        ("GET", "/products", None),
    ],
)
def test_a_row_is_found_by_method_and_path(
    method: str, path: str, expected: tuple[str, dict[str, str]] | None
) -> None:
    assert found(method, path) == expected


@pytest.mark.parametrize(
    ("query", "operation"),
    [(b"id=7", "Found"), (b"page=2&handle=bowl", "Found"), (b"id=", "List"), (b"page=2", "List")],
)
def test_a_row_may_ask_for_a_query_parameter(query: bytes, operation: str) -> None:
    assert found("GET", "/api/products", query) == (operation, {})


def test_the_methods_of_a_path_are_listed_for_allow() -> None:
    assert methods_of(TABLE.matches("/api/products")) == ("GET", "HEAD", "POST", "OPTIONS")
    assert methods_of(TABLE.matches("/api/products/7")) == ("GET", "HEAD", "PUT", "OPTIONS")
    assert methods_of(TABLE.matches("/api/products/search")) == ("GET", "HEAD", "OPTIONS")


def test_a_template_takes_its_literal_parts_literally() -> None:
    assert pattern_of("/a.b/{x}").fullmatch("/aXb/1") is None
    assert pattern_of("/a.b/{x}").fullmatch("/a.b/1")
