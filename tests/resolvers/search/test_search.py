from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from tests.conftest import Ask
from tests.support.search import Shop, make_empty_shop, make_shop

SHIRT, JUMPER, MUG = "Linen Shirt", "Wool Jumper", "Ceramic Mug"
SEARCH = """
query ($query: String!, $where: ProductWhere, $order: [ProductOrder!], $first: Int,
       $after: String) {
  search(query: $query, where: $where, orderBy: $order, first: $first, after: $after) {
    edges { cursor node { title } }
    nodes { title }
    pageInfo { hasNextPage endCursor }
  }
}
"""
FACETS = """
query ($query: String!, $where: ProductWhere, $facets: [FacetInput!]) {
  search(query: $query, where: $where, facets: $facets) {
    facets { code kind label values { value label count selected min max } }
  }
}
"""
P3 = """
{
  search(query: "lamp", first: 24) {
    nodes { slug title featuredMedia { url } priceRange { min { amount } } }
    totalCount { count }
    %s
  }
}
"""


@pytest.fixture
async def shop(uow: UnitOfWork) -> Shop:
    return await make_shop(uow)


async def facets(ask: Ask, **variables: Any) -> list[dict[str, Any]]:
    answer = await ask(FACETS, {"query": "", **variables})
    assert "errors" not in answer, answer["errors"]
    found: list[dict[str, Any]] = answer["data"]["search"]["facets"]
    return found


@pytest.mark.parametrize("products", [1, 50])
@pytest.mark.parametrize(
    ("selection", "cost"), [("", 4), ("facets { values { count } }", 5)], ids=["plain", "facets"]
)
async def test_a_search_costs_the_same_whatever_it_finds(
    ask_anonymously: Ask,
    uow: UnitOfWork,
    statements: list[str],
    products: int,
    selection: str,
    cost: int,
) -> None:
    shop = await make_empty_shop(uow)
    for number in range(products):
        await shop.add(f"Lamp {number}", {"price": "9.50"})
    statements.clear()
    answer = await ask_anonymously(P3 % selection)
    assert "errors" not in answer
    assert answer["data"]["search"]["totalCount"] == {"count": products}
    assert len(statements) == cost  # page, count, pictures, prices and facets


async def test_a_search_finds_filters_and_sorts(ask_anonymously: Ask, shop: Shop) -> None:
    answer = await ask_anonymously(SEARCH, {"query": "sale shirts"})
    assert answer["data"]["search"]["nodes"] == [{"title": SHIRT}]
    answer = await ask_anonymously(SEARCH, {"query": "sale", "where": {"inStock": False}})
    assert answer["data"]["search"]["nodes"] == [{"title": JUMPER}]
    dearest = [{"field": "PRICE", "direction": "DESC"}]
    answer = await ask_anonymously(SEARCH, {"query": "north", "order": dearest})
    assert answer["data"]["search"]["nodes"] == [{"title": SHIRT}, {"title": MUG}]


async def test_a_search_pages_by_relevance(ask_anonymously: Ask, shop: Shop) -> None:
    one = await ask_anonymously(SEARCH, {"query": "north", "first": 1})
    assert one["data"]["search"]["pageInfo"]["hasNextPage"] is True
    cursor = one["data"]["search"]["pageInfo"]["endCursor"]
    two = await ask_anonymously(SEARCH, {"query": "north", "first": 1, "after": cursor})
    both = [page["data"]["search"]["nodes"][0]["title"] for page in (one, two)]
    assert sorted(both) == [MUG, SHIRT]
    assert two["data"]["search"]["pageInfo"]["hasNextPage"] is False
    other = await ask_anonymously(SEARCH, {"query": "sale", "after": cursor})
    assert "cursor" in other["errors"][0]["message"]


async def test_facets_say_what_filters_take(ask_anonymously: Ask, shop: Shop) -> None:
    where = {"brandId": {"eq": global_id("Brand", shop.brands["Acme"].id)}}
    found = {facet["code"]: facet for facet in await facets(ask_anonymously, where=where)}
    assert list(found) == [
        "category",
        "brand",
        "price",
        "availability",
        "option:Colour",
        "option:Size",
        "attribute:grams",
        "attribute:material",
    ]
    plain: dict[str, Any] = {"min": None, "max": None}
    acme = {"value": global_id("Brand", shop.brands["Acme"].id), "label": "Acme", **plain}
    zeta = {"value": global_id("Brand", shop.brands["Zeta"].id), "label": "Zeta", **plain}
    assert found["brand"] == {
        "code": "brand",
        "kind": "BRAND",
        "label": "Brand",
        "values": [
            {**acme, "count": 1, "selected": True},
            {**zeta, "count": 1, "selected": False},
        ],
    }
    assert found["price"]["values"] == [
        {"value": "30..30", "label": "30 - 30", "count": 1, "selected": False,
         "min": "30", "max": "30"}
    ]  # fmt: skip
    assert found["availability"]["values"] == [
        {"value": "true", "label": "In stock", "count": 1, "selected": False, **plain}
    ]
    assert found["attribute:grams"]["label"] == "Weight"
    assert [value["value"] for value in found["option:Size"]["values"]] == ["m", "s"]


async def test_only_wanted_facets_are_shown(ask_anonymously: Ask, shop: Shop) -> None:
    wanted = [
        {"kind": "ATTRIBUTE", "name": "material", "limit": 1},
        {"kind": "PRICE", "limit": 2},
    ]
    material, price = await facets(ask_anonymously, facets=wanted)
    assert [value["label"] for value in material["values"]] == ["clay"]
    assert [(v["min"], v["max"], v["count"]) for v in price["values"]] == [
        ("12", "12", 1),
        ("30", "80", 3),
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        [{"kind": "BRAND"}] * 13,
        [{"kind": "BRAND", "limit": 0}],
        [{"kind": "OPTION", "name": "\0"}],
    ],
)
async def test_facets_that_make_no_sense_are_refused(
    ask_anonymously: Ask, shop: Shop, wanted: list[Any]
) -> None:
    answer = await ask_anonymously(FACETS, {"query": "", "facets": wanted})
    assert "acet" in answer["errors"][0]["message"] or "text" in answer["errors"][0]["message"]


async def test_facets_are_counted_only_when_selected(
    ask_anonymously: Ask, shop: Shop, statements: list[str]
) -> None:
    statements.clear()
    await ask_anonymously(SEARCH, {"query": "sale"})
    assert len(statements) == 1


async def test_a_category_filter_costs_one_more_statement(
    ask_anonymously: Ask, shop: Shop, statements: list[str]
) -> None:
    query = """{ search(query: "sale", where: { categorySlug: { eq: "clothes" } }) {
        nodes { title } totalCount { count } facets { code } } }"""
    statements.clear()
    answer = await ask_anonymously(query)
    assert answer["data"]["search"]["totalCount"] == {"count": 2}
    assert len(statements) == 4  # the category's branch, page, count and facets
