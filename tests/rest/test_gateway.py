"""What every dialect has in common, and how its failures look."""

from base64 import b64encode
from typing import Any

import httpx
import pytest
from starlette.routing import Mount, Route

from commerce.core.problems import UnavailableError
from commerce.rest.dialects import DIALECTS
from commerce.rest.entrances import plain
from tests.support.rest import (
    ANY_KEY,
    BEARER,
    CARTINO_KEY,
    LITESTORE_KEY,
    SHOPKIT_KEY,
    PaperShop,
    empty_list,
)

LISTS = {"litestore": "/api/products", "cartino": "/api/v1/products", "shopkit": "/v1/product"}
EACH = pytest.mark.parametrize("dialect", LISTS)
LITESTORE, CARTINO, SHOPKIT = BEARER["litestore"], BEARER["cartino"], BEARER["shopkit"]
VENDOR = {"Accept": "application/vnd.cartino.v1+json"}


@pytest.fixture
def shop() -> PaperShop:
    return PaperShop(result=empty_list())


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(text.encode()).decode()}


def http_scope(path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    given = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"shop.test"), *given],
    }


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def litestore_error(code: str, message: str, **details: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": details}}


UNAUTHORISED = {
    "litestore": litestore_error("AUTHENTICATION_ERROR", "Invalid or missing API key"),
    "cartino": {"message": "Unauthenticated."},
    "shopkit": {"message": "Unauthorized."},
}
NOT_FOUND = {
    "litestore": litestore_error("NOT_FOUND", "Resource not found"),
    "cartino": {"message": "Not Found"},
    "shopkit": {"message": "Not found."},
}
ALLOWED = {
    "litestore": "GET, HEAD, OPTIONS",
    "cartino": "GET, HEAD, POST, OPTIONS",
    "shopkit": "GET, HEAD, POST, OPTIONS",
}
NOT_ALLOWED = {
    "litestore": litestore_error("VALIDATION_ERROR", "Method not allowed"),
    "cartino": {"message": "Method Not Allowed"},
    "shopkit": {"message": "Method not allowed."},
}
BROKEN = {
    "litestore": litestore_error("SERVER_ERROR", "Internal server error"),
    "cartino": {"message": "Server Error"},
    "shopkit": {"message": "Internal server error."},
}
AWAY = {
    "litestore": litestore_error("SERVER_ERROR", "Service unavailable"),
    "cartino": {"message": "Service Unavailable"},
    "shopkit": {"message": "Service unavailable."},
}
FORBIDDEN = {
    "litestore": litestore_error("AUTHORIZATION_ERROR", "Variant.x needs the scope y."),
    "cartino": {"message": "This action is unauthorized."},
    "shopkit": {"message": "Forbidden."},
}
TOO_MANY = {
    "litestore": litestore_error("RATE_LIMITED", "Too many requests"),
    "cartino": {"message": "Too Many Requests", "retry_after": 1},
    "shopkit": {"message": "Too many requests."},
}
INVALID = {
    "litestore": litestore_error("VALIDATION_ERROR", "Invalid request data"),
    "cartino": {"message": "The given data was invalid.", "errors": {}},
    "shopkit": {"message": "Bad request."},
}
EMPTY = {
    "litestore": {"data": [], "total": 0, "limit": 20, "offset": 0},
    "shopkit": {"paging": {"previous": None, "next": None}},
}


def said(response: httpx.Response) -> tuple[int, Any, str]:
    return response.status_code, response.json(), response.headers["X-Api-Dialect"]


@EACH
async def test_one_server_answers_each_dialect_to_its_own_key(
    shop: PaperShop, dialect: str
) -> None:
    response = await shop.client().get(LISTS[dialect], headers=BEARER[dialect])
    assert response.status_code == 200
    assert response.headers["X-Api-Dialect"] == dialect
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "private, no-cache"
    vary = (
        "Authorization, Cookie, X-API-KEY, Accept, Accept-Encoding, X-Api-Dialect, X-Litekart-Store"
    )
    assert response.headers["Vary"] == vary
    if dialect in EMPTY:
        assert response.json() == EMPTY[dialect]
    assert shop.executed[0][2].dialect == dialect


async def test_the_same_path_answers_each_key_in_its_dialect(shop: PaperShop) -> None:
    client = shop.client(default_dialect="litekart")
    for dialect, headers in (("litestore", LITESTORE), ("cartino", CARTINO)):
        response = await client.get("/api/products", headers=headers)
        assert (response.status_code, response.headers["X-Api-Dialect"]) == (200, dialect)


@EACH
@pytest.mark.parametrize("suffix", ["/", ""])
async def test_a_trailing_slash_is_equal_to_none(
    shop: PaperShop, dialect: str, suffix: str
) -> None:
    response = await shop.client().get(LISTS[dialect] + suffix, headers=BEARER[dialect])
    assert response.status_code == 200


@EACH
async def test_head_is_a_get_without_its_body(shop: PaperShop, dialect: str) -> None:
    client = shop.client()
    whole = await client.get(LISTS[dialect], headers=BEARER[dialect])
    head = await client.head(LISTS[dialect], headers=BEARER[dialect])
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))


@EACH
async def test_options_says_what_a_path_allows_without_a_key(shop: PaperShop, dialect: str) -> None:
    headers = {"X-Api-Dialect": dialect} if dialect != "shopkit" else {}
    response = await shop.client().options(LISTS[dialect], headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Allow"] == ALLOWED[dialect]
    assert not shop.executed


@EACH
async def test_an_unknown_method_is_refused_naming_the_known_ones(
    shop: PaperShop, dialect: str
) -> None:
    response = await shop.client().delete(LISTS[dialect], headers=BEARER[dialect])
    assert said(response) == (405, NOT_ALLOWED[dialect], dialect)
    assert response.headers["Allow"] == ALLOWED[dialect]


@EACH
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_an_unknown_path_is_not_found_in_the_callers_envelope(
    shop: PaperShop, dialect: str, method: str
) -> None:
    path = LISTS[dialect].rpartition("/")[0] + "/nothing"
    response = await shop.client().request(method, path, headers=BEARER[dialect])
    assert said(response) == (404, NOT_FOUND[dialect], dialect)


@EACH
@pytest.mark.parametrize(
    "id_", ["0", "9" * 19, "9" * 25, "9" * 4400, "abc", "1%00", "%00", "-1", "1.5", "a/b", "%2e%2e"]
)
async def test_what_no_product_can_be_called_is_not_found(
    shop: PaperShop, dialect: str, id_: str
) -> None:
    shop.result = None
    response = await shop.client().get(f"{LISTS[dialect]}/{id_}", headers=BEARER[dialect])
    assert said(response) == (404, NOT_FOUND[dialect], dialect)


@EACH
async def test_a_nul_in_the_query_is_refused(shop: PaperShop, dialect: str) -> None:
    response = await shop.client().get(LISTS[dialect] + "?search=%00", headers=BEARER[dialect])
    assert response.status_code == (422 if dialect == "cartino" else 400)
    assert not shop.executed


@pytest.mark.parametrize(
    ("path", "headers", "dialect"),
    [
        ("/api/products", {"X-Api-Dialect": "litestore"}, "litestore"),
        ("/api/products", bearer("ls_revoked"), "litestore"),
        ("/api/products", bearer("sk_live_revoked"), "cartino"),
        ("/api/products", bearer("nobody-knows"), "cartino"),  # the default
        ("/api/products", basic("nobody-knows:x"), "cartino"),
        ("/api/products", basic(LITESTORE_KEY), "litestore"),  # reads no Basic
        ("/api/products", {}, "cartino"),
        ("/api/products/prod-7", {}, "litestore"),  # nobody else has such ids
        ("/api/products", VENDOR, "cartino"),
        ("/api/v1/products", {}, "cartino"),
        ("/v1/product", {}, "shopkit"),
        ("/v1/product", {"X-API-KEY": "0" * 40}, "shopkit"),
        # a good key of one dialect is a bad one under another's prefix
        ("/v1/product", LITESTORE, "shopkit"),
        ("/v1/product", {"X-API-KEY": LITESTORE_KEY}, "shopkit"),
        ("/api/v1/products", LITESTORE, "cartino"),
        ("/api/products", LITESTORE | VENDOR, "cartino"),
        ("/api/products", CARTINO | {"X-Api-Dialect": "litestore"}, "litestore"),
        # the query carries keys for Shopkit alone
        (f"/api/products?X-API-KEY={SHOPKIT_KEY}", {}, "cartino"),
    ],
)
async def test_without_a_good_key_each_dialect_says_so(
    shop: PaperShop, path: str, headers: dict[str, str], dialect: str
) -> None:
    response = await shop.client().get(path, headers=headers)
    assert said(response) == (401, UNAUTHORISED[dialect], dialect)
    challenge = None if dialect == "shopkit" else "Bearer"
    assert response.headers.get("WWW-Authenticate") == challenge
    assert not shop.executed


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/products", CARTINO),
        ("/api/products", basic(CARTINO_KEY)),
        ("/api/products", basic(f"{CARTINO_KEY}:password")),
        ("/api/products", basic(f"{ANY_KEY}:password")),
        ("/api/v1/products", basic(CARTINO_KEY)),
        ("/api/v1/products", bearer(ANY_KEY)),
        ("/api/products", bearer(ANY_KEY)),
        ("/api/products", bearer(ANY_KEY) | {"X-Api-Dialect": "litestore"}),
        ("/v1/product", SHOPKIT),
        (f"/v1/product?X-API-KEY={SHOPKIT_KEY}", {}),
        ("/v1/product?X-API-KEY=wrong&page=1&limit=5", SHOPKIT),
    ],
)
async def test_each_documented_form_of_a_key_is_taken(
    shop: PaperShop, path: str, headers: dict[str, str]
) -> None:
    response = await shop.client().get(path, headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("key", "status", "body"),
    [
        (SHOPKIT_KEY, 404, NOT_FOUND["shopkit"]),
        ("lk_good", 404, litestore_error("NOT_FOUND", "There is no such resource")),
        ("secret_good", 404, {"errorMessage": "Not found", "errorCode": "NOT_FOUND"}),
    ],
)
async def test_a_key_on_a_path_its_dialect_lacks_is_not_found_in_its_own_words(
    shop: PaperShop, key: str, status: int, body: dict[str, Any]
) -> None:
    response = await shop.client().get("/api/products", headers=bearer(key))
    assert response.status_code == status
    assert response.json().items() >= body.items()


@pytest.mark.parametrize(
    ("headers", "dialect"),
    [
        ({"Host": "api.litestore.com"}, "litestore"),
        ({"Host": "api.litestore.com:8000"} | CARTINO, "litestore"),
        ({"Host": "other.example"}, "litekart"),
        ({"Host": "other.example", "X-Litekart-Store": "1"}, "litekart"),
        ({"Cookie": "a=b; litekart_store_id=7"}, "litekart"),
    ],
)
async def test_hosts_and_marks_tell_the_dialect(
    shop: PaperShop, headers: dict[str, str], dialect: str
) -> None:
    client = shop.client(default_dialect="litekart", dialect_hosts=("api.litestore.com=litestore",))
    response = await client.get("/api/products", headers=headers)
    assert response.headers["X-Api-Dialect"] == dialect


async def test_a_dialect_nobody_knows_is_a_bad_request(shop: PaperShop) -> None:
    headers = LITESTORE | {"X-Api-Dialect": "shopify"}
    response = await shop.client().get("/api/products", headers=headers)
    message = "X-Api-Dialect names no dialect."
    assert said(response) == (400, litestore_error("VALIDATION_ERROR", message), "litestore")


async def test_only_the_one_version_of_cartino_is_served(shop: PaperShop) -> None:
    client = shop.client()
    v2 = {"Accept": "application/vnd.cartino.v2+json"}
    for path in ("/api/products", "/api/v1/products"):
        response = await client.get(path, headers=CARTINO | v2)
        assert said(response) == (406, {"message": "Only version v1 is served."}, "cartino")
    both = {"Accept": "application/vnd.cartino.v2+json, application/vnd.cartino.v1+json"}
    assert (await client.get("/api/products", headers=CARTINO | both)).status_code == 200
    assert (await client.get("/api/v2/products", headers=CARTINO)).status_code == 404


def graphql_error(code: str) -> dict[str, Any]:
    return {"message": "Variant.x needs the scope y.", "extensions": {"code": code}}


@EACH
@pytest.mark.parametrize(
    ("code", "status", "bodies"),
    [
        ("FORBIDDEN", 403, FORBIDDEN),
        ("UNAUTHENTICATED", 401, UNAUTHORISED),
        ("NOT_FOUND", 404, NOT_FOUND),
        ("BAD_USER_INPUT", 400, INVALID),
        ("LIMIT_EXCEEDED", 400, INVALID),
        ("RATE_LIMITED", 429, TOO_MANY),
        ("UNAVAILABLE", 503, AWAY),
        ("INTERNAL_SERVER_ERROR", 500, BROKEN),
        ("SOMETHING_NEW", 500, BROKEN),
    ],
)
async def test_failures_of_the_operation_wear_the_callers_envelope(
    shop: PaperShop, dialect: str, code: str, status: int, bodies: dict[str, Any]
) -> None:
    shop.errors = [graphql_error(code)]
    response = await shop.client().get(LISTS[dialect], headers=BEARER[dialect])
    expected = 422 if (dialect, status) == ("cartino", 400) else status
    assert said(response) == (expected, bodies[dialect], dialect)
    waits = "1" if status in (429, 503) else None
    assert response.headers.get("Retry-After") == waits


@EACH
async def test_a_bug_is_logged_and_masked(
    shop: PaperShop, dialect: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.raises = RuntimeError("the secret of the tables")
    response = await shop.client().get(LISTS[dialect], headers=BEARER[dialect])
    assert said(response) == (500, BROKEN[dialect], dialect)
    assert "the secret of the tables" not in response.text
    captured = capsys.readouterr()
    assert "the secret of the tables" in captured.out + captured.err


@EACH
async def test_an_answer_that_does_not_fit_the_shape_is_a_bug(
    shop: PaperShop, dialect: str
) -> None:
    shop.result = {"nodes": [{}], "pageInfo": {}, "totalCount": {"count": 1}}
    response = await shop.client().get(LISTS[dialect], headers=BEARER[dialect])
    assert said(response) == (500, BROKEN[dialect], dialect)


@EACH
async def test_a_database_that_is_away_while_keys_are_looked_up_is_unavailable(
    shop: PaperShop, dialect: str
) -> None:
    shop.raises_on_key = UnavailableError("The database is away.")
    headers = BEARER[dialect] | ({"X-Api-Dialect": dialect} if dialect != "shopkit" else {})
    response = await shop.client().get(LISTS[dialect], headers=headers)
    assert said(response) == (503, AWAY[dialect], dialect)
    assert response.headers["Retry-After"] == "1"


async def test_a_database_that_is_away_before_the_dialect_is_known_is_unavailable(
    shop: PaperShop,
) -> None:
    shop.raises_on_key = UnavailableError("The database is away.")
    response = await shop.client().get("/api/products/prod-7", headers=LITESTORE)
    assert said(response) == (503, AWAY["litestore"], "litestore")


async def test_what_a_caller_may_not_read_is_left_out_by_the_operation(shop: PaperShop) -> None:
    await shop.client().get("/api/products", headers=CARTINO)
    assert shop.variables["readStock"] is True
    assert shop.variables["writeProducts"] is True


async def test_a_key_in_the_address_is_gone_before_anything_can_log_it(
    shop: PaperShop,
) -> None:
    query = f"page=2&x-api-key={SHOPKIT_KEY}&limit=1".encode()
    scope = http_scope("/v1/product") | {"query_string": query}

    async def nothing(_message: Any = None) -> Any: ...

    await shop.gateway()(scope, nothing, nothing)
    assert scope["query_string"] == b"page=2&limit=1"


@pytest.mark.parametrize(
    ("path", "status", "headers", "body"),
    [
        ("/graphql", 413, {}, None),
        ("/apis", 500, {}, None),
        ("/v1/product", 500, {}, BROKEN["shopkit"]),
        ("/v1/product", 413, {}, {"message": "Bad request."}),
        ("/api/v1/products", 413, {}, {"message": "Too large."}),
        ("/api/products", 503, {}, AWAY["cartino"]),
        ("/api/products", 503, {"X-Api-Dialect": "litestore"}, AWAY["litestore"]),
    ],
)
def test_the_servers_own_refusals_wear_the_callers_envelope(
    shop: PaperShop, path: str, status: int, headers: dict[str, str], body: Any
) -> None:
    assert shop.gateway().envelope(http_scope(path, headers), status, "", "Too large.") == body


async def test_a_request_that_was_selected_keeps_its_envelope(shop: PaperShop) -> None:
    async def nothing(_message: Any = None) -> Any: ...

    gateway, scope = shop.gateway(), http_scope("/api/products", LITESTORE)
    await gateway(scope, nothing, nothing)
    assert gateway.envelope(scope, 500, "", "") == BROKEN["litestore"]


async def test_links_begin_with_the_public_address(shop: PaperShop) -> None:
    for options, origin in (
        ({}, "http://shop.test"),
        ({"public_url": "https://api.example.com/"}, "https://api.example.com"),
    ):
        response = await shop.client(**options).get("/api/products", headers=CARTINO)
        assert response.json()["links"]["first"] == f"{origin}/api/products?page=1"


def test_the_applications_routes_list_every_documented_path(shop: PaperShop) -> None:
    mounts = [route for route in shop.gateway().routes() if isinstance(route, Mount)]
    below = {
        mount.path: {route.path for route in mount.routes if isinstance(route, Route)}
        for mount in mounts
    }
    documented = {
        plain(base + route.path)
        for dialect in DIALECTS
        for base in dialect.bases
        for route in dialect.routes
        if base + route.path != "/v1"
    }
    assert {mount + path for mount, paths in below.items() for path in paths} == documented
    assert {"/api/v1/products/{id}", "/v1/product"} <= documented
