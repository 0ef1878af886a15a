"""A provider that moves no money: for developers, and for tests of what goes wrong.

It keeps a book of its own, written on connections of its own, as another company would: what it
has done stays done, whatever becomes of the server that asked for it.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.exact_json import JsonError, read_json
from commerce.core.text import text_flaw
from commerce.payments.kinds import OPENING, AttemptKind, AttemptState
from commerce.payments.ports import (
    EventRefusedError,
    Outcome,
    OutcomeState,
    ProviderCall,
    ProviderEvent,
)
from commerce.payments.repository.pretend_book import BookRow, PretendBook

# What happens, by `paymentMethod` or, for every kind of call, by the amount.
BY_METHOD: Final = {
    "test_declined": "declined",
    "test_action": "action",
    "test_slow": "slow",
    "test_lost": "lost",
    "test_vanished": "vanished",
}
BY_AMOUNT: Final = {
    Decimal("4444.01"): "declined",
    Decimal("4444.02"): "action",
    Decimal("4444.03"): "slow",
    Decimal("4444.04"): "lost",
    Decimal("4444.05"): "vanished",
}
MAX_ID: Final = 200
SLOW: Final = 3.0  # seconds
ACTION: Final = timedelta(seconds=3)  # how long the buyer takes
STATES: Final = {
    AttemptState.SUCCEEDED: OutcomeState.SUCCEEDED,
    AttemptState.FAILED: OutcomeState.FAILED,
    AttemptState.ACTION_REQUIRED: OutcomeState.ACTION_REQUIRED,
}


class PretendPayments:
    name = "test"

    def __init__(self, open_unit: OpenUnit, clock: Clock) -> None:
        self._open_unit = open_unit
        self._clock = clock

    def takes(self, amount: Decimal, currency: str) -> bool:
        return True

    async def authorize(self, call: ProviderCall) -> Outcome:
        return await self._played(call)

    async def charge(self, call: ProviderCall) -> Outcome:
        return await self._played(call)

    async def capture(self, call: ProviderCall) -> Outcome:
        return await self._played(call)

    async def void(self, call: ProviderCall) -> Outcome:
        return await self._played(call)

    async def refund(self, call: ProviderCall) -> Outcome:
        return await self._played(call)

    async def look_up(self, call: ProviderCall) -> Outcome:
        """What never arrived is booked as failed, so that it cannot arrive any more."""
        never = _page(call, AttemptState.FAILED, self._clock(), "never_arrived")
        return self._told(await self._booked(never))

    async def abandon(self, call: ProviderCall) -> Outcome:
        never = _page(call, AttemptState.FAILED, self._clock(), "canceled")
        booked = await self._booked(never)
        if booked.state is AttemptState.ACTION_REQUIRED and booked.settles_at > self._clock():
            async with self._open_unit() as uow:
                booked = await uow.transact(lambda: PretendBook(uow).cancel(booked.key))
        return self._told(booked)

    def read_event(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent | None:
        """`{"id", "key", "kind", "state"}`, from anybody: this is no provider for real money."""
        try:
            told = read_json(body)
            id_, key = str(told["id"]), str(told["key"])
            outcome, kind = Outcome(OutcomeState(told["state"])), AttemptKind(told["kind"])
        except (JsonError, KeyError, TypeError, ValueError):
            raise EventRefusedError("the report cannot be read") from None
        if text_flaw(id_, MAX_ID) or text_flaw(key, MAX_ID):
            raise EventRefusedError("the report has no id or no key")
        return ProviderEvent(self.name, id_, kind, key, None, outcome)

    async def close(self) -> None:
        pass

    async def _played(self, call: ProviderCall) -> Outcome:
        part = _part(call)
        if part == "slow":
            await asyncio.sleep(SLOW)
        if part == "vanished":
            return Outcome.unknown()
        booked = await self._booked(_page(call, *_planned(part, self._clock())))
        return Outcome.unknown() if part == "lost" else self._told(booked)

    async def _booked(self, page: dict[str, Any]) -> BookRow:
        async with self._open_unit() as uow:
            return await uow.transact(lambda: PretendBook(uow).enter(page))

    def _told(self, booked: BookRow) -> Outcome:
        """An action that is required is taken by itself after a while."""
        state = booked.state
        if state is AttemptState.ACTION_REQUIRED and booked.settles_at <= self._clock():
            state = AttemptState.SUCCEEDED
        waiting = state is AttemptState.ACTION_REQUIRED
        return Outcome(
            STATES[state],
            provider_reference=booked.provider_reference,
            amount=booked.amount,
            decline_code=booked.decline_code if state is AttemptState.FAILED else None,
            next_action={"kind": "wait"} if waiting else None,
            payment_reference=booked.payment_reference,
        )


def _part(call: ProviderCall) -> str:
    """What the call is to come to, by what pays it or by its amount."""
    method = call.data.get("paymentMethod") if call.kind in OPENING else None
    return BY_METHOD.get(str(method)) or BY_AMOUNT.get(call.amount, "done")


def _planned(part: str, now: datetime) -> tuple[AttemptState, datetime, str | None]:
    if part == "declined":
        return AttemptState.FAILED, now, "card_declined"
    if part == "action":
        return AttemptState.ACTION_REQUIRED, now + ACTION, None
    return AttemptState.SUCCEEDED, now, None


def _page(
    call: ProviderCall, state: AttemptState, settles_at: datetime, code: str | None
) -> dict[str, Any]:
    return {
        "key": call.key,
        "kind": call.kind,
        "payment_reference": call.payment_reference or f"tp_{call.key}",
        "provider_reference": f"tm_{call.key}",
        "amount": call.amount,
        "currency": call.currency,
        "state": state,
        "decline_code": code,
        "settles_at": settles_at,
    }
