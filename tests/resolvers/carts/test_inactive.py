"""Variants that are kept and not sold."""

from typing import Any

from sqlalchemy import update
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from tests.conftest import Ask
from tests.support.carts import Change, Goods, errors, units, wanted

SHOWN = """query ($id: ID!) { product(id: $id) {
  inStock variants(first: 5) { nodes { active availability { inStock } } } } }"""
FOUND = """query ($in: Boolean) {
  search(query: "", first: 5, where: {inStock: $in}) { nodes { databaseId } } }"""
SET = """mutation ($input: ProductSetInput!) { productSet(input: $input) {
  product { variants(first: 5) { nodes { active } } } userErrors { code path } } }"""


async def sell(uow: UnitOfWork, variant: Any, *, active: bool) -> None:
    await uow.change(update(Variant).where(col(Variant.id) == variant.id).values(active=active))


async def test_it_is_shown_and_cannot_be_bought(ask: Ask, change: Change, goods: Goods) -> None:
    mug = await goods.variant()
    product = global_id("Product", mug.product_id)
    for active in (False, True):
        given = {"id": product, "variants": [{"sku": mug.sku, "active": active}]}
        answer = await ask(SET, {"input": given})
        assert answer["data"]["productSet"]["userErrors"] == []
        shown = (await ask(SHOWN, {"id": product}))["data"]["product"]
        (node,) = shown["variants"]["nodes"]
        assert (node["active"], node["availability"]["inStock"], shown["inStock"]) == (
            active,
            active,
            active,
        )
        for in_stock in (False, True):
            nodes = (await ask(FOUND, {"in": in_stock}))["data"]["search"]["nodes"]
            assert [each["databaseId"] for each in nodes] == (
                [mug.product_id] if in_stock is active else []
            )
        made = await change("cartCreate", lines=[wanted(mug)])
        refused = [] if active else [("NOT_FOUND", ["lines", "0", "variantId"])]
        assert errors(made) == refused


async def test_a_cart_from_before_says_so(change: Change, goods: Goods, uow: UnitOfWork) -> None:
    mug, cup = await goods.variant(), await goods.variant()
    made = await change("cartCreate", lines=[wanted(mug), wanted(cup)])
    await sell(uow, mug, active=False)
    gone = global_id("CartLine", units(made)[1][0])
    token = made["cart"]["token"]
    left = await change("cartLinesRemove", cartToken=token, lineIds=[gone])
    assert [warning["code"] for warning in left["warnings"]] == ["UNAVAILABLE"]
    assert left["cart"]["cost"]["total"]["amount"] == "0.00"
