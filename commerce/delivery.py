"""Sends queued messages beside the requests of a server process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.integrations.post_office import post_office
from commerce.notifications.deliverer import Deliverer, Pace
from commerce.notifications.handlers import Handler, Handlers
from commerce.notifications.post import PostOffice
from commerce.runtime import Resources
from commerce.settings import Settings
from commerce.wiring import Services
from commerce.wiring.message_handlers import MESSAGE_HANDLERS

log: Final = structlog.get_logger("commerce.notifications")


@asynccontextmanager
async def delivering(resources: Resources) -> AsyncIterator[None]:
    """Messages are sent until this is left; those on their way get a moment to arrive."""
    settings = resources.settings
    post = post_office(settings, resources.clock)
    if settings.production and settings.smtp_url is None:
        log.warning("mails_go_to_a_folder", reason="COMMERCE_SMTP_URL is not set")
    sending = asyncio.create_task(deliverer(resources, post).run())
    try:
        yield
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending


def deliverer(
    resources: Resources,
    post: PostOffice,
    handlers: Mapping[str, Handler[Services]] = MESSAGE_HANDLERS,
    pace: Pace = Pace(),
) -> Deliverer:
    """One that answers for every kind of message; its handlers act as the system."""
    open_unit, clock, ports = resources.open_unit, resources.clock, resources.ports

    def services(uow: UnitOfWork) -> Services:
        return Services(uow, SYSTEM, clock, ports)

    known = Handlers(handlers, services, open_unit, ports.message_cipher)
    return Deliverer(open_unit, known, post, clock, pace)


def notifying(settings: Settings) -> Callable[[Services, range], Awaitable[None]]:
    """What has people told as events are numbered, see `commerce.event_relay`."""
    texts = bool(settings.sms_url)

    async def consume(services: Services, positions: range) -> None:
        await services.notices.take(positions, texts=texts)

    return consume
