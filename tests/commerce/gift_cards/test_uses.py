from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.gift_cards.kinds import EntryKind
from commerce.gift_cards.models import GiftCard, GiftCardEntry
from commerce.gift_cards.problems import GiftCardChanged
from commerce.invariants import broken
from commerce.wiring import Services
from tests.support.gift_cards import balances, make_gift_card, use_of
from tests.support.services import PORTS

DAY = timedelta(days=1)


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return Services(uow, SYSTEM, system_clock, PORTS)


async def _draw(services: Services, cart: int, *uses: Any) -> Any:
    return await services.uow.transact(
        lambda: services.gift_card_uses.draw(cart, uses), keep=lambda problem: problem is None
    )


async def _release(services: Services, cart: int) -> None:
    await services.uow.transact(lambda: services.gift_card_uses.release(cart))


async def _give_back(services: Services, order: int, amount: str | None = None) -> Decimal:
    return await services.uow.transact(
        lambda: services.gift_card_uses.give_back(order, Decimal(amount) if amount else None)
    )


async def test_a_cart_draws_once_and_may_draw_otherwise(
    services: Services, uow: UnitOfWork
) -> None:
    one, two = await make_gift_card(uow), await make_gift_card(uow, "20", "OTHER-OTHER-OTHER")
    for _ in range(2):
        assert await _draw(services, 1, use_of(one, "50"), use_of(two, "5")) is None
        assert await balances(uow) == [0, 15]
    assert await _draw(services, 1, use_of(one, "30")) is None
    assert await balances(uow) == [20, 20]
    for _ in range(2):
        await _release(services, 1)
        assert await balances(uow) == [50, 20]
    assert await _draw(services, 1, use_of(one, "10")) is None
    assert await balances(uow) == [40, 20]


async def test_what_an_order_was_paid_with_goes_back_bit_by_bit_and_once(
    services: Services, uow: UnitOfWork
) -> None:
    one, two = await make_gift_card(uow), await make_gift_card(uow, "20", "OTHER-OTHER-OTHER")
    await _draw(services, 1, use_of(one, "30"), use_of(two, "20"))
    await services.gift_card_uses.attach(1, 7)
    await _release(services, 1)
    assert await balances(uow) == [20, 0]
    assert await _give_back(services, 7, "35") == 35
    assert await balances(uow) == [50, 5]
    assert await broken(uow) == []
    assert await _give_back(services, 7, "99") == 15
    assert await _give_back(services, 7) == 0
    assert await balances(uow) == [50, 20]


@pytest.mark.parametrize(
    "change", [{"disabled_at": system_clock()}, {"expires_at": system_clock() - DAY}]
)
async def test_a_card_that_is_over_is_not_drawn_on_but_takes_money_back(
    services: Services, uow: UnitOfWork, change: dict[str, Any]
) -> None:
    card = await make_gift_card(uow)
    await _draw(services, 1, use_of(card, "10"))
    await uow.change(update(GiftCard).values(**change))
    assert await services.gift_card_uses.usable([card.id], "EUR") == []
    assert isinstance(await _draw(services, 2, use_of(card, "10")), GiftCardChanged)
    await _release(services, 1)
    assert await balances(uow) == [50]


async def test_cards_are_usable_in_their_order_and_currency(
    services: Services, uow: UnitOfWork
) -> None:
    cards = [await make_gift_card(uow, "5", f"CODE-CODE-{n}") for n in range(3)]
    foreign = await make_gift_card(uow, "5", "FOREIGN", currency="USD")
    empty = await make_gift_card(uow, "0", "EMPTY")
    ids = [cards[2].id, foreign.id, cards[0].id, empty.id, 999, cards[2].id]
    found = await services.gift_card_uses.usable(ids, "EUR")
    assert [card.id for card in found] == [cards[2].id, cards[0].id]


async def test_more_than_there_is_is_not_drawn(services: Services, uow: UnitOfWork) -> None:
    one, two = await make_gift_card(uow), await make_gift_card(uow, "20", "OTHER-OTHER-OTHER")
    refused = await _draw(services, 1, use_of(one, "50"), use_of(two, "20.01"))
    assert isinstance(refused, GiftCardChanged)
    assert refused.retryable
    assert await balances(uow) == [50, 20]


@pytest.mark.parametrize("many", [1, 5])
async def test_drawing_on_many_costs_as_much_as_on_one(
    services: Services, uow: UnitOfWork, statements: list[str], many: int
) -> None:
    cards = [await make_gift_card(uow, code=f"CODE-CODE-{n}") for n in range(many)]
    statements.clear()
    await _draw(services, 1, *(use_of(card, "1") for card in cards))
    assert len(statements) == 6  # held, lock, draw, uses, ledger, events
    await services.gift_card_uses.attach(1, 7)
    statements.clear()
    await _give_back(services, 7)
    assert len(statements) == 6  # uses, lock, returned, balances, ledger, events


async def test_the_ledger_says_what_happened_and_is_only_added_to(
    services: Services, uow: UnitOfWork
) -> None:
    card = await make_gift_card(uow)
    await _draw(services, 1, use_of(card, "10"))
    await services.gift_card_uses.attach(1, 7)
    await _give_back(services, 7, "4")
    entry = GiftCardEntry
    columns = (col(entry.kind), col(entry.amount), col(entry.balance), col(entry.order_id))
    rows = await uow.rows(select(*columns).order_by(col(entry.id)))
    assert [tuple(row) for row in rows] == [
        (EntryKind.ISSUE, 50, 50, None),
        (EntryKind.DRAW, -10, 40, None),
        (EntryKind.GIVE_BACK, 4, 44, 7),
    ]
    for change in ("UPDATE gift_card_entries SET amount = 0", "DELETE FROM gift_card_entries"):
        with pytest.raises(IntegrityError, match="append-only"):
            await uow.transact(partial(uow.change, text(change)))
