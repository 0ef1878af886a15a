"""Inviting, changing and deactivating staff."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff.kinds import BuiltInRole
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.rules.key_terms import KeyTerms
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey
from tests.conftest import Ask
from tests.support.accounts import Post, link_in, post_of
from tests.support.mail import body_of
from tests.support.mutations import done, errors
from tests.support.staff import (
    PASSWORD,
    make_member,
    make_role,
    open_session,
    role_id_of,
    viewer_of,
)

INVITE = """mutation ($input: StaffInviteInput!) { done: staffInvite(input: $input) {
  staffMember { id email name state role { name } } userErrors { code message path } } }"""
ACCEPT = """mutation ($input: StaffAcceptInput!) { done: staffAccept(input: $input) {
  session { accessToken } userErrors { code path } } }"""
WITHDRAW = """mutation ($input: StaffMemberInput!) { done: staffInvitationWithdraw(input: $input) {
  deletedId userErrors { code path } } }"""
UPDATE = """mutation ($input: StaffUpdateInput!) { done: staffUpdate(input: $input) {
  staffMember { name version role { name } } userErrors { code path } } }"""
DEACTIVATE = """mutation ($input: StaffMemberInput!) { done: staffDeactivate(input: $input) {
  staffMember { state } userErrors { code path } } }"""
REACTIVATE = """mutation ($input: StaffMemberInput!) { done: staffReactivate(input: $input) {
  staffMember { state } userErrors { code path } } }"""
MANAGES = (Scope.WRITE_STAFF, Scope.READ_STAFF, Scope.READ_PRODUCTS)


@pytest.fixture
async def mails(open_unit: OpenUnit) -> AsyncIterator[Post]:
    async with post_of(open_unit) as carried:
        yield carried


def member_gid(id_: int) -> str:
    return global_id("StaffMember", id_)


def role_gid(id_: int) -> str:
    return global_id("Role", id_)


async def test_an_invited_person_follows_the_link_and_is_signed_in(
    ask: Ask, uow: UnitOfWork, client: httpx.AsyncClient, mails: Post
) -> None:
    owner = await viewer_of(uow, await make_member(uow), session_id=1)
    support = role_gid(await role_id_of(uow, BuiltInRole.SUPPORT))
    invited = await done(
        ask, INVITE, owner, email="Bo@SHOP.example", name="Bo", roleId=support, locale="de"
    )
    assert invited["staffMember"]["email"] == "Bo@shop.example"
    assert invited["staffMember"]["state"] == "INVITED"
    letter = await mails.letter()
    assert letter["To"] == "Bo@shop.example"
    assert "Ada" in body_of(letter), "says who invites"
    path, token = link_in(letter)
    assert path == "/staff/accept-invitation"
    flaw = await accept(client, token=token, password="short")
    assert errors(flaw) == [("INVALID", ["password"])]
    accepted = await accept(client, token=token, password=PASSWORD, name="Bo B.")
    headers = {"Authorization": f"Bearer {accepted['session']['accessToken']}"}
    who = {"query": "{ viewer { staffMember { name state role { name } } } }"}
    answer = (await client.post("/graphql", json=who, headers=headers)).json()
    assert answer["data"]["viewer"]["staffMember"] == {
        "name": "Bo B.", "state": "ACTIVE", "role": {"name": "Support"},
    }  # fmt: skip
    again = await accept(client, token=token, password=PASSWORD)
    assert errors(again) == [("INVALID_TOKEN", ["token"])]


async def accept(client: httpx.AsyncClient, **input_: Any) -> dict[str, Any]:
    body = {"query": ACCEPT, "variables": {"input": input_}}
    return dict((await client.post("/graphql", json=body)).json()["data"]["done"])


async def test_inviting_again_mails_a_new_link_and_voids_the_old_one(
    ask: Ask, uow: UnitOfWork, client: httpx.AsyncClient, mails: Post
) -> None:
    owner = await viewer_of(uow, await make_member(uow))
    tokens = []
    for role in (BuiltInRole.SUPPORT, BuiltInRole.MANAGER):
        given = {"email": "bo@shop.example", "name": role.value}
        invited = await done(
            ask, INVITE, owner, **given, roleId=role_gid(await role_id_of(uow, role))
        )
        assert errors(invited) == []
        tokens.append(link_in(await mails.letter())[1])
    assert invited["staffMember"]["role"] == {"name": "Manager"}
    assert errors(await accept(client, token=tokens[0], password=PASSWORD)) != []
    assert errors(await accept(client, token=tokens[1], password=PASSWORD)) == []
    taken = await done(ask, INVITE, owner, **given, roleId=role_gid(await role_id_of(uow, role)))
    assert errors(taken) == [("TAKEN", ["email"])]


async def test_a_withdrawn_invitation_is_worthless_even_before_its_mail_is_sent(
    ask: Ask, uow: UnitOfWork, client: httpx.AsyncClient, mails: Post
) -> None:
    owner = await viewer_of(uow, await make_member(uow))
    support = role_gid(await role_id_of(uow, BuiltInRole.SUPPORT))
    given = {"email": "bo@shop.example", "name": "Bo", "roleId": support}
    invited = await done(ask, INVITE, owner, **given)
    token = link_in(await mails.letter())[1]
    await done(ask, INVITE, owner, **given)
    id_ = invited["staffMember"]["id"]
    assert (await done(ask, WITHDRAW, owner, id=id_))["deletedId"] == id_
    assert await mails.letters() == []
    assert errors(await accept(client, token=token, password=PASSWORD)) != []
    assert errors(await done(ask, WITHDRAW, owner, id=id_)) == [("NOT_FOUND", ["id"])]
    accepted = member_gid(await make_member(uow, "cy@shop.example"))
    assert errors(await done(ask, WITHDRAW, owner, id=accepted)) == [("INVALID", ["id"])]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@" + "b" * 300 + ".example"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"locale": "x" * 36}, "locale"),
        ({"roleId": "Um9sZTo5OTk5OTk="}, "roleId"),
        ({"roleId": "UHJvZHVjdDox"}, "roleId"),
    ],
)
async def test_nobody_is_invited_by_a_bad_input(
    ask: Ask, uow: UnitOfWork, values: dict[str, Any], path: str
) -> None:
    owner = await viewer_of(uow, await make_member(uow))
    support = role_gid(await role_id_of(uow, BuiltInRole.SUPPORT))
    given = {"email": "bo@shop.example", "name": "Bo", "roleId": support} | values
    answer = await done(ask, INVITE, owner, **given)
    assert [where for _, where in errors(answer)] == [[path]]
    assert await uow.scalar(text("SELECT count(*) FROM staff_members")) == 1
    assert await uow.scalar(text("SELECT count(*) FROM outgoing_messages")) == 0


async def test_nobody_gives_a_role_that_holds_more_than_they_do(ask: Ask, uow: UnitOfWork) -> None:
    lead = await make_role(uow, "Lead", *MANAGES)
    helper = await make_role(uow, "Helper", Scope.READ_PRODUCTS)
    viewer = await viewer_of(uow, await make_member(uow, role=lead))
    member = member_gid(await make_member(uow, "bo@shop.example", helper))
    for role in (BuiltInRole.OWNER, BuiltInRole.SUPPORT):
        more = role_gid(await role_id_of(uow, role))
        given = {"email": "cy@shop.example", "name": "Cy", "roleId": more}
        assert errors(await done(ask, INVITE, viewer, **given)) == [("SCOPE_NOT_HELD", ["roleId"])]
        changed = await done(ask, UPDATE, viewer, id=member, roleId=more)
        assert errors(changed) == [("SCOPE_NOT_HELD", ["roleId"])]
    assert errors(await done(ask, UPDATE, viewer, id=member, roleId=role_gid(lead))) == []
    assert await uow.scalar(text("SELECT count(*) FROM staff_members")) == 2


async def test_nobody_touches_somebody_more_powerful(ask: Ask, uow: UnitOfWork) -> None:
    lead = await make_role(uow, "Lead", *MANAGES)
    viewer = await viewer_of(uow, await make_member(uow, role=lead))
    owner = await make_member(uow, "owner@shop.example")
    await make_member(uow, "other@shop.example")
    invited = await make_member(uow, "new@shop.example", accepted_at=None)
    session = await open_session(uow, owner)
    before = await everything(uow)
    for query in (UPDATE, DEACTIVATE, REACTIVATE, WITHDRAW):
        for id_ in (owner, invited):
            answer = await done(ask, query, viewer, id=member_gid(id_))
            assert errors(answer) == [("SCOPE_NOT_HELD", ["id"])]
    given = {"email": "new@shop.example", "name": "Mine", "roleId": role_gid(lead)}
    assert errors(await done(ask, INVITE, viewer, **given)) == [("SCOPE_NOT_HELD", ["email"])]
    assert await everything(uow) == before
    assert await uow.scalar(text(f"SELECT 1 FROM sessions WHERE id = {session.session_id}")) == 1


async def everything(uow: UnitOfWork) -> list[Any]:
    return [tuple(row) for row in await uow.rows(text("SELECT * FROM staff_members ORDER BY id"))]


async def test_deactivating_signs_out_and_reactivating_lets_in_again(
    ask: Ask, uow: UnitOfWork, client: httpx.AsyncClient
) -> None:
    owner = await viewer_of(uow, await make_member(uow))
    other = await make_member(uow, "bo@shop.example", BuiltInRole.SUPPORT)
    await open_session(uow, other)
    for _ in range(2):
        answer = await done(ask, DEACTIVATE, owner, id=member_gid(other))
        assert answer == {"staffMember": {"state": "DEACTIVATED"}, "userErrors": []}
    assert await uow.scalar(text("SELECT count(*) FROM sessions")) == 0
    for _ in range(2):
        answer = await done(ask, REACTIVATE, owner, id=member_gid(other))
        assert answer == {"staffMember": {"state": "ACTIVE"}, "userErrors": []}


async def test_the_last_owner_stays_one(ask: Ask, uow: UnitOfWork) -> None:
    id_ = await make_member(uow)
    owner = await viewer_of(uow, id_)
    await make_member(uow, "invited@shop.example", accepted_at=None)
    await make_member(uow, "gone@shop.example", active=False)
    await make_member(uow, "boss@shop.example", BuiltInRole.MANAGER)
    manager = role_gid(await role_id_of(uow, BuiltInRole.MANAGER))
    before = await everything(uow)
    gid = member_gid(id_)
    assert errors(await done(ask, DEACTIVATE, owner, id=gid)) == [("LAST_OWNER", ["id"])]
    demoted = await done(ask, UPDATE, owner, id=gid, roleId=manager)
    assert errors(demoted) == [("LAST_OWNER", ["roleId"])]
    assert await everything(uow) == before
    await make_member(uow, "second@shop.example")
    assert errors(await done(ask, UPDATE, owner, id=gid, roleId=manager)) == []


async def test_an_update_writes_what_is_given_and_minds_the_version(
    ask: Ask, uow: UnitOfWork
) -> None:
    owner = await viewer_of(uow, await make_member(uow))
    other = member_gid(await make_member(uow, "bo@shop.example", BuiltInRole.SUPPORT))
    answer = await done(ask, UPDATE, owner, id=other, name="Bo B.", expectedVersion=1)
    assert answer["staffMember"] == {"name": "Bo B.", "version": 2, "role": {"name": "Support"}}
    stale = await done(ask, UPDATE, owner, id=other, name="X", expectedVersion=1)
    assert errors(stale) == [("VERSION_CONFLICT", ["expectedVersion"])]
    same = await done(ask, UPDATE, owner, id=other, name="Bo B.")
    assert same["staffMember"]["version"] == 2
    for value in ({"id": member_gid(999_999)}, {"id": role_gid(1)}, {"id": "x"}):
        assert errors(await done(ask, UPDATE, owner, **value)) == [("NOT_FOUND", ["id"])]


@pytest.mark.parametrize("count", [1, 7])
async def test_a_list_of_staff_costs_three_statements(
    ask: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    for number in range(count):
        await make_member(uow, f"m{number}@shop.example")
    owner = await viewer_of(uow, await make_member(uow))
    statements.clear()
    query = "{ staff(first: 5) { nodes { name role { name } } totalCount { count } } }"
    answer = await ask(query, viewer=owner)
    assert answer["data"]["staff"]["totalCount"] == {"count": count + 1}
    assert len(statements) == 3


async def test_members_see_themselves_and_nobody_else_without_the_scope(
    ask: Ask, uow: UnitOfWork
) -> None:
    mine = await make_member(uow, role=BuiltInRole.SUPPORT)
    other = await make_member(uow, "bo@shop.example")
    query = """query ($mine: ID!, $other: ID!, $role: ID!) { viewer { staffMember { email
      role { name } } } mine: node(id: $mine) { id } other: node(id: $other) { id }
      role: node(id: $role) { id } }"""
    owner_role = role_gid(await role_id_of(uow, BuiltInRole.OWNER))
    ids = {"mine": member_gid(mine), "other": member_gid(other), "role": owner_role}
    answer = await ask(query, ids, viewer=await viewer_of(uow, mine))
    assert answer["data"] == {
        "viewer": {"staffMember": {"email": "ada@shop.example", "role": {"name": "Support"}}},
        "mine": {"id": ids["mine"]},
        "other": None,
        "role": None,
    }
    for kind in (ViewerKind.CUSTOMER, ViewerKind.API_KEY, ViewerKind.GUEST):
        seen = (await ask(query, ids, viewer=Viewer(kind, mine)))["data"]
        assert (seen["mine"], seen["other"], seen["viewer"]) == (None, None, {"staffMember": None})


@pytest.mark.parametrize(
    "limits",
    [
        {"expires_at": system_clock() + timedelta(days=1)},
        {"allowed_ips": ("10.0.0.0/8",)},
        {"dialect": "cartino"},
    ],
)
async def test_a_key_with_limits_makes_nobody_who_has_none(
    ask: Ask, uow: UnitOfWork, limits: dict[str, Any]
) -> None:
    keys = ApiKeyService(ApiKeyRepository(uow), system_clock)
    issued = await keys.issue(KeyTerms("narrow", frozenset(MANAGES), **limits))
    assert isinstance(issued, IssuedKey)
    caller = Viewer(ViewerKind.API_KEY, issued.row.id, frozenset(MANAGES))
    role = role_gid(await make_role(uow, "Shelves", Scope.READ_PRODUCTS))
    refused = await done(ask, INVITE, caller, email="bo@shop.example", name="Bo", roleId=role)
    assert errors(refused) == [("INVALID", None)]
    assert await uow.scalar(text("SELECT count(*) FROM staff_members")) == 0
