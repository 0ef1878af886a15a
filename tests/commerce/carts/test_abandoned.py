from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commerce.carts.kinds import CartState
from commerce.carts.service.abandoned import LEFT
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.notifications.messages import Mail
from commerce.wiring import Services
from tests.support.carts import TOKEN, Goods, make_cart, make_cart_line
from tests.support.services import PORTS

EARLIER = system_clock() - timedelta(hours=5)


async def _wanted(uow: UnitOfWork) -> Services:
    """The store writes to buyers whose carts were left behind for four hours."""
    await uow.change(text("UPDATE store SET abandoned_mails = true"))
    return Services(uow, SYSTEM, system_clock, PORTS)


async def _left(uow: UnitOfWork, **values: Any) -> Any:
    cart = await make_cart(uow, **{"email": "ada@shop.test", "updated_at": EARLIER, **values})
    await make_cart_line(uow, cart, await (await Goods.open(uow)).variant())
    return cart


async def test_a_buyer_is_written_to_once(uow: UnitOfWork) -> None:
    cart = await _left(uow, locale="de")
    services = await _wanted(uow)
    assert [await services.abandoned_carts.remind(system_clock()) for _ in range(2)] == [1, 0]
    mail = await services.abandoned_carts.mail({"cart_id": cart.id})
    assert mail == Mail(LEFT, "ada@shop.test", "de", {"token": TOKEN})
    stored = (await uow.rows(text("SELECT updated_at, version FROM carts")))[0]
    assert tuple(stored) == (EARLIER, 1)


async def test_nobody_is_written_to_unless_the_store_wants_it(uow: UnitOfWork) -> None:
    await _left(uow)
    assert (
        await Services(uow, SYSTEM, system_clock, PORTS).abandoned_carts.remind(system_clock()) == 0
    )


@pytest.mark.parametrize(
    "values",
    [
        {"email": None},
        {"updated_at": system_clock() - timedelta(hours=3)},
        {"state": CartState.FROZEN},
        {"state": CartState.COMPLETED, "order_id": 1},
        {"expires_at": system_clock() - timedelta(seconds=1)},
        {"reminded_at": EARLIER},
    ],
)
async def test_who_is_not_written_to(uow: UnitOfWork, values: dict[str, Any]) -> None:
    await _left(uow, **values)
    assert await (await _wanted(uow)).abandoned_carts.remind(system_clock()) == 0


async def test_an_empty_cart_is_not_written_about(uow: UnitOfWork) -> None:
    await make_cart(uow, email="ada@shop.test", updated_at=EARLIER)
    assert await (await _wanted(uow)).abandoned_carts.remind(system_clock()) == 0


async def test_nothing_is_sent_about_a_cart_that_was_bought_meanwhile(uow: UnitOfWork) -> None:
    cart = await _left(uow, state=CartState.COMPLETED, order_id=1)
    services = await _wanted(uow)
    assert await services.abandoned_carts.mail({"cart_id": cart.id}) is None
