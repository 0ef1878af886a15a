"""Old carts of guests stay, and tell nothing about the guests any more."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commerce.carts.kinds import CartState
from commerce.carts.models import Cart
from commerce.core.clock import system_clock
from commerce.core.columns import PERSONAL
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from commerce.privacy.rules import Retention
from commerce.wiring import Services
from tests.support.carts import Goods, make_cart, make_cart_line
from tests.support.customers import make_customer
from tests.support.services import PORTS

OVER = system_clock() - timedelta(days=91)
CANARY = "canary-of-a-guest"
ADDRESS = {"first_name": CANARY, "country": "DE"}
TOLD: dict[str, Any] = {
    "email": f"{CANARY}@shop.test",
    "phone": CANARY,
    "locale": CANARY,
    "shipping_address": ADDRESS,
    "billing_address": ADDRESS,
    "codes": [CANARY],
    "gift_card_ids": [77],
    "note": CANARY,
    "extra_fields": {"engraving": CANARY},
    "attribution": {"source": CANARY},
    "expires_at": OVER,
}


def services(uow: UnitOfWork, days: int = 90) -> Services:
    ports = replace(PORTS, retention=Retention(cart_days=days))
    return Services(uow, SYSTEM, system_clock, ports)


async def told(uow: UnitOfWork) -> str:
    rows = [await uow.scalars(text(f"SELECT t::text FROM {name} t")) for name in LEFT_IN]
    return "\n".join(row for found in rows for row in found)


LEFT_IN = ("carts", "cart_lines")


def test_all_that_is_personal_is_told_here() -> None:
    columns = Cart.__table__.columns  # type: ignore[attr-defined]  # SQLModel sets it on tables
    assert {column.name for column in columns if PERSONAL in column.info} == TOLD.keys() - {
        "expires_at"
    }


@pytest.mark.parametrize("state", [CartState.ACTIVE, CartState.EXPIRED, CartState.MERGED])
async def test_an_old_guests_cart_loses_what_it_tells(uow: UnitOfWork, state: CartState) -> None:
    into = 1 if state is CartState.MERGED else None
    cart = await make_cart(uow, **TOLD, state=state, merged_into_id=into)
    variant = await (await Goods.open(uow)).variant()
    await make_cart_line(uow, cart, variant, extra_fields={"engraving": CANARY})
    assert CANARY in await told(uow)
    retention = services(uow).cart_retention
    assert [await retention.blank() for _ in range(2)] == [1, 0]
    (row,) = await uow.rows(text("SELECT * FROM carts"))
    assert (row.id, row.state, row.token, row.currency) == (cart.id, state.value, None, "EUR")
    assert (row.gift_card_ids, row.codes, row.note, row.version) == ([], [], "", 2)
    assert row.blanked_at is not None
    assert CANARY not in await told(uow)


@pytest.mark.parametrize(
    "values",
    [
        {"expires_at": system_clock() - timedelta(days=89)},
        {"state": CartState.FROZEN},
        {"state": CartState.COMPLETED, "order_id": 1},
    ],
)
async def test_what_is_not_over_stays(uow: UnitOfWork, values: dict[str, Any]) -> None:
    await make_cart(uow, **{**TOLD, **values})
    assert await services(uow).cart_retention.blank() == 0
    assert CANARY in await told(uow)


async def test_a_customers_cart_goes_with_the_customer(uow: UnitOfWork) -> None:
    await make_cart(uow, **TOLD, customer_id=(await make_customer(uow)).id)
    assert await services(uow).cart_retention.blank() == 0


async def test_the_time_is_a_setting(uow: UnitOfWork) -> None:
    await make_cart(uow, **{**TOLD, "expires_at": system_clock()})
    assert await services(uow, days=0).cart_retention.blank() == 1


@pytest.mark.parametrize("carts", [1, 6])
async def test_many_cost_as_much_as_one(uow: UnitOfWork, statements: list[str], carts: int) -> None:
    for number in range(carts):
        await make_cart(uow, f"{number}".zfill(22), **TOLD)
    statements.clear()
    assert await services(uow).cart_retention.blank() == carts
    assert len(statements) == 3  # which, their lines, they


async def test_processes_share_the_work_and_wait_for_nobody(database: Database) -> None:
    open_unit = units_on(database)
    async with open_unit() as uow:
        for number in range(4):
            await make_cart(uow, f"{number}".zfill(22), **TOLD)

    async def blank() -> int:
        async with open_unit() as uow:
            return await services(uow).cart_retention.blank()

    async def hold_one() -> list[int]:
        async with open_unit() as uow:

            async def held() -> list[int]:
                await uow.rows(text("SELECT id FROM carts ORDER BY id LIMIT 1 FOR UPDATE"))
                return await asyncio.gather(blank(), blank())

            return await uow.transact(held)

    assert sum(await hold_one()) == 3
    assert await blank() == 1
