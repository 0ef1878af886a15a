"""Which orders are asked for: from parameters to conditions, and the days of `date_filter`."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.rest.shopkit.orders.inputs import BACK, PAID, SENT
from commerce.store.models import Store
from tests.support.orders import Item, place_order
from tests.support.rest import BEARER, PaperShop, empty_list
from tests.support.shopkit import Client

KEY = BEARER["shopkit"]
PENDING = {"status": ["PENDING"], "not": BACK}
SHIPPED = {"status": ["SHIPPED"], "not": BACK}
ARRIVED = {"status": ["DELIVERED", "COMPLETED"], "not": BACK}
DAY = {"first": "2017-05-17", "last": "2017-05-18"}


@pytest.fixture
def shop() -> PaperShop:
    return PaperShop(result=empty_list())


@pytest.mark.parametrize(
    ("query", "conditions"),
    [
        ("", []),
        ("status=0", []),
        ("status_alias=all", []),
        ("status=3,0", []),
        ("status=1", [{"or": [PENDING]}]),
        ("status_alias=sent", [{"or": [SHIPPED]}]),
        ("status=3&status_alias=sent", [{"or": [SHIPPED]}]),
        ("status=1,3&status_alias=sent,pending", [{"or": [PENDING, SHIPPED]}]),
        ("status_alias=pending, delivered", [{"or": [PENDING, ARRIVED]}]),
        ("status_alias=returned", [{"or": [BACK]}]),
        ("paid=true", [{"paymentStatus": PAID}]),
        ("paid=0", [{"not": {"paymentStatus": PAID}}]),
        ("shipped=1", [{"fulfillmentStatus": SENT}]),
        ("invoice=false", [{"not": {"invoiced": True}}]),
        ("is_new=true", [{"seen": False}]),
        ("date_filter=today", [{"placedOn": {"recent": 1}}]),
        ("date_filter=yesterday", [{"placedOn": {"recent": 1, "ago": 1}}]),
        ("date_filter=last_week", [{"placedOn": {"recent": 7}}]),
        ("date_filter=last_month", [{"placedOn": {"recent": 30}}]),
        ("date_filter=today&date_type=sent_at", [{"shippedOn": {"recent": 1}}]),
        ("date_from=2017-05-17&date_to=2017-05-18", [{"placedOn": DAY}]),
        ("date_filter=today&date_from=2017-05-17&date_to=2017-05-18", [{"placedOn": DAY}]),
        ("date_to=2017-05-18&date_type=paid_at", [{"paidOn": DAY | {"first": None}}]),
        ("date_from=2017-05-17&date_type=update_at", [{"updatedOn": DAY | {"last": None}}]),
        ("ids=7,8", [{"id": {"in": [global_id("Order", 7), global_id("Order", 8)]}}]),
        ("q=ada", [{"search": "ada"}]),
        ("client_email=a@b.test", [{"email": {"eq": "a@b.test"}}]),
        (f"client_hash={'0' * 32}", [{"emailMd5": ["0" * 32]}]),
        ("coupon_code=ten", [{"couponCode": {"eq": "ten"}}]),
        ("paid=true&q=ada", [{"paymentStatus": PAID}, {"search": "ada"}]),
    ],
)
async def test_parameters_are_conditions(
    shop: PaperShop, query: str, conditions: list[Any]
) -> None:
    answer = await shop.client().get(f"/v1/order?{query}", headers=KEY)
    assert answer.status_code == 200, answer.text
    assert shop.variables["where"] == {"archived": False, "and": conditions}


@pytest.mark.parametrize(
    "query",
    [
        *("status=12", "status=-1", "status=sent", "status_alias=3", "status_alias=lost"),
        *("status=1&status_alias=sent", "paid=maybe", "date_filter=tomorrow", "date_filter=x"),
        *("date_from=17-05-2017", "date_from=2017-02-30", "date_type=seen_at", "ids=1,x"),
        *("client_hash=abc", "is_new=2", "q=%00"),
    ],
)
async def test_what_cannot_be_asked_is_a_bad_request(shop: PaperShop, query: str) -> None:
    answer = await shop.client().get(f"/v1/order?{query}", headers=KEY)
    assert (answer.status_code, answer.json()) == (400, {"message": "Bad request."})
    assert shop.executed == []


async def test_a_number_is_a_code_first_and_then_a_coupon(shop: PaperShop) -> None:
    shop.result = empty_list() | {"code": "ten"}
    await shop.client().get("/v1/order?coupon_code=1337", headers=KEY)
    (_, asked, _), (_, listed, _) = shop.executed
    assert asked["code"] == "1337"
    assert listed["where"]["and"] == [{"couponCode": {"eq": "ten"}}]


async def test_days_are_those_of_the_shop(shopkit: Client, uow: UnitOfWork) -> None:
    """Today among them. Where it is 14 hours later many of them are another day than in London."""
    await uow.change(update(Store).values(timezone="Pacific/Kiritimati"))
    now = system_clock()
    ago = {}
    for days in (0, 1, 6, 7, 29, 30):
        order = await place_order(uow, Item(), placed_at=now - timedelta(days=days))
        ago[order.id] = days
    for asked, expected in (
        ("today", [0]),
        ("yesterday", [1]),
        ("last_week", [0, 1, 6]),
        ("last_month", [0, 1, 6, 7, 29]),
    ):
        found = await shopkit.get(f"/order?date_filter={asked}")
        rows = (row for name, row in found.items() if name != "paging")
        assert sorted(ago[row["id"]] for row in rows) == expected
