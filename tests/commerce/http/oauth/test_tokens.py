"""What programs get, and what they do not."""

import logging
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from commerce.http.logs import configure_logging
from commerce.http.oauth.endpoints import metadata_of
from commerce.integrations.rate_limits import memory_limiter
from commerce.oauth.kinds import GrantType
from commerce.runtime import Resources
from commerce.settings import Settings
from tests.support.oauth import CHALLENGE, VERIFIER, Program, oauth_shop, register
from tests.support.staff import PASSWORD, make_member, make_role
from tests.support.writers import table

OWN = {"grant_type": "client_credentials"}


@pytest.fixture
async def program(resources: Resources) -> AsyncIterator[Program]:
    async with oauth_shop(resources) as program:
        yield program


async def test_a_program_gets_a_token_for_itself(program: Program, uow: UnitOfWork) -> None:
    till = await register(uow)
    reply = await program.token(till, **OWN)
    body = reply.json()
    assert reply.status_code == 200
    assert {name: body[name] for name in body if name != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "products:read inventory:read",
    }
    assert reply.headers["cache-control"] == "no-store"
    assert await program.works(body["access_token"])
    assert body["access_token"] not in str(await table(uow, "oauth_tokens"))


async def test_a_secret_may_come_by_basic(program: Program, uow: UnitOfWork) -> None:
    till = await register(uow)
    proof = b64encode(f"{till.row.client_id}:{till.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {proof}"}
    reply = await program.client.post("/oauth/token", data=OWN, headers=headers)
    assert reply.status_code == 200


async def test_parameters_may_be_a_json_object(program: Program, uow: UnitOfWork) -> None:
    till = await register(uow)
    proof = {"client_id": till.row.client_id, "client_secret": till.secret}
    reply = await program.client.post("/oauth/token", json={**OWN, **proof, "scope": None})
    assert (reply.status_code, reply.json()["token_type"]) == (200, "Bearer")
    flawed: list[Any] = [[], "x", {**OWN, **proof, "scope": 7}, {**OWN, **proof, "scope": "a\0"}]
    for body in flawed:
        reply = await program.client.post("/oauth/token", json=body)
        assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")
    headers = {"Content-Type": "application/json"}
    reply = await program.client.post("/oauth/token", content=b"{", headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")


async def test_a_token_is_narrowed_to_what_was_asked(program: Program, uow: UnitOfWork) -> None:
    till = await register(uow)
    reply = await program.token(till, **OWN, scope="products:read")
    assert reply.json()["scope"] == "products:read"
    assert not await program.works(reply.json()["access_token"])


async def test_the_code_flow_ends_in_tokens(program: Program, uow: UnitOfWork) -> None:
    await make_member(uow)
    till = await register(uow, is_public=True)
    tokens = await program.tokens(till)
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert await program.works(tokens["access_token"])
    refreshed = (await program.refresh(till, tokens["refresh_token"])).json()
    assert set(refreshed) == set(tokens)
    assert await program.works(refreshed["access_token"])
    assert refreshed["refresh_token"] != tokens["refresh_token"]


async def test_a_refresh_token_used_twice_ends_everything(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    till = await register(uow)
    tokens = await program.tokens(till)
    fresh = (await program.refresh(till, tokens["refresh_token"])).json()
    again = await program.refresh(till, tokens["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await program.refresh(till, fresh["refresh_token"])).status_code == 400
    assert not await program.works(fresh["access_token"])


async def test_a_code_used_twice_takes_back_what_it_gave(program: Program, uow: UnitOfWork) -> None:
    await make_member(uow)
    till = await register(uow)
    code = await program.code(till)
    given = (await program.redeem(till, code)).json()
    again = await program.redeem(till, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert not await program.works(given["access_token"])
    assert (await program.refresh(till, given["refresh_token"])).status_code == 400


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": 'pass"word'}, 400, "invalid_request"),
        ({**OWN, "client_secret": "wrong"}, 401, "invalid_client"),
        ({**OWN, "client_secret": ""}, 401, "invalid_client"),
        ({**OWN, "client_id": "client_unknown"}, 400, "invalid_client"),
        ({**OWN, "client_id": "\x00"}, 400, "invalid_request"),
        ({**OWN, "scope": "admin:all"}, 400, "invalid_scope"),
        ({**OWN, "scope": "  "}, 400, "invalid_scope"),
        ({**OWN, "scope": "write_api_keys"}, 400, "invalid_scope"),
        ({**OWN, "scope": "x" * 3000}, 400, "invalid_request"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "nonsense"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "ort_x"}, 400, "invalid_grant"),
    ],
)
async def test_errors_are_those_of_the_rfc(
    program: Program, uow: UnitOfWork, sent: dict[str, str], status: int, error: str
) -> None:
    reply = await program.token(await register(uow), **sent)
    assert (reply.status_code, reply.json()["error"]) == (status, error)
    assert reply.headers["cache-control"] == "no-store"
    assert (status == 401) is ("www-authenticate" in reply.headers)
    assert await table(uow, "oauth_tokens") == []


@pytest.mark.parametrize(
    "body", [b"grant_type=a&grant_type=b", b"\xff\xfe=1", b"a=%ff", b"&".join([b"a=1"] * 51)]
)
async def test_a_body_that_is_no_form_is_refused(program: Program, body: bytes) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = await program.client.post("/oauth/token", content=body, headers=form)
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")
    plain = {"Content-Type": "text/plain"}
    other = await program.client.post("/oauth/token", content=b"grant_type=a", headers=plain)
    assert (other.status_code, other.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "header", ["Basic !!!", "Basic /w==", "Basic", "Bearer x", "Basic A", "Basic AGE6YgA="]
)
async def test_a_proof_that_is_none_is_refused(program: Program, header: str) -> None:
    reply = await program.client.post("/oauth/token", data=OWN, headers={"Authorization": header})
    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


async def test_a_program_gets_tokens_its_own_way_alone(program: Program, uow: UnitOfWork) -> None:
    await make_member(uow)
    by_code = await register(uow, grants=frozenset({GrantType.AUTHORIZATION_CODE}))
    refused = await program.token(by_code, **OWN)
    assert (refused.status_code, refused.json()["error"]) == (400, "unauthorized_client")
    tokens = await program.tokens(by_code)
    assert "refresh_token" not in tokens


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "https://app.example/other"},
        {"redirect_uri": ""},
    ],
)
async def test_a_code_is_bound_to_verifier_and_address(
    program: Program, uow: UnitOfWork, changed: dict[str, str]
) -> None:
    await make_member(uow)
    till = await register(uow)
    code = await program.code(till)
    refused = await program.redeem(till, code, **changed)
    assert refused.status_code == 400
    assert refused.json()["error"] in ("invalid_grant", "invalid_request")
    assert (await program.redeem(till, code)).status_code == 200


async def test_codes_and_tokens_are_bound_to_their_client(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    till, thief = await register(uow), await register(uow)
    code = await program.code(till)
    assert (await program.redeem(thief, code)).json()["error"] == "invalid_grant"
    tokens = (await program.redeem(till, code)).json()
    stolen = await program.refresh(thief, tokens["refresh_token"])
    assert stolen.json()["error"] == "invalid_grant"
    for token in tokens["access_token"], tokens["refresh_token"]:
        assert (await program.revoke(thief, token=token)).status_code == 400
    assert await program.works(tokens["access_token"])
    assert (await program.refresh(till, tokens["refresh_token"])).status_code == 200


async def test_a_code_is_good_for_a_minute(resources: Resources, uow: UnitOfWork) -> None:
    await make_member(uow)
    till, late = await register(uow), [timedelta(0)]
    async with oauth_shop(resources, lambda: system_clock() + late[0]) as program:
        code = await program.code(till)
        late[0] = timedelta(seconds=61)
        reply = await program.redeem(till, code)
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_grant")


async def test_access_tokens_end_after_an_hour_and_refresh_tokens_unused_after_a_month(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    till = await register(uow)
    tokens = await program.tokens(till)
    await uow.change(text("UPDATE oauth_tokens SET expires_at = now() - interval '1 second'"))
    assert not await program.works(tokens["access_token"])
    await uow.change(text("UPDATE oauth_grants SET refresh_expires_at = now() - interval '1 s'"))
    assert (await program.refresh(till, tokens["refresh_token"])).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_members SET active = false",
        "UPDATE staff_members SET role_id = (SELECT id FROM roles WHERE name = 'Nothing')",
        "UPDATE oauth_clients SET scopes = '{products:read}'",
        "DELETE FROM oauth_clients",
        "DELETE FROM staff_members",
    ],
)
async def test_a_token_is_worth_what_client_and_staff_may_have_now(
    program: Program, uow: UnitOfWork, change: str
) -> None:
    await make_member(uow)
    await make_role(uow, "Nothing")
    tokens = await program.tokens(await register(uow))
    await uow.change(text(change))
    assert not await program.works(tokens["access_token"])


async def test_nobody_lets_a_program_do_more_than_they_may(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow, role=await make_role(uow, "Catalogue", Scope.READ_PRODUCTS))
    tokens = await program.tokens(await register(uow))
    assert await program.works(tokens["access_token"], "{ products { nodes { status } } }")
    assert not await program.works(tokens["access_token"])


async def test_scopes_a_client_has_lost_do_not_come_back_by_refreshing(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    till = await register(uow)
    tokens = await program.tokens(till, scope="inventory:read")
    await uow.change(text("UPDATE oauth_clients SET scopes = '{products:read}'"))
    refused = await program.refresh(till, tokens["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


async def test_refreshing_can_narrow_and_never_widen(program: Program, uow: UnitOfWork) -> None:
    await make_member(uow)
    till = await register(uow)
    tokens = await program.tokens(till, scope="inventory:read")
    wider = await program.refresh(till, tokens["refresh_token"], scope="products:read")
    assert wider.json()["error"] == "invalid_scope"
    assert (await program.refresh(till, tokens["refresh_token"])).status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_what_is_revoked_is_worth_nothing(
    program: Program, uow: UnitOfWork, which: str
) -> None:
    await make_member(uow)
    till = await register(uow)
    tokens = await program.tokens(till)
    for _ in range(2):
        reply = await program.revoke(till, token=tokens[which])
        assert (reply.status_code, reply.json()) == (200, {})
    assert not await program.works(tokens["access_token"])
    again = await program.refresh(till, tokens["refresh_token"])
    assert again.status_code == (400 if which == "refresh_token" else 200)


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"token": "x", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"token": "x", "token_type_hint": "cookie"}, 401, "unsupported_token_type"),
        ({"token": "unknown"}, 200, None),
    ],
)
async def test_revocation_answers_as_the_rfc_says(
    program: Program, uow: UnitOfWork, sent: dict[str, str], status: int, error: str | None
) -> None:
    reply = await program.revoke(await register(uow), **sent)
    assert (reply.status_code, reply.json().get("error")) == (status, error)


async def test_the_metadata_name_what_is_there(program: Program) -> None:
    found: dict[str, Any] = (
        await program.client.get("/.well-known/oauth-authorization-server")
    ).json()
    assert found["issuer"] == "http://store.test"
    assert found["token_endpoint"] == "http://store.test/oauth/token"
    assert found["code_challenge_methods_supported"] == ["S256"]
    AuthorizationServerMetadata(metadata_of("https://store.example")).validate()
    assert "write_api_keys" not in found["scopes_supported"]


async def test_without_the_setting_there_is_no_oauth(resources: Resources, client: Any) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/authorize"):
        assert (await client.post(path)).status_code == 404
    assert (await client.get("/.well-known/oauth-authorization-server")).status_code == 404


async def test_no_log_tells_a_secret(
    program: Program, uow: UnitOfWork, capfd: pytest.CaptureFixture[str]
) -> None:
    await make_member(uow)
    till = await register(uow)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(Settings(log_format="json", log_level="debug"))
    try:
        code = await program.code(till)
        tokens = (await program.redeem(till, code)).json()
        await program.redeem(till, "oac_wrong", client_secret="a wrong secret")
        await program.works(tokens["access_token"])
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)
    told = "".join(capfd.readouterr())
    assert "/oauth/token" in told
    secrets = (till.secret, code, tokens["access_token"], tokens["refresh_token"], PASSWORD)
    for secret in (*secrets, "a wrong secret", VERIFIER, CHALLENGE, "s+%26+t"):
        assert str(secret) not in told


async def test_the_audit_log_names_the_client(program: Program, uow: UnitOfWork) -> None:
    await make_member(uow)
    till = await register(uow)
    tokens = await program.tokens(till)
    await program.revoke(till, token=tokens["refresh_token"])
    noted = await uow.rows(
        text(
            "SELECT actor, action, operation FROM audit_log"
            " WHERE target_kind = 'OAuthGrant' ORDER BY id"
        )
    )
    name = f"oauth_client:{till.row.id}"
    assert [tuple(row) for row in noted] == [
        (name, "oauthToken", "created"),
        (name, "oauthRevoke", "updated"),
    ]


async def test_a_token_is_good_for_rest_and_for_its_dialect_alone(
    program: Program, uow: UnitOfWork
) -> None:
    till = await register(uow, dialect="cartino")
    token = (await program.token(till, **OWN)).json()["access_token"]
    for path, named, status in (
        ("/api/v1/products", {}, 200),
        ("/api/products", {}, 200),
        ("/api/products", {"X-Api-Dialect": "litestore"}, 401),
    ):
        headers = {"Authorization": f"Bearer {token}", **named}
        assert (await program.client.get(path, headers=headers)).status_code == status


async def test_clients_that_guess_their_secret_are_stopped(
    resources: Resources, uow: UnitOfWork
) -> None:
    till = await register(uow)
    limiter = memory_limiter(system_clock)
    limited = replace(resources, ports=replace(resources.ports, limiter=limiter))
    async with oauth_shop(limited) as program:
        wrong = [await program.token(till, **OWN, client_secret="wrong") for _ in range(20)]
        assert {reply.status_code for reply in wrong} == {401}
        stopped = await program.token(till, **OWN)
        assert stopped.status_code == 429
        assert stopped.json()["error"] == "temporarily_unavailable"
        assert int(stopped.headers["retry-after"]) > 0
