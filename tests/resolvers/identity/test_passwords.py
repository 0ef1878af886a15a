"""New passwords, with the old one or by a mail, through HTTP and a real mail server."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from commerce.core.db import OpenUnit, UnitOfWork
from tests.support.accounts import Post, link_in, post_of
from tests.support.mail import body_of
from tests.support.staff import PASSWORD, make_member, open_session

REQUEST = """mutation ($input: PasswordResetRequestInput!) { done: passwordResetRequest(
  input: $input) { userErrors { code path } } }"""
RESET = """mutation ($input: PasswordResetInput!) { done: passwordReset(input: $input) {
  userErrors { code path } } }"""
CHANGE = """mutation ($input: PasswordChangeInput!) { done: passwordChange(input: $input) {
  userErrors { code path } } }"""
SIGN_IN = """mutation ($input: SessionCreateInput!) { done: sessionCreate(input: $input) {
  session { accessToken } userErrors { code path } } }"""
NEW = "another password"
ADA = "ada@shop.example"


@pytest.fixture
async def mails(open_unit: OpenUnit) -> AsyncIterator[Post]:
    async with post_of(open_unit) as carried:
        yield carried


async def do(
    client: httpx.AsyncClient, query: str, bearer: str | None = None, **input_: Any
) -> list[dict[str, Any]]:
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    body = {"query": query, "variables": {"input": input_}}
    answer = (await client.post("/graphql", json=body, headers=headers)).json()
    assert "errors" not in answer, answer
    return list(answer["data"]["done"]["userErrors"])


async def signs_in(client: httpx.AsyncClient, password: str) -> bool:
    return not await do(client, SIGN_IN, email=ADA, password=password, audience="STAFF")


async def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(
    client: httpx.AsyncClient, uow: UnitOfWork, mails: Post
) -> None:
    session = await open_session(uow, await make_member(uow, locale="de"))
    assert await do(client, REQUEST, email=ADA, audience="STAFF") == []
    letter = await mails.letter()
    assert letter["To"] == ADA
    path, token = link_in(letter)
    assert path == "/account/reset-password"
    assert "Passwort" in body_of(letter), "in their language"
    flaw = [{"code": "INVALID", "path": ["password"]}]
    assert await do(client, RESET, token=token, password="short") == flaw
    assert await do(client, RESET, token=token, password="x" * 129) == flaw
    assert await do(client, RESET, token=token, password=NEW) == [], "the link was still good"
    notice = await mails.letter()
    assert notice["To"] == ADA
    assert token not in body_of(notice)
    assert await signs_in(client, NEW)
    assert not await signs_in(client, PASSWORD)
    assert await uow.scalar(text(f"SELECT 1 FROM sessions WHERE id = {session.session_id}")) is None


@pytest.mark.parametrize(
    ("email", "audience", "values"),
    [
        ("bo@shop.example", "STAFF", {}),
        (ADA, "STOREFRONT", {}),
        (ADA, "STAFF", {"active": False}),
        (ADA, "STAFF", {"accepted_at": None}),
    ],
)
async def test_asking_for_a_stranger_answers_and_costs_the_same_and_mails_nothing(
    client: httpx.AsyncClient,
    uow: UnitOfWork,
    mails: Post,
    statements: list[str],
    email: str,
    audience: str,
    values: dict[str, Any],
) -> None:
    await make_member(uow, **values)
    await make_member(uow, "known@shop.example")
    statements.clear()
    assert await do(client, REQUEST, email="known@shop.example", audience="STAFF") == []
    known = list(statements)
    statements.clear()
    assert await do(client, REQUEST, email=email, audience=audience) == []
    assert statements == known
    assert [letter["To"] for letter in await mails.letters()] == ["known@shop.example"]


async def test_a_second_link_takes_the_place_of_the_first(
    client: httpx.AsyncClient, uow: UnitOfWork, mails: Post
) -> None:
    await make_member(uow)
    links = []
    for _ in range(2):
        await do(client, REQUEST, email=ADA, audience="STAFF")
        links.append(link_in(await mails.letter())[1])
    gone = [{"code": "INVALID_TOKEN", "path": ["token"]}]
    assert await do(client, RESET, token=links[0], password=NEW) == gone
    assert await do(client, RESET, token=links[1], password=NEW) == []


async def test_a_link_is_worth_nothing_once_the_address_has_changed(
    client: httpx.AsyncClient, uow: UnitOfWork, mails: Post
) -> None:
    await make_member(uow)
    await do(client, REQUEST, email=ADA, audience="STAFF")
    _, token = link_in(await mails.letter())
    await uow.change(text("UPDATE staff_members SET email = 'ada@elsewhere.example'"))
    refused = [{"code": "INVALID_TOKEN", "path": ["token"]}]
    assert await do(client, RESET, token=token, password=NEW) == refused
    await uow.change(text(f"UPDATE staff_members SET email = '{ADA}'"))
    assert await signs_in(client, PASSWORD)


async def test_changing_a_password_keeps_this_session_and_ends_the_others(
    client: httpx.AsyncClient, uow: UnitOfWork, mails: Post
) -> None:
    member = await make_member(uow)
    mine, other = await open_session(uow, member), await open_session(uow, member)
    wrong = [{"code": "INVALID_CREDENTIALS", "path": ["currentPassword"]}]
    token = mine.access_token
    assert await do(client, CHANGE, token, currentPassword="wrong one", newPassword=NEW) == wrong
    flaw = [{"code": "INVALID", "path": ["newPassword"]}]
    assert await do(client, CHANGE, token, currentPassword=PASSWORD, newPassword="short") == flaw
    assert await signs_in(client, PASSWORD)
    assert await do(client, CHANGE, token, currentPassword=PASSWORD, newPassword=NEW) == []
    assert await signs_in(client, NEW)
    left = await uow.scalars(text("SELECT id FROM sessions ORDER BY id"))
    assert mine.session_id in left
    assert other.session_id not in left
    assert (await mails.letter())["To"] == ADA


async def test_strangers_and_guests_have_no_password_to_change(client: httpx.AsyncClient) -> None:
    body = {
        "query": CHANGE,
        "variables": {"input": {"currentPassword": PASSWORD, "newPassword": NEW}},
    }
    for headers in ({}, {"X-Guest-Token": "a" * 22}):
        answer = (await client.post("/graphql", json=body, headers=headers)).json()
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_letters_typed_in_two_ways_are_the_same_password(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    session = await open_session(uow, await make_member(uow))
    composed, decomposed = "caf\u00e9 cr\u00e8me", "cafe\u0301 cre\u0300me"
    token = session.access_token
    assert await do(client, CHANGE, token, currentPassword=PASSWORD, newPassword=composed) == []
    assert await signs_in(client, decomposed)
