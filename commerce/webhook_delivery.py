"""Sends webhooks beside the requests of a server process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from commerce.runtime import Resources
from commerce.webhooks.deliverer import Deliverer, Pace
from commerce.webhooks.kinds import WebhookFormat
from commerce.webhooks.ports import Format
from commerce.webhooks.rules.standard import StandardFormat
from commerce.wiring import Services

STANDARD: Final = StandardFormat()

# What takes part when events are numbered, see `commerce.event_relay`.
FanOut = Callable[[Services, range], Awaitable[None]]


def webhook_formats(dialects: Mapping[str, Format]) -> Mapping[WebhookFormat, Format]:
    """The standard's, and those of dialects by name."""
    known: dict[WebhookFormat, Format] = {WebhookFormat.STANDARD: STANDARD}
    return known | {WebhookFormat(name): format_ for name, format_ in dialects.items()}


def fanning_out(formats: Mapping[WebhookFormat, Format]) -> FanOut:
    """What writes down, with each event, to which endpoints it is to be told."""
    known = {
        name: tuple(type_.value for type_ in format_.event_types)
        for name, format_ in formats.items()
    }
    personal = tuple(name for name, format_ in formats.items() if format_.personal)

    async def consume(services: Services, positions: range) -> None:
        sending = services.repositories.webhook_sending
        await sending.fan_out(positions, known, services.clock())
        await sending.unsay(positions, personal)

    return consume


def webhook_deliverer(
    resources: Resources, formats: Mapping[WebhookFormat, Format], pace: Pace = Pace()
) -> Deliverer:
    ports = resources.ports
    return Deliverer(
        resources.open_unit_aside,
        ports.outgoing,
        formats,
        ports.webhook_cipher,
        resources.clock,
        pace,
        resources.events_numbered,
        resources.webhook_tries,
    )


@asynccontextmanager
async def delivering_webhooks(
    resources: Resources, formats: Mapping[WebhookFormat, Format], pace: Pace = Pace()
) -> AsyncIterator[None]:
    """Until this is left; what is being sent then gets a moment to arrive."""
    sending = asyncio.create_task(webhook_deliverer(resources, formats, pace).run())
    try:
        yield
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
