"""Payments over a provider that fails in every way: the ledger ends up with what really moved."""

import os
import random
from decimal import Decimal
from typing import Any, Final

import httpx
import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import UnavailableError
from commerce.core.viewer import SYSTEM
from commerce.integrations.stripe import StripeApi, StripePayments, api
from commerce.payments.kinds import IN_FLIGHT
from commerce.payments.providers import Providers
from commerce.payments.service.calls import call_of
from commerce.wiring import Services
from tests.support.payments import make_method, opening
from tests.support.services import PORTS
from tests.support.stripe_double import (
    PUBLISHABLE_KEY,
    SECRET_KEY,
    WEBHOOK_SECRET,
    StripeDouble,
    signature,
    stripe_double,
)

FAULTS: Final = (None, None, "429", "500", "reset", "500_after", "reset_after", "garbage_after")
LIVES: Final = int(os.environ.get("COMMERCE_TEST_FAULTY_PAYMENTS", "8"))  # noqa: TID251  # the suite's own switch


class Shop:
    def __init__(self, uow: UnitOfWork, stripe: StripeDouble, chance: random.Random) -> None:
        adapter = StripePayments(
            StripeApi(stripe.url, SECRET_KEY), PUBLISHABLE_KEY, WEBHOOK_SECRET, system_clock
        )
        self.uow, self.stripe, self.chance = uow, stripe, chance
        self.services = Services(uow, SYSTEM, system_clock, PORTS)
        self.providers = Providers([adapter], limit=2)

    async def ask(self, begin: Any, *given: Any, data: Any = None) -> Any:
        """Begin, call, settle; then hear some of the reports, and ask about what is in doubt."""
        work = getattr(self.services.payment_ledger, begin)
        attempt = await self.uow.transact(lambda: work(*given))
        self.stripe.faults.extend(self.chance.choices(FAULTS, k=4))
        await self._settle(attempt, await self.providers.send(call_of(attempt, data or {})))
        self.stripe.faults.clear()
        await self._hear()
        attempt = await self.services.payment_ledger.attempt(attempt.id)
        if attempt.state in IN_FLIGHT:
            await self._settle(attempt, await self.providers.look_up(call_of(attempt)))
        return await self.services.payment_ledger.attempt(attempt.id)

    async def _settle(self, attempt: Any, outcome: Any) -> None:
        await self.uow.transact(lambda: self.services.payment_ledger.settle(attempt.id, outcome))

    async def _hear(self) -> None:
        """Reports in any order, some of them twice, some never."""
        reports = self.stripe.reports()
        for body in self.chance.choices(reports, k=len(reports)):
            event = self.providers.of("stripe").read_event(
                {"Stripe-Signature": signature(body)}, body
            )
            if event is None:
                continue
            try:
                await self.uow.transact(
                    lambda event=event: self.services.payment_reports.take(event)
                )
            except UnavailableError:
                continue  # it would be reported again


@pytest.mark.parametrize("seed", range(LIVES))
async def test_the_ledger_ends_with_what_really_moved(
    uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(api, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(api, "TIMEOUT", httpx.Timeout(0.5))
    chance = random.Random(seed)
    method = (await make_method(uow, provider="stripe")).id
    async with stripe_double() as stripe:
        shop = Shop(uow, stripe, chance)
        at_once = chance.random() < 0.5
        data = {"paymentMethod": chance.choice(["pm_card", "pm_card", "pm_poor"])}
        wanted = opening(method, capture_now=at_once, data=data)
        attempt = await shop.ask("open", wanted, data=data)
        assert attempt.state not in IN_FLIGHT
        id_ = attempt.payment_id
        for begin, amount in (("begin_capture", "60"), ("begin_refund", "25")):
            sums = (await shop.services.repositories.payments.by_ids([id_]))[id_]
            room = sums.authorized - sums.captured - sums.voided
            if begin == "begin_refund":
                room = sums.captured
            if room >= Decimal(amount):
                await shop.ask(begin, id_, Decimal(amount), begin)
        await shop.providers.close()
        payment = (await shop.services.repositories.payments.by_ids([id_]))[id_]
        moved = {"charge": Decimal(0), "refund": Decimal(0)}
        for _, kind, units in stripe.intents.moved:
            moved[kind] += Decimal(units) / 100
        assert (payment.captured, payment.refunded) == (moved["charge"], moved["refund"])
        assert payment.capture_pending == payment.refund_pending == 0
        assert len(stripe.intents.all) <= 1
