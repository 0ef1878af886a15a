from decimal import Decimal

import pytest

from commerce.core.criteria import Direction, Range, TextIs
from commerce.core.paging import PageArgs
from commerce.core.problems import BadInputError
from commerce.core.viewer import SYSTEM
from commerce.search.criteria import (
    CategoryIs,
    ProductListing,
    ProductOrder,
    ProductWhere,
    VariantListing,
    VariantOrder,
    VariantWhere,
)
from commerce.search.kinds import ProductOrderField, VariantOrderField
from tests.support.pricing import make_price, make_price_list
from tests.support.search import Shop, lists_for, skus, titles

SHIRT, JUMPER, MUG = "Linen Shirt", "Wool Jumper", "Ceramic Mug"
CARD, SUIT, SHELF = "Gift Card", "Bespoke Suit", "Étagère"
UP, DOWN = Direction.ASC, Direction.DESC
BY = ProductOrderField
EVERY = ProductWhere()
CLOTHES = ProductWhere(categories=(CategoryIs(slug=TextIs(("clothes",))),))
SHIRTS = ProductWhere(categories=(CategoryIs(slug=TextIs(("shirts",)), deep=False),))


def by(*keys: tuple[ProductOrderField, Direction]) -> tuple[ProductOrder, ...]:
    return tuple(ProductOrder(field, direction) for field, direction in keys)


@pytest.mark.parametrize(
    ("where", "order", "expected"),
    [
        (EVERY, (), [SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]),
        (EVERY, by((BY.CREATED_AT, UP)), [SHIRT, JUMPER, MUG, CARD, SUIT, SHELF]),
        (EVERY, by((BY.UPDATED_AT, DOWN)), [SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]),
        (EVERY, by((BY.TITLE, UP)), [SUIT, MUG, SHELF, CARD, SHIRT, JUMPER]),
        (EVERY, by((BY.TITLE, DOWN)), [JUMPER, SHIRT, CARD, SHELF, MUG, SUIT]),
        (EVERY, by((BY.PRICE, UP)), [MUG, SHIRT, SHELF, JUMPER, CARD, SUIT]),
        (EVERY, by((BY.PRICE, DOWN)), [JUMPER, SHELF, SHIRT, MUG, SUIT, CARD]),
        (EVERY, by((BY.PUBLISHED_AT, UP)), [SHIRT, JUMPER, MUG, SUIT, SHELF, CARD]),
        (EVERY, by((BY.PUBLISHED_AT, DOWN)), [SHELF, SUIT, MUG, JUMPER, SHIRT, CARD]),
        (EVERY, by((BY.POSITION, UP), (BY.TITLE, UP)), [SHELF, CARD, MUG, JUMPER, SHIRT, SUIT]),
        (EVERY, by((BY.POSITION, DOWN), (BY.TITLE, UP)), [SUIT, SHIRT, MUG, JUMPER, SHELF, CARD]),
        (CLOTHES, by((BY.PRICE, UP)), [SHIRT, JUMPER, SUIT]),
        (CLOTHES, by((BY.PRICE, DOWN)), [JUMPER, SHIRT, SUIT]),
        (CLOTHES, by((BY.CATEGORY_POSITION, UP)), [SUIT, SHIRT, JUMPER]),
        (CLOTHES, by((BY.CATEGORY_POSITION, DOWN)), [SUIT, JUMPER, SHIRT]),
        (SHIRTS, by((BY.CATEGORY_POSITION, UP)), [SUIT, SHIRT]),
        (SHIRTS, by((BY.CATEGORY_POSITION, DOWN)), [SHIRT, SUIT]),
        (ProductWhere(price=Range(gte=Decimal(30))), by((BY.PRICE, DOWN)), [JUMPER, SHELF, SHIRT]),
    ],
)
async def test_products_are_sorted(
    shop: Shop, where: ProductWhere, order: tuple[ProductOrder, ...], expected: list[str]
) -> None:
    assert await titles(shop.uow, ProductListing(where, order)) == expected


async def test_readers_of_prices_sort_by_those_on_request(shop: Shop) -> None:
    dearest = ProductListing(order=by((BY.PRICE, DOWN)))
    assert (await titles(shop.uow, dearest, viewer=SYSTEM))[0] == SUIT


async def test_products_are_sorted_by_the_price_in_the_wanted_currency(shop: Shop) -> None:
    dollars = await make_price_list(shop.uow, "us", currency="USD")
    for sku, amount in (("CM", "99"), ("WJ-M", "9")):
        await make_price(shop.uow, dollars, shop.variants[sku], amount)
    listing = ProductListing(order=by((BY.PRICE, UP)), currency="USD")
    assert (await titles(shop.uow, listing))[:2] == [JUMPER, MUG]


@pytest.mark.parametrize(
    ("listing", "message"),
    [
        (ProductListing(order=by((BY.RELEVANCE, DOWN))), "RELEVANCE"),
        (ProductListing(order=by((BY.CATEGORY_POSITION, UP))), "one category"),
        (
            ProductListing(
                ProductWhere(categories=(CategoryIs((1, 2)),)), by((BY.CATEGORY_POSITION, UP))
            ),
            "one category",
        ),
        (ProductListing(order=by(*[(BY.TITLE, UP)] * 5)), "at most 4"),
    ],
)
async def test_an_order_the_listing_cannot_have_is_refused(
    shop: Shop, listing: ProductListing, message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        await lists_for(shop.uow).products(listing, PageArgs())


async def test_a_category_that_is_not_there_has_an_order_of_nothing(shop: Shop) -> None:
    nowhere = ProductWhere(categories=(CategoryIs(slug=TextIs(("nowhere",)), deep=False),))
    listing = ProductListing(nowhere, by((BY.CATEGORY_POSITION, UP)))
    assert await titles(shop.uow, listing) == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), ["ET", "BS", "GC", "CM", "WJ-M", "LS-M", "LS-S"]),
        (((VariantOrderField.SKU, UP),), ["BS", "CM", "ET", "GC", "LS-M", "LS-S", "WJ-M"]),
        (((VariantOrderField.SKU, DOWN),), ["WJ-M", "LS-S", "LS-M", "GC", "ET", "CM", "BS"]),
        (((VariantOrderField.PRICE, UP),), ["CM", "LS-M", "LS-S", "ET", "WJ-M", "GC", "BS"]),
        (((VariantOrderField.PRICE, DOWN),), ["WJ-M", "ET", "LS-S", "LS-M", "CM", "BS", "GC"]),
    ],
)
async def test_variants_are_sorted(
    shop: Shop, order: tuple[tuple[VariantOrderField, Direction], ...], expected: list[str]
) -> None:
    wanted = tuple(VariantOrder(field, direction) for field, direction in order)
    assert await skus(shop.uow, VariantListing(order=wanted)) == expected


async def test_filtered_variants_are_sorted_by_price(shop: Shop) -> None:
    in_stock = VariantWhere(in_stock=True, price=Range(lt=Decimal(50)))
    order = (VariantOrder(VariantOrderField.PRICE, DOWN),)
    assert await skus(shop.uow, VariantListing(in_stock, order)) == ["ET", "LS-M", "CM"]


async def test_variants_without_a_sku_come_last_both_ways(shop: Shop) -> None:
    await shop.add("Nameless", {"price": "1"})
    for direction in Direction:
        order = (VariantOrder(VariantOrderField.SKU, direction),)
        assert (await skus(shop.uow, VariantListing(order=order)))[-1] is None
