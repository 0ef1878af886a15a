from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from resolvers.nodes import node_id
from tests.conftest import Ask
from tests.support.catalog import make_attribute, make_brand, make_product

UPSERT = """
mutation ($input: AttributeUpsertInput!) {
  attributeUpsert(input: $input) {
    attribute { id code label type unit choices filterable position }
    userErrors { code path }
  }
}
"""
SET = """
mutation ($input: ProductAttributesSetInput!) {
  productAttributesSet(input: $input) {
    product { version attributes { ...All } }
    userErrors { code path }
  }
}
fragment All on AttributeValue { attribute { code } text number boolean date choices }
"""


async def add_all(ask: Ask) -> None:
    for place, kind in enumerate(["TEXT", "NUMBER", "BOOLEAN", "DATE", "CHOICE", "CHOICES"]):
        given: dict[str, Any] = {"code": kind.lower(), "label": kind, "type": kind}
        if kind.startswith("CHOICE"):
            given["choices"] = ["S", "M", "L"]
        given["position"] = place
        answer = await ask(UPSERT, {"input": given})
        assert answer["data"]["attributeUpsert"]["userErrors"] == []


def value(code: str, text: str, **parts: Any) -> dict[str, Any]:
    empty = {"number": None, "boolean": None, "date": None, "choices": []}
    return {"attribute": {"code": code}, "text": text, **empty, **parts}


async def test_a_product_has_values_of_every_type(ask: Ask, uow: UnitOfWork) -> None:
    await add_all(ask)
    product = node_id("Product", (await make_product(uow)).id)
    values = [
        {"code": "text", "text": "Oak"},
        {"code": "number", "number": "41.50"},
        {"code": "boolean", "boolean": True},
        {"code": "date", "date": "2026-01-31"},
        {"code": "choice", "choice": "M"},
        {"code": "choices", "choices": ["L", "S"]},
    ]
    given = {"productId": product, "values": values, "expectedVersion": 1}
    answer = (await ask(SET, {"input": given}))["data"]["productAttributesSet"]
    assert answer["userErrors"] == []
    assert answer["product"]["version"] == 2
    found = {item["attribute"]["code"]: item for item in answer["product"]["attributes"]}
    number = found.pop("number")
    assert (float(number["number"]), number["text"]) == (41.5, "41.5")
    assert list(found.values()) == [
        value("text", "Oak"),
        value("boolean", "true", boolean=True),
        value("date", "2026-01-31", date="2026-01-31"),
        value("choice", "M", choices=["M"]),
        value("choices", "L, S", choices=["L", "S"]),
    ]


async def test_a_value_of_another_type_is_refused(ask: Ask, uow: UnitOfWork) -> None:
    await add_all(ask)
    product = node_id("Product", (await make_product(uow)).id)
    for values, code, path in (
        ([{"code": "number", "text": "x"}], "INVALID", ["values", "0", "number"]),
        ([{"code": "colour", "text": "x"}], "NOT_FOUND", ["values", "0", "code"]),
    ):
        answer = await ask(SET, {"input": {"productId": product, "values": values}})
        assert answer["data"]["productAttributesSet"] == {
            "product": None,
            "userErrors": [{"code": code, "path": path}],
        }
    missing = await ask(SET, {"input": {"productId": node_id("Brand", 1), "values": []}})
    assert missing["data"]["productAttributesSet"]["userErrors"] == [
        {"code": "NOT_FOUND", "path": ["productId"]}
    ]


@pytest.mark.parametrize("products", [1, 20])
async def test_values_of_any_number_of_products_take_one_statement(
    ask: Ask, uow: UnitOfWork, statements: list[str], products: int
) -> None:
    brand = await make_brand(uow)
    await add_all(ask)
    for number in range(products):
        product = await make_product(uow, f"P{number}", brand_id=brand.id)
        values = [
            {"code": "text", "text": f"T{number}"},
            {"code": "choices", "choices": ["S", "M"]},
        ]
        await ask(SET, {"input": {"productId": node_id("Product", product.id), "values": values}})
    statements.clear()
    answer = await ask(
        '{ brand(slug: "acme") { products(first: 50) { nodes { attributes { text } } } } }'
    )
    assert len(statements) == 3  # brand, products, values
    nodes = answer["data"]["brand"]["products"]["nodes"]
    assert len(nodes) == products
    assert nodes[0] == {"attributes": [{"text": f"T{products - 1}"}, {"text": "S, M"}]}


async def test_attributes_are_listed_and_found(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    second = await make_attribute(uow, "weight", label="Weight", unit="kg", position=1)
    await make_attribute(uow, "size", label="Size", filterable=True)
    answer = await ask_anonymously(
        """query ($id: ID!) {
          attributes { nodes { code filterable } totalCount { count } }
          attribute(code: "weight") { unit }
          same: attribute(id: $id) { code }
          node(id: $id) { ... on Attribute { label } }
        }""",
        {"id": node_id("Attribute", second.id)},
    )
    assert answer["data"] == {
        "attributes": {
            "nodes": [
                {"code": "size", "filterable": True},
                {"code": "weight", "filterable": False},
            ],
            "totalCount": {"count": 2},
        },
        "attribute": {"unit": "kg"},
        "same": {"code": "weight"},
        "node": {"label": "Weight"},
    }


async def test_an_attribute_is_changed_and_deleted(ask: Ask, uow: UnitOfWork) -> None:
    id_ = node_id("Attribute", (await make_attribute(uow, "size")).id)
    changed = (await ask(UPSERT, {"input": {"id": id_, "unit": "EU", "filterable": True}}))["data"]
    assert changed["attributeUpsert"] == {
        "attribute": {
            "id": id_,
            "code": "size",
            "label": "size",
            "type": "TEXT",
            "unit": "EU",
            "choices": [],
            "filterable": True,
            "position": 0,
        },
        "userErrors": [],
    }
    delete = """mutation ($id: ID!) { attributeDelete(input: {id: $id}) {
      deletedId userErrors { code } } }"""
    for expected in (
        {"deletedId": id_, "userErrors": []},
        {"deletedId": None, "userErrors": [{"code": "NOT_FOUND"}]},
    ):
        assert (await ask(delete, {"id": id_}))["data"]["attributeDelete"] == expected
