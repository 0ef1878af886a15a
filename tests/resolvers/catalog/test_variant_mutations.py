from typing import Any

import pytest

from commerce.core.ids import global_id
from tests.conftest import Ask

CREATE = """
mutation ($input: ProductCreateInput!) {
  productCreate(input: $input) { product { id variants(first: 100) { nodes { id sku } } } }
}
"""
UPSERT = """
mutation ($input: VariantBulkUpsertInput!) {
  variantBulkUpsert(input: $input) {
    results {
      index created changed
      variant { id sku title weightGrams backorder version }
      userErrors { code path }
    }
    userErrors { code path }
  }
}
"""
ARCHIVE = """
mutation ($input: VariantsArchiveInput!) {
  variantsArchive(input: $input) {
    product { variants { nodes { sku } } }
    userErrors { code path }
  }
}
"""
REORDER = """
mutation ($input: VariantsReorderInput!) {
  variantsReorder(input: $input) {
    product { variants { nodes { sku } } }
    userErrors { code path }
  }
}
"""


def size(name: str, **values: Any) -> dict[str, Any]:
    return {"optionValues": [{"name": "Size", "value": name}], **values}


async def shirt(ask: Ask, *names: str) -> tuple[str, list[str]]:
    """The ids of a product and its variants; skus are the sizes."""
    rows = [size(name, sku=name) for name in names or ("S", "M")]
    answer = await ask(CREATE, {"input": {"title": "Shirt", "variants": rows}})
    product = answer["data"]["productCreate"]["product"]
    return product["id"], [node["id"] for node in product["variants"]["nodes"]]


async def send(ask: Ask, document: str, product_id: str, **input_: Any) -> dict[str, Any]:
    answer = await ask(document, {"input": {"productId": product_id, **input_}})
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    return dict(payload)


async def test_each_row_has_its_result(ask: Ask) -> None:
    id_, (small, _) = await shirt(ask)
    rows = [
        {"id": small, "weightGrams": 10},
        size("L", sku="L", backorder="ALLOW"),
        {"sku": "M"},
    ]
    payload = await send(ask, UPSERT, id_, variants=rows)
    assert payload["userErrors"] == []
    results = payload["results"]
    assert [(row["index"], row["created"], row["changed"]) for row in results] == [
        (0, False, True),
        (1, True, True),
        (2, False, False),
    ]
    assert results[0]["variant"] == {
        "id": small,
        "sku": "S",
        "title": "S",
        "weightGrams": 10,
        "backorder": "DENY",
        "version": 2,
    }
    assert results[1]["variant"]["backorder"] == "ALLOW"
    again = await send(ask, UPSERT, id_, variants=rows)
    assert not any(row["created"] or row["changed"] for row in again["results"])


@pytest.mark.parametrize("policy", ["ALL_OR_NOTHING", "SKIP_FAILED_ROWS"])
async def test_the_policy_says_what_becomes_of_good_rows(ask: Ask, policy: str) -> None:
    id_, _ = await shirt(ask)
    rows = [size("L", sku="L"), size("XL", sku="L"), {"id": global_id("Product", 1)}]
    payload = await send(ask, UPSERT, id_, variants=rows, errorPolicy=policy)
    errors = [
        {"code": "SKU_TAKEN", "path": ["variants", "1", "sku"]},
        {"code": "NOT_FOUND", "path": ["variants", "2", "id"]},
    ]
    results = payload["results"]
    assert [row["userErrors"] for row in results] == [[], errors[:1], errors[1:]]
    skipped = policy == "SKIP_FAILED_ROWS"
    assert payload["userErrors"] == ([] if skipped else errors)
    assert (results[0]["variant"] is not None) is skipped
    left = await send(ask, REORDER, id_, variantIds=[])
    skus = [node["sku"] for node in left["product"]["variants"]["nodes"]]
    assert skus == (["S", "M", "L"] if skipped else ["S", "M"])


async def test_variants_are_archived_and_ordered(ask: Ask) -> None:
    id_, (small, medium, large) = await shirt(ask, "S", "M", "L")
    payload = await send(ask, REORDER, id_, variantIds=[large, small])
    assert payload["product"]["variants"]["nodes"] == [{"sku": "L"}, {"sku": "S"}, {"sku": "M"}]
    payload = await send(ask, ARCHIVE, id_, variantIds=[large, small])
    assert payload["product"]["variants"]["nodes"] == [{"sku": "M"}]
    payload = await send(ask, ARCHIVE, id_, variantIds=[medium])
    assert payload == {
        "product": None,
        "userErrors": [{"code": "INVALID", "path": ["variantIds"]}],
    }
    payload = await send(ask, ARCHIVE, id_, variantIds=["junk"])
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "path": ["variantIds", "0"]}]
    payload = await send(ask, REORDER, "junk", variantIds=[])
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "path": ["productId"]}]


async def test_a_request_has_a_limited_number_of_rows(ask: Ask) -> None:
    id_, ids = await shirt(ask)
    rows = [{"sku": str(n)} for n in range(251)]
    for document, input_ in (
        (UPSERT, {"variants": rows}),
        (ARCHIVE, {"variantIds": ids * 126}),
        (REORDER, {"variantIds": ids * 126}),
    ):
        answer = await ask(document, {"input": {"productId": id_, **input_}})
        assert "at most 250" in answer["errors"][0]["message"]


@pytest.mark.parametrize("count", [1, 50])
async def test_upserting_costs_the_same_for_any_number_of_rows(
    ask: Ask, statements: list[str], count: int
) -> None:
    id_, _ = await shirt(ask)
    rows = [size(f"N{n}", sku=f"n{n}") for n in range(count)]
    statements.clear()
    await send(ask, UPSERT, id_, variants=rows)
    # twelve to write them (no pictures), one to show them
    assert len(statements) == 12 + 1 + 1
