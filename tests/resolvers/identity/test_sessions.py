"""Signing in, being known, and signing out, over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer, ViewerKind
from commerce.identity.problems import InvalidToken
from commerce.identity.service.sessions import SessionService
from commerce.staff.kinds import BuiltInRole
from commerce.staff.rules.roles import SUPPORT
from commerce.wiring import Services
from tests.conftest import Ask
from tests.support.services import PORTS
from tests.support.staff import PASSWORD, make_member, open_session, viewer_of

SIGN_IN = """mutation ($input: SessionCreateInput!) { done: sessionCreate(input: $input) {
  session { accessToken refreshToken accessExpiresAt } userErrors { code message path } } }"""
REVOKE = """mutation ($input: SessionRevokeInput!) { done: sessionRevoke(input: $input) {
  userErrors { code path } } }"""
SESSIONS = "{ sessions { nodes { id device isCurrent } totalCount { count } } }"
WHO = "{ viewer { kind scopes staffMember { email role { name scopes } } } }"
WRONG = [
    {
        "code": "INVALID_CREDENTIALS",
        "message": "The e-mail address or the password is wrong.",
        "path": None,
    }
]


async def post(
    client: httpx.AsyncClient, query: str, token: str | None = None, **input_: Any
) -> dict[str, Any]:
    headers = {"User-Agent": "a test/1.0"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    body = {"query": query, "variables": {"input": input_} if input_ else {}}
    return dict((await client.post("/graphql", json=body, headers=headers)).json())


async def sign_in(client: httpx.AsyncClient, **input_: Any) -> dict[str, Any]:
    given = {"email": "ada@shop.example", "password": PASSWORD, "audience": "STAFF"} | input_
    return dict((await post(client, SIGN_IN, **given))["data"]["done"])


async def test_staff_sign_in_and_are_known_with_the_scopes_of_their_role(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    await make_member(uow, role=BuiltInRole.SUPPORT)
    done = await sign_in(client, email=" ADA@shop.example ")
    assert done["userErrors"] == []
    answer = await post(client, WHO, done["session"]["accessToken"])
    viewer = answer["data"]["viewer"]
    assert viewer["kind"] == "STAFF"
    assert viewer["scopes"] == viewer["staffMember"]["role"]["scopes"]
    assert set(viewer["scopes"]) == {scope.name for scope in SUPPORT}


async def test_an_owner_holds_every_scope(client: httpx.AsyncClient, uow: UnitOfWork) -> None:
    session = await open_session(uow, await make_member(uow))
    answer = await post(client, "{ staff { nodes { email } } roles { nodes { name } } }",
                        session.access_token)  # fmt: skip
    assert answer["data"]["staff"]["nodes"] == [{"email": "ada@shop.example"}]
    names = [role["name"] for role in answer["data"]["roles"]["nodes"]]
    assert names == ["Owner", "Manager", "Support", "Read-only"]


@pytest.mark.parametrize(
    ("input_", "values"),
    [
        ({"password": "another password"}, {}),
        ({"password": ""}, {}),
        ({"password": "x" * 5_000}, {}),
        ({"email": "bo@shop.example"}, {}),
        ({"email": ""}, {}),
        ({"email": "ada"}, {}),
        ({"audience": "STOREFRONT"}, {}),
        ({}, {"active": False}),
        ({}, {"accepted_at": None}),
    ],
)
async def test_whatever_is_wrong_is_answered_alike(
    client: httpx.AsyncClient, uow: UnitOfWork, input_: dict[str, Any], values: dict[str, Any]
) -> None:
    await make_member(uow, **values)
    assert await sign_in(client, **input_) == {"session": None, "userErrors": WRONG}
    assert await uow.scalar(text("SELECT count(*) FROM sessions")) == 0


async def test_an_old_hash_is_made_anew_at_the_next_sign_in(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    weak = PasswordHasher(1, 1_024, 1).hash(PASSWORD)
    member = await make_member(uow, password_hash=weak)
    assert (await sign_in(client))["userErrors"] == []
    account = await Services(uow, SYSTEM, system_clock).repositories.staff_accounts.by_id(member)
    assert account is not None
    assert account.password_hash is not None
    assert account.password_hash != weak
    assert not PORTS.passwords.needs_rehash(account.password_hash)
    assert (await sign_in(client))["userErrors"] == []


async def test_a_password_changed_during_the_check_does_not_sign_in(
    client: httpx.AsyncClient, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `confirm` the session of whoever knew the old password would outlive the change."""
    member = await make_member(uow)
    accounts = Services(uow, SYSTEM, system_clock).repositories.staff_accounts
    verify = type(PORTS.passwords).verify

    async def meanwhile(self: Any, stored: str | None, password: str) -> bool:
        right = await verify(self, stored, password)
        await accounts.store_password(member, "$new", system_clock(), replacing=stored)
        return right

    monkeypatch.setattr(type(PORTS.passwords), "verify", meanwhile)
    assert (await sign_in(client))["userErrors"] == WRONG


async def test_sessions_are_listed_with_their_device_and_ended_one_by_one(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    await make_member(uow)
    first = (await sign_in(client))["session"]["accessToken"]
    second = (await sign_in(client))["session"]["accessToken"]
    listed = (await post(client, SESSIONS, second))["data"]["sessions"]
    assert [node["isCurrent"] for node in listed["nodes"]] == [True, False]
    assert {node["device"] for node in listed["nodes"]} == {"a test/1.0"}
    assert listed["totalCount"] == {"count": 2}
    ended = await post(client, REVOKE, second, id=listed["nodes"][1]["id"])
    assert ended["data"]["done"]["userErrors"] == []
    again = await post(client, REVOKE, second, id=listed["nodes"][1]["id"])
    assert again["data"]["done"]["userErrors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
    assert (await post(client, SESSIONS, second))["data"]["sessions"]["totalCount"] == {"count": 1}
    assert "errors" in await post(client, WHO, first)


async def test_signing_out_everywhere_ends_all_sessions_of_the_account_alone(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    ada, bo = await make_member(uow), await make_member(uow, "bo@shop.example")
    mine = [await open_session(uow, ada) for _ in range(3)]
    other = await open_session(uow, bo)
    await post(client, REVOKE, refreshToken=mine[0].refresh_token, everywhere=True)
    for session in mine:
        assert "errors" in await post(client, WHO, session.access_token)
    assert "errors" not in await post(client, WHO, other.access_token)


async def test_signing_out_by_refresh_token_needs_nothing_else_and_can_be_repeated(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    member = await make_member(uow)
    one, two = await open_session(uow, member), await open_session(uow, member)
    for _ in range(2):
        done = await post(client, REVOKE, refreshToken=one.refresh_token)
        assert done["data"]["done"]["userErrors"] == []
    assert "errors" in await post(client, WHO, one.access_token)
    assert "errors" not in await post(client, WHO, two.access_token)
    answer = await post(client, REVOKE, everywhere=True)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_session_is_named_in_one_way(client: httpx.AsyncClient, uow: UnitOfWork) -> None:
    session = await open_session(uow, await make_member(uow))
    both = {"id": global_id("Session", session.session_id), "refreshToken": session.refresh_token}
    answer = await post(client, REVOKE, session.access_token, **both)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert await uow.scalar(text("SELECT count(*) FROM sessions")) == 1


async def test_nobody_sees_or_ends_anothers_session(ask: Ask, uow: UnitOfWork) -> None:
    ada, bo = await make_member(uow), await make_member(uow, "bo@shop.example")
    session = await open_session(uow, ada)
    id_ = global_id("Session", session.session_id)
    node = "query ($id: ID!) { node(id: $id) { id } sessions { nodes { id } } }"
    viewers = [
        ANONYMOUS,
        Viewer(ViewerKind.CUSTOMER, ada),
        await viewer_of(uow, bo),
        Viewer(ViewerKind.API_KEY, ada, SYSTEM.scopes),
    ]
    for viewer in viewers:
        seen = await ask(node, {"id": id_}, viewer=viewer)
        assert seen["data"] == {"node": None, "sessions": {"nodes": []}}
        await ask(REVOKE, {"input": {"id": id_}}, viewer=viewer)
    seen = await ask(node, {"id": id_}, viewer=await viewer_of(uow, ada))
    assert seen["data"]["node"] == {"id": id_}


async def test_a_session_ends_by_itself_when_it_is_not_refreshed(uow: UnitOfWork) -> None:
    member = await make_member(uow)
    session = await open_session(uow, member)
    later = system_clock() + timedelta(hours=12, seconds=1)
    services = Services(uow, SYSTEM, lambda: later, PORTS)
    accounts = services.repositories.staff_accounts
    assert await accounts.signed_in(session.session_id, system_clock()) is not None
    assert await accounts.signed_in(session.session_id, later) is None
    assert isinstance(await services.sessions.refresh(session.refresh_token), InvalidToken)


async def test_refreshing_keeps_a_session_for_a_week_and_no_longer(uow: UnitOfWork) -> None:
    session: Any = await open_session(uow, await make_member(uow))
    start, now = system_clock(), system_clock()
    sessions: SessionService = Services(uow, SYSTEM, lambda: now, PORTS).sessions
    while hasattr(session, "refresh_token"):
        now += timedelta(hours=11)
        session = await sessions.refresh(session.refresh_token)
    assert timedelta(days=7) <= now - start < timedelta(days=7, hours=11)


async def test_a_request_of_somebody_signed_in_costs_one_statement_more(
    client: httpx.AsyncClient, uow: UnitOfWork, statements: list[str]
) -> None:
    session = await open_session(uow, await make_member(uow))
    statements.clear()
    await post(client, "{ viewer { kind } }", session.access_token)
    assert len(statements) == 1
    statements.clear()
    await post(client, WHO, session.access_token)
    assert len(statements) == 2, "the member and the role; who it is is known for a second"
    statements.clear()
    await post(client, SESSIONS, session.access_token)
    assert len(statements) == 2, "the page and the count"


@pytest.mark.parametrize(
    ("tokens", "kind"),
    [
        ([], "ANONYMOUS"),
        (["a" * 22], "GUEST"),
        (["A-_9" * 32, "b" * 22], "GUEST"),
        (["a" * 21], None),
        (["a" * 129], None),
        (["a" * 22 + "."], None),
        (["a" * 22] * 6, None),
    ],
)
async def test_guest_tokens_make_a_guest(
    client: httpx.AsyncClient, tokens: list[str], kind: str | None
) -> None:
    headers = [("X-Guest-Token", token) for token in tokens]
    body = {"query": "{ viewer { kind } }"}
    answer = await client.post("/graphql", json=body, headers=headers)
    if kind is None:
        assert answer.status_code == 400
    else:
        assert answer.json()["data"]["viewer"] == {"kind": kind}


async def test_somebody_signed_in_keeps_guest_tokens_beside(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    session = await open_session(uow, await make_member(uow))
    headers = {"Authorization": f"Bearer {session.access_token}", "X-Guest-Token": "a" * 22}
    answer = await client.post("/graphql", json={"query": "{ viewer { kind } }"}, headers=headers)
    assert answer.json()["data"]["viewer"] == {"kind": "STAFF"}
