from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from resolvers.nodes import node_id
from tests.conftest import Ask
from tests.support.catalog import (
    make_brand,
    make_category,
    make_collection,
    make_product,
    make_variant,
)

SET = """
mutation ($input: MetafieldsSetInput!) {
  metafieldsSet(input: $input) {
    metafields { namespace key type value public }
    userErrors { code path }
  }
}
"""


async def put(ask: Ask, *metafields: dict[str, Any]) -> Any:
    answer = await ask(SET, {"input": {"metafields": list(metafields)}})
    return answer["data"]["metafieldsSet"]


async def test_everything_that_has_metafields_shows_them(ask: Ask, uow: UnitOfWork) -> None:
    product = await make_product(uow)
    owners = {
        "Product": product.id,
        "ProductVariant": (await make_variant(uow, product)).id,
        "Category": (await make_category(uow)).id,
        "Collection": (await make_collection(uow)).id,
        "Brand": (await make_brand(uow)).id,
    }
    ids = {kind: node_id(kind, id_) for kind, id_ in owners.items()}
    written = await put(
        ask,
        *({"ownerId": id_, "namespace": "erp", "key": "id", "value": k} for k, id_ in ids.items()),
    )
    assert written["userErrors"] == []
    for kind, id_ in ids.items():
        answer = await ask(
            """query ($id: ID!) { node(id: $id) { ... on HasMetafields {
              metafield(namespace: "erp", key: "id") { value type }
              metafields { nodes { namespace key } totalCount { count } } } } }""",
            {"id": id_},
        )
        assert answer["data"]["node"] == {
            "metafield": {"value": kind, "type": "TEXT"},
            "metafields": {
                "nodes": [{"namespace": "erp", "key": "id"}],
                "totalCount": {"count": 1},
            },
        }


async def test_values_of_every_type_come_back_as_they_were_given(ask: Ask, uow: UnitOfWork) -> None:
    owner = {"ownerId": node_id("Product", (await make_product(uow)).id), "namespace": "erp"}
    values = {
        "TEXT": "words",
        "NUMBER": 9.5,
        "BOOLEAN": False,
        "DATE": "2026-01-31",
        "JSON": {"a": [1, None, {"b": "c"}]},
    }
    items = [
        {**owner, "key": kind, "type": kind, "value": value, "public": kind == "DATE"}
        for kind, value in values.items()
    ]
    expected = [
        {"namespace": "erp", "key": k, "type": k, "value": v, "public": k == "DATE"}
        for k, v in values.items()
    ]
    assert await put(ask, *items) == {"metafields": expected, "userErrors": []}


async def test_the_storefront_sees_public_metafields_alone(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    owner = {"ownerId": node_id("Product", (await make_product(uow)).id), "value": "x"}
    await put(
        ask,
        {**owner, "namespace": "shop", "key": "care", "public": True},
        {**owner, "namespace": "erp", "key": "cost"},
    )
    query = """{ product(slug: "shirt") {
      care: metafield(namespace: "shop", key: "care") { value }
      cost: metafield(namespace: "erp", key: "cost") { value }
      metafields { nodes { key } totalCount { count } }
      erp: metafields(namespace: "erp") { nodes { key } totalCount { count } }
    } }"""
    assert (await ask_anonymously(query))["data"]["product"] == {
        "care": {"value": "x"},
        "cost": None,
        "metafields": {"nodes": [{"key": "care"}], "totalCount": {"count": 1}},
        "erp": {"nodes": [], "totalCount": {"count": 0}},
    }
    assert (await ask(query))["data"]["product"] == {
        "care": {"value": "x"},
        "cost": {"value": "x"},
        "metafields": {"nodes": [{"key": "cost"}, {"key": "care"}], "totalCount": {"count": 2}},
        "erp": {"nodes": [{"key": "cost"}], "totalCount": {"count": 1}},
    }


@pytest.mark.parametrize("brands", [1, 20])
async def test_metafields_of_any_number_of_things_take_the_same_statements(
    ask: Ask, uow: UnitOfWork, statements: list[str], brands: int
) -> None:
    for number in range(brands):
        owner = {"ownerId": node_id("Brand", (await make_brand(uow, f"B{number}")).id)}
        items = [{**owner, "namespace": "erp", "key": key, "value": str(number)} for key in "ab"]
        await put(ask, *items)
    statements.clear()
    answer = await ask(
        """{ brands(first: 50) { nodes {
          a: metafield(namespace: "erp", key: "a") { value }
          b: metafield(namespace: "erp", key: "b") { value }
          metafields(first: 1) { nodes { key } totalCount { count } } } } }"""
    )
    assert len(statements) == 4  # brands, single metafields, lists, counts
    assert answer["data"]["brands"]["nodes"][-1] == {
        "a": {"value": answer["data"]["brands"]["nodes"][-1]["b"]["value"]},
        "b": answer["data"]["brands"]["nodes"][-1]["a"],
        "metafields": {"nodes": [{"key": "a"}], "totalCount": {"count": 2}},
    }


async def test_refusals_name_the_item_and_write_nothing(ask: Ask, uow: UnitOfWork) -> None:
    id_ = node_id("Product", (await make_product(uow)).id)
    good = {"ownerId": id_, "namespace": "erp", "key": "id", "value": "x"}
    for change, code, field in (
        ({"value": 5, "key": "n"}, "INVALID", "value"),
        ({"key": "a b"}, "INVALID", "key"),
        ({"ownerId": node_id("Media", 1)}, "NOT_FOUND", "ownerId"),
        ({"ownerId": "nonsense"}, "NOT_FOUND", "ownerId"),
        ({"ownerId": node_id("Brand", 999_999)}, "NOT_FOUND", "ownerId"),
    ):
        refused = await put(ask, good, {**good, **change})
        assert refused == {
            "metafields": [],
            "userErrors": [{"code": code, "path": ["metafields", "1", field]}],
        }
    stored = await ask('{ product(slug: "shirt") { metafields { totalCount { count } } } }')
    assert stored["data"]["product"]["metafields"]["totalCount"] == {"count": 0}


async def test_metafields_are_deleted(ask: Ask, uow: UnitOfWork) -> None:
    name = {"ownerId": node_id("Product", (await make_product(uow)).id), "namespace": "erp"}
    await put(ask, {**name, "key": "a", "value": "x"}, {**name, "key": "b", "value": "x"})
    delete = """mutation ($input: MetafieldsDeleteInput!) { metafieldsDelete(input: $input) {
      deleted userErrors { code path } } }"""
    for deleted in (1, 0):
        given = {"metafields": [{**name, "key": "a"}, {**name, "key": "z"}]}
        answer = await ask(delete, {"input": given})
        assert answer["data"]["metafieldsDelete"] == {"deleted": deleted, "userErrors": []}
    left = await ask('{ product(slug: "shirt") { metafields { nodes { key } } } }')
    assert left["data"]["product"]["metafields"]["nodes"] == [{"key": "b"}]
