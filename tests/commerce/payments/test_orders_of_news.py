"""News of a payment in every order end in one state."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import UnavailableError
from commerce.core.viewer import SYSTEM
from commerce.payments.kinds import AttemptKind, AttemptState, PaymentState, TransactionKind
from commerce.payments.ports import Outcome, OutcomeState, ProviderEvent
from commerce.payments.rules.states import edges, next_state, order_of
from commerce.payments.rules.sums import (
    BOOKED,
    Step,
    Sums,
    after_step,
    moved_amount,
    movements,
    state_of,
)
from commerce.wiring import Services
from tests.support.payments import came, make_method, opening
from tests.support.services import PORTS

OUTCOMES = {
    "pays": came(),
    "asks": came(OutcomeState.ACTION_REQUIRED),
    "declines": Outcome.failed("declined"),
    "cancels": Outcome.failed("canceled", closed=True),
    "says nothing": Outcome.unknown(),
}


@pytest.mark.parametrize("kind", AttemptKind)
def test_only_declared_edges_are_taken(kind: AttemptKind) -> None:
    for state, told in product(AttemptState, OutcomeState):
        after = next_state(kind, state, told)
        assert after is state or (state, after) in edges(kind)
    assert len(edges(kind)) == 6


@given(
    st.sampled_from(AttemptKind),
    st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
@settings(max_examples=200, deadline=None)
def test_every_order_of_news_ends_in_one_state(
    kind: AttemptKind, news: list[str], random: Any
) -> None:
    shuffled = [*news, *news]  # everything comes twice
    random.shuffle(shuffled)
    assert _end(kind, news) == _end(kind, shuffled)


def _end(kind: AttemptKind, news: list[str]) -> tuple[AttemptState, Sums]:
    before = Sums(authorized=Decimal(100), captured=Decimal(50))
    pending = {"capture": "capture_pending", "void": "void_pending", "refund": "refund_pending"}
    asked = Decimal(20)
    if kind.value in pending:
        before = replace(before, **{pending[kind.value]: asked})
    state, booked, sums = AttemptState.PENDING, Decimal(0), before
    for name in news:
        told = OUTCOMES[name]
        after = next_state(kind, state, told.state)
        sums = after_step(
            sums,
            Step(kind, state, after, asked, moved_amount(asked, told.amount), booked),
            closed=told.closed,
        )
        booked = asked if after is AttemptState.SUCCEEDED else Decimal(0)
        state = after
        assert sums.captured + sums.capture_pending + sums.voided + sums.void_pending <= (
            sums.authorized
        )
        assert sums.refunded + sums.refund_pending <= sums.captured
    return state, sums


def test_the_order_of_states() -> None:
    assert order_of(AttemptKind.CHARGE)[-1] is AttemptState.SUCCEEDED
    assert order_of(AttemptKind.REFUND)[-1] is AttemptState.FAILED


def test_movements_are_the_differences_of_the_sums() -> None:
    before = Sums(authorized=Decimal(100), captured=Decimal(60), refunded=Decimal(10))
    after = replace(before, captured=Decimal(100), refunded=Decimal(0))
    assert movements(before, after) == {
        TransactionKind.CAPTURE: Decimal(40),
        TransactionKind.REFUND: Decimal(-10),
    }
    assert set(BOOKED) == set(TransactionKind)


@pytest.mark.parametrize(
    ("sums", "state"),
    [
        ({}, PaymentState.PENDING),
        ({"closed": True}, PaymentState.VOIDED),
        ({"authorized": 9}, PaymentState.AUTHORIZED),
        ({"authorized": 9, "voided": 9}, PaymentState.VOIDED),
        ({"authorized": 9, "captured": 4}, PaymentState.PARTIALLY_CAPTURED),
        ({"authorized": 9, "captured": 4, "voided": 5, "closed": True}, PaymentState.CAPTURED),
        ({"authorized": 9, "captured": 9}, PaymentState.CAPTURED),
        ({"authorized": 9, "captured": 9, "refunded": 1}, PaymentState.PARTIALLY_REFUNDED),
        ({"authorized": 9, "captured": 9, "refunded": 9}, PaymentState.REFUNDED),
    ],
)
def test_what_the_sums_come_to(sums: dict[str, Any], state: PaymentState) -> None:
    amounts = {name: value if name == "closed" else Decimal(value) for name, value in sums.items()}
    assert state_of(Sums(**amounts)) is state


@pytest.mark.parametrize(
    ("told", "moved"), [(None, 10), ("4", 4), ("10", 10), ("11", 10), ("0", 10), ("-1", 10)]
)
def test_never_more_moves_than_was_asked(told: str | None, moved: int) -> None:
    assert moved_amount(Decimal(10), None if told is None else Decimal(told)) == moved


AUTHORIZE, CAPTURE, REFUND = AttemptKind.AUTHORIZE, AttemptKind.CAPTURE, AttemptKind.REFUND
HELD_AND_CAPTURED = (
    (AUTHORIZE, came(OutcomeState.ACTION_REQUIRED)),
    (AUTHORIZE, came(amount="100")),
    (CAPTURE, came(amount="70", closed=True)),
    (AUTHORIZE, Outcome.failed("declined")),
)
CAPTURED_AND_REFUNDED = (
    (AUTHORIZE, came(amount="100")),
    (CAPTURE, came(amount="70", closed=True)),
    (REFUND, came(amount="20", provider_reference="re_1")),
    (REFUND, came(amount="50", provider_reference="re_2")),
)
CANCELED = (
    (AUTHORIZE, came(OutcomeState.ACTION_REQUIRED)),
    (AUTHORIZE, came(amount="100")),
    (AUTHORIZE, Outcome.failed("declined")),
    (AUTHORIZE, Outcome.failed("canceled", closed=True)),
)


@pytest.mark.parametrize(
    ("reports", "end"),
    [
        (HELD_AND_CAPTURED, (100, 70, 30, 0, True)),
        (CAPTURED_AND_REFUNDED, (100, 70, 30, 70, True)),
        (CANCELED, (100, 0, 100, 0, True)),
    ],
)
async def test_four_reports_in_every_order_end_in_one_state(
    uow: UnitOfWork, reports: Any, end: tuple[Any, ...]
) -> None:
    """Of what was done at the provider's own site; one of them comes twice."""
    method = (await make_method(uow)).id
    services = Services(uow, SYSTEM, system_clock, PORTS)
    for order in permutations(reports):
        attempt: Any = await uow.transact(lambda: services.payment_ledger.open(opening(method)))
        await _deliver(uow, services, attempt, [*order, order[0]])
        payments = await services.repositories.payments.by_ids([attempt.payment_id])
        payment = payments[attempt.payment_id]
        sums = (payment.authorized, payment.captured, payment.voided, payment.refunded)
        assert (*sums, payment.closed) == end, order


async def _deliver(uow: UnitOfWork, services: Services, attempt: Any, reports: list[Any]) -> None:
    """What does not fit yet is reported again, as providers do. What the provider calls the payment
    is known from its first answer."""
    reference = f"p_{attempt.id}"
    heard = Outcome.unknown(payment_reference=reference)
    await uow.transact(lambda: services.payment_ledger.settle(attempt.id, heard))
    for _ in range(len(reports) * 2):
        kind, outcome = reports.pop(0)
        told = replace(outcome, payment_reference=reference)
        key = None if kind is REFUND else attempt.provider_key
        event = ProviderEvent("test", "e", kind, key, reference, told)
        try:
            await uow.transact(lambda event=event: services.payment_reports.take(event))
        except UnavailableError:
            reports.append((kind, outcome))
        if not reports:
            return
    raise AssertionError("a report was never taken")


async def test_reports_of_another_payment_change_nothing(uow: UnitOfWork) -> None:
    """Should a provider ever make a second one with the same key."""
    method = (await make_method(uow)).id
    services = Services(uow, SYSTEM, system_clock, PORTS)
    attempt: Any = await uow.transact(lambda: services.payment_ledger.open(opening(method)))
    for reference, outcome in (("p_1", came()), ("p_2", Outcome.failed("canceled", closed=True))):
        told = replace(outcome, payment_reference=reference)
        event = ProviderEvent("test", "e", AUTHORIZE, attempt.provider_key, reference, told)
        taken = await uow.transact(lambda event=event: services.payment_reports.take(event))
        assert (taken is None) is (reference == "p_2")
    payment = (await services.repositories.payments.by_ids([attempt.payment_id]))[
        attempt.payment_id
    ]
    assert (payment.authorized, payment.voided) == (100, 0)
