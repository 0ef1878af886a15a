"""Accounts as their owners live with them: over HTTP, with real mails whose links are followed."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from commerce.core.db import OpenUnit, UnitOfWork
from tests.support.accounts import PASSWORD, Post, Shopper, link_in, post_of
from tests.support.customers import make_customer
from tests.support.mail import body_of

ADA = "ada@shop.example"
OTHER = "countess@shop.example"


@pytest.fixture
async def post(open_unit: OpenUnit) -> AsyncIterator[Post]:
    async with post_of(open_unit) as post:
        yield post


@pytest.fixture
def shopper(client: httpx.AsyncClient) -> Shopper:
    return Shopper(client)


async def _registered(shopper: Shopper, post: Post, email: str = ADA) -> None:
    """An account that is open, and somebody signed in to it."""
    assert await shopper.do("customerRegister", email=email, password=PASSWORD) == []
    _, token = link_in(await post.letter())
    assert await shopper.do("customerVerify", token=token) == []
    assert await shopper.sign_in(email) == []


async def _customers(uow: UnitOfWork) -> list[Any]:
    return list(await uow.rows(text("SELECT * FROM customers ORDER BY id")))


async def test_an_account_opens_by_the_link_that_was_mailed(shopper: Shopper, post: Post) -> None:
    errors = await shopper.do(
        "customerRegister",
        email="Ada@SHOP.example",
        password=PASSWORD,
        firstName="Ada",
        locale="de",
        acceptsMarketing=True,
    )
    assert errors == []
    letter = await post.letter()
    assert letter["To"] == ADA.replace("ada", "Ada")
    assert letter["Content-Language"] == "de"
    path, token = link_in(letter)
    assert path == "/account/verify"
    assert await shopper.sign_in(ADA) == ["INVALID_CREDENTIALS"]
    assert await shopper.do("customerVerify", token=token) == []
    assert await shopper.sign_in(ADA.upper()) == []
    assert await shopper.me() == {
        "email": "Ada@shop.example",
        "emailVerified": True,
        "firstName": "Ada",
        "lastName": "",
        "version": 3,
        "acceptsEmail": True,
    }


async def test_marketing_is_agreed_to_only_by_following_the_link(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    ledger = text("SELECT channel || ' ' || granted || ' ' || source FROM marketing_consents")
    await shopper.do("customerRegister", email=ADA, password=PASSWORD, acceptsMarketing=True)
    _, token = link_in(await post.letter())
    assert await uow.scalars(ledger) == []
    await shopper.do("customerVerify", token=token)
    assert await uow.scalars(ledger) == ["email true registration"]


async def test_a_link_works_once_and_for_nothing_else(shopper: Shopper, post: Post) -> None:
    await shopper.do("customerRegister", email=ADA, password=PASSWORD)
    _, token = link_in(await post.letter())
    for other in ("customerEmailChange", "passwordReset"):
        extra = {"password": PASSWORD} if other == "passwordReset" else {}
        (error,) = await shopper.do(other, token=token, **extra)
        assert (error["code"], error["path"]) == ("INVALID_TOKEN", ["token"])
    assert await shopper.do("customerVerify", token=token) == []
    (error,) = await shopper.do("customerVerify", token=token)
    assert (error["code"], error["path"]) == ("INVALID_TOKEN", ["token"])


async def test_an_address_with_an_account_is_answered_alike_and_told_by_mail(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    await _registered(shopper, post)
    before = await _customers(uow)
    again = await shopper.ask(
        "mutation ($input: CustomerRegisterInput!) {"
        " customerRegister(input: $input) { userErrors { code } } }",
        email=ADA.upper(),
        password="another password",
        firstName="Eve",
    )
    assert again["data"] == {"customerRegister": {"userErrors": []}}
    letter = await post.letter()
    assert (letter["To"], letter["Subject"]) == (ADA, "You already have an account")
    assert "token" not in body_of(letter)
    assert await _customers(uow) == before
    assert await shopper.sign_in(ADA, "another password") == ["INVALID_CREDENTIALS"]


async def test_an_address_that_nobody_proved_is_still_free(shopper: Shopper, post: Post) -> None:
    await shopper.do("customerRegister", email=ADA, password="the thief's own")
    _, first = link_in(await post.letter())
    await shopper.do("customerRegister", email=ADA, password=PASSWORD)
    _, second = link_in(await post.letter())
    assert [error["code"] for error in await shopper.do("customerVerify", token=first)] == [
        "INVALID_TOKEN"
    ]
    assert await shopper.do("customerVerify", token=second) == []
    assert await shopper.sign_in(ADA, "the thief's own") == ["INVALID_CREDENTIALS"]
    assert await shopper.sign_in(ADA) == []


async def test_another_link_is_sent_to_who_waits_for_one_alone(
    shopper: Shopper, post: Post
) -> None:
    await shopper.do("customerRegister", email=ADA, password=PASSWORD)
    _, first = link_in(await post.letter())
    assert await shopper.do("customerVerificationResend", email=ADA) == []
    assert await shopper.do("customerVerificationResend", email=OTHER) == []
    _, second = link_in(await post.letter())
    (error,) = await shopper.do("customerVerify", token=first)
    assert error["code"] == "INVALID_TOKEN"
    assert await shopper.do("customerVerify", token=second) == []
    assert await shopper.do("customerVerificationResend", email=ADA) == []
    assert await post.letters() == []


async def test_a_customer_whom_the_shop_added_gets_in_by_choosing_a_password(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    await make_customer(uow, ADA, first_name="Ada", note="VIP")
    assert await shopper.sign_in(ADA, "") == ["INVALID_CREDENTIALS"]
    assert await shopper.do("passwordResetRequest", email=ADA) == []
    path, token = link_in(await post.letter())
    assert path == "/account/reset-password"
    assert await shopper.do("passwordReset", token=token, password=PASSWORD) == []
    assert await shopper.sign_in(ADA) == []
    me = await shopper.me()
    assert me is not None
    assert (me["firstName"], me["emailVerified"]) == ("Ada", True)


@pytest.mark.parametrize("state", ["blocked_at = now()", "erased_at = now()"])
async def test_the_blocked_and_erased_are_answered_like_a_wrong_password(
    shopper: Shopper, post: Post, uow: UnitOfWork, state: str
) -> None:
    await _registered(shopper, post)
    await uow.change(text(f"UPDATE customers SET {state}"))
    shopper.token = None
    wrong = await shopper.sign_in(ADA, "wrong password")
    assert await shopper.sign_in(ADA) == wrong == ["INVALID_CREDENTIALS"]
    for mutation in ("passwordResetRequest", "customerVerificationResend"):
        assert await shopper.do(mutation, email=ADA) == []
    assert await post.letters() == []


async def test_an_account_moves_to_an_address_that_answers(
    shopper: Shopper, post: Post, client: httpx.AsyncClient
) -> None:
    await _registered(shopper, post)
    elsewhere = Shopper(client)
    await elsewhere.sign_in(ADA)
    assert await shopper.do("customerEmailChangeRequest", newEmail=OTHER, password=PASSWORD) == []
    letter = await post.letter()
    assert letter["To"] == OTHER
    path, token = link_in(letter)
    assert path == "/account/confirm-email"
    assert await shopper.do("customerEmailChange", token=token) == []
    notice = await post.letter()
    assert (notice["To"], notice["Subject"]) == (ADA, "Your e-mail address was changed")
    assert OTHER not in body_of(notice)
    me = await shopper.me()
    assert me is not None
    assert me["email"] == OTHER
    (error,) = await shopper.do("customerEmailChange", token=token)
    assert error["code"] == "INVALID_TOKEN"
    assert await Shopper(client).sign_in(ADA) == ["INVALID_CREDENTIALS"]
    assert await Shopper(client).sign_in(OTHER) == []


async def test_moving_an_account_ends_its_other_sessions_and_links(
    shopper: Shopper, post: Post, client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    await _registered(shopper, post)
    await Shopper(client).sign_in(ADA)
    await shopper.do("passwordResetRequest", email=ADA)
    _, reset = link_in(await post.letter())
    await shopper.do("customerEmailChangeRequest", newEmail=OTHER, password=PASSWORD)
    _, token = link_in(await post.letter())
    assert await uow.scalar(text("SELECT count(*) FROM sessions")) == 2
    await shopper.do("customerEmailChange", token=token)
    assert await uow.scalar(text("SELECT count(*) FROM sessions")) == 1
    (error,) = await shopper.do("passwordReset", token=reset, password="the thief's own")
    assert error["code"] == "INVALID_TOKEN"


async def test_a_link_that_is_followed_elsewhere_ends_every_session(
    shopper: Shopper, post: Post, client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    await _registered(shopper, post)
    await shopper.do("customerEmailChangeRequest", newEmail=OTHER, password=PASSWORD)
    _, token = link_in(await post.letter())
    assert await Shopper(client).do("customerEmailChange", token=token) == []
    assert await uow.scalar(text("SELECT count(*) FROM sessions")) == 0


async def test_an_address_that_was_taken_meanwhile_is_refused_and_nothing_changes(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    await _registered(shopper, post)
    await shopper.do("customerEmailChangeRequest", newEmail=OTHER, password=PASSWORD)
    _, token = link_in(await post.letter())
    await make_customer(uow, OTHER.upper())
    before = await _customers(uow)
    (error,) = await shopper.do("customerEmailChange", token=token)
    assert error["code"] == "TAKEN"
    assert await _customers(uow) == before
    assert await uow.scalar(text("SELECT count(*) FROM sessions")) == 1
    assert await post.letters() == []


async def test_a_link_is_for_the_address_it_left(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    await _registered(shopper, post)
    await shopper.do("customerEmailChangeRequest", newEmail=OTHER, password=PASSWORD)
    _, token = link_in(await post.letter())
    await uow.change(text("UPDATE customers SET email = 'third@shop.example'"))
    (error,) = await shopper.do("customerEmailChange", token=token)
    assert error["code"] == "INVALID_TOKEN"


async def test_moving_to_an_address_with_an_account_is_told_by_mail_alone(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    await _registered(shopper, post)
    await make_customer(uow, OTHER)
    assert await shopper.do("customerEmailChangeRequest", newEmail=OTHER, password=PASSWORD) == []
    letter = await post.letter()
    assert (letter["To"], letter["Subject"]) == (OTHER, "You already have an account")


async def test_moving_an_account_takes_its_password(shopper: Shopper, post: Post) -> None:
    await _registered(shopper, post)
    (error,) = await shopper.do("customerEmailChangeRequest", newEmail=OTHER, password="wrong one")
    assert (error["code"], error["path"]) == ("INVALID_CREDENTIALS", ["password"])
    (error,) = await shopper.do("customerEmailChangeRequest", newEmail=ADA, password=PASSWORD)
    assert (error["code"], error["path"]) == ("INVALID", ["newEmail"])
    (error,) = await shopper.do("customerEmailChangeRequest", newEmail="x", password=PASSWORD)
    assert (error["code"], error["path"]) == ("INVALID", ["newEmail"])
    assert await post.letters() == []


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"email": "ada"}, ["email"]),
        ({"password": "short"}, ["password"]),
        ({"firstName": "x" * 201}, ["firstName"]),
        ({"phone": "0170"}, ["phone"]),
        ({"locale": "nonsense"}, ["locale"]),
    ],
)
async def test_a_bad_registration_is_refused_and_nothing_is_queued(
    shopper: Shopper, uow: UnitOfWork, given: dict[str, Any], path: list[str]
) -> None:
    values = {"email": ADA, "password": PASSWORD, **given}
    (error,) = await shopper.do("customerRegister", **values)
    assert (error["code"], error["path"]) == ("INVALID", path)
    assert await uow.scalar(text("SELECT count(*) FROM outgoing_messages")) == 0


async def test_what_is_queued_can_be_read_by_nobody(shopper: Shopper, uow: UnitOfWork) -> None:
    await shopper.do("customerRegister", email=ADA, password=PASSWORD, firstName="Augusta")
    (row,) = await uow.rows(text("SELECT * FROM outgoing_messages"))
    told = " ".join(str(value) for value in row)
    assert not any(secret in told for secret in (ADA, PASSWORD, "Augusta", "argon2"))


ASKED = """INSERT INTO customer_extra_fields (key, title, required, storefront)
VALUES ('size', 'Size', true, true), ('rating', 'Rating', false, false)"""
EXTRA = "{ me { extraFields { field { key } value } } }"


async def test_a_registration_tells_what_the_store_asks_for(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    await uow.change(text(ASKED))
    (error,) = await shopper.do("customerRegister", email=ADA, password=PASSWORD)
    assert (error["code"], error["path"]) == ("INVALID", ["extraFields"])
    told = [{"key": "rating", "value": "AAA"}]
    values: dict[str, Any] = {"email": ADA, "password": PASSWORD}
    (error,) = await shopper.do("customerRegister", **values, extraFields=told)
    assert (error["code"], error["path"]) == ("INVALID", ["extraFields", "0", "key"])
    told = [{"key": "size", "value": "M"}]
    assert await shopper.do("customerRegister", **values, extraFields=told) == []
    await shopper.do("customerVerify", token=link_in(await post.letter())[1])
    await shopper.sign_in(ADA)
    held = {"me": {"extraFields": [{"field": {"key": "size"}, "value": "M"}]}}
    assert (await shopper.ask(EXTRA))["data"] == held
    told = [{"key": "size", "value": "L"}]
    assert await shopper.do("customerProfileUpdate", extraFields=told) == []
    told = [{"key": "size", "value": ""}]
    (error,) = await shopper.do("customerProfileUpdate", extraFields=told, firstName="Eve")
    assert (error["code"], error["path"]) == ("INVALID", ["extraFields", "0", "value"])
    held["me"]["extraFields"][0]["value"] = "L"
    assert (await shopper.ask(EXTRA))["data"] == held


async def test_taking_an_unproven_account_over_keeps_what_the_shop_noted_in_its_fields(
    shopper: Shopper, post: Post, uow: UnitOfWork
) -> None:
    await uow.change(text(ASKED))
    known = await make_customer(uow, ADA, extra_fields={"rating": "AAA", "size": "S"})
    told = [{"key": "size", "value": "M"}]
    await shopper.do("customerRegister", email=ADA, password=PASSWORD, extraFields=told)
    await post.letter()
    (row,) = await _customers(uow)
    assert (row.id, row.extra_fields) == (known.id, {"rating": "AAA", "size": "S"})
