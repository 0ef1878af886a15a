from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.models import Coupon
from tests.conftest import Ask
from tests.support.mutations import done, errors
from tests.support.promotions import make_coupon, make_promotion

FIELDS = "id code externalId usageLimit used active expiresAt version promotion { databaseId }"
CREATE = """mutation ($input: CouponCreateInput!) { couponCreate(input: $input) {
  coupon { FIELDS } userErrors { code path } } }""".replace("FIELDS", FIELDS)
UPDATE = """mutation ($input: CouponUpdateInput!) { couponUpdate(input: $input) {
  coupon { FIELDS } userErrors { code path } } }""".replace("FIELDS", FIELDS)
BULK = """mutation ($input: CouponBulkCreateInput!) { couponBulkCreate(input: $input) {
  coupons { FIELDS } userErrors { code path } } }""".replace("FIELDS", FIELDS)
DELETE = """mutation ($input: CouponDeleteInput!) { couponDelete(input: $input) {
  deletedId userErrors { code path } } }"""


@pytest.fixture
async def promotion(uow: UnitOfWork) -> Any:
    return await make_promotion(uow, trigger=PromotionTrigger.COUPON)


def _id(promotion: Any) -> str:
    return global_id("Promotion", promotion.id)


async def test_a_coupon_is_added_found_in_any_spelling_changed_and_deleted(
    ask: Ask, promotion: Any
) -> None:
    made = (await done(ask, CREATE, promotionId=_id(promotion), code=" Straße10 "))["coupon"]
    assert made == made | {"code": "Straße10", "usageLimit": None, "active": True, "version": 1}
    assert made["promotion"] == {"databaseId": promotion.id}
    found = await ask('{ coupon(code: " STRASSE10") { id } }')
    assert found["data"]["coupon"]["id"] == made["id"]
    changed = await done(ask, UPDATE, id=made["id"], usageLimit=5, externalId="c")
    assert changed["coupon"] == made | {"usageLimit": 5, "externalId": "c", "version": 2}
    assert (await ask('{ coupon(externalId: "c") { version } }'))["data"]["coupon"]["version"] == 2
    late = await done(ask, UPDATE, id=made["id"], active=False, expectedVersion=1)
    assert errors(late) == [("VERSION_CONFLICT", ["expectedVersion"])]
    assert (await done(ask, DELETE, id=made["id"]))["deletedId"] == made["id"]
    assert errors(await done(ask, DELETE, id=made["id"])) == [("NOT_FOUND", ["id"])]
    told = await ask(
        '{ deletions(since: "2020-01-01T00:00:00Z", kinds: [COUPON]) { nodes { id } } }'
    )
    assert told["data"]["deletions"]["nodes"] == [{"id": made["id"]}]


async def test_what_a_coupon_cannot_be(ask: Ask, uow: UnitOfWork, promotion: Any) -> None:
    automatic = await make_promotion(uow)
    await make_coupon(uow, "TAKEN", promotion, external_id="taken")
    other = global_id("Coupon", (await make_coupon(uow, "OTHER", promotion)).id)
    cases: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
        ({"code": ""}, ("INVALID", ["code"])),
        ({"code": "x" * 201}, ("INVALID", ["code"])),
        ({"code": "a\0"}, ("INVALID", ["code"])),
        ({"code": "taken "}, ("TAKEN", ["code"])),
        ({"externalId": "taken"}, ("TAKEN", ["externalId"])),
        ({"usageLimit": 0}, ("INVALID", ["usageLimit"])),
    ]
    for given, error in cases:
        whole = {"promotionId": _id(promotion), "code": "NEW", **given}
        assert errors(await done(ask, CREATE, **whole)) == [error], given
        assert errors(await done(ask, UPDATE, id=other, **given)) == [error], given
    for id_, code in ((_id(automatic), "INVALID"), (other, "NOT_FOUND")):
        refused = await done(ask, CREATE, promotionId=id_, code="NEW")
        assert errors(refused) == [(code, ["promotionId"])]


async def test_codes_made_under_a_reference_are_made_once(
    ask: Ask, uow: UnitOfWork, promotion: Any, statements: list[str]
) -> None:
    asked = {
        "promotionId": _id(promotion),
        "count": 250,
        "prefix": "GIFT-",
        "reference": "spring",
        "usageLimit": 1,
    }
    statements.clear()
    made = (await done(ask, BULK, **asked))["coupons"]
    assert len({coupon["code"] for coupon in made}) == 250
    assert {len(coupon["code"]) for coupon in made} == {15}
    assert {coupon["usageLimit"] for coupon in made} == {1}
    assert (
        len(statements) == 6
    )  # promotion, reference, coupons, events, all of them, their promotion
    again = (await done(ask, BULK, **asked))["coupons"]
    assert again == made
    assert await uow.scalar(select(func.count(col(Coupon.id)))) == 250
    other = await done(ask, BULK, **asked | {"count": 2})
    assert errors(other) == [("IDEMPOTENCY_CONFLICT", ["reference"])]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"count": 0}, "count"),
        ({"count": 251}, "count"),
        ({"prefix": "p" * 41}, "prefix"),
        ({"reference": ""}, "reference"),
        ({"usageLimit": -1}, "usageLimit"),
    ],
)
async def test_what_cannot_be_made_in_bulk(
    ask: Ask, promotion: Any, given: dict[str, Any], path: str
) -> None:
    asked = {"promotionId": _id(promotion), "count": 1, "reference": "r", **given}
    assert errors(await done(ask, BULK, **asked)) == [("INVALID", [path])]


async def test_coupons_are_found_by_filter(ask: Ask, uow: UnitOfWork, promotion: Any) -> None:
    await make_coupon(uow, "SPRING-1", promotion, used=1, usage_limit=1)
    await make_coupon(uow, "SPRING-2", promotion, active=False)
    await make_coupon(uow, "Other", promotion)
    query = "query ($where: CouponWhere) { coupons(where: $where) { nodes { code } } }"
    wheres: list[tuple[dict[str, Any], list[str]]] = [
        ({"code": {"eq": "OTHER"}}, ["Other"]),
        ({"code": {"startsWith": "spring"}}, ["SPRING-2", "SPRING-1"]),
        ({"used": True}, ["SPRING-1"]),
        ({"used": False, "active": True}, ["Other"]),
        ({"usableAt": "2026-05-01T00:00:00Z"}, ["Other"]),
        ({"promotionId": {"eq": _id(promotion)}}, ["Other", "SPRING-2", "SPRING-1"]),
        ({"promotionId": {"eq": "nonsense"}}, []),
        ({"appliesTo": "LINES"}, []),
    ]
    for where, codes in wheres:
        found = (await ask(query, {"where": where}))["data"]["coupons"]["nodes"]
        assert [node["code"] for node in found] == codes, where
