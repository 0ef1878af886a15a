from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.models import Promotion
from commerce.store.models import Store
from tests.conftest import Ask
from tests.support.promotions import make_coupon, make_promotion

FIELDS = """id databaseId name description externalId trigger appliesTo freeShipping
  value { ... on PercentOff { percent } ... on AmountOff { amount { amount currencyCode } eachUnit }
    ... on FixedPrice { price { amount } } ... on BuyXGetY { buy get most cheaper: percent } }
  target { everything productIds tags exclude: excludeSale }
  conditions { leastSubtotal { amount } mostQuantity counted { everything categoryIds }
    customerGroupIds buyers countries }
  startsAt endsAt firstDay lastDay weekdays fromHour toHour priority exclusive combinable
  maxDiscount { amount } maxUnits minUnits usageLimit perCustomerLimit used active version"""
CREATE = """mutation ($input: PromotionCreateInput!) { promotionCreate(input: $input) {
  promotion { FIELDS } userErrors { code path message } } }""".replace("FIELDS", FIELDS)
UPDATE = """mutation ($input: PromotionUpdateInput!) { promotionUpdate(input: $input) {
  promotion { FIELDS } userErrors { code path ... on VersionConflictError { current } }
} }""".replace("FIELDS", FIELDS)
DELETE = """mutation ($input: PromotionDeleteInput!) { promotionDelete(input: $input) {
  deletedId userErrors { code path } } }"""
GENERAL = global_id("CustomerGroup", 0)


async def _create(ask: Ask, **given: Any) -> Any:
    whole = {"name": "Sale", "value": {"percent": "10"}, **given}
    return (await ask(CREATE, {"input": whole}))["data"]["promotionCreate"]


async def _update(ask: Ask, id_: str, **given: Any) -> Any:
    return (await ask(UPDATE, {"input": {"id": id_, **given}}))["data"]["promotionUpdate"]


async def test_a_plain_promotion_is_ten_percent_of_every_order(ask: Ask) -> None:
    made = (await _create(ask))["promotion"]
    assert made == made | {
        "name": "Sale",
        "trigger": "AUTOMATIC",
        "appliesTo": "ORDER",
        "value": {"percent": "10"},
        "weekdays": [],
        "combinable": True,
        "usageLimit": None,
        "used": 0,
        "active": True,
        "version": 1,
    }
    assert made["target"] == {"everything": True, "productIds": [], "tags": [], "exclude": False}
    assert made["conditions"]["buyers"] == "ANYBODY"


async def test_all_that_is_said_of_a_promotion_is_read_back_and_changed(ask: Ask) -> None:
    given = {
        "externalId": "p-1",
        "description": "Of new goods, from Sunday to Monday.",
        "trigger": "COUPON",
        "appliesTo": "LINES",
        "value": {"amountEach": "2.50"},
        "freeShipping": True,
        "target": {"tags": ["new"], "excludeSale": True},
        "conditions": {
            "leastSubtotal": "50",
            "mostQuantity": 9,
            "customerGroupIds": [GENERAL],
            "buyers": "NEW",
            "countries": ["de", "AT"],
        },
        "weekdays": ["SUNDAY", "MONDAY"],
        "fromHour": "22:00",
        "toHour": "02:30",
        "priority": -3,
        "exclusive": True,
        "combinable": False,
        "maxDiscount": "30",
        "maxUnits": 4,
        "minUnits": 2,
        "usageLimit": 100,
        "perCustomerLimit": 1,
        "active": False,
    }
    made = (await _create(ask, **given))["promotion"]
    plain = set(given) - {"value", "target", "conditions", "weekdays", "maxDiscount"}
    assert {name: made[name] for name in plain} == {name: given[name] for name in plain}
    amount = {"amount": "2.50", "currencyCode": "EUR"}
    assert made["value"] == {"amount": amount, "eachUnit": True}
    assert made["weekdays"] == ["MONDAY", "SUNDAY"]
    assert made["maxDiscount"] == {"amount": "30.00"}
    assert made["conditions"] == {
        "leastSubtotal": {"amount": "50.00"},
        "mostQuantity": 9,
        "counted": {"everything": True, "categoryIds": []},
        "customerGroupIds": [GENERAL],
        "buyers": "NEW",
        "countries": ["AT", "DE"],
    }
    changed = await _update(ask, made["id"], usageLimit=None, conditions=None, expectedVersion=1)
    assert changed["promotion"] == made | {
        "usageLimit": None,
        "version": 2,
        "conditions": made["conditions"]
        | {
            "leastSubtotal": None,
            "mostQuantity": None,
            "customerGroupIds": [],
            "buyers": "ANYBODY",
            "countries": [],
        },
    }
    assert (await _update(ask, made["id"], active=False))["promotion"]["version"] == 2
    late = await _update(ask, made["id"], active=True, expectedVersion=1)
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 2}
    ]


async def test_days_are_those_of_the_shop_and_the_last_one_is_whole(
    ask: Ask, uow: UnitOfWork
) -> None:
    await uow.change(update(Store).values(timezone="Pacific/Kiritimati"))  # 14 hours ahead
    made = await _create(ask, firstDay="2026-03-01", lastDay="2026-03-31")
    assert made["promotion"] == made["promotion"] | {
        "startsAt": "2026-02-28T10:00:00Z",
        "endsAt": "2026-03-31T10:00:00Z",
        "firstDay": "2026-03-01",
        "lastDay": "2026-03-31",
    }
    await uow.change(update(Store).values(timezone="Europe/Berlin"))  # summer time begins
    made = await _create(ask, firstDay="2026-03-29", lastDay="2026-03-29")
    assert made["promotion"]["startsAt"] == "2026-03-28T23:00:00Z"
    assert made["promotion"]["endsAt"] == "2026-03-29T22:00:00Z"


REFUSED: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"name": " "}, "INVALID", ["name"]),
    ({"name": "n" * 1025}, "INVALID", ["name"]),
    ({"name": "a\0b"}, "INVALID", ["name"]),
    ({"name": "\ud800"}, "INVALID", ["name"]),
    ({"externalId": "taken"}, "TAKEN", ["externalId"]),
    ({"value": {"percent": "0"}}, "INVALID", ["value", "percent"]),
    ({"value": {"percent": "101"}}, "INVALID", ["value", "percent"]),
    ({"value": {"amount": "0"}}, "INVALID", ["value", "amount"]),
    ({"value": {"amount": "-1"}}, "INVALID", ["value", "amount"]),
    ({"value": {"amount": "1e30"}}, "INVALID", ["value", "amount"]),
    ({"value": {"amount": "0.001"}}, "INVALID", ["value", "amount"]),
    ({"value": {"amount": "0.5"}, "currencyCode": "JPY"}, "INVALID", ["value", "amount"]),
    ({"value": {"amountEach": "1"}}, "INVALID", ["appliesTo"]),
    ({"value": {"fixedPrice": "1"}}, "INVALID", ["appliesTo"]),
    ({"value": {"freeShipping": True}}, "INVALID", ["appliesTo"]),
    ({"value": {"freeShipping": False}}, "INVALID", ["value"]),
    ({"value": {"buyXGetY": {"buy": 1, "get": 1}}}, "INVALID", ["appliesTo"]),
    (
        {"value": {"buyXGetY": {"buy": 0, "get": 1}}, "appliesTo": "LINES"},
        "INVALID",
        ["value", "buyXGetY", "buy"],
    ),
    (
        {
            "value": {"buyXGetY": {"buy": 1, "get": 1, "given": {"tags": ["\0"]}}},
            "appliesTo": "LINES",
        },
        "INVALID",
        ["value", "buyXGetY", "given", "tags"],
    ),
    (
        {
            "value": {
                "buyXGetY": {
                    "buy": 1,
                    "get": 1,
                    "given": {"productIds": [global_id("Product", 404)]},
                }
            },
            "appliesTo": "LINES",
        },
        "NOT_FOUND",
        ["value", "buyXGetY", "given", "productIds"],
    ),
    (
        {"value": {"bundle": {"units": 2, "price": "-1"}}, "appliesTo": "LINES"},
        "INVALID",
        ["value", "bundle", "price"],
    ),
    ({"appliesTo": "SHIPPING", "freeShipping": True}, "INVALID", ["freeShipping"]),
    ({"usageLimit": 0}, "INVALID", ["usageLimit"]),
    ({"perCustomerLimit": 2**31 - 1}, "INVALID", ["perCustomerLimit"]),
    ({"maxUnits": -1}, "INVALID", ["maxUnits"]),
    ({"maxDiscount": "-1"}, "INVALID", ["maxDiscount"]),
    ({"priority": -(2**31)}, "INVALID", ["priority"]),
    ({"fromHour": "24:00"}, "INVALID", ["fromHour"]),
    ({"fromHour": "9:00"}, "INVALID", ["fromHour"]),
    ({"fromHour": "09:00", "toHour": "09:00"}, "INVALID", ["toHour"]),
    ({"firstDay": "0001-01-01"}, "INVALID", ["firstDay"]),
    ({"lastDay": "9999-12-31"}, "INVALID", ["lastDay"]),
    ({"firstDay": "2026-02-02", "lastDay": "2026-02-01"}, "INVALID", ["endsAt"]),
    (
        {"conditions": {"leastSubtotal": "2", "mostSubtotal": "1"}},
        "INVALID",
        ["conditions", "mostSubtotal"],
    ),
    ({"conditions": {"countries": ["Germany"]}}, "INVALID", ["conditions", "countries"]),
    (
        {"conditions": {"customerGroupIds": [global_id("CustomerGroup", 404)]}},
        "NOT_FOUND",
        ["conditions", "customerGroupIds"],
    ),
    (
        {"conditions": {"customerGroupIds": [GENERAL, global_id("Product", 0)]}},
        "NOT_FOUND",
        ["conditions", "customerGroupIds", "1"],
    ),
    (
        {"conditions": {"counted": {"brandIds": [global_id("Brand", 404)]}}},
        "NOT_FOUND",
        ["conditions", "counted", "brandIds"],
    ),
    (
        {"target": {"productIds": [global_id("Product", 404)]}},
        "NOT_FOUND",
        ["target", "productIds"],
    ),
    (
        {"target": {"excludedVariantIds": [global_id("ProductVariant", 2**63 - 1)]}},
        "NOT_FOUND",
        ["target", "excludedVariantIds"],
    ),
    (
        {"target": {"attributes": [{"attributeId": GENERAL, "value": "x"}]}},
        "NOT_FOUND",
        ["target", "attributes", "0", "attributeId"],
    ),
    ({"target": {"tags": [str(n) for n in range(251)]}}, "INVALID", ["target", "tags"]),
    ({"target": {"tags": ["\0"]}}, "INVALID", ["target", "tags"]),
]


async def test_what_a_promotion_cannot_be(ask: Ask, uow: UnitOfWork) -> None:
    await make_promotion(uow, external_id="taken")
    for given, code, path in REFUSED:
        errors = (await _create(ask, **given))["userErrors"]
        assert [(error["code"], error["path"]) for error in errors] == [(code, path)], given
        kept = await make_promotion(uow)
        errors = (await _update(ask, global_id("Promotion", kept.id), **given))["userErrors"]
        assert [(error["code"], error["path"]) for error in errors] == [(code, path)], given


async def test_an_archived_promotion_stays_to_be_read(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("Promotion", (await make_promotion(uow)).id)
    for _ in range(2):
        done = await ask(DELETE, {"input": {"id": id_}})
        assert done["data"]["promotionDelete"] == {"deletedId": id_, "userErrors": []}
    found = await ask(
        """query ($id: ID!) { promotion(id: $id) { archivedAt version }
        promotions(where: {archived: false}) { nodes { id } } }""",
        {"id": id_},
    )
    assert found["data"]["promotion"]["archivedAt"] is not None
    assert found["data"]["promotion"]["version"] == 2
    assert found["data"]["promotions"]["nodes"] == []
    foreign = await ask(DELETE, {"input": {"id": GENERAL}})
    assert foreign["data"]["promotionDelete"]["userErrors"][0]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("many", [1, 5])
async def test_lists_cost_the_same_for_any_number(
    ask: Ask, uow: UnitOfWork, statements: list[str], many: int
) -> None:
    for number in range(many):
        promotion = await make_promotion(uow, f"P{number}", trigger=PromotionTrigger.COUPON)
        for coupon in range(number + 1):
            await make_coupon(uow, f"C{number}-{coupon}", promotion)
    statements.clear()
    found = await ask(
        """{ promotions(first: 10) { nodes { firstDay lastDay
          coupons(first: 2) { nodes { code } totalCount { count } } } totalCount { count } }
        coupons(first: 10) { nodes { code promotion { name } } } }"""
    )
    assert found["data"]["promotions"]["totalCount"] == {"count": many}
    newest = found["data"]["promotions"]["nodes"][0]["coupons"]
    assert newest["totalCount"] == {"count": many}
    # promotions, their count, coupons and their counts by promotion, coupons, their promotions,
    # the store's time zone
    assert len(statements) == 7


async def test_promotions_are_found_by_filter(ask: Ask, uow: UnitOfWork) -> None:
    sale = await make_promotion(uow, "Summer Sale", external_id="s")
    await make_promotion(uow, "Paused", active=False)
    await make_coupon(uow, "Free")
    await uow.change(update(Promotion).where(col(Promotion.id) != sale.id).values(priority=1))
    query = "query ($where: PromotionWhere) { promotions(where: $where) { nodes { name } } }"
    wheres: list[tuple[dict[str, Any], list[str]]] = [
        ({"name": {"startsWith": "summer"}}, ["Summer Sale"]),
        ({"externalId": {"eq": "s"}}, ["Summer Sale"]),
        ({"trigger": "COUPON"}, ["Sale"]),
        ({"active": False}, ["Paused"]),
        ({"appliesTo": "SHIPPING"}, []),
        ({"runningAt": "2026-05-01T00:00:00Z", "trigger": "AUTOMATIC"}, ["Summer Sale"]),
        ({"id": {"in": [global_id("Promotion", sale.id), "nonsense"]}}, ["Summer Sale"]),
        ({"startsAt": {"gt": "2020-01-01T00:00:00Z"}}, []),
    ]
    for where, names in wheres:
        found = (await ask(query, {"where": where}))["data"]["promotions"]["nodes"]
        assert [node["name"] for node in found] == names, where


async def test_nothing_of_it_is_for_the_storefront(ask: Ask, uow: UnitOfWork) -> None:
    coupon = await make_coupon(uow)
    ids = [global_id("Coupon", coupon.id), global_id("Promotion", coupon.promotion_id)]
    clerk = Viewer(ViewerKind.API_KEY, 9, frozenset({Scope.READ_ORDERS}))
    for viewer in (clerk, Viewer(ViewerKind.CUSTOMER, 1)):
        found = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}, viewer)
        assert found["data"] == {"nodes": [None, None]}
