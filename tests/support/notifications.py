"""Queues and deliverers for tests."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.viewer import SYSTEM
from commerce.integrations.smtp import SmtpMailer, SmtpServer
from commerce.notifications.composing import Sender
from commerce.notifications.deliverer import Deliverer, Pace
from commerce.notifications.handlers import Handler, Handlers
from commerce.notifications.messages import Mail, Sms
from commerce.notifications.ports import Mailer
from commerce.notifications.post import PostOffice
from commerce.notifications.rendering import MailRenderer, Store
from commerce.wiring import Services
from tests.support.mail import MailServer
from tests.support.services import PORTS

KIND = "greeting"
RENDERER = MailRenderer(Store("Shop", "https://shop.example"))
QUICK = Pace(poll=0.02)


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


async def greeting(_services: Services, data: Mapping[str, Any]) -> Mail | None:
    return Mail("test", data["to"], data.get("language", "en"))


HANDLERS: Mapping[str, Handler[Services]] = {KIND: greeting}


class NoGateway:
    async def send_sms(self, sms: Sms) -> None:
        raise AssertionError(f"nobody asked for {sms}")


def post(mailer: Mailer, clock: Clock, sms_gateway: Any = None) -> PostOffice:
    sender = Sender("Shop", "shop@example.com")
    return PostOffice(RENDERER, sender, mailer, sms_gateway or NoGateway(), clock)


def smtp(server: MailServer) -> SmtpMailer:
    return SmtpMailer(SmtpServer.from_url(server.url), "shop.example.com")


def make_deliverer(
    open_unit: OpenUnit,
    mailer: Mailer,
    clock: Clock,
    handlers: Mapping[str, Handler[Services]] = HANDLERS,
    pace: Pace = QUICK,
    kind: type[Deliverer] = Deliverer,
    sms_gateway: Any = None,
) -> Deliverer:
    known = Handlers(
        handlers,
        lambda uow: Services(uow, SYSTEM, clock, PORTS),
        open_unit,
        PORTS.message_cipher,
    )
    return kind(open_unit, known, post(mailer, clock, sms_gateway), clock, pace)


async def enqueue(open_unit: OpenUnit, clock: Clock, *recipients: str, kind: str = KIND) -> None:
    async with open_unit() as uow:
        queue = Services(uow, SYSTEM, clock, PORTS).notifications

        async def work() -> None:
            for to in recipients:
                await queue.add(kind, {"to": to})

        await uow.transact(work)


@asynccontextmanager
async def at_work(*deliverers: Deliverer) -> AsyncIterator[None]:
    """They run, until this is left."""
    running = [asyncio.create_task(deliverer.run()) for deliverer in deliverers]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
