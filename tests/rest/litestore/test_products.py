from pathlib import Path
from typing import Any

import pytest

from commerce.core.ids import global_id
from commerce.core.paging import MAX_OFFSET, cursor_at_offset
from tests.support.golden import body, differences, sample
from tests.support.rest import BEARER, PaperShop

HERE = Path(__file__).parent
KEY = BEARER["litestore"]
SERUM: dict[str, Any] = {
    "databaseId": 123,
    "title": "Premium Skincare Serum",
    "descriptionText": "AI-generated description...",
    "status": "ACTIVE",
    "tags": ["anti-aging", "hydration"],
    "createdAt": "2024-01-01T00:00:00.5Z",
    "updatedAt": "2024-01-02T00:00:00Z",
    "priceRange": {"min": {"amount": "49.99", "currencyCode": "EUR"}},
    "categories": {"nodes": [{"title": "Skincare"}]},
    "media": {
        "nodes": [
            {"kind": "IMAGE", "url": "image1.jpg"},
            {"kind": "VIDEO", "url": "film.mp4"},
            {"kind": "IMAGE", "url": "image2.jpg"},
        ]
    },
}


@pytest.fixture
def shop() -> PaperShop:
    return PaperShop(result={"nodes": [SERUM], "totalCount": {"count": 150}})


async def ask(shop: PaperShop, path: str) -> Any:
    response = await shop.client().get("/api/products" + path, headers=KEY)
    return response.status_code, body(response)


async def test_the_list_is_the_documents_sample(shop: PaperShop) -> None:
    status, shown = await ask(shop, "")
    assert status == 200
    assert differences(shown, sample(HERE / "golden" / "products.json")) == []
    assert list(shown) == ["data", "total", "limit", "offset"]
    assert set(shown["data"][0]) == {
        *("id", "name", "description", "price", "category", "images", "tags", "status"),
        *("createdAt", "updatedAt", "currency"),
    }


async def test_one_product_is_the_samples_row_without_an_envelope(shop: PaperShop) -> None:
    shop.result = SERUM
    golden = sample(HERE / "golden" / "products.json")["data"][0]
    for id_ in ("prod-123", "123"):
        status, shown = await ask(shop, f"/{id_}")
        assert (status, differences(shown, golden)) == (200, [])
        assert shop.variables["id"] == global_id("Product", 123)
    assert shop.executed[-1][0] == "LitestoreProduct"


async def test_prices_have_two_decimals(shop: PaperShop) -> None:
    shop.result = SERUM | {"priceRange": {"min": {"amount": "50", "currencyCode": "EUR"}}}
    response = await shop.client().get("/api/products/123", headers=KEY)
    assert '"price":50.00,' in response.text


async def test_what_a_product_lacks_is_null(shop: PaperShop) -> None:
    shop.result = SERUM | {"priceRange": None, "categories": {"nodes": []}}
    _, shown = await ask(shop, "/123")
    assert (shown["price"], shown["currency"], shown["category"]) == (None, None, None)


@pytest.mark.parametrize(
    ("status", "word"),
    [("ACTIVE", "active"), ("DRAFT", "draft"), ("HIDDEN", "draft"), ("ARCHIVED", "archived")],
)
async def test_statuses_are_one_of_three_words(shop: PaperShop, status: str, word: str) -> None:
    shop.result = SERUM | {"status": status}
    _, shown = await ask(shop, "/123")
    assert shown["status"] == word


@pytest.mark.parametrize(
    ("query", "first", "after", "limit", "offset"),
    [
        ("", 20, None, 20, 0),
        ("?limit=5&offset=10", 5, cursor_at_offset(10), 5, 10),
        ("?limit=100", 100, None, 100, 0),
        ("?limit=101", 100, None, 100, 0),
        ("?limit=&offset=", 20, None, 20, 0),
        (f"?offset={MAX_OFFSET}", 20, cursor_at_offset(MAX_OFFSET), 20, MAX_OFFSET),
    ],
)
async def test_limit_and_offset_page_the_list(
    shop: PaperShop, query: str, first: int, after: str | None, limit: int, offset: int
) -> None:
    _, shown = await ask(shop, query)
    assert (shop.variables["first"], shop.variables["after"]) == (first, after)
    assert (shown["limit"], shown["offset"], shown["total"]) == (limit, offset, 150)


async def test_a_limit_of_0_shows_the_total_alone(shop: PaperShop) -> None:
    assert await ask(shop, "?limit=0") == (
        200,
        {"data": [], "total": 150, "limit": 0, "offset": 0},
    )


@pytest.mark.parametrize(
    ("query", "field", "issue"),
    [
        ("?limit=x", "limit", "must be an integer"),
        ("?limit=-1", "limit", "must be an integer"),
        ("?limit=1.5", "limit", "must be an integer"),
        ("?offset=-5", "offset", "must be an integer"),
        (f"?offset={'9' * 30}", "offset", "must be an integer"),
        ("?status=sold", "status", "must be one of active, draft, archived"),
        ("?status=active,draft", "status", "must be one of active, draft, archived"),
        ("?search=%00", "search", "must not hold NUL characters"),
    ],
)
async def test_bad_parameters_are_named(
    shop: PaperShop, query: str, field: str, issue: str
) -> None:
    details = {"field": field, "issue": issue}
    error = {"code": "VALIDATION_ERROR", "message": "Invalid request data", "details": details}
    assert await ask(shop, query) == (400, {"error": error})
    assert not shop.executed


ALONE = {"includeSubcategories": False}


@pytest.mark.parametrize(
    ("query", "words", "where"),
    [
        ("", "", {}),
        ("?search=red+shirt", "red shirt", {}),
        ("?status=active", "", {"status": ["ACTIVE"]}),
        ("?status=draft", "", {"status": ["DRAFT", "HIDDEN"]}),
        ("?status=archived&unknown=1", "", {"status": ["ARCHIVED"]}),
        ("?category=7", "", {"categoryId": {"eq": global_id("Category", 7)}} | ALONE),
        (f"?category={2**64}", "", {"categoryId": {"eq": global_id("Category", 0)}} | ALONE),
        (
            "?category=Thé+%26+Café",
            "",
            {"categorySlug": {"in": ["Thé & Café", "the-cafe"]}} | ALONE,
        ),
    ],
)
async def test_filters(shop: PaperShop, query: str, words: str, where: dict[str, Any]) -> None:
    await ask(shop, query)
    assert (shop.variables["query"], shop.variables["where"]) == (words, where)
