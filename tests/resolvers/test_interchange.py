from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.outbox import OutgoingEvent
from commerce.core.viewer import Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.catalog import make_brand
from tests.support.inventory import make_location
from tests.support.pricing import make_price_list
from tests.support.writers import table

SET = """
mutation ($input: ProductSetInput!) {
  productSet(input: $input) {
    product {
      id slug title version brand { slug }
      options { name values { name } }
      variants(first: 100) { nodes { sku title } }
    }
    created changed
    userErrors { code message path }
  }
}
"""
BULK = """
mutation ($input: ProductBulkUpsertInput!) {
  productBulkUpsert(input: $input) {
    results { index created changed product { slug } userErrors { code path } }
    userErrors { code path }
  }
}
"""


@pytest.fixture(autouse=True)
async def store(uow: UnitOfWork) -> None:
    await make_price_list(uow, is_default=True)
    await make_location(uow)


def shirt(slug: str = "shirt", **values: Any) -> dict[str, Any]:
    rows = [
        {
            "optionValues": [{"name": "Size", "value": size}],
            "sku": f"{slug}-{size}",
            "price": "9.50",
            "compareAt": "12",
            "stock": [{"onHand": 5}],
        }
        for size in "SM"
    ]
    return {
        "slug": slug,
        "title": slug.title(),
        "brand": "Acme",
        "categories": ["Shirts"],
        "createMissing": True,
        "variants": rows,
        **values,
    }


async def put(ask: Ask, input_: dict[str, Any]) -> dict[str, Any]:
    answer = await ask(SET, {"input": input_})
    assert "errors" not in answer, answer
    payload: dict[str, Any] = answer["data"]["productSet"]
    return payload


async def bulk(ask: Ask, products: list[dict[str, Any]], policy: str) -> dict[str, Any]:
    answer = await ask(BULK, {"input": {"products": products, "errorPolicy": policy}})
    assert "errors" not in answer, answer
    payload: dict[str, Any] = answer["data"]["productBulkUpsert"]
    return payload


async def test_a_product_is_what_the_input_says(ask: Ask, uow: UnitOfWork) -> None:
    payload = await put(ask, shirt())
    assert (payload["created"], payload["changed"], payload["userErrors"]) == (True, True, [])
    product = payload["product"]
    assert product["brand"] == {"slug": "acme"}
    assert product["options"] == [{"name": "Size", "values": [{"name": "S"}, {"name": "M"}]}]
    assert product["variants"]["nodes"] == [
        {"sku": "shirt-S", "title": "S"},
        {"sku": "shirt-M", "title": "M"},
    ]
    assert [str(row[0]) for row in await table(uow, "prices", "amount")] == ["9.500000"] * 2
    assert (
        await table(uow, "stock_movements", "delta, kind, reason, actor")
        == [(5, "count", "product set", "api_key:1")] * 2
    )


async def test_the_same_input_again_changes_nothing(ask: Ask) -> None:
    first = await put(ask, shirt())
    again = await put(ask, shirt())
    assert again == {**first, "created": False, "changed": False}


async def test_a_set_by_id_gives_another_slug(ask: Ask) -> None:
    first = await put(ask, shirt())
    moved = await put(ask, {"id": first["product"]["id"], "slug": "blouse"})
    assert (moved["product"]["slug"], moved["changed"]) == ("blouse", True)
    lost = await put(ask, {"id": "junk", "title": "x"})
    assert [(error["code"], error["path"]) for error in lost["userErrors"]] == [
        ("NOT_FOUND", ["id"])
    ]


async def test_lists_are_everything_unless_they_only_add(ask: Ask) -> None:
    await put(ask, shirt())
    large = {"optionValues": [{"name": "Size", "value": "L"}], "sku": "shirt-L"}
    more = await put(ask, {"slug": "shirt", "variants": [large], "exhaustive": False})
    assert len(more["product"]["variants"]["nodes"]) == 3
    only = await put(ask, {"slug": "shirt", "variants": [large]})
    assert only["product"]["variants"]["nodes"] == [{"sku": "shirt-L", "title": "L"}]


async def test_what_cannot_be_says_where(ask: Ask, uow: UnitOfWork) -> None:
    rows = [{"sku": "a", "price": "-1", "stock": [{"onHand": -1}]}]
    payload = await put(ask, {"slug": "mug", "title": "Mug", "brand": "Nobody", "variants": rows})
    assert payload["product"] is None
    assert [error["path"] for error in payload["userErrors"]] == [
        ["brand"],
        ["variants", "0", "price"],
        ["variants", "0", "stock", "0", "onHand"],
    ]
    assert await table(uow, "products") == []


async def test_rows_are_skipped_or_all_refused(ask: Ask, uow: UnitOfWork) -> None:
    products = [shirt("one"), shirt("two", title=""), shirt("three", variants=[{"sku": "one-S"}])]
    refused = await bulk(ask, products, "ALL_OR_NOTHING")
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["products", "1", "title"]}]
    assert await table(uow, "products") == []
    done = await bulk(ask, products, "SKIP_FAILED_ROWS")
    assert done["userErrors"] == []
    assert [(row["index"], row["created"], row["product"]) for row in done["results"]] == [
        (0, True, {"slug": "one"}),
        (1, False, None),
        (2, False, None),
    ]
    assert [row["userErrors"] for row in done["results"][1:]] == [
        [{"code": "INVALID", "path": ["title"]}],
        [{"code": "SKU_TAKEN", "path": ["variants", "0", "sku"]}],
    ]
    assert await table(uow, "products", "slug") == [("one",)]


async def test_a_request_has_a_limited_number_of_products(ask: Ask) -> None:
    products = [{"slug": f"p-{n}"} for n in range(251)]
    answer = await ask(BULK, {"input": {"products": products}})
    assert "at most 250" in answer["errors"][0]["message"]
    many = [{"sku": str(n)} for n in range(2049)]
    answer = await ask(SET, {"input": {"slug": "a", "variants": many}})
    assert "at most 2048" in answer["errors"][0]["message"]


async def test_prices_and_stock_need_their_scopes(ask: Ask, uow: UnitOfWork) -> None:
    writer = Viewer(ViewerKind.API_KEY, 7, frozenset({Scope.WRITE_PRODUCTS}))
    answer = await ask(SET, {"input": shirt()}, viewer=writer)
    assert answer["data"] is None
    assert answer["errors"][0]["message"] == "This needs the scope write_prices and write_stock."
    assert await table(uow, "products") == []
    plain = {"slug": "mug", "title": "Mug"}
    answer = await ask(SET, {"input": plain}, viewer=writer)
    assert answer["data"]["productSet"]["product"]["slug"] == "mug"


async def test_null_takes_prices_and_brands_away(ask: Ask, uow: UnitOfWork) -> None:
    await put(ask, shirt())
    rows = [{"sku": f"shirt-{size}", "price": None} for size in "SM"]
    payload = await put(ask, {"slug": "shirt", "brand": None, "variants": rows})
    assert (payload["changed"], payload["product"]["brand"]) == (True, None)
    assert await table(uow, "prices") == []


@pytest.mark.parametrize("count", [1, 50])
async def test_it_costs_the_same_for_any_number_of_products(
    ask: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    products = [shirt(f"shirt-{n}") for n in range(count)]
    statements.clear()
    await bulk(ask, products, "ALL_OR_NOTHING")
    assert len(statements) == 32
    assert await told(uow, "Product") == {"product.created": count}
    statements.clear()
    await bulk(ask, products, "ALL_OR_NOTHING")
    assert len(statements) == 16
    assert await told(uow, "Product") == {"product.created": count}


async def told(uow: UnitOfWork, type_: str) -> Counter[str]:
    """How often things of a type were told of, by what happened to them."""
    own = col(OutgoingEvent.resource_type) == type_
    return Counter(await uow.scalars(select(col(OutgoingEvent.type)).where(own)))


async def test_what_must_be_new_leaves_what_is_there_alone(uow: UnitOfWork, ask: Ask) -> None:
    first = await put(ask, shirt())
    answer = await put(ask, {"slug": "shirt", "title": "Other", "mustBeNew": True})
    assert answer["product"] is None
    assert [(e["code"], e["path"]) for e in answer["userErrors"]] == [("SLUG_TAKEN", ["slug"])]
    by_id = await put(ask, {"id": first["product"]["id"], "title": "Other", "mustBeNew": True})
    assert [e["code"] for e in by_id["userErrors"]] == ["INVALID"]
    assert await table(uow, "products", "title") == [("Shirt",)]


async def test_new_products_without_a_slug_are_numbered(uow: UnitOfWork, ask: Ask) -> None:
    row = {"title": "Blue Mug", "mustBeNew": True}
    answer = await bulk(ask, [row, {"slug": "blue-mug-2", "title": "Mug"}, row], "ALL_OR_NOTHING")
    slugs = [result["product"]["slug"] for result in answer["results"]]
    assert slugs == ["blue-mug", "blue-mug-2", "blue-mug-3"]
    assert (await put(ask, row))["product"]["slug"] == "blue-mug-4"
    without = await put(ask, {"title": "Blue Mug"})
    assert [e["path"] for e in without["userErrors"]] == [["slug"]]


async def test_a_brand_may_be_said_by_its_id(uow: UnitOfWork, ask: Ask) -> None:
    brand = await make_brand(uow, "Acme")
    row = {"slug": "mug", "title": "Mug", "brandId": global_id("Brand", brand.id)}
    assert (await put(ask, row))["product"]["brand"] == {"slug": "acme"}
    assert (await put(ask, {"slug": "mug", "brandId": None}))["product"]["brand"] is None
    for id_ in (global_id("Brand", 999), global_id("Product", brand.id)):
        refused = await put(ask, {**row, "brandId": id_})
        assert [(e["code"], e["path"]) for e in refused["userErrors"]] == [
            ("NOT_FOUND", ["brandId"])
        ]
    twice = await put(ask, {**row, "brand": "Acme"})
    assert [e["path"] for e in twice["userErrors"]] == [["brandId"]]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ({"sku": "shirt-S"}, "SKU_TAKEN", "sku"),
        (
            {"sku": "new", "optionValues": [{"name": "Size", "value": "S"}]},
            "COMBINATION_TAKEN",
            "optionValues",
        ),
    ],
)
async def test_a_variant_that_must_be_new_is_none_that_is_there(
    uow: UnitOfWork, ask: Ask, row: dict[str, Any], code: str, field: str
) -> None:
    await put(ask, shirt())
    before = await table(uow, "variants")
    input_ = {"slug": "shirt", "exhaustive": False, "variants": [{**row, "mustBeNew": True}]}
    refused = await put(ask, input_)
    assert [(e["code"], e["path"]) for e in refused["userErrors"]] == [
        (code, ["variants", "0", field])
    ]
    assert await table(uow, "variants") == before


async def test_when_a_product_was_published_can_be_told(ask: Ask) -> None:
    row = {"slug": "mug", "title": "Mug", "publishedAt": "2024-01-15T10:00:00Z"}
    query = '{ product(slug: "mug") { publishedAt } }'
    assert (await put(ask, row))["userErrors"] == []
    assert (await ask(query))["data"]["product"] == {"publishedAt": "2024-01-15T10:00:00Z"}
    late = await put(ask, {**row, "publishedAt": "2999-01-01T00:00:00Z"})
    assert [(e["code"], e["path"]) for e in late["userErrors"]] == [("INVALID", ["publishedAt"])]
    await put(ask, {**row, "publishedAt": None})
    assert (await ask(query))["data"]["product"] == {"publishedAt": None}
