"""Coupons in Shopkit's words."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM, Scope
from commerce.orders.models import Order
from commerce.promotions.kinds import RedemptionState
from commerce.promotions.models import Coupon, Promotion, PromotionRedemption
from tests.conftest import Ask
from tests.rest.conftest import MakeKey
from tests.support.catalog import make_brand, make_category, make_product
from tests.support.golden import differences, sample
from tests.support.shopkit import Client, order_1337

HERE = Path(__file__).parents[1] / "golden"
SENT = {
    "code": "bajevolp",
    "limit": "5",
    "value": "10",
    "type": "percent",
    "applies_to": "all_orders",
}
PROMOTIONS = """{ promotions(first: 50, where: {archived: false}) { nodes {
  trigger appliesTo target { tags } coupons(first: 5) { nodes { code } } } } }"""


def of_this_shop(golden: Any, shown: Any) -> Any:
    return golden | {name: shown[name] for name in ("id", "created_at")}


async def test_the_coupon_of_the_documents(shopkit: Client) -> None:
    (golden,) = sample(HERE / "coupon_created.json")
    (made,) = await shopkit.found("POST", "/coupon", SENT, 201)
    assert differences(made, of_this_shop(golden, made)) == []
    for path in (f"/{made['id']}", "/BAJEVOLP", f"?id={made['id']}", "?code=bajevolp"):
        assert await shopkit.get(f"/coupon{path}") == made


async def test_the_coupon_of_the_documents_once_it_was_used(
    shopkit: Client, uow: UnitOfWork
) -> None:
    golden = sample(HERE / "coupon.json")
    (made,) = await shopkit.found("POST", "/coupon/", SENT, 201)
    await use(uow, made["id"])
    shown = await shopkit.get("/coupon/bajevolp")
    assert differences(shown, of_this_shop(golden, shown)) == []


async def use(uow: UnitOfWork, coupon_id: int) -> None:
    """Order 1337 with the coupon: the promotion that the engine knows is the coupon's."""
    order = await order_1337(uow, sample(HERE / "order.json"))
    of_coupon = select(col(Coupon.promotion_id)).where(col(Coupon.id) == coupon_id)
    promotion = await uow.scalar(of_coupon)
    kept = [{**order.discounts[0], "promotion_id": promotion}]
    await uow.change(update(Order).where(col(Order.id) == order.id).values(discounts=kept))
    redeemed = {"order_id": order.id, "promotion_id": promotion, "coupon_id": coupon_id}
    amount = {"amount": Decimal("14.86"), "state": RedemptionState.REDEEMED}
    await uow.change(insert(PromotionRedemption).values(**redeemed, **amount))
    await uow.change(update(Coupon).where(col(Coupon.id) == coupon_id).values(used=1))


async def test_a_code_is_taken_once(shopkit: Client, ask: Ask) -> None:
    await shopkit.found("POST", "/coupon", SENT, 201)
    response = await shopkit.call("POST", "/coupon", {**SENT, "code": "BAJEVOLP"})
    assert (response.status_code, response.json()) == (409, {"message": "Already exists."})
    listed = await ask(PROMOTIONS, viewer=SYSTEM)
    assert len(listed["data"]["promotions"]["nodes"]) == 1


async def test_what_a_coupon_may_be_for(shopkit: Client, uow: UnitOfWork) -> None:
    bowls, bowl = await make_category(uow, "bowls"), await make_product(uow, slug="rustic-bowl")
    acme = await make_brand(uow, "acme")
    made: dict[str, Any] = {}
    for place, more in enumerate(
        (
            {"applies_to": "orders_over", "orders_over": "49.99"},
            {"applies_to": "category", "category": "bowls"},
            {"applies_to": "category", "category": bowls.id},
            {"applies_to": "product", "product": "rustic-bowl"},
            {"applies_to": "product", "product": str(bowl.id), "type": "money", "value": 5},
            {"applies_to": "brand", "brand": acme.id, "type": "shipping", "value": 0},
            {"applies_to": "tag", "tag": "warm", "type": "shipping", "value": 50},
            {"date_from": "2026-01-01", "date_to": "2026-12-31", "countries": ["prt"]},
        )
    ):
        sent = {**SENT, "code": f"C{place}", **more}
        (made[f"C{place}"],) = await shopkit.found("POST", "/coupon", sent, 201)
    told = {code: (each["type"], str(each["value"])) for code, each in made.items()}
    assert told["C4"] == ("money", "5")
    assert (told["C5"], told["C6"]) == (("shipping", "0"), ("shipping", "50"))
    assert str(made["C0"]["orders_over"]) == "49.99"
    assert [made[f"C{n}"]["category"] for n in (0, 1, 2)] == [None, bowls.id, bowls.id]
    assert [made[f"C{n}"]["product"] for n in (2, 3, 4)] == [None, bowl.id, bowl.id]
    assert (made["C5"]["brand"], made["C6"]["tag"]) == (acme.id, "warm")
    assert [made[f"C{n}"]["applies_to"] for n in range(8)] == [
        *("orders_over", "category", "category", "product", "product", "brand", "tag"),
        "all_orders",
    ]
    dated = made["C7"]
    assert (dated["date_from"], dated["date_to"]) == ("2026-01-01", "2026-12-31")
    assert dated["countries"] == ["PRT"]


@pytest.mark.parametrize(
    "more",
    [
        {"code": None},
        {"code": ""},
        {"limit": None},
        {"limit": -1},
        {"value": "much"},
        {"value": None},
        {"value": 101},
        {"type": "gift"},
        {"applies_to": "orders"},
        {"applies_to": "orders_over"},
        {"applies_to": "category"},
        {"applies_to": "category", "category": "nowhere"},
        {"applies_to": "product", "product": 999},
        {"date_from": "01/02/2026"},
        {"date_from": "2026-02-01", "date_to": "2026-01-01"},
        {"countries": ["xyz"]},
    ],
)
async def test_what_is_no_coupon(shopkit: Client, ask: Ask, more: dict[str, Any]) -> None:
    assert await shopkit.refused("POST", "/coupon", {**SENT, **more}) == 400
    listed = await ask(PROMOTIONS, viewer=SYSTEM)
    assert listed["data"]["promotions"]["nodes"] == []


async def test_a_coupon_is_changed_part_by_part(shopkit: Client, uow: UnitOfWork) -> None:
    bowls = await make_category(uow, "bowls")
    (made,) = await shopkit.found("POST", "/coupon", SENT, 201)
    path = f"/coupon/{made['id']}"
    change: dict[str, Any] = {
        "limit": 0,
        "value": 15,
        "applies_to": "category",
        "category": "bowls",
    }
    (shown,) = await shopkit.found("PUT", path, change)
    assert (shown["limit"], shown["value"], shown["category"]) == (0, 15, bowls.id)
    assert (shown["code"], shown["type"]) == ("bajevolp", "percent")
    assert (await shopkit.found("PUT", path, change))[0] == shown
    (back,) = await shopkit.found("PUT", path, {"applies_to": "all_orders", "active": False})
    assert (back["category"], back["active"], back["value"]) == (None, False, 15)
    await shopkit.found("POST", "/coupon", {**SENT, "code": "other"}, 201)
    assert await shopkit.refused("PUT", path, {"code": "other"}) == 409
    assert await shopkit.refused("PUT", path, {"type": "gift"}) == 400
    assert await shopkit.refused("PUT", "/coupon/nothing", {"value": 1}) == 404


async def test_a_coupon_is_deleted_with_its_promotion(
    shopkit: Client, uow: UnitOfWork, ask: Ask
) -> None:
    (made,) = await shopkit.found("POST", "/coupon", SENT, 201)
    path = f"/coupon/{made['id']}"
    assert await shopkit.found("DELETE", path, status=204) is None
    assert await shopkit.refused("GET", path) == 404
    assert await shopkit.refused("DELETE", path) == 404
    assert (await ask(PROMOTIONS, viewer=SYSTEM))["data"]["promotions"]["nodes"] == []
    assert await uow.scalar(select(col(Promotion.archived_at))) is not None


async def test_a_coupon_of_digits_is_found_by_them(shopkit: Client) -> None:
    await shopkit.found("POST", "/coupon", {**SENT, "code": "99999"}, 201)
    assert (await shopkit.get("/coupon/99999"))["code"] == "99999"


async def test_a_lookup_needs_an_id_or_a_code(shopkit: Client) -> None:
    assert await shopkit.refused("GET", "/coupon") == 400
    assert await shopkit.refused("GET", "/coupon?id=x") == 400
    assert await shopkit.refused("GET", "/coupon?code=nothing") == 404


async def test_a_retried_coupon_is_added_once(shopkit: Client) -> None:
    answers = [
        await shopkit.call("POST", "/coupon", SENT, **{"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotent-Replayed"] == "true"


async def test_a_key_without_the_scopes_is_refused(
    client: httpx.AsyncClient, make_key: MakeKey
) -> None:
    reader = Client(client, await make_key("shopkit", Scope.READ_PROMOTIONS))
    assert await reader.refused("POST", "/coupon", SENT) == 403
    stranger = Client(client, await make_key("shopkit", Scope.READ_PRODUCTS))
    assert await stranger.refused("GET", "/coupon/bajevolp") == 403
    assert (await client.get("/v1/coupon/bajevolp")).status_code == 401
