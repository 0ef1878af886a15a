"""Orders are placed from outside, and mails arrive at a mail server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from sqlalchemy import text

from commerce.core.ids import global_id
from tests.support.buying import buying_shop, make_key
from tests.support.json_services import JsonDouble, json_double
from tests.support.mail import MailServer, body_of, mail_server
from tests.support.walking import Walker, walking

PEOPLE: Final = "people@shop.example"
AGES_AGO: Final = text("UPDATE carts SET updated_at = now() - interval '5 hours' WHERE token = :t")
OFF: Final = text(
    "SELECT kind FROM outgoing_messages WHERE kind IN ('order_received', 'order_paid')"
)


@dataclass
class Scene:
    walker: Walker
    mails: MailServer
    phones: JsonDouble

    async def buy(self, *variants: int, email: str, phone: str | None = None) -> str:
        """The order's number."""
        token = await self.walker.cart(*variants, email=email)
        if phone is not None:
            reached = {"cartToken": token, "email": email, "phone": phone}
            assert (await self.walker.change("cartContactSet", reached))["userErrors"] == []
        answer = await self.walker.complete(token, "card", paymentMethod="c")
        assert answer["order"], answer
        return str(answer["order"]["number"])

    async def switch(self, kind: str, audience: str, enabled: bool) -> None:
        way = {"kind": kind, "channel": "EMAIL", "audience": audience}
        await self.walker.work("notificationSettingUpdate", {**way, "enabled": enabled})

    def subjects(self, to: str) -> list[str]:
        """Of what was written to somebody, sorted."""
        sent = zip(self.mails.envelopes, self.mails.letters, strict=True)
        return sorted(str(letter["Subject"]) for (_, taken), letter in sent if taken == [to])

    async def letter(self, to: str, about: str) -> str:
        """What was written to somebody, once it has arrived."""
        async with asyncio.timeout(40):
            while True:
                for (_, recipients), letter in zip(
                    self.mails.envelopes, self.mails.letters, strict=True
                ):
                    if recipients == [to] and about in str(letter["Subject"]):
                        return body_of(letter)
                self.mails.arrived.clear()
                await self.mails.arrived.wait()


@pytest.fixture(scope="module")
async def scene(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """A German shop whose server does its chores all the time."""
    async with (
        buying_shop(server_url, "notices") as shop,
        mail_server() as mails,
        json_double() as phones,
        walking(
            shop,
            await make_key(shop),
            tmp_path_factory.mktemp("notices"),
            hasty=True,
            SMTP_URL=mails.url,
            MAIL_FROM="shop@shop.example",
            LINKS_URL="https://shop.example",
            SMS_URL=phones.url,
            SMS_TOKEN="canary-of-the-gateway",
            SMS_FROM="Shop",
        ) as walker,
    ):
        settings: dict[str, Any] = {
            "locale": "de",
            "notificationEmails": [PEOPLE],
            "abandonedMails": True,
            "abandonedHours": 4,
        }
        await walker.work("shopUpdate", settings)
        yield Scene(walker, mails, phones)


async def test_who_buys_gets_a_mail_in_the_stores_language(scene: Scene) -> None:
    await scene.buy(await scene.walker.shop.variant(), email="ada@example.com")
    told = await scene.letter("ada@example.com", "Ihre Bestellung")
    assert "https://shop.example/orders/" in told
    assert await scene.letter(PEOPLE, "Neue Bestellung")


async def test_who_leaves_a_number_gets_a_text_message_by_the_gateway(scene: Scene) -> None:
    variant = await scene.walker.shop.variant()
    number = await scene.buy(variant, email="sms@example.com", phone="+4930123456")
    async with asyncio.timeout(40):
        while not scene.phones.requests:  # noqa: ASYNC110  # the double tells nobody
            await asyncio.sleep(0.05)
    ((first, headers, message),) = scene.phones.requests
    assert first.startswith("POST /v1/")
    assert headers["authorization"] == "Bearer canary-of-the-gateway"
    assert (message["to"], message["from"]) == ("+4930123456", "Shop")
    assert number in message["text"]


@pytest.fixture
async def switched(scene: Scene) -> AsyncIterator[Scene]:
    """The shop's people hear of paid orders and not of new ones, buyers of new ones alone."""
    switches = [("ORDER_PLACED", "STAFF"), ("ORDER_PAID", "CUSTOMER"), ("ORDER_PAID", "STAFF")]
    for (kind, audience), enabled in zip(switches, (False, False, True), strict=True):
        await scene.switch(kind, audience, enabled)
    yield scene
    for (kind, audience), enabled in zip(switches, (True, True, False), strict=True):
        await scene.switch(kind, audience, enabled)


async def test_what_is_switched_off_does_not_arrive_and_what_is_on_does(switched: Scene) -> None:
    """One and the same piece of the log tells of both: it was gone through when the second mail is
    there. A message is deleted only when it was taken, so with none left there comes no other.
    """
    number = await switched.buy(await switched.walker.shop.variant(), email="eva@example.com")
    assert number in await switched.letter(PEOPLE, f"Bestellung {number} ist bezahlt")
    assert await switched.letter("eva@example.com", f"Ihre Bestellung {number}")
    async with switched.walker.shop.open_unit() as uow:
        assert await uow.scalars(OFF) == []
    to_people = [line for line in switched.subjects(PEOPLE) if number in line]
    assert to_people == [f"Bestellung {number} ist bezahlt"]
    assert len(switched.subjects("eva@example.com")) == 1


async def test_the_shops_people_hear_of_low_stock(scene: Scene) -> None:
    variant = await scene.walker.shop.variant(stock=3)
    watched = {"variantId": global_id("ProductVariant", variant), "lowStockThreshold": 2}
    await scene.walker.work("stockLevelUpdate", watched)
    await scene.buy(variant, email="ada@example.com")
    assert "2" in await scene.letter(PEOPLE, "Bestand")


async def test_who_leaves_a_cart_behind_is_reminded_once(scene: Scene) -> None:
    token = await scene.walker.cart(await scene.walker.shop.variant(), email="late@example.com")
    async with scene.walker.shop.open_unit() as uow:
        await uow.change(AGES_AGO, {"t": token})
    told = await scene.letter("late@example.com", "")
    assert f"https://shop.example/cart?token={token}" in told
    await asyncio.sleep(1)  # for a few more rounds of the chore
    assert scene.mails.recipients.count("late@example.com") == 1
