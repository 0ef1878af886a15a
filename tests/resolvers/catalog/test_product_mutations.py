from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.catalog import make_brand, make_category
from tests.support.writers import table

CREATE = """
mutation ($input: ProductCreateInput!) {
  productCreate(input: $input) {
    product {
      id slug title descriptionHtml status tags version publishedAt
      seo { title description }
      brand { name }
      options { id name values { id name } }
      variants { nodes { id sku title selectedOptions { name value } media { url } } }
      media { nodes { url alt } }
    }
    userErrors { code message path retryable }
  }
}
"""
UPDATE = """
mutation ($input: ProductUpdateInput!) {
  productUpdate(input: $input) {
    product { slug title status vendor version brand { name } }
    userErrors { code path retryable ... on VersionConflictError { current } }
  }
}
"""
ARCHIVE = """
mutation ($input: ProductArchiveInput!) {
  productArchive(input: $input) {
    product { status archivedAt version variants { nodes { id } } }
    userErrors { code path }
  }
}
"""
OPTIONS = """
mutation ($input: ProductOptionsSetInput!) {
  productOptionsSet(input: $input) {
    product {
      options { id name values { id name } }
      variants { nodes { title } }
    }
    userErrors { code message path }
  }
}
"""


async def create(ask: Ask, **input_: Any) -> dict[str, Any]:
    answer = await ask(CREATE, {"input": {"title": "Shirt", **input_}})
    assert "errors" not in answer, answer
    payload: dict[str, Any] = answer["data"]["productCreate"]
    return payload


async def send(ask: Ask, document: str, **input_: Any) -> dict[str, Any]:
    answer = await ask(document, {"input": input_})
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    return dict(payload)


async def test_a_product_is_created_with_all_it_is_made_of(ask: Ask, uow: UnitOfWork) -> None:
    brand, category = await make_brand(uow), await make_category(uow)
    payload = await create(
        ask,
        title="Blue Shirt",
        descriptionHtml="<p onclick='x()'>Soft</p><script>x</script>",
        status="ACTIVE",
        brandId=global_id("Brand", brand.id),
        categoryIds=[global_id("Category", category.id)],
        tags=["a", "A"],
        seo={"title": "Buy", "description": "Now"},
        options=[{"name": "Size", "values": [{"name": "S"}, {"name": "M"}]}],
        variants=[
            {
                "optionValues": [{"name": "Size", "value": "M"}],
                "sku": "m",
                "mediaUrl": "/m.jpg",
            }
        ],
        media=[{"url": "https://cdn.example/a.jpg", "alt": "A shirt"}],
    )
    product = payload["product"]
    assert payload["userErrors"] == []
    assert product["slug"] == "blue-shirt"
    assert product["descriptionHtml"] == "<p>Soft</p>"
    assert (product["status"], product["tags"], product["version"]) == ("ACTIVE", ["a"], 1)
    assert product["seo"] == {"title": "Buy", "description": "Now"}
    assert product["brand"] == {"name": "Acme"}
    assert [value["name"] for value in product["options"][0]["values"]] == ["S", "M"]
    (variant,) = product["variants"]["nodes"]
    assert (variant["sku"], variant["title"], variant["media"]) == ("m", "M", {"url": "/m.jpg"})
    assert variant["selectedOptions"] == [{"name": "Size", "value": "M"}]
    assert product["media"]["nodes"][0] == {"url": "https://cdn.example/a.jpg", "alt": "A shirt"}
    assert await table(uow, "product_categories", "category_id", "1") == [(category.id,)]


async def test_a_title_is_enough(ask: Ask) -> None:
    payload = await create(ask)
    (variant,) = payload["product"]["variants"]["nodes"]
    assert (variant["title"], variant["sku"]) == ("Default Title", None)
    assert (payload["product"]["status"], payload["product"]["publishedAt"]) == ("DRAFT", None)


@pytest.mark.parametrize(
    ("input_", "code", "path"),
    [
        ({"title": " "}, "INVALID", ["title"]),
        ({"slug": "No Slug"}, "INVALID", ["slug"]),
        ({"slug": "taken"}, "SLUG_TAKEN", ["slug"]),
        ({"brandId": "nonsense"}, "NOT_FOUND", ["brandId"]),
        ({"brandId": global_id("Category", 1)}, "NOT_FOUND", ["brandId"]),
        ({"categoryIds": [global_id("Category", 9)]}, "NOT_FOUND", ["categoryIds", "0"]),
        ({"media": [{"url": "javascript:alert(1)"}]}, "INVALID", ["media", "0", "url"]),
        ({"variants": [{"weightGrams": -1}]}, "INVALID", ["variants", "0", "weightGrams"]),
        ({"variants": [{"sku": "taken"}]}, "SKU_TAKEN", ["variants", "0", "sku"]),
        ({"options": [{"name": "Size"}]}, "INVALID", ["options", "0", "values"]),
        (
            {"variants": [{"optionValues": []}, {"optionValues": []}]},
            "COMBINATION_TAKEN",
            ["variants", "1", "optionValues"],
        ),
    ],
)
async def test_what_cannot_be_created_says_why_and_changes_nothing(
    ask: Ask, uow: UnitOfWork, input_: dict[str, Any], code: str, path: list[str]
) -> None:
    await create(ask, slug="taken", variants=[{"sku": "taken"}])
    payload = await create(ask, **input_)
    assert payload["product"] is None
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [(code, path)]
    assert await table(uow, "products", "slug") == [("taken",)]


async def test_only_given_fields_are_updated(ask: Ask, uow: UnitOfWork) -> None:
    brand = await make_brand(uow)
    added = await create(ask, vendor="Acme", brandId=global_id("Brand", brand.id))
    id_ = added["product"]["id"]
    payload = await send(ask, UPDATE, id=id_, title="Blouse", expectedVersion=1)
    assert payload["product"] == {
        "slug": "shirt",
        "title": "Blouse",
        "status": "DRAFT",
        "vendor": "Acme",
        "version": 2,
        "brand": {"name": "Acme"},
    }
    payload = await send(ask, UPDATE, id=id_, brandId=None)
    assert payload["product"]["brand"] is None
    payload = await send(ask, UPDATE, id=id_, title="Skirt", expectedVersion=1)
    assert payload == {
        "product": None,
        "userErrors": [
            {
                "code": "VERSION_CONFLICT",
                "path": ["expectedVersion"],
                "retryable": True,
                "current": 3,
            }
        ],
    }


async def test_null_clears_only_what_may_be_empty(ask: Ask) -> None:
    id_ = (await create(ask))["product"]["id"]
    answer = await ask(UPDATE, {"input": {"id": id_, "title": None}})
    assert "must not be null" in answer["errors"][0]["message"]


async def test_archiving_is_undone_by_another_status(ask: Ask, ask_anonymously: Ask) -> None:
    added = (await create(ask, status="ACTIVE", variants=[{"sku": "a"}]))["product"]
    payload = await send(ask, ARCHIVE, id=added["id"])
    assert payload["userErrors"] == []
    assert payload["product"]["status"] == "ARCHIVED"
    assert payload["product"]["archivedAt"] is not None
    assert payload["product"]["variants"]["nodes"] == []
    assert await send(ask, ARCHIVE, id=added["id"]) == payload
    query = '{ product(slug: "shirt") { variants { nodes { id } } } }'
    assert (await ask_anonymously(query))["data"]["product"] is None
    await send(ask, UPDATE, id=added["id"], status="ACTIVE")
    shown = (await ask_anonymously(query))["data"]["product"]
    assert [node["id"] for node in shown["variants"]["nodes"]] == [
        node["id"] for node in added["variants"]["nodes"]
    ]


async def test_an_old_slug_finds_the_product(ask: Ask) -> None:
    id_ = (await create(ask))["product"]["id"]
    await send(ask, UPDATE, id=id_, slug="blouse")
    answer = await ask('{ product(slug: "shirt") { slug } }')
    assert answer["data"]["product"] == {"slug": "blouse"}


async def test_options_are_renamed_by_id_and_refused_while_in_use(ask: Ask) -> None:
    sizes = [{"optionValues": [{"name": "Size", "value": value}]} for value in ("S", "M")]
    added = (await create(ask, variants=sizes))["product"]
    (option,) = added["options"]
    small, medium = option["values"]
    renamed = {
        "id": option["id"],
        "name": "Fit",
        "values": [
            {"id": medium["id"], "name": "Medium"},
            {"id": small["id"], "name": "Small"},
        ],
    }
    payload = await send(ask, OPTIONS, productId=added["id"], options=[renamed])
    assert payload["product"]["options"] == [renamed]
    assert payload["product"]["variants"]["nodes"] == [{"title": "Small"}, {"title": "Medium"}]
    only = {"name": "Fit", "values": [{"name": "Small"}]}
    refused = await send(ask, OPTIONS, productId=added["id"], options=[only])
    assert refused["userErrors"] == [
        {
            "code": "OPTION_IN_USE",
            "message": "Variants still use Medium of Fit.",
            "path": ["options"],
        }
    ]
    done = await send(ask, OPTIONS, productId=added["id"], options=[only], strategy="ARCHIVE")
    assert done["product"]["variants"]["nodes"] == [{"title": "Small"}]


async def test_who_may_only_write_sees_what_he_wrote(ask: Ask) -> None:
    writer = Viewer(ViewerKind.API_KEY, 7, frozenset({Scope.WRITE_PRODUCTS}))
    query = 'mutation { productCreate(input: {title: "Draft"}) { product { title } } }'
    answer = await ask(query, viewer=writer)
    assert answer["data"]["productCreate"]["product"] == {"title": "Draft"}
    assert (await ask('{ product(slug: "draft") { title } }', viewer=writer))["data"] == {
        "product": None
    }
    assert ANONYMOUS.may(Scope.WRITE_PRODUCTS) is False


@pytest.mark.parametrize("count", [1, 50])
async def test_creating_costs_the_same_for_any_number_of_variants(
    ask: Ask, statements: list[str], count: int
) -> None:
    rows = [
        {"sku": f"s{n}", "optionValues": [{"name": "Size", "value": str(n)}]} for n in range(count)
    ]
    statements.clear()
    await create(ask, variants=rows)
    # twelve to write it (no pictures); options, variants, their options, gallery to show it
    assert len(statements) == 12 + 4
