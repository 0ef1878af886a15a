"""Coupons that come with their promotion, and what was sold with them."""

from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.pricing.rules.promotions import Percent, Promotion, Stage
from commerce.promotions.kinds import RedemptionState
from commerce.promotions.models import PromotionRedemption
from tests.conftest import Ask
from tests.support.orders import Item, place_order

CLERK = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_PROMOTIONS, Scope.WRITE_PROMOTIONS}))
CREATE = """mutation ($i: PromotionCreateInput!) { promotionCreate(input: $i) {
  promotion { databaseId coupons(first: 2) { nodes { databaseId code usageLimit } } }
  userErrors { code path } } }"""
SALES = """query ($id: ID!) { coupon(id: $id) {
  sales { orders total { amount currencyCode } discount { amount } } } }"""


async def _create(ask: Ask, **more: Any) -> Any:
    given = {"name": "Ten", "value": {"percent": "10"}, "trigger": "COUPON", **more}
    return (await ask(CREATE, {"i": given}, viewer=CLERK))["data"]["promotionCreate"]


async def test_a_promotion_comes_with_its_coupon(ask: Ask) -> None:
    made = await _create(ask, coupon={"code": "bajevolp", "usageLimit": 5})
    (coupon,) = made["promotion"]["coupons"]["nodes"]
    assert (coupon["code"], coupon["usageLimit"]) == ("bajevolp", 5)


async def test_neither_is_added_when_the_code_is_taken(ask: Ask, uow: UnitOfWork) -> None:
    await _create(ask, coupon={"code": "bajevolp"})
    again = await _create(ask, coupon={"code": "BAJEVOLP"})
    assert again["promotion"] is None
    assert again["userErrors"] == [{"code": "TAKEN", "path": ["coupon", "code"]}]
    listed = await ask("{ promotions(first: 5) { totalCount { count } } }", viewer=CLERK)
    assert listed["data"]["promotions"]["totalCount"]["count"] == 1


async def test_a_promotion_that_applies_by_itself_has_no_coupon(ask: Ask) -> None:
    made = await _create(ask, trigger="AUTOMATIC", coupon={"code": "ten"})
    assert [flaw["path"] for flaw in made["userErrors"]] == [["coupon", "promotionId"]]


async def test_what_was_sold_with_a_coupon(ask: Ask, uow: UnitOfWork) -> None:
    made = (await _create(ask, coupon={"code": "TEN"}))["promotion"]
    (coupon,) = made["coupons"]["nodes"]
    ten = Promotion(made["databaseId"], "Ten", Percent(Decimal(10)), Stage.ORDER, code="TEN")
    states = (RedemptionState.REDEEMED, RedemptionState.REDEEMED, RedemptionState.RETURNED)
    for state in states:
        order = await place_order(uow, Item("148.64"), promotions=(ten,))
        use = {
            "order_id": order.id,
            "promotion_id": made["databaseId"],
            "coupon_id": coupon["databaseId"],
            "amount": Decimal("14.86"),
            "state": state,
        }
        await uow.change(insert(PromotionRedemption).values(**use))
    id_ = global_id("Coupon", coupon["databaseId"])
    answer = await ask(SALES, {"id": id_}, viewer=CLERK)
    assert answer["data"]["coupon"]["sales"] == [
        {
            "orders": 2,
            "total": {"amount": "267.56", "currencyCode": "EUR"},
            "discount": {"amount": "29.728"},
        }
    ]
