from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from commerce.core.ids import global_id
from commerce.core.paging import MAX_OFFSET, cursor_at_offset
from tests.support.golden import body, differences, sample
from tests.support.rest import BEARER, PaperShop

HERE = Path(__file__).parent
KEY = BEARER["cartino"]
VARIANT: dict[str, Any] = {
    "databaseId": 1,
    "title": "Red / M",
    "sku": "TS-RED-M",
    "barcode": None,
    "position": 0,
    "weightGrams": 250,
    "weightUnit": "kg",
    "lengthMm": 305,
    "widthMm": None,
    "heightMm": 20,
    "backorder": "DENY",
    "trackStock": True,
    "requiresShipping": True,
    "taxable": True,
    "createdAt": "2024-01-15T10:00:00.25Z",
    "updatedAt": "2024-01-15T10:00:00Z",
    "selectedOptions": [{"value": "Red"}, {"value": "M"}],
    "pricing": {
        "price": {"amount": "19.99"},
        "compareAt": {"amount": "24.99"},
        "cost": {"amount": "7.5"},
    },
    "availability": {"inStock": True, "quantity": 100},
    "media": {"url": "red.jpg"},
    "metafields": {"nodes": [{"key": "care", "value": {"wash": 30}}]},
}
SHIRT: dict[str, Any] = {
    "databaseId": 1,
    "title": "Cotton T-Shirt",
    "slug": "cotton-t-shirt",
    "descriptionHtml": "<p>Soft.</p>",
    "type": "PHYSICAL",
    "status": "ACTIVE",
    "vendor": "",
    "publishedAt": None,
    "createdAt": "2024-01-15T10:00:00Z",
    "updatedAt": "2024-01-15T10:00:00Z",
    "seo": {"title": "", "description": "Soft shirts"},
    "brand": {"databaseId": 5, "name": "Acme"},
    "priceRange": {"min": {"amount": "19.99"}, "max": {"amount": "20"}},
    "variants": {"nodes": [VARIANT], "totalCount": {"count": 1}},
    "metafields": {"nodes": []},
}
PRODUCT = {
    "id": 1,
    "title": "Cotton T-Shirt",
    "slug": "cotton-t-shirt",
    "description": "<p>Soft.</p>",
    "type": "physical",
    "status": "active",
    "vendor": None,
    "brand_id": 5,
    "product_type_id": None,
    "seo_title": None,
    "seo_description": "Soft shirts",
    "published_at": None,
    "data": None,
    "variants_count": 1,
    "created_at": "2024-01-15T10:00:00Z",
    "updated_at": "2024-01-15T10:00:00Z",
    "brand": {"id": 5, "name": "Acme"},
}
PRINTED_VARIANT = {
    "id": 1,
    "product_id": 1,
    "title": "Red / M",
    "sku": "TS-RED-M",
    "barcode": None,
    "option1": "Red",
    "option2": "M",
    "option3": None,
    "inventory_quantity": 100,
    "inventory_policy": "deny",
    "track_inventory": True,
    "weight_unit": "kg",
    "width": None,
    "height": 2,
    "dimension_unit": "cm",
    "requires_shipping": True,
    "taxable": True,
    "position": 0,
    "image_url": "red.jpg",
    "data": {"care": {"wash": 30}},
    "in_stock": True,
    "on_sale": True,
    "created_at": "2024-01-15T10:00:00Z",
    "updated_at": "2024-01-15T10:00:00Z",
}


def connection(total: int = 125, more: bool = True) -> dict[str, Any]:
    return {
        "nodes": [SHIRT],
        "pageInfo": {"hasNextPage": more, "endCursor": "CURSOR"},
        "totalCount": {"count": total},
    }


@pytest.fixture
def shop() -> PaperShop:
    return PaperShop(result=connection())


async def ask(shop: PaperShop, path: str, base: str = "/api") -> Any:
    response = await shop.client().get(f"{base}/products{path}", headers=KEY)
    return response.status_code, body(response)


async def test_the_list_is_the_documents_sample(shop: PaperShop) -> None:
    for base in ("/api", "/api/v1"):
        status, shown = await ask(shop, "", base)
        assert (status, differences(shown, sample(HERE / "golden" / "products.json"))) == (200, [])
        assert list(shown) == ["data", "meta", "links"]


async def test_one_product_stands_in_data_alone(shop: PaperShop) -> None:
    shop.result = SHIRT
    status, shown = await ask(shop, "/1")
    assert (status, list(shown)) == (200, ["data"])
    assert differences(shown["data"], PRODUCT) == []
    assert differences(shown["data"]["variants"], [PRINTED_VARIANT]) == []
    assert shop.variables["id"] == global_id("Product", 1)


async def test_every_documented_field_is_there(shop: PaperShop) -> None:
    shop.result = SHIRT
    _, shown = await ask(shop, "/1")
    assert set(shown["data"]) == {*PRODUCT, "lowest_price", "highest_price", "variants"}
    amounts = {"price", "compare_at_price", "cost_per_item", "discount_percent"}
    assert set(shown["data"]["variants"][0]) == {*PRINTED_VARIANT, *amounts, "weight", "length"}


async def test_numbers_are_exact(shop: PaperShop) -> None:
    shop.result = SHIRT
    text = (await shop.client().get("/api/products/1", headers=KEY)).text
    for part in (
        '"lowest_price":19.99,"highest_price":20.00,',
        '"price":19.99,"compare_at_price":24.99,"cost_per_item":7.50,',
        '"discount_percent":20.01,',
        '"weight":0.25,"weight_unit":"kg","length":30.5,',
    ):
        assert part in text


async def test_what_is_missing_is_null(shop: PaperShop) -> None:
    bare = VARIANT | {"pricing": None, "media": None, "availability": {"inStock": False}}
    shop.result = SHIRT | {
        "priceRange": None,
        "brand": None,
        "descriptionHtml": "",
        "variants": {"nodes": [bare], "totalCount": {"count": 1}},
    }
    _, shown = await ask(shop, "/1")
    product, variant = shown["data"], shown["data"]["variants"][0]
    for name in ("brand", "brand_id", "description", "lowest_price", "highest_price"):
        assert product[name] is None
    # a key that may not read stock sees no number
    for name in ("price", "compare_at_price", "cost_per_item", "image_url", "inventory_quantity"):
        assert variant[name] is None
    assert (variant["on_sale"], variant["in_stock"]) == (False, False)


@pytest.mark.parametrize(
    ("grams", "unit", "weight", "shown_unit"),
    [
        (250, "g", "250", "g"),
        (1, "kg", "0.001", "kg"),
        (454, "lb", "1.0009", "lb"),
        (28, "oz", "0.9877", "oz"),
        (5, "stone", "5", "g"),
    ],
)
async def test_weights_are_in_the_variants_unit(
    shop: PaperShop, grams: int, unit: str, weight: str, shown_unit: str
) -> None:
    variant = VARIANT | {"weightGrams": grams, "weightUnit": unit}
    shop.result = SHIRT | {"variants": {"nodes": [variant], "totalCount": {"count": 1}}}
    _, shown = await ask(shop, "/1")
    printed = shown["data"]["variants"][0]
    assert (str(printed["weight"]), printed["weight_unit"]) == (weight, shown_unit)


def pages_of(links: dict[str, str | None]) -> dict[str, str | None]:
    return {
        name: None if url is None else parse_qs(urlsplit(url).query)["page"][0]
        for name, url in links.items()
    }


@pytest.mark.parametrize(
    ("query", "first", "after", "meta", "links"),
    [
        ("", 20, None, (1, 20, 7, 1, 1), ("1", "7", None, "2")),
        ("?page=2", 20, cursor_at_offset(20), (2, 20, 7, 21, 21), ("1", "7", "1", "3")),
        ("?page=7", 20, cursor_at_offset(120), (7, 20, 7, 121, 121), ("1", "7", "6", None)),
        ("?page=3&per_page=9", 9, cursor_at_offset(18), (3, 9, 14, 19, 19), ("1", "14", "2", "4")),
        ("?per_page=101", 100, None, (1, 100, 2, 1, 1), ("1", "2", None, "2")),
        ("?page=&per_page=", 20, None, (1, 20, 7, 1, 1), ("1", "7", None, "2")),
    ],
)
async def test_pages(
    shop: PaperShop, query: str, first: int, after: str | None, meta: Any, links: Any
) -> None:
    _, shown = await ask(shop, query)
    assert (shop.variables["first"], shop.variables["after"]) == (first, after)
    names = ("current_page", "per_page", "last_page", "from", "to")
    assert shown["meta"] == {
        **dict(zip(names, meta, strict=True)),
        "total": 125,
        "next_cursor": "CURSOR",
    }
    expected = dict(zip(("first", "last", "prev", "next"), links, strict=True))
    assert pages_of(shown["links"]) == expected


@pytest.mark.parametrize(("page", "before"), [(8, "7"), (MAX_OFFSET, "7")])
async def test_a_page_past_the_end_is_empty(shop: PaperShop, page: int, before: str) -> None:
    shop.result = connection(more=False) | {"nodes": []}
    status, shown = await ask(shop, f"?page={page}")
    assert (status, shown["data"]) == (200, [])
    meta = shown["meta"]
    assert (meta["current_page"], meta["from"], meta["to"]) == (page, None, None)
    assert (meta["last_page"], meta["next_cursor"]) == (7, None)
    assert pages_of(shown["links"]) == {"first": "1", "last": "7", "prev": before, "next": None}


async def test_an_empty_list_has_one_page(shop: PaperShop) -> None:
    shop.result = connection(0, more=False) | {"nodes": []}
    _, shown = await ask(shop, "")
    assert shown["meta"]["last_page"] == 1
    assert pages_of(shown["links"]) == {"first": "1", "last": "1", "prev": None, "next": None}


async def test_a_cursor_goes_on_from_where_a_page_ended(shop: PaperShop) -> None:
    _, shown = await ask(shop, "?cursor=BEFORE&per_page=5&page=3&sort=title")
    assert (shop.variables["first"], shop.variables["after"]) == (5, "BEFORE")
    assert (shown["meta"]["current_page"], shown["meta"]["from"]) == (None, None)
    assert shown["meta"]["next_cursor"] == "CURSOR"
    base = "http://shop.test/api/products?per_page=5&sort=title"
    assert shown["links"] == {
        "first": f"{base}&page=1",
        "last": f"{base}&page=25",
        "prev": None,
        "next": f"{base}&cursor=CURSOR",
    }


async def test_links_keep_query_and_path_form(shop: PaperShop) -> None:
    _, shown = await ask(shop, "/?filter[status]=active&page=2&search=a%26b", "/api/v1")
    assert shown["links"]["next"] == (
        "http://shop.test/api/v1/products?filter%5Bstatus%5D=active&search=a%26b&page=3"
    )


SORTS = "created_at, -created_at, title, -title, price, -price"
RELATIONS = "variants, brand, options, categories, media"


def one_of(field: str, choices: str) -> str:
    return f"The {field} must be one of {choices}."


@pytest.mark.parametrize(
    ("query", "field", "text"),
    [
        ("?page=0", "page", "The page must be greater than 0."),
        ("?page=-1", "page", "The page must be greater than 0."),
        ("?page=x", "page", "The page must be an integer."),
        ("?per_page=0", "per_page", "The per_page must be greater than 0."),
        ("?per_page=1.5", "per_page", "The per_page must be an integer."),
        ("?status=sold", "status", one_of("status", "draft, active, archived")),
        ("?filter[type]=x", "filter[type]", one_of("filter[type]", "physical, digital, service")),
        ("?brand_id=acme", "brand_id", "The brand_id must be an integer."),
        ("?filter[color]=red", "filter", one_of("filter", "status, type, brand_id, search")),
        (
            "?sort=colour",
            "sort",
            one_of("sort", "created_at, -created_at, title, -title, price, -price"),
        ),
        ("?include=reviews", "include", one_of("include", RELATIONS)),
    ],
)
async def test_bad_parameters_are_named(shop: PaperShop, query: str, field: str, text: str) -> None:
    message = "The given data was invalid."
    assert await ask(shop, query) == (422, {"message": message, "errors": {field: [text]}})
    assert not shop.executed


async def test_a_forged_cursor_is_refused(shop: PaperShop) -> None:
    shop.errors = [{"message": "No.", "extensions": {"code": "INVALID_CURSOR"}}]
    status, shown = await ask(shop, "?cursor=FORGED")
    assert (status, list(shown["errors"])) == (422, ["cursor"])


BRANDS = [global_id("Brand", 5), global_id("Brand", 6)]


@pytest.mark.parametrize(
    ("query", "words", "where"),
    [
        ("", "", {}),
        ("?search=red+shirt", "red shirt", {}),
        ("?filter[search]=blue&search=red", "blue", {}),
        ("?status=draft", "", {"status": ["DRAFT", "HIDDEN"]}),
        ("?filter[status]=active,archived", "", {"status": ["ACTIVE", "ARCHIVED"]}),
        ("?type=digital", "", {"type": ["DIGITAL"]}),
        ("?filter[type]=digital,service", "", {"type": ["DIGITAL", "SERVICE"]}),
        ("?brand_id=5", "", {"brandId": {"in": BRANDS[:1]}}),
        ("?filter[brand_id]=5,6", "", {"brandId": {"in": BRANDS}}),
        ("?filter[status]=&colour=red", "", {}),
    ],
)
async def test_filters(shop: PaperShop, query: str, words: str, where: dict[str, Any]) -> None:
    await ask(shop, query)
    assert (shop.variables["query"], shop.variables["where"]) == (words, where)


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", [("CREATED_AT", "DESC")]),
        ("?sort=title", [("TITLE", "ASC")]),
        ("?sort=-price,title", [("PRICE", "DESC"), ("TITLE", "ASC")]),
        ("?search=shirt&sort=-created_at", [("CREATED_AT", "DESC")]),
    ],
)
async def test_sorts(shop: PaperShop, query: str, order: list[tuple[str, str]]) -> None:
    await ask(shop, query)
    shown = [(item["field"], item["direction"]) for item in shop.variables["orderBy"]]
    assert shown == order


async def test_a_search_without_a_sort_shows_the_best_first(shop: PaperShop) -> None:
    await ask(shop, "?search=shirt")
    assert shop.variables["orderBy"] is None


@pytest.mark.parametrize("path", ["", "/1"])
async def test_relations_are_fetched_when_included(shop: PaperShop, path: str) -> None:
    flags = ("withOptions", "withCategories", "withMedia")
    if path:
        shop.result = SHIRT
    await ask(shop, path)
    assert [shop.variables[flag] for flag in flags] == [False] * 3
    await ask(shop, f"{path}?include=variants,brand,options,categories,media")
    assert [shop.variables[flag] for flag in flags] == [True] * 3


async def test_included_relations_are_printed(shop: PaperShop) -> None:
    shop.result = SHIRT | {
        "options": [{"databaseId": 3, "name": "Size", "values": [{"name": "S"}, {"name": "M"}]}],
        "categories": {"nodes": [{"databaseId": 4, "title": "Shirts", "slug": "shirts"}]},
        "media": {
            "nodes": [{"databaseId": 9, "kind": "IMAGE", "url": "a.jpg", "alt": "A", "position": 0}]
        },
    }
    _, shown = await ask(shop, "/1?include=options,categories,media")
    product = shown["data"]
    assert product["options"] == [{"id": 3, "name": "Size", "values": ["S", "M"]}]
    assert product["categories"] == [{"id": 4, "title": "Shirts", "slug": "shirts"}]
    assert product["media"] == [
        {"id": 9, "type": "image", "url": "a.jpg", "alt": "A", "position": 0}
    ]


async def test_a_product_can_be_cut_down_to_fields(shop: PaperShop) -> None:
    _, shown = await ask(shop, "?fields[products]=id,title,nonsense")
    assert shown["data"] == [{"id": 1, "title": "Cotton T-Shirt"}]


async def test_stock_that_is_not_counted_is_0(shop: PaperShop) -> None:
    free = VARIANT | {"trackStock": False, "availability": {"inStock": True, "quantity": None}}
    shop.result = SHIRT | {"variants": {"nodes": [free], "totalCount": {"count": 1}}}
    _, shown = await ask(shop, "/1")
    variant = shown["data"]["variants"][0]
    assert (variant["inventory_quantity"], variant["track_inventory"]) == (0, False)
