"""What was sent is written down, with a real mail server."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from commerce.core.db import OpenUnit, units_on
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from commerce.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
)
from commerce.notifications.messages import Mail, ShortText, Sms
from commerce.notifications.rules.topics import Way
from commerce.wiring import Services
from tests.support.mail import MailServer, body_of, mail_server
from tests.support.notifications import Time, enqueue, make_deliverer, smtp
from tests.support.services import PORTS
from tests.support.writers import table

EVA = "eva@example.com"
LEFT = Way(
    NotificationKind.CART_ABANDONED, NotificationChannel.EMAIL, NotificationAudience.CUSTOMER
)
SENT = "kind, channel, audience, recipient, cart_id, state, reason, tries"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def units(database: Database) -> OpenUnit:
    return units_on(database)


async def left(_services: Services, data: Any) -> Mail:
    return Mail("cart_abandoned", data["to"], "de", {"token": "<b>&"})


async def log(units: OpenUnit, columns: str = SENT) -> list[Any]:
    async with units() as uow:
        return [tuple(row) for row in await table(uow, "notification_log", columns)]


async def test_the_log_tells_of_each_message_what_became_of_it(
    units: OpenUnit, server: MailServer
) -> None:
    time = Time()
    server.answers = ["451 later"]
    await enqueue(units, time, EVA, kind="cart_abandoned")
    deliverer = make_deliverer(units, smtp(server), time, {"cart_abandoned": left})
    await deliverer.deliver_due()
    way = ("cart_abandoned", "email", "customer")
    assert await log(units) == [(*way, "e…@example.com", None, "waiting", "smtp_451", 1)]
    time.move(minutes=1)
    await deliverer.deliver_due()
    assert await log(units) == [(*way, "e…@example.com", None, "sent", "", 2)]
    server.refused = {EVA: "550 nobody"}
    await enqueue(units, time, EVA, kind="cart_abandoned")
    await deliverer.deliver_due()
    assert [row[5:7] for row in await log(units)][-1] == ("failed", "smtp_550")
    async with units() as uow:
        services = Services(uow, SYSTEM, lambda: time.now.replace(year=2027), PORTS)
        await uow.transact(services.notifications.forget_dead)
    assert await log(units) == []


async def test_account_mails_are_in_no_log(units: OpenUnit, server: MailServer) -> None:
    time = Time()
    await enqueue(units, time, EVA)
    assert await make_deliverer(units, smtp(server), time).deliver_due() == 1
    assert (len(server.letters), await log(units)) == (1, [])


async def test_what_was_switched_off_since_is_not_sent_and_own_words_are(
    units: OpenUnit, server: MailServer
) -> None:
    time = Time()
    deliverer = make_deliverer(units, smtp(server), time, {"cart_abandoned": left})
    async with units() as uow:
        services = Services(uow, SYSTEM, time, PORTS)
        words = {"subject": "Noch da, {{ store.name }}", "body": "<p>Zurück? {{ token }}</p>"}
        templates = services.repositories.notification_templates
        await uow.transact(lambda: templates.put(LEFT, "de", words, time()))
    await enqueue(units, time, EVA, kind="cart_abandoned")
    await deliverer.deliver_due()
    (letter,) = server.letters
    assert letter["Subject"] == "Noch da, Shop"
    assert "<p>Zurück? &lt;b&gt;&amp;</p>" in body_of(letter, "html")
    assert "Zurück? <b>&" in body_of(letter, "plain")
    await enqueue(units, time, EVA, kind="cart_abandoned")
    async with units() as uow:
        services = Services(uow, SYSTEM, time, PORTS)
        settings = services.notification_settings
        await uow.transact(lambda: settings.change(LEFT, {"enabled": False}, None))
    assert await deliverer.deliver_due() == 1
    assert (len(server.letters), len(await log(units))) == (1, 1)


async def test_a_short_message_goes_through_the_gateway(
    units: OpenUnit, server: MailServer
) -> None:
    sent: list[Sms] = []

    class Gateway:
        async def send_sms(self, sms: Sms) -> None:
            sent.append(sms)

    async def placed(_services: Services, data: Any) -> ShortText:
        known = {"number": "SG-1", "token": "t", "total": "€1.00"}
        return ShortText("order_placed", data["to"], "de", known)

    time = Time()
    await enqueue(units, time, "+491701234567", kind="order_placed_sms")
    handlers: dict[str, Any] = {"order_placed_sms": placed}
    await make_deliverer(units, smtp(server), time, handlers, sms_gateway=Gateway()).deliver_due()
    (sms,) = sent
    assert sms.text == (
        "Shop: Vielen Dank für Ihre Bestellung SG-1 über €1.00."
        " https://shop.example/orders/SG-1?token=t"
    )
    assert [row[1:4] for row in await log(units)] == [("sms", "customer", "+49…67")]
