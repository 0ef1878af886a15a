"""Every kind of coupon and promotion that Ecwid and Shopkit document, built here and counted."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import SYSTEM
from commerce.pricing.rules.draft import Buyer, Draft, Goods, Line, Shipping
from commerce.pricing.rules.eligible import Reason
from commerce.pricing.rules.totals import Calculation, calculate
from commerce.promotions.rules.rejections import explained
from commerce.wiring import Services
from tests.conftest import Ask
from tests.support.catalog import (
    make_attribute,
    make_brand,
    make_category,
    make_product,
    make_variant,
)
from tests.support.services import PORTS

CREATE = """mutation ($input: PromotionCreateInput!) { promotionCreate(input: $input) {
  promotion { id } userErrors { code path message } } }"""
DELETE = "mutation ($input: PromotionDeleteInput!) { promotionDelete(input: $input) { deletedId } }"
COUPON = """mutation ($input: CouponCreateInput!) { couponCreate(input: $input) {
  coupon { id } userErrors { code path message } } }"""
SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
EARLIER, LATER = "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"


@dataclass(frozen=True)
class Shop:
    """Ids as inputs name them, and a cart: two shirts for 10, a hat for 30, shipping for 5."""

    shirt: str
    hat: str
    hat_variant: str
    hats: str
    brand: str
    material: str
    draft: Draft


@pytest.fixture
async def shop(uow: UnitOfWork) -> Shop:
    shirt, hat = await make_product(uow, "shirt"), await make_product(uow, "hat")
    variant = await make_variant(uow, hat)
    hats, brand = await make_category(uow, "hats"), await make_brand(uow, "acme")
    material = await make_attribute(uow, "material")
    of_hat = Goods(
        product_id=hat.id,
        variant_id=variant.id,
        brand_id=brand.id,
        category_ids=frozenset({hats.id}),
        tags=frozenset({"warm"}),
        attributes=frozenset({(material.id, "wool")}),
    )
    draft = Draft(
        currency="EUR",
        lines=(
            Line(1, 2, Decimal(10), goods=Goods(product_id=shirt.id)),
            Line(2, 1, Decimal(30), goods=of_hat),
        ),
        at=SUNDAY,
        shipping=Shipping(3, "Post", Decimal(5)),
        codes=("CODE",),
        buyer=Buyer(orders=0),
        country="PT",
    )
    return Shop(
        global_id("Product", shirt.id),
        global_id("Product", hat.id),
        global_id("ProductVariant", variant.id),
        global_id("Category", hats.id),
        global_id("Brand", brand.id),
        global_id("Attribute", material.id),
        draft,
    )


PERCENT: dict[str, Any] = {"value": {"percent": "10"}}
AMOUNT: dict[str, Any] = {"value": {"amount": "5"}}
FREE: dict[str, Any] = {"value": {"freeShipping": True}, "appliesTo": "SHIPPING"}
LINES: dict[str, Any] = {"appliesTo": "LINES"}
METHOD = global_id("ShippingMethod", 3)
GENERAL = global_id("CustomerGroup", 0)
HALF = Decimal("0.5")
HAT_FOR_TWO = {"buyXGetY": {"buy": 2, "get": 1, "percent": "50", "given": {"productIds": ["HAT"]}}}


def _if(**conditions: Any) -> dict[str, Any]:
    return {"conditions": conditions, **PERCENT}


def _on(**target: Any) -> dict[str, Any]:
    return {"target": target, **PERCENT, **LINES}


# What is said in the words of the other shop, the input, and what it takes off. Words in capitals
# stand for ids of the shop's.
COUPONS: list[tuple[str, dict[str, Any], Decimal | int]] = [
    ("ecwid discountType ABS", AMOUNT, 5),
    ("ecwid discountType PERCENT", PERCENT, 5),
    ("ecwid discountType SHIPPING", FREE, 5),
    ("ecwid discountType ABS_AND_SHIPPING", {**AMOUNT, "freeShipping": True}, 10),
    ("ecwid discountType PERCENT_AND_SHIPPING", {**PERCENT, "freeShipping": True}, 10),
    ("ecwid status ACTIVE", {**PERCENT, "active": True}, 5),
    ("ecwid launchDate", {**PERCENT, "startsAt": EARLIER}, 5),
    ("ecwid expirationDate", {**PERCENT, "endsAt": LATER}, 5),
    ("ecwid totalLimit", _if(leastSubtotal="50"), 5),
    ("ecwid usesLimit SINGLE", {**PERCENT, "usageLimit": 1}, 5),
    ("ecwid usesLimit ONCEPERCUSTOMER", {**PERCENT, "perCustomerLimit": 1}, 5),
    ("ecwid applicationLimit NEW_CUSTOMER_ONLY", _if(buyers="NEW"), 5),
    ("ecwid catalogLimit products", _on(productIds=["HAT"]), 3),
    ("ecwid catalogLimit categories", {**AMOUNT, **LINES, "target": {"categoryIds": ["HATS"]}}, 5),
    ("ecwid shippingLimit", {**FREE, "conditions": {"shippingMethodIds": [METHOD]}}, 5),
    ("shopkit type money", AMOUNT, 5),
    ("shopkit type percent", PERCENT, 5),
    ("shopkit type shipping", FREE, 5),
    ("shopkit limit", {**PERCENT, "usageLimit": 5}, 5),
    ("shopkit applies_to orders_over", _if(leastSubtotal="49.99"), 5),
    ("shopkit applies_to orders_under", _if(mostSubtotal="50"), 5),
    ("shopkit applies_to category", _on(categoryIds=["HATS"]), 3),
    ("shopkit applies_to product", _on(productIds=["SHIRT"]), 2),
    ("shopkit applies_to brand", _on(brandIds=["BRAND"]), 3),
    ("shopkit applies_to tag", _on(tags=["warm"]), 3),
    ("shopkit applies_to_clients", _if(customerGroupIds=[GENERAL]), 5),
    ("shopkit date_from", {**PERCENT, "firstDay": "2026-03-01"}, 5),
    ("shopkit date_to", {**PERCENT, "lastDay": "2026-03-01"}, 5),
    ("shopkit countries", _if(countries=["PT"]), 5),
]
PROMOTIONS: list[tuple[str, dict[str, Any], Decimal | int]] = [
    ("base ITEM, type PERCENT", {**PERCENT, **LINES}, 5),
    ("base ITEM, type ABSOLUTE", {"value": {"amountEach": "0.5"}, **LINES}, 3 * HALF),
    ("base ITEM, type FIXED_PRICE", {"value": {"fixedPrice": "9"}, **LINES}, 23),
    ("base SUBTOTAL, type PERCENT", PERCENT, 5),
    ("base SUBTOTAL, type ABSOLUTE", AMOUNT, 5),
    ("base SHIPPING, type PERCENT", {**PERCENT, "appliesTo": "SHIPPING"}, HALF),
    ("base SHIPPING, type ABSOLUTE", {**AMOUNT, "appliesTo": "SHIPPING"}, 5),
    ("base SHIPPING, type FIXED_PRICE", {"value": {"fixedPrice": "2"}, "appliesTo": "SHIPPING"}, 3),
    ("enabled, externalReferenceId", {**PERCENT, "active": True, "externalId": "e-1"}, 5),
    ("triggers.all", _if(), 5),
    ("triggers.startDate, endDate", {**PERCENT, "startsAt": EARLIER, "endsAt": LATER}, 5),
    ("triggers.customerGroups", _if(customerGroupIds=[GENERAL]), 5),
    ("triggers.subtotal", _if(leastSubtotal="50"), 5),
    ("triggers.minProductQuantityInCart", _if(leastQuantity=3), 5),
    ("triggers.maxProductQuantityInCart", _if(mostQuantity=3), 5),
    ("triggers.categories", _if(leastQuantity=1, counted={"categoryIds": ["HATS"]}), 5),
    (
        "triggers.excludedCategories",
        _if(mostQuantity=2, counted={"excludedCategoryIds": ["HATS"]}),
        5,
    ),
    ("triggers.products", _if(leastQuantity=2, counted={"productIds": ["SHIRT"]}), 5),
    (
        "triggers.excludedProducts",
        _if(mostQuantity=1, counted={"excludedProductIds": ["SHIRT"]}),
        5,
    ),
    ("triggers.combinations", _if(leastQuantity=1, counted={"variantIds": ["VARIANT"]}), 5),
    (
        "triggers.excludedCombinations",
        _if(leastQuantity=2, counted={"excludedVariantIds": ["VARIANT"]}),
        5,
    ),
    (
        "triggers.recurring",
        {**PERCENT, "weekdays": ["SUNDAY"], "fromHour": "09:00", "toHour": "18:00"},
        5,
    ),
    ("targets.categories", _on(categoryIds=["HATS"]), 3),
    ("targets.excludedCategories", _on(excludedCategoryIds=["HATS"]), 2),
    ("targets.products", _on(productIds=["HAT"]), 3),
    ("targets.excludedProducts", _on(excludedProductIds=["HAT"]), 2),
    ("targets.combinations", _on(variantIds=["VARIANT"]), 3),
    ("targets.excludedCombinations", _on(excludedVariantIds=["VARIANT"]), 2),
    ("targets.attributes", _on(attributes=[{"attributeId": "MATERIAL", "value": "wool"}]), 3),
    ("targets.minDiscountedProductQuantity", {**_on(productIds=["SHIRT"]), "minUnits": 2}, 2),
    ("targets.maxDiscountedProductQuantity", {**_on(productIds=["SHIRT"]), "maxUnits": 1}, 1),
    ("targets.shippingMethods", {**FREE, "conditions": {"shippingMethodIds": [METHOD]}}, 5),
    ("buy two, get one", {"value": {"buyXGetY": {"buy": 2, "get": 1}}, **LINES}, 10),
    (
        "buy two, get a hat",
        {"value": HAT_FOR_TWO, **LINES, "target": {"productIds": ["SHIRT"]}},
        15,
    ),
    ("a bundle", {"value": {"bundle": {"units": 2, "price": "35"}}, **LINES}, 5),
]


def _filled(value: Any, ids: dict[str, str]) -> Any:
    """With ids in the place of words."""
    if isinstance(value, dict):
        return {name: _filled(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, ids) for part in value]
    return ids.get(value, value) if isinstance(value, str) else value


async def _made(ask: Ask, shop: Shop, given: dict[str, Any], trigger: str) -> str:
    ids = {
        "SHIRT": shop.shirt,
        "HAT": shop.hat,
        "VARIANT": shop.hat_variant,
        "HATS": shop.hats,
        "BRAND": shop.brand,
        "MATERIAL": shop.material,
    }
    whole = {"name": "Sale", "trigger": trigger, **_filled(given, ids)}
    made = (await ask(CREATE, {"input": whole}))["data"]["promotionCreate"]
    assert made["userErrors"] == []
    return str(made["promotion"]["id"])


async def _calculated(uow: UnitOfWork, draft: Draft) -> Calculation:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    offers = await services.promotion_offers.offers(draft.codes, "ada@shop.test", draft.at)
    return calculate(replace(draft, promotions=offers))


async def test_coupons_of_other_shops(ask: Ask, uow: UnitOfWork, shop: Shop) -> None:
    for number, (name, given, off) in enumerate(COUPONS):
        id_ = await _made(ask, shop, given, "COUPON")
        await ask(COUPON, {"input": {"promotionId": id_, "code": f"code-{number}"}})
        found = await _calculated(uow, replace(shop.draft, codes=(f"CODE-{number}",)))
        assert (found.discount, found.rejections) == (off, ()), name
    without = await _calculated(uow, replace(shop.draft, codes=()))
    assert without.discount == 0


async def test_promotions_of_other_shops(ask: Ask, uow: UnitOfWork, shop: Shop) -> None:
    for name, given, off in PROMOTIONS:
        id_ = await _made(ask, shop, given, "AUTOMATIC")
        assert (await _calculated(uow, replace(shop.draft, codes=()))).discount == off, name
        await ask(DELETE, {"input": {"id": id_}})
    assert (await _calculated(uow, replace(shop.draft, codes=()))).discount == 0


REASONS: list[tuple[dict[str, Any], Reason, int | None]] = [
    ({**PERCENT, "active": False}, Reason.UNKNOWN_CODE, None),
    ({**PERCENT, "lastDay": "2026-02-28"}, Reason.NOT_NOW, None),
    ({**PERCENT, "weekdays": ["MONDAY"]}, Reason.NOT_NOW, None),
    ({**PERCENT, "fromHour": "18:00", "toHour": "02:00"}, Reason.NOT_NOW, None),
    ({**AMOUNT, "currencyCode": "USD"}, Reason.CURRENCY, None),
    (_if(leastSubtotal="51"), Reason.SUBTOTAL, 51),
    (_if(leastSubtotal="10", mostSubtotal="49"), Reason.SUBTOTAL, 49),
    (_if(leastQuantity=4), Reason.QUANTITY, 4),
    (_if(mostQuantity=2), Reason.QUANTITY, 2),
    (_if(buyers="RETURNING"), Reason.CUSTOMER, None),
    (_if(countries=["DE"]), Reason.COUNTRY, None),
    (_if(shippingMethodIds=[global_id("ShippingMethod", 4)]), Reason.SHIPPING_METHOD, None),
    (_on(tags=["cold"]), Reason.NO_GOODS, None),
    ({**_on(productIds=["SHIRT"]), "minUnits": 3}, Reason.NO_GOODS, None),
]


async def test_why_a_coupon_gives_nothing(ask: Ask, uow: UnitOfWork, shop: Shop) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    for number, (given, reason, limit) in enumerate(REASONS):
        id_ = await _made(ask, shop, given, "COUPON")
        code = f"code-{number}"
        await ask(COUPON, {"input": {"promotionId": id_, "code": code}})
        offers = await services.promotion_offers.offers((code,), None, shop.draft.at)
        found = calculate(replace(shop.draft, promotions=offers, codes=(code,)))
        (rejection,) = found.rejections
        problem = explained(rejection, offers, found.subtotal, "codes", "0")
        assert (problem.reason, problem.limit) == (reason, limit), given
        assert problem.path == ("codes", "0")
        assert found.discount == 0


async def test_of_two_codes_for_one_promotion_one_counts(
    ask: Ask, uow: UnitOfWork, shop: Shop
) -> None:
    id_ = await _made(ask, shop, PERCENT, "COUPON")
    for code in ("one", "two"):
        await ask(COUPON, {"input": {"promotionId": id_, "code": code}})
    for codes in (("one", "two"), ("two", "one")):
        found = await _calculated(uow, replace(shop.draft, codes=codes))
        assert found.discount == 5
        assert [(one.code, one.reason) for one in found.rejections] == [
            ("two", Reason.NOT_COMBINABLE)
        ]
