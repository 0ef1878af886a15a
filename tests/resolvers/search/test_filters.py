"""Every filter of a list, as clients write it."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from tests.conftest import Ask
from tests.support.store import Store

PRODUCTS = "query ($where: ProductWhere) { products(where: $where) { nodes { slug } } }"
VARIANTS = "query ($where: VariantWhere) { variants(where: $where) { nodes { sku } } }"
PAST, FUTURE = "2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z"


@pytest.fixture
async def shop(uow: UnitOfWork) -> None:
    store = await Store.open(uow)
    await store.sell("Cheap", "5", sku="cheap")
    await store.sell("Dear", "50", sku="dear")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"price": {"eq": "5"}}, {"cheap"}),
        ({"price": {"gt": "5"}}, {"dear"}),
        ({"price": {"gte": "5", "lt": "50"}}, {"cheap"}),
        ({"price": {"lte": "4.99"}}, set()),
        ({"price": {"gt": "4.9999999", "lt": "1e30"}}, {"cheap", "dear"}),
        ({"price": {"gt": "5.0000001"}}, {"dear"}),
        ({"createdAt": {"gt": PAST}}, {"cheap", "dear"}),
        ({"createdAt": {"lt": PAST}}, set()),
        ({"updatedAt": {"gte": PAST, "lte": FUTURE}}, {"cheap", "dear"}),
        ({"updatedAt": {"gt": FUTURE}}, set()),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
async def test_prices_and_times_are_filtered_by_their_bounds(
    ask_anonymously: Ask, where: dict[str, Any], found: set[str]
) -> None:
    for query, name, key in ((PRODUCTS, "products", "slug"), (VARIANTS, "variants", "sku")):
        answer = await ask_anonymously(query, {"where": where})
        assert "errors" not in answer
        assert {node[key] for node in answer["data"][name]["nodes"]} == found


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("bounds", "found"), [({"gt": PAST}, set()), ({"lt": FUTURE}, set()), (None, {"cheap", "dear"})]
)
async def test_products_that_were_never_published_are_at_no_time(
    ask_anonymously: Ask, bounds: dict[str, str] | None, found: set[str]
) -> None:
    answer = await ask_anonymously(PRODUCTS, {"where": {"publishedAt": bounds}})
    assert {node["slug"] for node in answer["data"]["products"]["nodes"]} == found


@pytest.mark.parametrize("query", [PRODUCTS, VARIANTS])
async def test_a_filter_by_many_options_is_refused_as_it_would_be_planned_for_seconds(
    ask_anonymously: Ask, query: str
) -> None:
    option = {"name": "Size", "values": ["S"]}
    allowed = await ask_anonymously(query, {"where": {"options": [option] * 20}})
    assert "errors" not in allowed
    for where in ({"options": [option] * 21}, {"and": [{"options": [option] * 10}] * 3}):
        (error,) = (await ask_anonymously(query, {"where": where}))["errors"]
        assert error["message"] == "A filter has at most 60 conditions."
