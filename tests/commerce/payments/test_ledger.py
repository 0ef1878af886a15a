"""The ledger: what is asked, what is told, and that the sums follow."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.locks import LockOrderError, Rank
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM
from commerce.payments.kinds import AttemptKind, AttemptState, TransactionKind
from commerce.payments.ports import Outcome, OutcomeState
from commerce.payments.service.calls import call_of
from commerce.wiring import Services
from tests.support.payments import authorized, came, make_method, opening
from tests.support.services import PORTS

SUMS = ("authorized", "captured", "voided", "refunded")
PENDING = ("capture_pending", "void_pending", "refund_pending")
CARD = "4111 1111 1111 1111"


class Desk:
    """The ledger, each call in a transaction of its own."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.services = Services(uow, SYSTEM, system_clock, PORTS)

    def __getattr__(self, name: str) -> Any:
        async def call(*given: Any) -> Any:
            work = getattr(self.services.payment_ledger, name)
            return await self._uow.transact(
                lambda: work(*given), keep=lambda answer: not isinstance(answer, Problem)
            )

        return call

    async def authorized(self, method_id: int, amount: str = "100", **values: Any) -> int:
        return await self._uow.transact(
            lambda: authorized(self.services, method_id, amount, **values)
        )

    async def sums(self, payment_id: int) -> dict[str, Decimal]:
        """What is not zero; the ledger's rows must say the same."""
        payment = (await self.services.repositories.payments.by_ids([payment_id]))[payment_id]
        rows = (await self.services.repositories.payments.transactions([payment_id])).get(
            payment_id, []
        )
        for kind, column in zip(TransactionKind, SUMS, strict=True):
            total = sum((row.amount for row in rows if row.kind is kind), Decimal(0))
            assert total == getattr(payment, column), (kind, rows)
        named = {name: getattr(payment, name) for name in (*SUMS, *PENDING)}
        return {name: amount for name, amount in named.items() if amount}


@pytest.fixture
def desk(uow: UnitOfWork) -> Desk:
    return Desk(uow)


@pytest.fixture
async def method(uow: UnitOfWork) -> int:
    return (await make_method(uow)).id


@pytest.fixture
async def offline(uow: UnitOfWork) -> int:
    return (await make_method(uow, "transfer", provider="manual")).id


async def test_a_payment_begins_with_one_attempt(desk: Desk, method: int) -> None:
    attempt = await desk.open(opening(method, "99.90", data={"paymentMethod": "pm_1"}))
    assert (attempt.kind, attempt.state) == (AttemptKind.AUTHORIZE, AttemptState.PENDING)
    call = call_of(attempt, {"paymentMethod": "pm_1"})
    assert (call.key, call.amount, call.by_client) == (attempt.provider_key, Decimal("99.9"), False)
    assert "pm_1" not in repr(call)
    assert (await desk.open_for_cart(1)).id == attempt.id
    assert await desk.sums(attempt.payment_id) == {}


async def test_money_is_set_aside_taken_and_given_back(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method)
    assert await desk.open_for_cart(1) is None
    capture = await desk.begin_capture(id_, Decimal(60), "c")
    assert await desk.sums(id_) == {"authorized": 100, "capture_pending": 60}
    await desk.settle(capture.id, came())
    refund = await desk.begin_refund(id_, Decimal(10), "r")
    assert await desk.sums(id_) == {"authorized": 100, "captured": 60, "refund_pending": 10}
    await desk.settle(refund.id, came())
    void = await desk.begin_void(id_, "v")
    settled = await desk.settle(void.id, came())
    assert settled.payment.closed
    assert await desk.sums(id_) == {
        "authorized": 100,
        "captured": 60,
        "refunded": 10,
        "voided": 40,
    }


async def test_what_is_charged_at_once_is_captured(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method, capture_now=True)
    assert await desk.sums(id_) == {"authorized": 100, "captured": 100}


async def test_a_failed_attempt_gives_back_what_it_asked_for(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method, capture_now=True)
    refund = await desk.begin_refund(id_, Decimal(100), "r")
    settled = await desk.settle(refund.id, Outcome.failed("no_funds"))
    assert (settled.changed, settled.attempt.decline_code) == (True, "no_funds")
    assert await desk.sums(id_) == {"authorized": 100, "captured": 100}
    again = await desk.begin_refund(id_, Decimal(100), "r2")
    assert again.id != refund.id


async def test_the_same_key_is_the_same_attempt(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method)
    first = await desk.begin_capture(id_, Decimal(60), "c")
    assert (await desk.begin_capture(id_, Decimal(60), "c")).id == first.id
    other = await desk.begin_capture(id_, Decimal(10), "c")
    assert (other.code, other.path) == ("IDEMPOTENCY_CONFLICT", ("key",))
    assert await desk.sums(id_) == {"authorized": 100, "capture_pending": 60}


@pytest.mark.parametrize(
    ("amount", "key", "code", "path"),
    [
        ("100.01", "k", "AMOUNT_TOO_LARGE", "amount"),
        ("0", "k", "INVALID", "amount"),
        ("-1", "k", "INVALID", "amount"),
        ("NaN", "k", "INVALID", "amount"),
        ("1e30", "k", "INVALID", "amount"),
        ("1.001", "k", "INVALID", "amount"),
        ("1", "", "INVALID", "key"),
        ("1", "\0", "INVALID", "key"),
        ("1", "\ud800", "INVALID", "key"),
        ("1", "k" * 201, "INVALID", "key"),
        ("1", CARD, "CARD_NUMBER_REFUSED", "key"),
    ],
)
async def test_what_cannot_be_captured(
    desk: Desk, method: int, amount: str, key: str, code: str, path: str
) -> None:
    id_ = await desk.authorized(method)
    refused = await desk.begin_capture(id_, Decimal(amount), key)
    assert (refused.code, refused.path) == (code, (path,))
    assert await desk.sums(id_) == {"authorized": 100}


async def test_payments_that_are_not_there(desk: Desk) -> None:
    for ask in (desk.begin_capture, desk.begin_refund):
        assert (await ask(404, Decimal(1), "k")).code == "NOT_FOUND"
    assert (await desk.begin_void(404, "k")).code == "NOT_FOUND"
    assert (await desk.open(opening(404))).path == ("payment_method_id",)
    with pytest.raises(LookupError):
        await desk.settle(404, came())


async def test_nothing_is_voided_beside_a_capture_that_is_under_way(
    desk: Desk, method: int
) -> None:
    id_ = await desk.authorized(method)
    await desk.begin_capture(id_, Decimal(60), "c")
    assert (await desk.begin_void(id_, "v")).code == "INVALID"
    assert await desk.sums(id_) == {"authorized": 100, "capture_pending": 60}


async def test_an_answer_counts_once(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method)
    capture = await desk.begin_capture(id_, Decimal(60), "c")
    assert (await desk.settle(capture.id, came())).changed
    assert not (await desk.settle(capture.id, came())).changed
    assert not (await desk.settle(capture.id, Outcome.failed("late"))).changed
    assert await desk.sums(id_) == {"authorized": 100, "captured": 60}


async def test_money_that_came_after_all_is_seen(desk: Desk, method: int) -> None:
    attempt = await desk.open(opening(method))
    await desk.settle(attempt.id, Outcome.failed("timeout"))
    late = await desk.settle(attempt.id, came())
    assert (late.changed, late.late, late.attempt.decline_code) == (True, True, None)
    assert await desk.sums(attempt.payment_id) == {"authorized": 100}


async def test_a_refund_that_the_bank_sends_back_counts_no_more(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method, capture_now=True)
    refund = await desk.begin_refund(id_, Decimal(30), "r")
    await desk.settle(refund.id, came())
    await desk.settle(refund.id, Outcome.failed("lost_or_stolen_card"))
    assert await desk.sums(id_) == {"authorized": 100, "captured": 100}
    assert not (await desk.settle(refund.id, came())).changed


async def test_less_may_move_than_was_asked(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method)
    capture = await desk.begin_capture(id_, Decimal(60), "c")
    await desk.settle(capture.id, came(amount="50", closed=True))
    assert await desk.sums(id_) == {"authorized": 100, "captured": 50, "voided": 50}


async def test_an_unknown_outcome_leaves_the_attempt_in_doubt(desk: Desk, method: int) -> None:
    first = await desk.open(opening(method))
    second = await desk.open(opening(method, cart_id=2))
    soon = system_clock() + timedelta(minutes=1)
    assert [one.id for one in await desk.in_doubt(soon, 9)] == [first.id, second.id]
    told = Outcome.unknown(payment_reference="pi_1")
    settled = await desk.settle(first.id, told)
    assert (settled.changed, settled.payment.payment_reference) == (False, "pi_1")
    assert [one.id for one in await desk.in_doubt(soon, 9)] == [second.id, first.id]
    assert await desk.in_doubt(system_clock() - timedelta(minutes=1), 9) == []


async def test_of_an_action_only_its_kind_is_kept(desk: Desk, method: int, uow: UnitOfWork) -> None:
    attempt = await desk.open(opening(method))
    action = {"kind": "confirm", "clientSecret": "pi_1_secret_2", "redirectUrl": "https://x?y"}
    told = came(OutcomeState.ACTION_REQUIRED, next_action=action)
    settled = await desk.settle(attempt.id, told)
    assert settled.attempt.next_action == {"kind": "confirm"}
    assert settled.outcome.next_action == action
    assert "secret" not in repr(settled.outcome)
    assert (await desk.settle(attempt.id, came())).attempt.next_action is None


async def test_a_payment_of_a_cart_becomes_that_of_its_order(desk: Desk, method: int) -> None:
    mine = await desk.authorized(method)
    await desk.authorized(method, cart_id=2)
    await desk.attach(mine, 7)
    await desk.attach(mine, 8)
    assert {
        order: [row.id for row in rows] for order, rows in (await desk.by_orders([7, 8, 9])).items()
    } == {7: [mine]}


async def test_money_that_nothing_is_for_is_found(desk: Desk, method: int) -> None:
    mine = await desk.authorized(method)
    lost = await desk.authorized(method, cart_id=2)
    await desk.open(opening(method, cart_id=3))
    soon = system_clock() + timedelta(minutes=1)
    assert [row.id for row in await desk.for_nothing(soon, 9)] == [mine, lost]
    await desk.attach(mine, 7)
    await desk.attach(mine, 8)
    found = await desk.by_orders([7, 8, 9])
    assert {order: [row.id for row in rows] for order, rows in found.items()} == {7: [mine]}
    assert [row.id for row in await desk.for_nothing(soon, 9)] == [lost]
    void = await desk.begin_void(lost, "v")
    await desk.settle(void.id, came())
    assert await desk.for_nothing(soon, 9) == []


async def test_a_report_is_noted_once_and_first(desk: Desk, uow: UnitOfWork) -> None:
    assert await desk.note_event("stripe", "evt_1")
    assert not await desk.note_event("stripe", "evt_1")
    assert await desk.note_event("test", "evt_1")

    async def too_late() -> None:
        uow.hold(Rank.CART)
        await desk.services.payment_ledger.note_event("stripe", "evt_2")

    with pytest.raises(LockOrderError):
        await uow.transact(too_late)


async def test_money_that_came_by_hand(desk: Desk, offline: int) -> None:
    attempt = await desk.open(opening(offline, capture_now=True))
    id_ = attempt.payment_id
    assert await desk.open_for_cart(1) is None
    assert await desk.in_doubt(system_clock() + timedelta(minutes=1), 9) == []
    for _ in range(2):
        part = await desk.record_manual(id_, AttemptKind.CAPTURE, Decimal(40), "R-1", "k1")
    assert (part.changed, part.attempt.provider_reference) == (False, "R-1")
    over = await desk.record_manual(id_, AttemptKind.CAPTURE, Decimal(61), "", "k2")
    assert (over.code, over.available) == ("AMOUNT_TOO_LARGE", Decimal(60))
    await desk.record_manual(id_, AttemptKind.CHARGE, Decimal(60), "", "k2")
    back = await desk.record_manual(id_, AttemptKind.REFUND, Decimal(10), "", "k3")
    assert back.changed
    assert await desk.sums(id_) == {"authorized": 100, "captured": 100, "refunded": 10}
    attempts = (await desk.services.repositories.payment_attempts.by_payments([id_]))[id_]
    assert {one.state for one in attempts} == {AttemptState.SUCCEEDED}


async def test_a_payment_by_hand_is_called_off(desk: Desk, offline: int) -> None:
    id_ = (await desk.open(opening(offline))).payment_id
    for _ in range(2):
        off = await desk.record_manual(id_, AttemptKind.VOID, Decimal(0), "", "v")
        assert (off.payment.closed, off.attempt.state) == (True, AttemptState.FAILED)
    late = await desk.record_manual(id_, AttemptKind.CHARGE, Decimal(1), "", "k")
    assert late.code == "INVALID"
    assert await desk.sums(id_) == {}


@pytest.mark.parametrize("reference", [CARD, "x" * 201, "\0"])
async def test_references_that_are_not_kept(desk: Desk, offline: int, reference: str) -> None:
    id_ = (await desk.open(opening(offline))).payment_id
    refused = await desk.record_manual(id_, AttemptKind.CHARGE, Decimal(1), reference, "k")
    assert refused.path == ("reference",)


async def test_a_providers_payment_is_not_kept_by_hand(desk: Desk, method: int) -> None:
    id_ = await desk.authorized(method)
    refused = await desk.record_manual(id_, AttemptKind.CHARGE, Decimal(1), "", "k")
    assert refused.path == ("payment_id",)
    assert (await desk.record_manual(404, AttemptKind.CHARGE, Decimal(1), "", "k")).code == (
        "NOT_FOUND"
    )


@pytest.mark.parametrize("change", ["UPDATE {} SET amount = 1", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_ledger_refuses_change(
    desk: Desk, method: int, uow: UnitOfWork, change: str
) -> None:
    await desk.authorized(method)
    statement = text(change.format("payment_transactions"))
    with pytest.raises(DBAPIError, match="append-only"):
        await uow.transact(lambda: uow.change(statement))
