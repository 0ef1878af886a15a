"""Customers of Cartino's API: signing in, and seeing what is their own and nothing else."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.identity.passwords import Passwords
from tests.rest.conftest import MakeKey
from tests.support.accounts import Post, link_in, post_of
from tests.support.customers import make_address, make_customer

PASSWORD = "correct horse battery"
ADA = "ada@shop.test"
CUSTOMER = {
    "id",
    "email",
    "first_name",
    "last_name",
    "full_name",
    "phone",
    "orders_count",
    "total_spent",
    "last_order_at",
    "accepts_marketing",
    "accepts_sms",
    "date_of_birth",
    "gender",
    "company_name",
    "vat_number",
    "tax_code",
    "locale",
    "created_at",
    "updated_at",
}


@pytest.fixture
async def ada(uow: UnitOfWork) -> Any:
    return await make_customer(
        uow,
        ADA,
        first_name="Ada",
        last_name="Lovelace",
        email_verified_at=system_clock(),
        password_hash=await Passwords().hash(PASSWORD),
    )


@pytest.fixture
async def post(open_unit: OpenUnit) -> AsyncIterator[Post]:
    async with post_of(open_unit) as post:
        yield post


async def login(client: httpx.AsyncClient, email: str = ADA, password: str = PASSWORD) -> Any:
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password})


async def token_of(client: httpx.AsyncClient, email: str = ADA) -> dict[str, str]:
    answer = await login(client, email)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_a_customer_signs_in_as_documented(client: httpx.AsyncClient, ada: Any) -> None:
    answer = await login(client)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    body = answer.json()
    assert body.pop("access_token").count(".") == 2
    assert body == {
        "token_type": "Bearer",
        "expires_in": 30 * 24 * 3600,
        "customer": {"id": ada.id, "email": ADA, "full_name": "Ada Lovelace"},
    }


@pytest.mark.parametrize(
    ("email", "password"), [(ADA, "wrong password"), ("nobody@shop.test", PASSWORD)]
)
async def test_wrong_passwords_and_unknown_addresses_read_alike(
    client: httpx.AsyncClient, ada: Any, email: str, password: str
) -> None:
    answer = await login(client, email, password)
    assert answer.status_code == 401
    assert answer.json() == {"message": "The e-mail address or the password is wrong."}


async def test_what_is_missing_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", json={"email": ADA})
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "message": "The given data was invalid.",
            "errors": {"password": ["The password field is required."]},
        },
    )


async def test_a_bad_credential_is_refused_where_none_is_needed(
    client: httpx.AsyncClient, ada: Any
) -> None:
    sent = {"email": ADA, "password": PASSWORD}
    bad = {"Authorization": "Bearer sk_live_bad"}
    assert (await client.post("/api/auth/login", json=sent, headers=bad)).status_code == 401
    basic = {"Authorization": "Digest x"}
    assert (await client.post("/api/v1/auth/login", json=sent, headers=basic)).status_code == 200


async def test_a_customer_reads_and_changes_who_they_are(
    client: httpx.AsyncClient, ada: Any
) -> None:
    headers = await token_of(client)
    shown = (await client.get("/api/v1/customers/me", headers=headers)).json()["data"]
    assert set(shown) == CUSTOMER
    assert (shown["id"], shown["orders_count"], shown["total_spent"]) == (ada.id, 0, 0)
    change = {
        "first_name": "Augusta",
        "company_name": "Engines Ltd",
        "date_of_birth": "1990-12-10",
        "phone": "+442079460000",
    }
    answer = await client.put("/api/v1/customers/me", json=change, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"] == shown | change | {
        "full_name": "Augusta Lovelace",
        "updated_at": answer.json()["data"]["updated_at"],
    }
    again = await client.put("/api/v1/customers/me", json=change, headers=headers)
    assert again.json()["data"]["first_name"] == "Augusta"
    flawed = await client.put("/api/customers/me", json={"phone": "12"}, headers=headers)
    assert (flawed.status_code, set(flawed.json()["errors"])) == (422, {"phone"})


@pytest.mark.parametrize("field", ["accepts_marketing", "accepts_sms"])
async def test_a_customer_says_whether_they_want_to_be_written_to(
    client: httpx.AsyncClient, ada: Any, field: str
) -> None:
    headers = await token_of(client)
    for wanted in (True, True, False):
        change = {field: wanted, "first_name": "Augusta"}
        answer = await client.put("/api/v1/customers/me", json=change, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"] | change == answer.json()["data"]
        shown = await client.get("/api/v1/customers/me", headers=headers)
        assert shown.json()["data"][field] is wanted


async def test_addresses_are_added_and_listed_page_by_page(
    client: httpx.AsyncClient, ada: Any
) -> None:
    headers = await token_of(client)
    given = {
        "type": "billing",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "address_line_1": "12 St James's Square",
        "city": "London",
        "postal_code": "SW1Y 4JH",
        "country": "gb",
        "is_default": True,
    }
    added = await client.post("/api/v1/customers/me/addresses", json=given, headers=headers)
    assert added.status_code == 201, added.text
    shown = added.json()["data"]
    # The first address is the default of both kinds.
    both = given | {"country": "GB", "type": "shipping"}
    assert {name: shown[name] for name in given} == both
    second = {**given, "is_default": False, "type": "shipping", "city": "Leeds"}
    await client.post("/api/v1/customers/me/addresses", json=second, headers=headers)
    pages = [
        (
            await client.get(
                f"/api/v1/customers/me/addresses?per_page=1&page={page}", headers=headers
            )
        ).json()
        for page in (1, 2)
    ]
    assert {page["data"][0]["city"] for page in pages} == {"London", "Leeds"}
    assert [page["meta"]["total"] for page in pages] == [2, 2]
    flawed = await client.post(
        "/api/v1/customers/me/addresses", json={**given, "country": "XX"}, headers=headers
    )
    assert (flawed.status_code, set(flawed.json()["errors"])) == (422, {"country"})


async def test_an_address_is_added_once_under_one_key(client: httpx.AsyncClient, ada: Any) -> None:
    headers = {**await token_of(client), "Idempotency-Key": "once"}
    given = {
        "address_line_1": "1 High St",
        "city": "Leeds",
        "country": "GB",
        "postal_code": "LS1 4DY",
    }
    answers = [
        await client.post("/api/v1/customers/me/addresses", json=given, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert answers[0].json() == answers[1].json()
    listed = await client.get("/api/v1/customers/me/addresses", headers=headers)
    assert listed.json()["meta"]["total"] == 1


async def test_nobody_sees_what_is_anothers(
    client: httpx.AsyncClient, uow: UnitOfWork, ada: Any, make_key: MakeKey
) -> None:
    other = await make_customer(uow, "eve@shop.test", first_name="Eve")
    await make_address(uow, other, city="Paris")
    headers = await token_of(client)
    listed = await client.get("/api/v1/customers/me/addresses", headers=headers)
    assert listed.json()["data"] == []
    key = {"Authorization": f"Bearer {await make_key('cartino')}"}
    assert (await client.get("/api/v1/customers/me", headers=key)).status_code == 403
    assert (await client.get("/api/v1/customers/me")).status_code == 401
    graphql = await client.post(
        "/api/graphql",
        json={"query": "{ me { email } customers { nodes { email } } }"},
        headers=headers,
    )
    assert graphql.status_code == 403
    mine = await client.post("/api/graphql", json={"query": "{ me { email } }"}, headers=headers)
    assert mine.json()["data"] == {"me": {"email": ADA}}


async def test_signing_out_ends_the_token(client: httpx.AsyncClient, ada: Any) -> None:
    headers, kept = await token_of(client), await token_of(client)
    answer = await client.post("/api/v1/auth/logout", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"message": "Logged out successfully"})
    assert (await client.get("/api/v1/customers/me", headers=kept)).status_code == 200
    sessions = "{ sessions { totalCount { count } } }"
    left = await client.post("/api/graphql", json={"query": sessions}, headers=kept)
    assert left.json()["data"]["sessions"]["totalCount"]["count"] == 1


async def test_an_account_opens_by_the_link_in_its_mail(
    client: httpx.AsyncClient, post: Post
) -> None:
    given = {
        "email": "new@shop.test",
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "first_name": "Grace",
        "accepts_marketing": True,
    }
    differing = {**given, "password_confirmation": "something else"}
    refused = await client.post("/api/v1/customers/register", json=differing)
    assert refused.json()["errors"] == {"password": ["The password confirmation does not match."]}
    for _ in range(2):  # whoever asks again is told the same
        answer = await client.post("/api/v1/customers/register", json=given)
        assert (answer.status_code, set(answer.json())) == (201, {"message"})
    assert (await login(client, "new@shop.test")).status_code == 401
    _, token = link_in((await post.letters())[-1])
    verify = "mutation ($t: String!) { customerVerify(input: {token: $t}) { userErrors { code } } }"
    await client.post("/graphql", json={"query": verify, "variables": {"t": token}})
    assert (await login(client, "new@shop.test")).json()["customer"]["full_name"] == "Grace"
