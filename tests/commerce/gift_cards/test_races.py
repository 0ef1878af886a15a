"""Gift cards spent from many sides; twins show what happens without the guard."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.references import Claimed
from commerce.gift_cards.models import GiftCard
from commerce.gift_cards.problems import GiftCardChanged
from commerce.gift_cards.repository.balances import BalanceRepository
from commerce.gift_cards.repository.cards import GiftCardRepository
from commerce.gift_cards.rules.issues import Issue
from commerce.wiring import Services
from tests.support.gift_cards import balances, make_gift_card, use_of
from tests.support.invariants import Books
from tests.support.services import side_by_side, transacted

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
BUYERS = 20


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    """A connection for every buyer, and patience: the machine may be busy."""
    shop = Database(database.url, PoolLimits(BUYERS, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()


async def _made(shop: Database, cards: int = 1) -> list[Any]:
    async with units_on(shop)() as uow:
        return [await make_gift_card(uow, code=f"CODE-CODE-{n}") for n in range(cards)]


async def _balances(shop: Database) -> list[Decimal]:
    async with units_on(shop)() as uow:
        return await balances(uow)


async def _spend(cards: Sequence[Any], cart: int, services: Services) -> Any:
    return await services.gift_card_uses.draw(cart, [use_of(card, "10") for card in cards])


async def _all_spend_ten_of_fifty(shop: Database) -> int:
    """How many carts were paid with ten of the fifty on the card."""
    cards = await _made(shop)
    answers = await side_by_side(shop, [partial(_spend, cards, cart) for cart in range(BUYERS)])
    paid = answers.count(None)
    assert sum(isinstance(answer, GiftCardChanged) for answer in answers) == BUYERS - paid
    return paid


async def test_fifty_pay_five_times_ten(shop: Database) -> None:
    assert await _all_spend_ten_of_fifty(shop) == 5
    assert await _balances(shop) == [0]


async def test_looking_before_drawing_spends_the_same_money_twice(
    shop: Database, monkeypatch: Patch, books: Books
) -> None:
    books.add_up = False

    async def unlocked(self: BalanceRepository, ids: Any) -> Any:
        return await self.by_ids(ids)

    async def looking(
        self: BalanceRepository, amounts: Mapping[int, Decimal], at: datetime
    ) -> dict[int, Decimal]:
        rows = await self._uow.rows(select(col(GiftCard.id), col(GiftCard.balance)))
        await asyncio.sleep(0.05)
        left = {row.id: row.balance - amounts[row.id] for row in rows}
        for id_, balance in left.items():
            if balance >= 0:
                one = update(GiftCard).where(col(GiftCard.id) == id_)
                await self._uow.change(one.values(balance=balance))
        return {id_: balance for id_, balance in left.items() if balance >= 0}

    monkeypatch.setattr(BalanceRepository, "locked", unlocked)
    monkeypatch.setattr(BalanceRepository, "take", looking)
    assert await _all_spend_ten_of_fifty(shop) > 5


async def test_cards_named_in_any_order_do_not_deadlock(shop: Database) -> None:
    cards = await _made(shop, 4)

    async def come_and_go(cart: int) -> list[Any]:
        named = cards if cart % 2 else cards[::-1]
        paid = await transacted(shop, partial(_spend, named, cart))
        gone = await transacted(shop, lambda services: services.gift_card_uses.release(cart))
        return [paid, gone]

    answers = await asyncio.gather(*(come_and_go(cart) for cart in range(5)))
    assert {answer for one in answers for answer in one} == {None}
    assert await _balances(shop) == [50] * 4


async def _cancel_ten_times(shop: Database) -> list[Any]:
    cards = await _made(shop)
    await transacted(shop, partial(_spend, cards, 1))
    await transacted(shop, lambda services: services.gift_card_uses.attach(1, 7))
    cancels = [lambda services: services.gift_card_uses.give_back(7)] * 10
    return await side_by_side(shop, cancels)


async def test_an_order_canceled_many_times_gives_back_once(shop: Database) -> None:
    assert sum(await _cancel_ten_times(shop)) == 10
    assert await _balances(shop) == [50]


async def _issue_ten_times(shop: Database) -> list[Any]:
    issue = Issue(Decimal(10), "EUR", count=3, reference="campaign")
    return await side_by_side(shop, [lambda services: services.gift_cards.issue(issue)] * 10)


async def test_a_request_sent_many_times_at_once_issues_once(shop: Database) -> None:
    answers = await _issue_ten_times(shop)
    assert len({tuple((one.card.id, one.code) for one in answer) for answer in answers}) == 1
    assert await _balances(shop) == [10, 10, 10]


async def test_without_claiming_the_reference_others_run_into_the_same_codes(
    shop: Database, monkeypatch: Patch
) -> None:
    async def claimed(self: Any, actor: str, reference: str, digest: bytes) -> Claimed:
        return Claimed(cast(Any, SimpleNamespace(id=1)), True)

    monkeypatch.setattr(GiftCardRepository, "claim", claimed)
    answers = await _issue_ten_times(shop)
    assert sum(isinstance(answer, list) for answer in answers) < 10
