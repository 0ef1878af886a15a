"""The gateway inside the whole application."""

from base64 import b64encode

import httpx
import pytest

from tests.rest.conftest import MakeKey


async def test_no_key_is_written_to_the_log(
    client: httpx.AsyncClient, make_key: MakeKey, capfd: pytest.CaptureFixture[str]
) -> None:
    cartino, shopkit = await make_key("cartino"), await make_key("shopkit")
    basic = b64encode(f"{cartino}:password".encode()).decode()
    answers = [
        await client.get("/api/products", headers={"Authorization": f"Basic {basic}"}),
        await client.get("/api/products", headers={"Authorization": f"Bearer {cartino}"}),
        await client.get(f"/v1/product?X-API-KEY={shopkit}"),
        await client.get(f"/v1/product/7?x=1&X-API-KEY={shopkit}"),
        await client.get(f"/v1/nothing?X-API-KEY={shopkit}"),
        await client.get(f"/api/products?X-API-KEY={shopkit}"),
        await client.get("/v1/product", headers={"X-API-KEY": shopkit}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 404, 401, 200]
    written = "".join(capfd.readouterr())
    assert written.count("request ") >= len(answers)
    for secret in (cartino, shopkit, basic):
        assert secret not in written
        assert not any(secret in answer.text for answer in answers)


async def test_the_log_names_operation_and_documented_path(
    client: httpx.AsyncClient, make_key: MakeKey, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {"Authorization": f"Bearer {await make_key('cartino')}"}
    await client.get("/api/v1/products/77", headers=headers)
    written = "".join(capfd.readouterr())
    assert "operation=CartinoProduct" in written
    assert "route=/api/v1/products/{id}" in written


async def test_every_answer_has_a_request_id_and_the_servers_headers(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/v1/product", "/api/products", "/api/nothing"):
        answer = await client.get(path, headers={"X-Request-Id": "mine-1"})
        assert answer.headers["X-Request-Id"] == "mine-1"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        ("/v1/product", {}, {"message": "Bad request."}),
        ("/api/v1/products", {}, {"message": "The body may have at most 131072 bytes."}),
    ],
)
async def test_a_body_that_is_too_large_is_refused_in_the_callers_envelope(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], body: dict[str, str]
) -> None:
    answer = await client.post(path, content=b"x" * 200_000, headers=headers)
    assert (answer.status_code, answer.json()) == (413, body)


async def test_graphql_and_pages_are_not_the_gateways(client: httpx.AsyncClient) -> None:
    for path in ("/", "/livez", "/graphql?query={__typename}"):
        assert "X-Api-Dialect" not in (await client.get(path)).headers
