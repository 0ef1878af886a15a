from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert

from commerce.catalog.models import Media
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.paging import cursor_at_offset
from tests.conftest import Ask
from tests.support.catalog import make_product
from tests.support.search import Shop, make_empty_shop, make_shop

SHIRT, JUMPER, MUG = "Linen Shirt", "Wool Jumper", "Ceramic Mug"
CARD, SUIT, SHELF, HAT = "Gift Card", "Bespoke Suit", "Étagère", "Draft Hat"
LISTING = """
{
  products(first: 24) {
    nodes { slug title featuredMedia { url } priceRange { min { amount } } }
    totalCount { count precision }
  }
}
"""
PAGE = """
query ($where: ProductWhere, $order: [ProductOrder!], $first: Int, $after: String,
       $last: Int, $before: String, $currency: CurrencyCode) {
  products(where: $where, orderBy: $order, first: $first, after: $after, last: $last,
           before: $before, currency: $currency) {
    edges { cursor node { title } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
VARIANTS = """
query ($where: VariantWhere, $order: [VariantOrder!], $first: Int, $after: String) {
  variants(where: $where, orderBy: $order, first: $first, after: $after) {
    nodes { sku } pageInfo { endCursor } totalCount { count }
  }
}
"""


@pytest.fixture
async def shop(uow: UnitOfWork) -> Shop:
    return await make_shop(uow)


async def titles(ask: Ask, **variables: Any) -> Sequence[str]:
    answer = await ask(PAGE, variables)
    assert "errors" not in answer, answer["errors"]
    return [edge["node"]["title"] for edge in answer["data"]["products"]["edges"]]


def refusal(answer: dict[str, Any]) -> str:
    assert answer.get("data") is None
    (error,) = answer["errors"]
    return str(error["message"])


@pytest.mark.parametrize("products", [1, 50])
async def test_a_listing_costs_four_statements_whatever_its_size(
    ask_anonymously: Ask, uow: UnitOfWork, statements: list[str], products: int
) -> None:
    shop = await make_empty_shop(uow)
    for number in range(products):
        variants = [{"price": "9.50"}, {"price": "8"}]
        product = await shop.add(f"Lamp {number}", *variants)
        await uow.change(insert(Media).values(product_id=product.id, url="lamp.jpg"))
    statements.clear()
    answer = await ask_anonymously(LISTING)
    assert "errors" not in answer
    found = answer["data"]["products"]
    assert found["totalCount"] == {"count": products, "precision": "EXACT"}
    assert found["nodes"][0] == {
        "slug": f"lamp-{products - 1}",
        "title": f"Lamp {products - 1}",
        "featuredMedia": {"url": "lamp.jpg"},
        "priceRange": {"min": {"amount": "8.00"}},
    }
    assert len(found["nodes"]) == min(products, 24)
    assert len(statements) == 4  # page, count, pictures, prices


async def test_counting_is_left_out_unless_selected(
    ask_anonymously: Ask, shop: Shop, statements: list[str]
) -> None:
    statements.clear()
    await ask_anonymously("{ products { nodes { title } } }")
    assert len(statements) == 1


async def test_counting_stops_at_the_limit(ask_anonymously: Ask, shop: Shop) -> None:
    query = """{ products { few: totalCount(limit: 2) { count precision }
                            all: totalCount(limit: null) { count precision } } }"""
    assert (await ask_anonymously(query))["data"]["products"] == {
        "few": {"count": 2, "precision": "AT_LEAST"},
        "all": {"count": 6, "precision": "EXACT"},
    }


async def test_the_storefront_sees_active_products_and_staff_sees_all(
    ask: Ask, ask_anonymously: Ask, shop: Shop
) -> None:
    assert await titles(ask_anonymously) == [SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]
    assert await titles(ask) == [HAT, SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]
    drafts = {"status": ["DRAFT"]}
    assert await titles(ask, where=drafts) == [HAT]
    assert await titles(ask_anonymously, where=drafts) == []


def every_filter(shop: Shop) -> dict[str, Any]:
    """One that says something about everything, and is true of the linen shirt alone."""
    return {
        "id": {"in": [global_id("Product", shop.products[SHIRT].id)]},
        "slug": {"eq": "linen-shirt"},
        "title": {"contains": "nen sh"},
        "status": ["ACTIVE"],
        "type": ["PHYSICAL"],
        "categoryId": {"eq": global_id("Category", shop.categories["Clothes"].id)},
        "categorySlug": {"in": ["clothes"]},
        "includeSubcategories": True,
        "brandId": {"eq": global_id("Brand", shop.brands["Acme"].id)},
        "vendor": {"startsWith": "nor"},
        "productType": {"eq": "Shirts"},
        "collectionId": {"eq": global_id("Collection", shop.collections["Summer"].id)},
        "tag": "sale",
        "tags": {"any": ["summer", "autumn"]},
        "price": {"gte": "30", "lt": "30.01"},
        "inStock": True,
        "featured": True,
        "shownAsNew": False,
        "priceOnRequest": False,
        "attributes": [
            {"code": "material", "values": ["linen"]},
            {"code": "grams", "range": {"eq": "200"}},
        ],
        "options": [{"name": "size", "values": ["m"]}, {"name": "colour", "values": ["Blue"]}],
        "createdAt": {"gte": "2026-01-01T00:00:00Z", "lt": "2026-01-02T00:00:00Z"},
        "updatedAt": {"lte": "2026-01-01T00:00:00Z"},
        "publishedAt": {"gt": "2025-01-01T00:00:00Z"},
        "and": [{"featured": True}],
        "or": [{"featured": True}, {"featured": False}],
        "not": {"featured": False},
    }


async def test_all_filters_hold_together(ask_anonymously: Ask, shop: Shop) -> None:
    where = every_filter(shop)
    assert await titles(ask_anonymously, where=where) == [SHIRT]
    nobody = {
        "categoryId": {"eq": global_id("Category", shop.categories["Jumpers"].id)},
        "brandId": {"eq": global_id("Brand", shop.brands["Zeta"].id)},
        "price": {"gt": "30", "lt": "30.01"},
        "includeSubcategories": False,
        "not": {"featured": True},
    }
    for name, value in nobody.items():
        assert await titles(ask_anonymously, where={**where, name: value}) == []


async def test_null_asks_for_nothing(ask_anonymously: Ask, shop: Shop) -> None:
    nothing = {name: None for name in every_filter(shop) if name != "includeSubcategories"}
    assert len(await titles(ask_anonymously, where=nothing)) == 6


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"id": {"in": []}}, []),
        ({"id": {"eq": "nonsense"}}, []),
        ({"id": {"eq": global_id("Brand", 1)}}, []),
        ({"title": {"in": []}}, []),
        ({"or": []}, []),
        ({"and": []}, [SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]),
        ({"attributes": [], "options": []}, [SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]),
        ({"title": {"contains": "'; DROP TABLE products; --"}}, []),
        ({"vendor": {"contains": "100%"}}, [SUIT]),
        ({"price": {"eq": "12"}}, [MUG]),
    ],
)
async def test_odd_filters_have_a_plain_meaning(
    ask_anonymously: Ask, shop: Shop, where: dict[str, Any], expected: list[str]
) -> None:
    assert await titles(ask_anonymously, where=where) == expected


@pytest.mark.parametrize(
    "where",
    [
        {"title": {}},
        {"title": {"eq": "a", "contains": "b"}},
        {"title": {"eq": None}},
        {"id": {"eq": "a", "in": ["b"]}},
        {"tags": {"any": ["a"], "all": ["b"]}},
        {"price": {"eq": "1", "gte": "1"}},
        {"price": {"gte": "1e31"}},
        {"title": {"eq": "a\0"}},
        {"title": {"contains": "x" * 1001}},
        {"id": {"in": [global_id("Product", 1)] * 251}},
        {"not": {"not": {"not": {"not": {"not": {"featured": True}}}}}},
        {"or": [{"featured": True}] * 60},
        {"nonsense": True},
    ],
)
async def test_filters_that_make_no_sense_are_refused(
    ask_anonymously: Ask, statements: list[str], where: dict[str, Any]
) -> None:
    statements.clear()
    assert refusal(await ask_anonymously(PAGE, {"where": where}))
    assert statements == []


async def test_pages_walk_both_ways(ask_anonymously: Ask, shop: Shop) -> None:
    order = [{"field": "PRICE", "direction": "DESC"}, {"field": "TITLE"}]
    whole = await titles(ask_anonymously, order=order)
    assert whole == [JUMPER, SHELF, SHIRT, MUG, SUIT, CARD]
    for size in (1, 2, 4, 5):
        assert await walked(ask_anonymously, order, size) == whole
        assert await walked(ask_anonymously, order, size, backwards=True) == whole


async def walked(ask: Ask, order: Any, size: int, *, backwards: bool = False) -> list[str]:
    seen: list[str] = []
    count, edge = ("last", "before") if backwards else ("first", "after")
    cursor = None
    while True:
        answer = await ask(PAGE, {"order": order, count: size, edge: cursor})
        page = answer["data"]["products"]
        rows = [each["node"]["title"] for each in page["edges"]]
        info = page["pageInfo"]
        assert info["startCursor"] == page["edges"][0]["cursor"]
        assert info["endCursor"] == page["edges"][-1]["cursor"]
        seen = [*rows, *seen] if backwards else [*seen, *rows]
        assert info["hasPreviousPage" if not backwards else "hasNextPage"] == (cursor is not None)
        if not info["hasPreviousPage" if backwards else "hasNextPage"]:
            return seen
        cursor = info["startCursor" if backwards else "endCursor"]


async def test_a_cursor_belongs_to_its_sort_filter_and_list(
    ask: Ask, ask_anonymously: Ask, shop: Shop
) -> None:
    answer = await ask_anonymously(PAGE, {"first": 2})
    cursor = answer["data"]["products"]["pageInfo"]["endCursor"]
    assert await titles(ask_anonymously, after=cursor) == [CARD, MUG, JUMPER, SHIRT]
    for other in (
        {"where": {"featured": False}},
        {"order": [{"field": "CREATED_AT"}]},
        {"order": [{"field": "CREATED_AT", "direction": "DESC"}]},
        {"currency": "EUR"},
    ):
        for edge in ("after", "before"):
            refused = await ask_anonymously(PAGE, {**other, edge: cursor})
            assert_invalid_cursor(refused)
    assert_invalid_cursor(await ask_anonymously(VARIANTS, {"after": cursor}))


@pytest.mark.parametrize("cursor", ["", "x", "QDExeA", "bm90IGEgY3Vyc29y", "€", "A" * 5000])
async def test_a_forged_cursor_is_refused(ask_anonymously: Ask, cursor: str) -> None:
    assert_invalid_cursor(await ask_anonymously(PAGE, {"after": cursor}))
    assert_invalid_cursor(await ask_anonymously(PAGE, {"before": cursor}))


def assert_invalid_cursor(answer: dict[str, Any]) -> None:
    assert "cursor" in refusal(answer).lower()


async def test_pages_by_number(ask_anonymously: Ask, shop: Shop) -> None:
    second = {"first": 2, "after": cursor_at_offset(2)}
    assert await titles(ask_anonymously, **second) == [CARD, MUG]
    assert await titles(ask_anonymously, after=cursor_at_offset(99)) == []


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ([{"field": "RELEVANCE"}], "RELEVANCE"),
        ([{"field": "CATEGORY_POSITION"}], "one category"),
        ([{"field": "TITLE"}] * 5, "at most 4"),
    ],
)
async def test_orders_a_list_cannot_have_are_refused(
    ask_anonymously: Ask, order: Any, message: str
) -> None:
    assert message in refusal(await ask_anonymously(PAGE, {"order": order}))


async def test_a_category_lists_its_products_in_its_own_order(
    ask_anonymously: Ask, shop: Shop
) -> None:
    where = {"categorySlug": {"eq": "shirts"}}
    order = [{"field": "CATEGORY_POSITION"}]
    assert await titles(ask_anonymously, where=where, order=order) == [SUIT, SHIRT]


async def test_prices_compare_in_the_wanted_currency(ask_anonymously: Ask, shop: Shop) -> None:
    dear = {"price": {"gte": "80"}}
    assert await titles(ask_anonymously, where=dear, currency="EUR") == [JUMPER]
    assert await titles(ask_anonymously, where=dear, currency="USD") == []


async def test_variants_are_filtered_sorted_and_counted(ask_anonymously: Ask, shop: Shop) -> None:
    where = {
        "inStock": True,
        "price": {"lt": "100"},
        "not": {"sku": {"startsWith": "ls-"}},
        "or": [{"options": [{"name": "Size", "values": ["M"]}]}, {"barcode": {"in": []}},
               {"sku": {"in": ["CM", "ET", "DH"]}}],
    }  # fmt: skip
    order = [{"field": "PRICE", "direction": "DESC"}]
    answer = await ask_anonymously(VARIANTS, {"where": where, "order": order})
    assert answer["data"]["variants"]["nodes"] == [{"sku": "ET"}, {"sku": "CM"}]
    assert answer["data"]["variants"]["totalCount"] == {"count": 2}


async def test_variants_of_products_by_id(ask: Ask, shop: Shop) -> None:
    draft = {"productId": {"eq": global_id("Product", shop.products[HAT].id)}}
    answer = await ask(VARIANTS, {"where": draft})
    assert answer["data"]["variants"]["nodes"] == [{"sku": "DH"}]


async def test_variants_cost_one_statement(
    ask_anonymously: Ask, shop: Shop, statements: list[str]
) -> None:
    statements.clear()
    await ask_anonymously("{ variants { nodes { sku } } }")
    assert len(statements) == 1


async def test_products_of_the_same_second_keep_their_order(
    ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    for number in range(5):
        await make_product(uow, f"Lamp {number}")
    assert await titles(ask_anonymously) == [f"Lamp {number}" for number in (4, 3, 2, 1, 0)]
