"""Payments changed from many sides; twins show what happens without the guard."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest
from sqlalchemy import func, select, true
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.payments.kinds import AttemptKind, TransactionKind
from commerce.payments.models import Payment, PaymentAttempt, PaymentEvent, PaymentTransaction
from commerce.payments.ports import ProviderEvent
from commerce.payments.problems import AmountTooLarge
from commerce.payments.repository import payments as repository
from commerce.payments.repository.attempts import AttemptRepository
from commerce.payments.repository.payments import PaymentRepository
from commerce.wiring import Services
from tests.support.invariants import Books
from tests.support.payments import authorized, came, make_method
from tests.support.services import side_by_side, transacted

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
MANY: Final = int(os.environ.get("COMMERCE_TEST_PAYMENT_RACES", "50"))  # noqa: TID251  # the suite's own switch


@pytest.fixture
async def bank(database: Database) -> AsyncIterator[Database]:
    """Patience, and connections enough for a crowd: the server has a hundred, and two suites share
    them.
    """
    bank = Database(database.url, PoolLimits(30, 0, wait=60, statement=60, lock=60))
    yield bank
    await bank.close()


async def _opened(bank: Database, amount: str = "100", **values: Any) -> int:
    async with units_on(bank)() as uow:
        method = await make_method(uow)
    return await transacted(
        bank, lambda services: authorized(services, method.id, amount, **values)
    )


async def _payment(bank: Database) -> Any:
    async with units_on(bank)() as uow:
        return await uow.row(select(Payment.__table__.c))  # type: ignore[attr-defined]


async def _booked(bank: Database, kind: TransactionKind) -> Decimal:
    async with units_on(bank)() as uow:
        amount = func.coalesce(func.sum(col(PaymentTransaction.amount)), 0)
        return await uow.scalar(select(amount).where(col(PaymentTransaction.kind) == kind))


def _moving(payment_id: int, begin: str, amount: Decimal, key: str) -> Any:
    async def work(services: Services) -> Any:
        ledger = services.payment_ledger
        return await getattr(ledger, begin)(payment_id, amount, key)

    return work


async def _move_at_random(bank: Database, id_: int, begin: str) -> list[Any]:
    """Each caller asks for another amount and, when it may, settles it at once."""
    amounts = [Decimal(random.randint(1, 1500)).scaleb(-2) for _ in range(MANY)]
    works = [_moving(id_, begin, amount, str(n)) for n, amount in enumerate(amounts)]
    asked = await side_by_side(bank, works)
    won = [answer for answer in asked if hasattr(answer, "provider_key")]

    async def settle(attempt_id: int, services: Services) -> Any:
        return await services.payment_ledger.settle(attempt_id, came())

    await side_by_side(bank, [partial(settle, attempt.id) for attempt in won])
    return asked


async def test_captures_and_refunds_at_random_stay_within_what_there_is(bank: Database) -> None:
    id_ = await _opened(bank)
    captures = await _move_at_random(bank, id_, "begin_capture")
    refunds = await _move_at_random(bank, id_, "begin_refund")
    for answers in (captures, refunds):
        assert {type(one) for one in answers if not hasattr(one, "provider_key")} == {
            AmountTooLarge
        }
    payment = await _payment(bank)
    assert 0 < payment.refunded <= payment.captured <= payment.authorized == 100
    assert (payment.capture_pending, payment.refund_pending) == (0, 0)
    assert await _booked(bank, TransactionKind.CAPTURE) == payment.captured
    assert await _booked(bank, TransactionKind.REFUND) == payment.refunded


@pytest.mark.parametrize(
    ("begin", "guard"), [("begin_capture", "_has_open"), ("begin_refund", "_has_taken")]
)
async def test_without_the_guard_the_table_has_to_stop_them(
    bank: Database, monkeypatch: Patch, begin: str, guard: str
) -> None:
    """With an error where an answer should be."""
    id_ = await _opened(bank, capture_now=begin == "begin_refund")
    monkeypatch.setattr(repository, guard, lambda _amount: true())
    works = [_moving(id_, begin, Decimal(30), str(n)) for n in range(5)]
    answers = await side_by_side(bank, works)
    assert IntegrityError in {type(answer) for answer in answers}


async def _settle_at_once(bank: Database) -> Decimal:
    """Ten captures of ten, settled side by side; answers what the payment says was taken."""
    id_ = await _opened(bank)
    asked = [
        await transacted(bank, _moving(id_, "begin_capture", Decimal(10), str(n)))
        for n in range(10)
    ]

    async def settle(attempt_id: int, services: Services) -> Any:
        return await services.payment_ledger.settle(attempt_id, came())

    await side_by_side(bank, [partial(settle, attempt.id) for attempt in asked])
    return (await _payment(bank)).captured


async def test_what_is_settled_side_by_side_adds_up(bank: Database) -> None:
    assert await _settle_at_once(bank) == 100
    assert await _booked(bank, TransactionKind.CAPTURE) == 100


async def test_without_the_lock_the_sum_forgets_some(
    bank: Database, monkeypatch: Patch, books: Books
) -> None:
    books.add_up = False

    async def read(self: PaymentRepository, attempt_id: int) -> Any:
        attempt = await AttemptRepository(self._uow).by_id(attempt_id)
        found = (await self.by_ids([attempt.payment_id]))[attempt.payment_id]
        await asyncio.sleep(0.05)
        return found

    monkeypatch.setattr(PaymentRepository, "locked_of", read)
    assert await _settle_at_once(bank) < 100
    assert await _booked(bank, TransactionKind.CAPTURE) == 100


async def _ask_twenty_times(bank: Database) -> tuple[list[Any], int]:
    id_ = await _opened(bank)
    works = [_moving(id_, "begin_capture", Decimal(5), "same")] * 20
    answers = await side_by_side(bank, works)
    async with units_on(bank)() as uow:
        captures = col(PaymentAttempt.kind) == AttemptKind.CAPTURE
        made = await uow.scalar(select(func.count(col(PaymentAttempt.id))).where(captures))
    return answers, made


async def test_one_key_is_one_attempt_however_many_ask(bank: Database) -> None:
    answers, made = await _ask_twenty_times(bank)
    assert (len({answer.id for answer in answers}), made) == (1, 1)
    assert (await _payment(bank)).capture_pending == 5


async def test_without_the_lock_some_of_them_fail(bank: Database, monkeypatch: Patch) -> None:
    async def read(self: PaymentRepository, id_: int) -> Any:
        return (await self.by_ids([id_])).get(id_)

    of_key = AttemptRepository.of_key

    async def slowly(self: AttemptRepository, *which: Any) -> Any:
        found = await of_key(self, *which)
        await asyncio.sleep(0.2)
        return found

    monkeypatch.setattr(PaymentRepository, "locked", read)
    monkeypatch.setattr(AttemptRepository, "of_key", slowly)
    answers, _ = await _ask_twenty_times(bank)
    assert IntegrityError in {type(answer) for answer in answers}


async def _report(event: ProviderEvent, services: Services) -> Any:
    if not await services.payment_ledger.note_event(event.provider, event.id):
        return None
    return await services.payment_reports.take(event)


async def _named(bank: Database, kind: AttemptKind) -> None:
    """The provider says what it calls the payment."""
    async with units_on(bank)() as uow:
        key = await uow.scalar(select(col(PaymentAttempt.provider_key)))
    opening = ProviderEvent("test", "evt_0", kind, key, None, came(payment_reference="p_1"))
    await transacted(bank, partial(_report, opening))


async def _report_twenty_times(bank: Database) -> tuple[list[Any], int]:
    """One refund somebody made at the provider's site, reported twenty times at once."""
    id_ = await _opened(bank, capture_now=True)
    outcome = came(amount="10", provider_reference="re_1")
    event = ProviderEvent("test", "evt_1", AttemptKind.REFUND, None, "p_1", outcome)
    await _named(bank, AttemptKind.CHARGE)
    answers = await side_by_side(bank, [partial(_report, event)] * 20)
    async with units_on(bank)() as uow:
        noted = await uow.scalar(select(func.count(col(PaymentEvent.id))))
    assert (await _payment(bank)).id == id_
    return answers, noted


async def test_a_report_that_comes_twenty_times_at_once_counts_once(bank: Database) -> None:
    answers, noted = await _report_twenty_times(bank)
    assert ([answer for answer in answers if answer is None], noted) == ([None] * 19, 2)
    assert (await _payment(bank)).refunded == 10


def _forgetting(patch: Patch) -> None:
    async def forgets(*_ignored: Any) -> bool:
        return True

    patch.setattr(AttemptRepository, "note_event", forgets)


async def test_even_if_reports_were_not_noted_it_counts_once(
    bank: Database, monkeypatch: Patch
) -> None:
    _forgetting(monkeypatch)
    answers, _ = await _report_twenty_times(bank)
    assert [answer.changed for answer in answers].count(True) == 1
    assert (await _payment(bank)).refunded == 10


async def _report_again_beside_the_next(bank: Database, reference: str | None) -> Any:
    """One capture of ten, reported once more while another one, of thirty, is under way."""
    await _opened(bank)
    await _named(bank, AttemptKind.AUTHORIZE)
    outcome = came(amount="10", provider_reference=reference)
    event = ProviderEvent("test", "evt_1", AttemptKind.CAPTURE, None, "p_1", outcome)
    id_ = (await _payment(bank)).id
    await transacted(bank, _moving(id_, "begin_capture", Decimal(10), "first"))
    await transacted(bank, partial(_report, event))
    await transacted(bank, _moving(id_, "begin_capture", Decimal(30), "second"))
    await transacted(bank, partial(_report, event))
    payment = await _payment(bank)
    return payment.captured, payment.capture_pending


@pytest.mark.parametrize("reference", [None, "c_1"])
async def test_a_report_that_comes_again_says_nothing_of_what_came_after_it(
    bank: Database, reference: str | None
) -> None:
    assert await _report_again_beside_the_next(bank, reference) == (10, 30)


async def test_if_reports_were_not_noted_one_would_be_taken_for_the_next(
    bank: Database, monkeypatch: Patch
) -> None:
    """Of the thirty ten would be taken for all that was captured."""
    _forgetting(monkeypatch)
    assert await _report_again_beside_the_next(bank, None) == (20, 0)


async def test_what_a_report_names_is_settled_by_no_other(
    bank: Database, monkeypatch: Patch
) -> None:
    """Also where it was not heard before: what the report says had come as an answer."""
    _forgetting(monkeypatch)
    assert await _report_again_beside_the_next(bank, "c_1") == (10, 30)
