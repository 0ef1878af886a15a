from datetime import timedelta
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.rules.key_terms import KeyTerms
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey
from tests.conftest import Ask
from tests.support.mutations import CLERK, OWNER, done
from tests.support.writers import table

CREATE = """
mutation ($input: OAuthClientCreateInput!) { oauthClientCreate(input: $input) {
  oauthClient { id clientId name scopes grants redirectUris isPublic dialect ownerId }
  secret userErrors { code path }
} }
"""
UPDATE = """
mutation ($input: OAuthClientUpdateInput!) { oauthClientUpdate(input: $input) {
  oauthClient { name scopes grants redirectUris } userErrors { code path }
} }
"""
ROTATE = """
mutation ($input: OAuthClientRotateInput!) { oauthClientRotate(input: $input) {
  secret userErrors { code path }
} }
"""
DELETE = """
mutation ($input: OAuthClientDeleteInput!) { oauthClientDelete(input: $input) {
  oauthClient { name } userErrors { code path }
} }
"""
LIST = "{ oauthClients(first: 2) { nodes { name } totalCount { count } } }"


async def create(ask: Ask, viewer: Viewer = OWNER, **values: Any) -> Any:
    given = {
        "name": "Till",
        "scopes": ["inventory:read"],
        "grants": ["AUTHORIZATION_CODE"],
        "redirectUris": ["https://app.example/back"],
    }
    return await done(ask, CREATE, viewer, **{**given, **values})


async def test_a_client_is_registered_and_its_secret_shown_once(ask: Ask, uow: UnitOfWork) -> None:
    made = await create(ask, CLERK, dialect="CARTINO")
    client = made["oauthClient"]
    assert made["userErrors"] == []
    assert {name: client[name] for name in client if name not in ("id", "clientId")} == {
        "name": "Till",
        "scopes": ["inventory:read"],
        "grants": ["AUTHORIZATION_CODE"],
        "redirectUris": ["https://app.example/back"],
        "isPublic": False,
        "dialect": "CARTINO",
        "ownerId": None,
    }
    assert client["clientId"].startswith("client_")
    assert made["secret"] not in str(await table(uow, "oauth_clients"))


async def test_a_public_client_has_no_secret(ask: Ask) -> None:
    made = await create(ask, isPublic=True)
    assert (made["secret"], made["userErrors"]) == (None, [])
    refused = await done(ask, ROTATE, OWNER, id=made["oauthClient"]["id"])
    assert refused["userErrors"] == [{"code": "NOT_FOUND", "path": ["id"]}]


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"name": ""}, "INVALID", ["name"]),
        ({"scopes": []}, "INVALID", ["scopes"]),
        ({"scopes": ["inventory:read", "nonsense"]}, "INVALID", ["scopes", "1"]),
        ({"scopes": ["write_api_keys"]}, "INVALID", ["scopes", "0"]),
        ({"scopes": ["products:read"]}, "SCOPE_NOT_HELD", ["scopes"]),
        ({"scopes": ["admin:all"]}, "SCOPE_NOT_HELD", ["scopes"]),
        ({"grants": []}, "INVALID", ["grants"]),
        ({"grants": ["REFRESH_TOKEN"]}, "INVALID", ["grants"]),
        ({"grants": ["CLIENT_CREDENTIALS"], "isPublic": True}, "INVALID", ["grants"]),
        ({"redirectUris": []}, "INVALID", ["redirectUris"]),
        ({"redirectUris": ["https://a.example"] * 11}, "INVALID", ["redirectUris"]),
        *(
            ({"redirectUris": [uri]}, "INVALID", ["redirectUris", "0"])
            for uri in (
                "http://app.example/",
                "https://",
                "/back",
                "javascript:alert(1)",
                "data:text/html,x",
                "https://app.example/#x",
                "https://*.example/",
                "https://a.example/; script-src *",
                "https://me@app.example/",
                "https://app.example/\n",
                "https://äpp.example/",
                "https://[::1/",
                "https://app.example/" + "x" * 500,
            )
        ),
    ],
)
async def test_no_client_is_registered_for_impossible_terms(
    ask: Ask, uow: UnitOfWork, values: dict[str, Any], code: str, path: list[str]
) -> None:
    refused = await create(ask, CLERK, **values)
    assert refused["userErrors"] == [{"code": code, "path": path}]
    assert await table(uow, "oauth_clients") == []


@pytest.mark.parametrize(
    "uri", ["https://app.example/?a=1", "http://127.0.0.1:8080/cb", "com.app.example:/cb"]
)
async def test_addresses_of_sites_of_this_machine_and_of_apps_are_taken(ask: Ask, uri: str) -> None:
    assert (await create(ask, redirectUris=[uri]))["userErrors"] == []


async def test_only_the_given_parts_change(ask: Ask) -> None:
    id_ = (await create(ask))["oauthClient"]["id"]
    changed = await done(ask, UPDATE, OWNER, id=id_, name="Desk", scopes=["read_stock"])
    assert changed == {
        "oauthClient": {
            "name": "Desk",
            "scopes": ["read_stock"],
            "grants": ["AUTHORIZATION_CODE"],
            "redirectUris": ["https://app.example/back"],
        },
        "userErrors": [],
    }


async def test_nobody_changes_a_client_that_may_be_granted_more(ask: Ask, uow: UnitOfWork) -> None:
    id_ = (await create(ask, scopes=["admin:all"]))["oauthClient"]["id"]
    before = await table(uow, "oauth_clients")
    for query, values in ((UPDATE, {"name": "mine"}), (ROTATE, {}), (DELETE, {})):
        refused = await done(ask, query, CLERK, id=id_, **values)
        assert refused["userErrors"] == [{"code": "SCOPE_NOT_HELD", "path": ["id"]}]
    assert await table(uow, "oauth_clients") == before


async def test_a_new_secret_and_deletion(ask: Ask, uow: UnitOfWork) -> None:
    made = await create(ask)
    id_ = made["oauthClient"]["id"]
    assert (await done(ask, ROTATE, OWNER, id=id_))["secret"] != made["secret"]
    assert (await done(ask, DELETE, OWNER, id=id_))["oauthClient"] == {"name": "Till"}
    assert await table(uow, "oauth_clients") == []
    again = await done(ask, DELETE, OWNER, id=id_)
    assert again["userErrors"] == [{"code": "NOT_FOUND", "path": ["id"]}]


@pytest.mark.parametrize("clients", [2, 5])
async def test_a_page_of_clients_costs_two_statements(
    ask: Ask, statements: list[str], clients: int
) -> None:
    for place in range(clients):
        await create(ask, name=f"client {place}")
    statements.clear()
    found = (await ask(LIST))["data"]["oauthClients"]
    assert [one["name"] for one in found["nodes"]] == [
        f"client {clients - 1}",
        f"client {clients - 2}",
    ]
    assert len(statements) == 2


async def test_a_client_is_refetched_by_those_alone_who_may_see_keys(ask: Ask) -> None:
    id_ = (await create(ask))["oauthClient"]["id"]
    query = "query ($id: ID!) { node(id: $id) { ... on OAuthClient { name } } }"
    assert (await ask(query, {"id": id_}))["data"]["node"] == {"name": "Till"}
    stranger = Viewer(ViewerKind.STAFF, None, frozenset({Scope.READ_STOCK}))
    assert (await ask(query, {"id": id_}, viewer=stranger))["data"]["node"] is None
    assert (await ask(query, {"id": global_id("OAuthClient", 9)}))["data"]["node"] is None


async def test_a_key_with_limits_makes_and_takes_no_client(ask: Ask, uow: UnitOfWork) -> None:
    id_ = (await create(ask))["oauthClient"]["id"]
    service = ApiKeyService(ApiKeyRepository(uow), system_clock)
    scopes = frozenset({Scope.WRITE_API_KEYS, Scope.READ_STOCK})
    before = await table(uow, "oauth_clients")
    for limits in (
        {"expires_at": system_clock() + timedelta(days=1)},
        {"allowed_ips": ("10.0.0.0/8",)},
        {"dialect": "cartino"},
    ):
        issued = await service.issue(KeyTerms("narrow", scopes, **limits))
        assert isinstance(issued, IssuedKey)
        caller = Viewer(ViewerKind.API_KEY, issued.row.id, scopes)
        for refused in (
            await create(ask, caller),
            await done(ask, UPDATE, caller, id=id_, name="mine"),
            await done(ask, ROTATE, caller, id=id_),
            await done(ask, DELETE, caller, id=id_),
        ):
            assert refused["userErrors"] == [{"code": "INVALID", "path": None}]
    assert await table(uow, "oauth_clients") == before
