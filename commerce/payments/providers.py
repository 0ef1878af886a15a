"""The providers this server can ask, and how it asks them: in time, and never with an exception."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal
from typing import Final

import structlog

from commerce.payments.kinds import AttemptKind
from commerce.payments.ports import Outcome, PaymentProvider, ProviderCall

LIMIT: Final = 10.0  # seconds for a whole call

log = structlog.get_logger()
Ask = Callable[[ProviderCall], Awaitable[Outcome]]


class Providers:
    def __init__(self, providers: Iterable[PaymentProvider] = (), limit: float = LIMIT) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._limit = limit

    def __contains__(self, name: str) -> bool:
        return name in self._providers

    def known(self, name: str) -> PaymentProvider | None:
        """The provider of that name, if it is set up."""
        return self._providers.get(name)

    def of(self, name: str) -> PaymentProvider:
        """Raises `KeyError` for one that is not set up."""
        return self._providers[name]

    def takes(self, name: str, amount: Decimal, currency: str) -> bool:
        """Whether the provider of that name is set up and can move just so much."""
        provider = self.known(name)
        return provider is not None and provider.takes(amount, currency)

    async def send(self, call: ProviderCall) -> Outcome:
        """Ask for what the call is about. Whatever goes wrong on the way leaves a doubt."""
        if call.provider not in self:
            return Outcome.failed("not_set_up", "This way to pay is not available right now.")
        return await self._asked(call, _asking(self.of(call.provider), call.kind))

    async def look_up(self, call: ProviderCall) -> Outcome:
        """What has come of a call that may or may not have arrived, for the reconciler."""
        if call.provider not in self:
            return Outcome.unknown()
        return await self._asked(call, self.of(call.provider).look_up)

    async def abandon(self, call: ProviderCall) -> Outcome:
        """End a payment whose buyer is not waited for any longer. Only a FAILED one is over; a
        SUCCEEDED one was paid at the last moment.
        """
        if call.provider not in self:
            return Outcome.unknown()
        return await self._asked(call, self.of(call.provider).abandon)

    async def close(self) -> None:
        for provider in self._providers.values():
            await provider.close()

    async def _asked(self, call: ProviderCall, ask: Ask) -> Outcome:
        try:
            async with asyncio.timeout(self._limit):
                return await ask(call)
        except Exception as error:  # a bug in an adapter is a doubt, too: the money may have moved
            log.warning(
                "payment_in_doubt",
                provider=call.provider,
                kind=call.kind.value,
                key=call.key,
                error=type(error).__name__,
            )
            return Outcome.unknown()


def _asking(provider: PaymentProvider, kind: AttemptKind) -> Ask:
    return {
        AttemptKind.AUTHORIZE: provider.authorize,
        AttemptKind.CHARGE: provider.charge,
        AttemptKind.CAPTURE: provider.capture,
        AttemptKind.VOID: provider.void,
        AttemptKind.REFUND: provider.refund,
    }[kind]
