"""The provider for tests, on connections of its own as in a running server."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.integrations import test_payments
from commerce.integrations.test_payments import PretendPayments
from commerce.payments.kinds import AttemptKind, AttemptState
from commerce.payments.models import BookedCharge
from commerce.payments.ports import EventRefusedError, Outcome, OutcomeState, ProviderCall
from commerce.payments.providers import Providers

CALL = ProviderCall(
    provider="test",
    kind=AttemptKind.CHARGE,
    state=AttemptState.PENDING,
    key="sg-1",
    amount=Decimal(100),
    currency="EUR",
    created_at=system_clock(),
)
NUL = b'{"id": "\\u0000", "key": "k", "kind": "charge", "state": "failed"}'
SUCCEEDED, FAILED = OutcomeState.SUCCEEDED, OutcomeState.FAILED


@pytest.fixture
def providers(database: Database) -> Providers:
    return Providers([PretendPayments(units_on(database), system_clock)], limit=5)


def of(opened: Outcome, kind: AttemptKind, amount: str, key: str) -> ProviderCall:
    return replace(
        CALL,
        kind=kind,
        amount=Decimal(amount),
        key=key,
        payment_reference=opened.payment_reference,
    )


async def _book(database: Database) -> list[tuple[str, str, int]]:
    async with units_on(database)() as uow:
        columns = (col(BookedCharge.key), col(BookedCharge.state), col(BookedCharge.asked))
        rows = await uow.rows(select(*columns).order_by(col(BookedCharge.id)))
        return [(row.key, row.state.value, row.asked) for row in rows]


async def test_one_key_is_charged_once(providers: Providers, database: Database) -> None:
    outcomes = await asyncio.gather(*(providers.send(CALL) for _ in range(5)))
    assert {(one.state, one.provider_reference) for one in outcomes} == {(SUCCEEDED, "tm_sg-1")}
    assert await _book(database) == [("sg-1", "succeeded", 5)]


async def test_it_gives_no_more_than_it_has(providers: Providers) -> None:
    opened = await providers.send(CALL)
    first = await providers.send(of(opened, AttemptKind.REFUND, "70", "r1"))
    second = await providers.send(of(opened, AttemptKind.REFUND, "31", "r2"))
    assert (first.state, second.state, second.decline_code) == (SUCCEEDED, FAILED, "too_much")


async def test_money_set_aside_is_captured_or_let_go(providers: Providers) -> None:
    opened = await providers.send(replace(CALL, kind=AttemptKind.AUTHORIZE))
    captured = await providers.send(of(opened, AttemptKind.CAPTURE, "60", "c"))
    voided = await providers.send(of(opened, AttemptKind.VOID, "40", "v"))
    more = await providers.send(of(opened, AttemptKind.CAPTURE, "1", "c2"))
    assert [one.state for one in (captured, voided, more)] == [SUCCEEDED, SUCCEEDED, FAILED]


@pytest.mark.parametrize(
    ("method", "amount", "state", "after"),
    [
        ("test_ok", "100", SUCCEEDED, SUCCEEDED),
        ("test_declined", "100", FAILED, FAILED),
        ("", "4444.01", FAILED, FAILED),
        ("test_lost", "100", OutcomeState.UNKNOWN, SUCCEEDED),
        ("", "4444.04", OutcomeState.UNKNOWN, SUCCEEDED),
        ("test_vanished", "100", OutcomeState.UNKNOWN, FAILED),
    ],
)
async def test_what_a_call_comes_to(
    providers: Providers, method: str, amount: str, state: OutcomeState, after: OutcomeState
) -> None:
    call = replace(CALL, amount=Decimal(amount), data={"paymentMethod": method})
    assert (await providers.send(call)).state is state
    assert (await providers.look_up(replace(call, data={}))).state is after


async def test_what_was_looked_for_in_vain_cannot_arrive_any_more(
    providers: Providers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_payments, "SLOW", 0.3)
    slow = asyncio.create_task(providers.send(replace(CALL, data={"paymentMethod": "test_slow"})))
    await asyncio.sleep(0.05)
    assert (await providers.look_up(CALL)).decline_code == "never_arrived"
    assert (await slow).state is FAILED
    assert await _book(database) == [("sg-1", "failed", 2)]


async def test_a_buyer_confirms_after_a_while(
    providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = replace(CALL, data={"paymentMethod": "test_action"})
    outcome = await providers.send(call)
    assert (outcome.state, outcome.next_action) == (
        OutcomeState.ACTION_REQUIRED,
        {"kind": "wait"},
    )
    given_up = await providers.abandon(CALL)
    assert (given_up.state, given_up.decline_code) == (FAILED, "canceled")
    monkeypatch.setattr(test_payments, "ACTION", timedelta())
    other = replace(call, key="sg-2")
    await providers.send(other)
    assert (await providers.look_up(other)).state is SUCCEEDED
    assert (await providers.abandon(other)).state is SUCCEEDED


async def test_what_is_slower_than_the_limit_is_in_doubt(database: Database) -> None:
    pretend = PretendPayments(units_on(database), system_clock)
    providers = Providers([pretend], limit=0.1)
    call = replace(CALL, data={"paymentMethod": "test_slow"})
    assert (await providers.send(call)).state is OutcomeState.UNKNOWN


async def test_it_takes_reports(providers: Providers) -> None:
    body = b'{"id": "e1", "key": "sg-1", "kind": "charge", "state": "succeeded"}'
    event = providers.of("test").read_event({}, body)
    assert event is not None
    assert (event.id, event.key, event.outcome.state) == ("e1", "sg-1", SUCCEEDED)
    for nonsense in (b"", b"[]", b"{}", NUL, b'{"id": 1, "key": "k", "kind": "x", "state": "y"}'):
        with pytest.raises(EventRefusedError):
            providers.of("test").read_event({}, nonsense)
