"""The shop's people are told of an endpoint that was given up."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import update

from commerce.core.pool import Database
from commerce.delivery import notifying
from commerce.event_relay import EventRelay
from commerce.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
)
from commerce.notifications.messages import Mail
from commerce.notifications.rules.topics import Way
from commerce.runtime import Resources
from commerce.store.models import Store
from commerce.webhooks.kinds import DeliveryState, DisabledReason
from commerce.webhooks.repository.outcomes import Outcome, OutcomeRepository
from commerce.webhooks.rules.outcomes import Tried, Verdict
from commerce.wiring import Services
from commerce.wiring.message_handlers import MESSAGE_HANDLERS
from tests.support.webhooks import Shop, changed, receiving, shop_on

QUEUED = "SELECT kind FROM outgoing_messages WHERE kind = 'webhook_disabled'"
TOLD = "SELECT data FROM events WHERE type = 'webhook_endpoint.disabled'"
WAY = Way(NotificationKind.WEBHOOK_DISABLED, NotificationChannel.EMAIL, NotificationAudience.STAFF)


@pytest.fixture
async def shop(resources: Resources, database: Database) -> AsyncIterator[Shop]:
    shop = shop_on(resources, database)
    emails = update(Store).values(notification_emails=["shop@example.com"])
    await shop.services(lambda own: own.uow.change(emails))
    yield shop
    await shop.resources.ports.outgoing.close()


async def gone(shop: Shop) -> int:
    """The key of an endpoint that answers 410, after those who follow the log have seen it."""
    async with receiving() as receiver:
        receiver.answers["/a"] = lambda _sent: (410, {})
        made = await shop.endpoint(receiver.url("/a?key=secret"))
        receiver.answers["/a?key=secret"] = receiver.answers["/a"]
        await shop.happen(changed(1))
        await shop.settle()
    relay = EventRelay(shop.resources, [notifying(shop.resources.settings)])
    while await relay.move():
        pass
    return int(made.row.id)


async def mail_of(shop: Shop, id_: int) -> Any:
    data = {"endpoint_id": id_, "reason": "gone", "to": "shop@example.com", "locale": "de"}
    return await shop.services(lambda own: MESSAGE_HANDLERS["webhook_disabled"](own, data))


async def test_an_endpoint_that_is_gone_is_told_of_once(shop: Shop) -> None:
    id_ = await gone(shop)
    assert await shop.rows(TOLD) == [({"reason": "gone"},)]
    assert await shop.rows(QUEUED) == [("webhook_disabled",)]
    mail = await mail_of(shop, id_)
    assert isinstance(mail, Mail)
    assert mail.context["address"].endswith("/a")  # what follows may be a secret


async def test_it_can_be_switched_off(shop: Shop) -> None:
    def switch(own: Services) -> Any:
        return own.notification_settings.change(WAY, {"enabled": False}, None)

    await shop.services(switch)
    await gone(shop)
    assert await shop.rows(QUEUED) == []


async def test_whoever_switched_it_on_again_needs_no_mail(shop: Shop) -> None:
    id_ = await gone(shop)
    await shop.services(lambda own: own.webhook_endpoints.update(id_, {"active": True}, None))
    assert await mail_of(shop, id_) is None


@pytest.mark.parametrize("reason", DisabledReason)
async def test_each_reason_is_an_event_and_the_second_try_is_none(
    shop: Shop, reason: DisabledReason
) -> None:
    await shop.endpoint("http://127.0.0.1:9/")
    await shop.happen(changed(1), changed(2))
    now = shop.clock()
    deliverer = shop.deliverer()

    async def give_up(own: Services) -> None:
        name = deliverer._name
        sending = own.repositories.webhook_sending
        ids = await sending.claim(name, (), now, now)
        rows = await sending.due(dict.fromkeys(ids, 2), (), now)
        own_outcomes = [
            Outcome(row, Tried(now, status=500), Verdict(DeliveryState.DEAD, now, reason))
            for row in rows
        ]
        for outcome in own_outcomes:
            await OutcomeRepository(own.uow, name)._tell_endpoints([outcome])

    await shop.services(give_up)
    await shop.happen()
    assert await shop.rows(TOLD) == [({"reason": reason.value},)]
