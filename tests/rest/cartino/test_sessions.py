"""Browsers that sign in to Cartino's API: a cookie, and a token beside what changes something."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.identity.models import Session
from commerce.identity.passwords import Passwords
from tests.support.customers import make_customer

PASSWORD = "correct horse battery"
ADA = "ada@shop.test"
PROOF = {"email": ADA, "password": PASSWORD}
ME = "/api/v1/customers/me"


@pytest.fixture
async def ada(uow: UnitOfWork) -> Any:
    return await make_customer(
        uow,
        ADA,
        first_name="Ada",
        email_verified_at=system_clock(),
        password_hash=await Passwords().hash(PASSWORD),
    )


async def token(client: httpx.AsyncClient) -> dict[str, str]:
    answer = await client.get("/sanctum/csrf-cookie")
    assert (answer.status_code, answer.content) == (204, b"")
    return {"X-CSRF-TOKEN": client.cookies["XSRF-TOKEN"]}


async def sign_in(client: httpx.AsyncClient) -> dict[str, str]:
    """What a page sends beside its cookie from then on."""
    answer = await client.post("/login", json=PROOF, headers=await token(client))
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return {"X-CSRF-TOKEN": client.cookies["XSRF-TOKEN"]}


async def test_a_browser_signs_in_and_is_somebody(client: httpx.AsyncClient, ada: Any) -> None:
    headers = await sign_in(client)
    shown = await client.get(ME)
    assert (shown.status_code, shown.json()["data"]["id"]) == (200, ada.id)
    changed = await client.put(ME, json={"first_name": "Augusta"}, headers=headers)
    assert changed.json()["data"]["first_name"] == "Augusta"
    unversioned = await client.get("/api/customers/me")
    assert unversioned.headers["X-Api-Dialect"] == "cartino"
    graphql = await client.post("/api/graphql", json={"query": "{ me { email } }"}, headers=headers)
    assert graphql.json()["data"] == {"me": {"email": ADA}}


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    client: httpx.AsyncClient, ada: Any
) -> None:
    answer = await client.post("/login", data=PROOF, headers=await token(client))
    session, beside = answer.headers.get_list("set-cookie")
    assert session.startswith("cartino_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"} <= set(session.split("; "))
    assert beside.startswith("XSRF-TOKEN=")
    assert "HttpOnly" not in beside
    assert answer.headers["Cache-Control"] == "no-store"
    client.base_url = httpx.URL("https://store.test")
    answer = await client.get("/sanctum/csrf-cookie")
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("name", ["X-CSRF-TOKEN", "X-XSRF-TOKEN"])
async def test_either_header_proves_it(client: httpx.AsyncClient, ada: Any, name: str) -> None:
    sent = {name: (await token(client))["X-CSRF-TOKEN"]}
    assert (await client.post("/login", json=PROOF, headers=sent)).status_code == 204
    sent = {name: client.cookies["XSRF-TOKEN"]}
    assert (await client.put(ME, json={}, headers=sent)).status_code == 200


async def test_what_a_foreign_page_can_send_changes_nothing(
    client: httpx.AsyncClient, ada: Any
) -> None:
    stale = await token(client)
    headers = await sign_in(client)
    change = {"first_name": "Mallory"}
    for forged in ({}, {"X-CSRF-TOKEN": "x"}, stale, {"X-CSRF-TOKEN": ""}):
        answer = await client.put(ME, json=change, headers=forged)
        assert answer.status_code == 403
        assert answer.json() == {"message": "This action is unauthorized."}
    mutation = {"query": "mutation { sessionRevoke(input: {}) { userErrors { code } } }"}
    assert (await client.post("/api/graphql", json=mutation)).status_code == 403
    assert (await client.get(ME)).json()["data"]["first_name"] == "Ada"
    assert (await client.put(ME, json=change, headers=headers)).status_code == 200


async def test_nobody_is_signed_in_without_the_token_of_their_own_browser(
    client: httpx.AsyncClient, ada: Any
) -> None:
    assert (await client.post("/login", json=PROOF)).status_code == 403
    own = await token(client)
    client.cookies.clear()
    assert (await client.post("/login", json=PROOF, headers=own)).status_code == 403
    planted = {"X-CSRF-TOKEN": "planted.by-somebody", "Cookie": "XSRF-TOKEN=planted.by-somebody"}
    assert (await client.post("/login", json=PROOF, headers=planted)).status_code == 403


@pytest.mark.parametrize(
    ("sent", "status", "named"),
    [
        ({"email": ADA, "password": "wrong password"}, 401, set()),
        ({"email": "nobody@shop.test", "password": PASSWORD}, 401, set()),
        ({"email": ADA}, 422, {"password"}),
        ({"email": 7, "password": PASSWORD}, 422, {"email"}),
        ([], 422, {"email", "password"}),
        ({**PROOF, "audience": "king"}, 422, {"audience"}),
        ({**PROOF, "audience": "staff"}, 401, set()),
    ],
)
async def test_what_cannot_sign_in_is_told_why(
    client: httpx.AsyncClient, ada: Any, sent: Any, status: int, named: set[str]
) -> None:
    answer = await client.post("/login", json=sent, headers=await token(client))
    assert answer.status_code == status
    assert set(answer.json().get("errors", {})) == named
    assert "cartino_session" not in client.cookies
    assert (
        await client.post("/login", content=b"{", headers=await token(client))
    ).status_code == 422


async def test_signing_out_ends_what_the_cookie_opens(
    client: httpx.AsyncClient, uow: UnitOfWork, ada: Any
) -> None:
    headers = await sign_in(client)
    assert len(await uow.rows(select(col(Session.id)))) == 1
    assert (await client.post("/api/v1/auth/logout", headers=headers)).status_code == 200
    assert await uow.rows(select(col(Session.id))) == []


async def test_a_page_that_is_loaded_again_gets_the_token_of_its_session(
    client: httpx.AsyncClient, ada: Any
) -> None:
    headers = await sign_in(client)
    assert await token(client) == headers
    assert (await client.post("/login", json=PROOF, headers=headers)).status_code == 204
