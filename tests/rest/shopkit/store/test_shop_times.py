"""Times are the shop's: what is printed, and what a day is."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.core.db import OpenUnit, UnitOfWork
from commerce.orders.models import Order
from commerce.shop_time import SECONDS, ShopTime
from commerce.store.models import Store
from tests.support.catalog import make_product
from tests.support.orders import Item, place_order
from tests.support.shopkit import Client

LATE = datetime(2017, 5, 31, 23, 30, 5, 999_000, tzinfo=UTC)
WINTER = datetime(2017, 12, 1, 8, 0, tzinfo=UTC)


async def moved_to(uow: UnitOfWork, zone: str) -> None:
    await uow.change(update(Store).values(timezone=zone))


async def placed_late(uow: UnitOfWork) -> Any:
    order = await place_order(uow, Item("10.00"), placed_at=LATE)
    await uow.change(update(Order).where(col(Order.id) == order.id).values(updated_at=WINTER))
    return order


@pytest.mark.parametrize(
    ("zone", "created", "changed"),
    [
        ("UTC", "2017-05-31T23:30:05+00:00", "2017-12-01T08:00:00+00:00"),
        ("Europe/Lisbon", "2017-06-01T00:30:05+01:00", "2017-12-01T08:00:00+00:00"),
        ("America/St_Johns", "2017-05-31T21:00:05-02:30", "2017-12-01T04:30:00-03:30"),
    ],
)
async def test_moments_are_printed_in_the_zone_of_the_shop(
    shopkit: Client, uow: UnitOfWork, zone: str, created: str, changed: str
) -> None:
    await moved_to(uow, zone)
    order = await placed_late(uow)
    shown = await shopkit.get(f"/order/{order.id}")
    assert (shown["created_at"], shown["update_at"]) == (created, changed)


async def test_days_of_filters_are_those_of_the_shop(shopkit: Client, uow: UnitOfWork) -> None:
    await moved_to(uow, "Europe/Lisbon")
    order = await placed_late(uow)
    june = await shopkit.get("/order?date_from=2017-06-01&date_to=2017-06-01")
    may = await shopkit.get("/order?date_from=2017-05-31&date_to=2017-05-31")
    assert (june["0"]["id"], list(may)) == (order.id, ["paging"])


async def test_products_and_categories_too(shopkit: Client, uow: UnitOfWork) -> None:
    await moved_to(uow, "Asia/Tokyo")
    product = await make_product(uow, slug="bowl")
    category = await shopkit.found("POST", "/category", {"title": "Bowls"}, 201)
    shown = await shopkit.get(f"/product/{product.id}")
    times = [shown["created_at"], shown["updated_at"], category["created_at"]]
    assert [time[-6:] for time in times] == ["+09:00"] * 3


async def test_the_zone_is_read_again_after_some_seconds(
    open_unit: OpenUnit, uow: UnitOfWork, statements: list[str]
) -> None:
    moments = iter([0.0, SECONDS - 1, SECONDS, SECONDS])
    time = ShopTime(open_unit, lambda: next(moments))
    assert str(await time.zone()) == "UTC"
    await moved_to(uow, "Europe/Lisbon")
    statements.clear()
    assert (str(await time.zone()), len(statements)) == ("UTC", 0)
    assert (str(await time.zone()), len(statements)) == ("Europe/Lisbon", 1)
