from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.taxes.models import TaxClass
from tests.conftest import Ask
from tests.support.catalog import make_product
from tests.support.taxes import make_tax_class

UPSERT = """
mutation ($input: TaxClassUpsertInput!) { taxClassUpsert(input: $input) {
  taxClass { id name code isDefault externalId version }
  userErrors { code path ... on VersionConflictError { current } }
} }
"""
DELETE = """
mutation ($input: TaxClassDeleteInput!) { taxClassDelete(input: $input) {
  deletedId userErrors { code path }
} }
"""
CREATE = """
mutation ($input: ProductCreateInput!) { productCreate(input: $input) {
  product { id taxClass { code } } userErrors { code path }
} }
"""
UPDATE = """
mutation ($input: ProductUpdateInput!) { productUpdate(input: $input) {
  product { taxClass { code } version } userErrors { code path }
} }
"""


async def _upsert(ask: Ask, **given: Any) -> Any:
    return (await ask(UPSERT, {"input": given}))["data"]["taxClassUpsert"]


async def _delete(ask: Ask, id_: str, **given: Any) -> Any:
    return (await ask(DELETE, {"input": {"id": id_, **given}}))["data"]["taxClassDelete"]


async def _codes(uow: UnitOfWork) -> list[tuple[str, bool]]:
    columns = (col(TaxClass.code), col(TaxClass.is_default))
    rows = await uow.rows(select(*columns).order_by(col(TaxClass.id)))
    return [tuple(row) for row in rows]


async def test_a_class_is_added_found_again_and_changed(ask: Ask, uow: UnitOfWork) -> None:
    added = (await _upsert(ask, name=" Books & Papers ", externalId="b-1"))["taxClass"]
    assert (added["name"], added["code"], added["version"]) == ("Books & Papers", "books-papers", 1)
    again = await _upsert(ask, code="books-papers", name="Books & Papers")
    assert again["taxClass"] == added, "what is the same leaves the version alone"
    renamed = await _upsert(ask, externalId="b-1", name="Books", code="books", expectedVersion=1)
    assert renamed["taxClass"] == {**added, "name": "Books", "code": "books", "version": 2}
    late = await _upsert(ask, id=added["id"], name="Late", expectedVersion=1)
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 2}
    ]
    assert await _codes(uow) == [("standard", True), ("books", False)]


async def test_there_is_always_one_default_class(ask: Ask, uow: UnitOfWork) -> None:
    standard = (await _upsert(ask, code="standard"))["taxClass"]
    assert (await _delete(ask, standard["id"]))["userErrors"] == [
        {"code": "INVALID", "path": ["id"]}
    ]
    assert (await _upsert(ask, id=standard["id"], isDefault=False))["userErrors"] == [
        {"code": "INVALID", "path": ["isDefault"]}
    ]
    await _upsert(ask, name="New", isDefault=True)
    assert await _codes(uow) == [("standard", False), ("new", True)]
    await _upsert(ask, code="standard", isDefault=True)
    assert await _codes(uow) == [("standard", True), ("new", False)]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID", ["name"]),
        ({"name": " "}, "INVALID", ["name"]),
        ({"name": "n" * 201}, "INVALID", ["name"]),
        ({"name": "a\0b"}, "INVALID", ["name"]),
        ({"name": "日本"}, "INVALID", ["code"]),
        ({"name": "New", "code": "No Slug"}, "INVALID", ["code"]),
        ({"name": "New", "externalId": ""}, "INVALID", ["externalId"]),
        ({"name": "standard", "code": "other"}, "TAKEN", ["name"]),
        ({"id": global_id("TaxClass", 404), "name": "X"}, "NOT_FOUND", ["id"]),
        ({"id": global_id("Product", 1), "name": "X"}, "NOT_FOUND", ["id"]),
    ],
)
async def test_what_cannot_be_a_class(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], code: str, path: list[str]
) -> None:
    answer = await _upsert(ask, **given)
    assert [(error["code"], error["path"]) for error in answer["userErrors"]] == [(code, path)]
    assert await _codes(uow) == [("standard", True)]


async def test_products_of_a_deleted_class_are_of_the_default_one(
    ask: Ask, uow: UnitOfWork
) -> None:
    books = await make_tax_class(uow, "books")
    book = await make_product(uow, tax_class_id=books.id)
    assert await _delete(ask, global_id("TaxClass", books.id), expectedVersion=9) == {
        "deletedId": None,
        "userErrors": [{"code": "VERSION_CONFLICT", "path": ["expectedVersion"]}],
    }
    deleted = await _delete(ask, global_id("TaxClass", books.id))
    assert deleted == {"deletedId": global_id("TaxClass", books.id), "userErrors": []}
    row = await uow.row(
        select(col(Product.tax_class_id), col(Product.version)).where(col(Product.id) == book.id)
    )
    assert row is not None
    assert tuple(row) == (None, book.version + 1)
    again = await _delete(ask, global_id("TaxClass", books.id))
    assert again["userErrors"] == [{"code": "NOT_FOUND", "path": ["id"]}]


async def test_products_say_how_they_are_taxed(ask: Ask, uow: UnitOfWork) -> None:
    books = global_id("TaxClass", (await make_tax_class(uow, "books")).id)
    added = await ask(CREATE, {"input": {"title": "Novel", "taxClassId": books}})
    product = added["data"]["productCreate"]["product"]
    assert product["taxClass"] == {"code": "books"}
    for wrong in (global_id("TaxClass", 404), global_id("Brand", 1), "?"):
        answer = await ask(UPDATE, {"input": {"id": product["id"], "taxClassId": wrong}})
        assert answer["data"]["productUpdate"]["userErrors"] == [
            {"code": "NOT_FOUND", "path": ["taxClassId"]}
        ]
    cleared = await ask(UPDATE, {"input": {"id": product["id"], "taxClassId": None}})
    assert cleared["data"]["productUpdate"]["product"] == {"taxClass": None, "version": 2}


async def test_classes_of_many_products_are_one_statement(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    query = "{ products(first: 5) { edges { node { taxClass { name } } } } }"
    counts = []
    for number in range(3):
        kind = await make_tax_class(uow, f"class-{number}")
        await make_product(uow, slug=f"product-{number}", tax_class_id=kind.id)
        statements.clear()
        await ask(query)
        counts.append(len(statements))
    assert counts == [2, 2, 2]


async def test_classes_are_found_by_what_they_are(ask: Ask, uow: UnitOfWork) -> None:
    await make_tax_class(uow, "books")
    found = await ask(
        """{ taxClasses(where: {code: {startsWith: "boo"}}) {
          edges { node { code } } totalCount { count } } }"""
    )
    assert found["data"]["taxClasses"] == {
        "edges": [{"node": {"code": "books"}}],
        "totalCount": {"count": 1},
    }


async def test_whole_products_name_their_class(ask: Ask, uow: UnitOfWork) -> None:
    await make_tax_class(uow, "books", name="Printed matter")
    query = """mutation ($input: ProductSetInput!) { productSet(input: $input) {
      product { taxClass { code } } changed userErrors { code path } } }"""
    for named in ("books", "printed MATTER"):
        given = {"slug": "novel", "title": "Novel", "taxClass": named}
        done = (await ask(query, {"input": given}))["data"]["productSet"]
        assert done["product"]["taxClass"] == {"code": "books"}
    assert done["changed"] is False
    unknown = {"slug": "novel", "taxClass": "toys", "createMissing": True}
    refused = (await ask(query, {"input": unknown}))["data"]["productSet"]
    assert refused["userErrors"] == [{"code": "NOT_FOUND", "path": ["taxClass"]}]
    cleared = await ask(query, {"input": {"slug": "novel", "taxClass": None}})
    assert cleared["data"]["productSet"]["product"]["taxClass"] is None
