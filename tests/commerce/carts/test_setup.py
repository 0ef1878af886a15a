"""How the shop is set up is kept between carts, and never a change too long."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from commerce.carts.rules.content import CartContent, WantedLine
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.places import Area, Place
from commerce.core.pool import Database
from commerce.core.setup import Setup
from commerce.core.viewer import ANONYMOUS
from commerce.migrate import metadata
from commerce.orders.problems import PriceChanged
from commerce.orders.service.cart_payments import Purchase
from commerce.store.models import Store
from commerce.store.repository import setup_mark
from commerce.wiring import Services
from tests.support.carts import Goods
from tests.support.checkout import Shop
from tests.support.services import PORTS
from tests.support.shipping import make_method
from tests.support.taxes import make_tax_zone

BERLIN = {"country": "DE", "postal_code": "10115", "city": "Berlin"}
# What others said of a place or a parcel ends by itself: it is read anew where somebody is asked.
ANSWERS = {"tax_answers", "shipping_answers"}


@asynccontextmanager
async def _unmarked(database: Database) -> AsyncIterator[None]:
    """Changes of rates leave the mark as it is."""
    turn = "ALTER TABLE tax_rates {} TRIGGER mark_setup"
    async with database.writer() as connection:
        await connection.execute(text(turn.format("DISABLE")))
    yield
    async with database.writer() as connection:
        await connection.execute(text(turn.format("ENABLE")))


async def _raised_between_two_purchases(database: Database) -> Any:
    """One process sells at a rate, another one raises it, the first is to sell for the same."""
    shop = await Shop.open(database)
    mug, elsewhere = await shop.variant("10"), units_on(database)
    async with elsewhere() as uow:
        await make_tax_zone(uow, "Germany", [Area("DE")], ("VAT", "19", None))
        await uow.change(text("UPDATE price_lists SET prices_include_tax = false"))
    async with shop.services() as services:  # what is read outside transactions is kept
        shown = await services.cart_pricing.priced(_mug(mug), system_clock())
    assert shown.result.total == Decimal("11.90")
    async with elsewhere() as uow:
        await uow.change(text("UPDATE tax_rates SET percent = 25"))
    token = await shop.cart((mug, 1), shipping_address=BERLIN)
    return await shop.buy(token, "11.90", "manual")


def _mug(variant_id: int) -> CartContent:
    return CartContent("EUR", (WantedLine(1, variant_id, 1),), place=Place("DE"))


async def test_no_order_is_placed_at_what_another_process_has_changed(database: Database) -> None:
    refused = await _raised_between_two_purchases(database)
    assert isinstance(refused, PriceChanged)
    assert refused.actual == Decimal("12.50")


async def test_without_its_mark_a_change_would_be_missed(database: Database) -> None:
    async with _unmarked(database):
        assert isinstance(await _raised_between_two_purchases(database), Purchase)


async def _left_by_a_transaction_that_came_to_nothing(uow: UnitOfWork) -> str:
    """What is kept once somebody has changed the store, read it and thought better of it."""
    mark = await uow.scalar(select(setup_mark()))

    async def name() -> str:
        return str(await uow.scalar(select(col(Store.name))))

    async def work() -> None:
        setup = uow.setup(mark)
        await uow.change(text("UPDATE store SET name = 'Never'"))
        assert await setup.of("name", name) == "Never"

    await uow.transact(work, keep=lambda _: False)
    return await uow.setup(mark).of("name", name)


async def test_a_transaction_keeps_nothing_for_others(uow: UnitOfWork) -> None:
    assert await _left_by_a_transaction_that_came_to_nothing(uow) == "Test Store"


async def test_without_the_rule_others_would_see_what_never_was(
    uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful = UnitOfWork.setup
    monkeypatch.setattr(
        UnitOfWork, "setup", lambda uow, mark: replace(careful(uow, mark), adds=True)
    )
    assert await _left_by_a_transaction_that_came_to_nothing(uow) == "Never"


async def test_whatever_is_kept_has_a_mark(
    uow: UnitOfWork, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    remembering = Setup.of

    async def of(self: Setup, key: Any, read: Any) -> Any:
        before = len(statements)
        value = await remembering(self, key, read)
        kept.extend(statements[before:])
        return value

    monkeypatch.setattr(Setup, "of", of)
    goods = await Goods.open(uow)
    await make_method(uow)
    services = Services(uow, ANONYMOUS, system_clock, PORTS)
    await services.cart_pricing.priced(_mug((await goods.variant()).id), system_clock())
    read = set(re.findall(r"(?:FROM|JOIN|,) (\w+)(?= |$)(?! *\.)", " ".join(kept), re.MULTILINE))
    tables = read & set(metadata().tables) - ANSWERS
    assert {"store", "tax_rates", "shipping_methods"} <= tables
    for table in tables:
        before = await uow.scalar(select(setup_mark()))
        await uow.change(text(f"DELETE FROM {table} WHERE false"))
        assert await uow.scalar(select(setup_mark())) != before, table
