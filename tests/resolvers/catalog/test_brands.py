from typing import Any

import pytest

from commerce.catalog.kinds import ProductStatus
from commerce.core.db import UnitOfWork
from resolvers.nodes import node_id
from tests.conftest import Ask
from tests.support.catalog import make_brand, make_product

UPSERT = """
mutation ($input: BrandUpsertInput!) {
  brandUpsert(input: $input) {
    brand { id slug name logoUrl version }
    userErrors { code path ... on VersionConflictError { current } }
  }
}
"""
DELETE = """
mutation ($input: BrandDeleteInput!) {
  brandDelete(input: $input) { deletedId userErrors { code path } }
}
"""
WITH_PRODUCTS = """
{
  brands {
    totalCount { count }
    nodes {
      name
      products(first: 2) { nodes { title } totalCount { count } pageInfo { hasNextPage } }
    }
  }
}
"""


async def upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["brandUpsert"]


@pytest.mark.parametrize("brands", [1, 7])
async def test_brands_with_their_newest_products_cost_the_same_for_any_number(
    ask: Ask, uow: UnitOfWork, statements: list[str], brands: int
) -> None:
    for number in range(brands):
        brand = await make_brand(uow, f"B{number}")
        for place in range(3):
            await make_product(uow, f"P{number}-{place}", brand_id=brand.id)
    statements.clear()
    answer = await ask(WITH_PRODUCTS)
    assert len(statements) == 4  # brands, their count, products, their count
    found = answer["data"]["brands"]
    assert found["totalCount"]["count"] == brands
    assert found["nodes"][-1] == {
        "name": f"B{brands - 1}",
        "products": {
            "nodes": [{"title": f"P{brands - 1}-2"}, {"title": f"P{brands - 1}-1"}],
            "totalCount": {"count": 3},
            "pageInfo": {"hasNextPage": True},
        },
    }


async def test_the_storefront_sees_active_brands_with_their_active_products(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    acme = await make_brand(uow)
    hidden = await make_brand(uow, "Hidden", active=False)
    await make_product(uow, "Shown", brand_id=acme.id)
    await make_product(uow, "Draft", brand_id=acme.id, status=ProductStatus.DRAFT)
    await make_product(uow, "Other", brand_id=hidden.id)
    query = """{
      brand(slug: "acme") { products { nodes { title } totalCount { count } } }
      hidden: brand(slug: "hidden") { name }
      brands { totalCount { count } }
      product(slug: "other") { brand { name } }
    }"""
    assert (await ask_anonymously(query))["data"] == {
        "brand": {"products": {"nodes": [{"title": "Shown"}], "totalCount": {"count": 1}}},
        "hidden": None,
        "brands": {"totalCount": {"count": 1}},
        "product": {"brand": None},
    }
    everything = (await ask(query))["data"]
    assert everything["brand"]["products"]["totalCount"] == {"count": 2}
    assert everything["product"]["brand"] == {"name": "Hidden"}


async def test_a_brand_is_added_changed_and_found_by_its_former_slug(ask: Ask) -> None:
    added = await upsert(ask, name="Acme", logoUrl="acme.png")
    id_ = added["brand"].pop("id")
    assert added == {
        "brand": {"slug": "acme", "name": "Acme", "logoUrl": "acme.png", "version": 1},
        "userErrors": [],
    }
    changed = await upsert(ask, id=id_, slug="apex", logoUrl=None, expectedVersion=1)
    assert changed["brand"] == {
        "id": id_, "slug": "apex", "name": "Acme", "logoUrl": None, "version": 2,
    }  # fmt: skip
    query = "query ($id: ID, $slug: String) { brand(id: $id, slug: $slug) { slug } }"
    for given in ({"slug": "acme"}, {"slug": "apex"}, {"id": id_}, {"id": id_, "slug": "x"}):
        assert (await ask(query, given))["data"]["brand"] == {"slug": "apex"}
    for given in ({"slug": "nobody"}, {"id": node_id("Product", 1)}, {}):
        assert (await ask(query, given))["data"]["brand"] is None


async def test_refusals_say_which_field_is_at_fault(ask: Ask, uow: UnitOfWork) -> None:
    acme = await make_brand(uow, version=3)
    id_ = node_id("Brand", acme.id)
    assert (await upsert(ask, name="Acme"))["userErrors"] == [
        {"code": "SLUG_TAKEN", "path": ["slug"]}
    ]
    assert (await upsert(ask, slug="new"))["userErrors"] == [{"code": "INVALID", "path": ["name"]}]
    assert (await upsert(ask, id=id_, name="X", expectedVersion=2))["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 3}
    ]
    assert (await upsert(ask, id=node_id("Product", acme.id), name="X"))["userErrors"] == [
        {"code": "NOT_FOUND", "path": ["id"]}
    ]
    assert (await upsert(ask, id=id_, logoUrl="javascript:x"))["userErrors"] == [
        {"code": "INVALID", "path": ["logoUrl"]}
    ]
    stored = await ask('{ brand(slug: "acme") { name version } }')
    assert stored["data"]["brand"] == {"name": "Acme", "version": 3}


async def test_a_deleted_brand_is_gone_and_its_products_are_not(ask: Ask, uow: UnitOfWork) -> None:
    acme = await make_brand(uow)
    await make_product(uow, "Shirt", brand_id=acme.id)
    id_ = node_id("Brand", acme.id)
    gone = await ask(DELETE, {"input": {"id": id_}})
    assert gone["data"]["brandDelete"] == {"deletedId": id_, "userErrors": []}
    query = 'query ($id: ID!) { node(id: $id) { id } product(slug: "shirt") { brand { name } } }'
    assert (await ask(query, {"id": id_}))["data"] == {"node": None, "product": {"brand": None}}
    again = await ask(DELETE, {"input": {"id": id_}})
    assert again["data"]["brandDelete"] == {
        "deletedId": None,
        "userErrors": [{"code": "NOT_FOUND", "path": ["id"]}],
    }


@pytest.mark.parametrize("limit", [0, -5, 1_000_001, 2_147_483_647])
async def test_a_count_stops_at_a_place_there_is(ask: Ask, limit: int) -> None:
    query = "query ($limit: Int) { brands { totalCount(limit: $limit) { count } } }"
    answer = await ask(query, {"limit": limit})
    assert answer["errors"][0]["message"] == "limit must be from 1 to 1000000, or null."
    assert (await ask(query, {"limit": None}))["data"]["brands"]["totalCount"] == {"count": 0}
