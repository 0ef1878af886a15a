"""Nothing here can hold the number of a card."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import JSON, Text, text

from commerce import migrate
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.payments.kinds import AttemptKind
from commerce.payments.ports import Outcome
from commerce.payments.problems import CardNumberRefused
from commerce.payments.rules.cards import HIDDEN, card_flaw, without_cards
from commerce.wiring import Services
from tests.support.payments import authorized, make_method, opening
from tests.support.services import PORTS

CARDS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "5500-0000-0000-0004",
    "378282246310005",
    "6011.0000.0000.0004",
    "pay with 4111111111111111, please",
    "30569309025904",
]
TABLES = ("payment_methods", "payments", "payment_attempts", "payment_transactions")
SENSITIVE = ("card", "pan", "cvc", "cvv", "token", "secret", "iban", "expiry", "holder")


@pytest.mark.parametrize("number", CARDS)
def test_numbers_of_cards_are_noticed(number: str) -> None:
    for value in (number, {"a": [number]}, {number: 1}, {"a": {"b": (number,)}}):
        assert isinstance(card_flaw(value, "data"), CardNumberRefused)
    assert HIDDEN in without_cards(number)
    assert not isinstance(card_flaw(without_cards(number)), CardNumberRefused)


@pytest.mark.parametrize(
    "fine",
    [
        "",
        "4111111111111112",
        "411111111111",
        "DE89370400440532013000",
        "sg-41111111111111110a",
        "41111111111111111111",
        {"amount": 100, "none": None},
    ],
)
def test_other_numbers_are_not(fine: Any) -> None:
    assert card_flaw(fine) is None
    assert not isinstance(fine, str) or without_cards(fine) == fine


def test_a_number_as_a_number_is_noticed() -> None:
    assert card_flaw({"number": 4111111111111111}) is not None


def test_no_column_is_made_for_what_can_pay() -> None:
    tables: Mapping[str, Any] = migrate.metadata().tables
    named = [
        str(column)
        for table in (*TABLES, "payment_events", "test_provider_charges")
        for column in tables[table].columns
        if any(word in column.name for word in SENSITIVE)
    ]
    assert named == []


async def test_nothing_of_what_a_buyer_pays_with_is_stored(uow: UnitOfWork) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    ledger, method = services.payment_ledger, (await make_method(uow)).id
    offline = (await make_method(uow, "transfer", provider="manual")).id

    async def work() -> None:
        for data in ({"number": CARDS[0]}, {"card": {"cvc": "123", "pan": CARDS[1]}}):
            assert isinstance(await ledger.open(opening(method, data=data)), CardNumberRefused)
        attempt: Any = await ledger.open(opening(method, data={"paymentMethod": "pm_canary"}))
        action = {"kind": "confirm", "clientSecret": "canary_secret", "redirectUrl": CARDS[0]}
        told = Outcome.failed(f"bad card {CARDS[0]}", f"{CARDS[0]}", next_action=action)
        await ledger.settle(attempt.id, told)
        paid = await authorized(services, method)
        by_hand: Any = await ledger.open(opening(offline))
        for number in CARDS:
            assert isinstance(await ledger.begin_capture(paid, 1, number), CardNumberRefused)  # type: ignore[arg-type]
            refused = await ledger.record_manual(
                by_hand.payment_id, AttemptKind.CHARGE, by_hand.amount, number, "k"
            )
            assert isinstance(refused, CardNumberRefused)

    await uow.transact(work)
    for name in TABLES:
        for row in await uow.rows(text(f"SELECT to_jsonb(t)::text FROM {name} t")):
            assert "canary" not in row[0]
            assert card_flaw({"row": row[0]}) is None


def test_every_text_of_a_payment_is_known() -> None:
    """A new column for free text has to be looked at: can somebody write a card into it?"""
    tables: Mapping[str, Any] = migrate.metadata().tables
    free = {
        str(column)
        for table in ("payments", "payment_attempts", "payment_transactions")
        for column in tables[table].columns
        if isinstance(column.type, Text | JSON)
    }
    assert free == {
        "payments.currency",
        "payments.provider",
        "payments.payment_reference",
        "payment_attempts.key",
        "payment_attempts.provider_key",
        "payment_attempts.provider_reference",
        "payment_attempts.decline_code",
        "payment_attempts.next_action",
    }
