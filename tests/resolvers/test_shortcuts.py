"""The short ways answer what Strawberry and graphql-core answer by themselves."""

from inspect import isawaitable
from typing import Any

import pytest
from graphql import GraphQLSchema, execute, parse

from commerce.app import context_factory
from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.runtime import Resources
from resolvers import schema as module
from resolvers.schema import build_schema, core_schema
from tests.bench.operations import P1, P2, P3, P4
from tests.support.catalog import make_brand, make_product

MORE = """
query More($first: Int = 2) {
  again: products(first: $first, orderBy: [{field: TITLE}]) {
    edges { cursor node { __typename id ...Card } }
    pageInfo { hasNextPage startCursor }
    totalCount { count precision }
  }
  brand(slug: "acme") { name createdAt products(last: 1) { nodes { tags status type } } }
  missing: product(slug: "nothing") { title }
  node(id: "UHJvZHVjdDox") { id ... on Product { title } }
}
fragment Card on Product {
  title @include(if: true)
  brand { name @skip(if: true) slug }
  seo { title }
  variants(first: 1) { nodes { sku weightGrams availability { inStock } } }
}
"""
FAILING = '{ products(after: "forged") { nodes { title } } brands(first: 1) { nodes { name } } }'
DOCUMENTS = {"P1": P1, "P2": P2, "P3": P3, "P4": P4, "more": MORE, "failing": FAILING}
VARIABLES: dict[str, Any] = {"slug": "blue-shirt", "term": "shirt"}


@pytest.fixture(scope="module")
def plain_schema() -> GraphQLSchema:
    """The schema as Strawberry builds it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(module, "shorten", lambda _schema: None)
    schema = core_schema(build_schema())
    patch.undo()
    return schema


async def plainly(schema: GraphQLSchema, resources: Resources, text: str, viewer: Viewer) -> Any:
    async with resources.open_unit() as uow:
        result = execute(
            schema,
            parse(text),
            context_value=context_factory(resources)(uow, viewer),
            variable_values={name: VARIABLES[name] for name in VARIABLES if f"${name}" in text},
        )
        done = await result if isawaitable(result) else result
    errors = [(error.message, error.path) for error in done.errors or ()]
    return done.data, errors


async def shortly(resources: Resources, text: str, viewer: Viewer) -> Any:
    schema = core_schema(build_schema())
    executor = Executor(
        schema, resources.open_unit, context_factory(resources), ExecutorOptions(production=False)
    )
    variables = {name: VARIABLES[name] for name in VARIABLES if f"${name}" in text}
    answer = await executor.execute(text, variables, viewer=viewer)
    return answer.data, [(error["message"], error.get("path")) for error in answer.errors]


@pytest.mark.parametrize("viewer", [ANONYMOUS, SYSTEM], ids=["anonymous", "system"])
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_both_ways_answer_the_same(
    resources: Resources, uow: UnitOfWork, plain_schema: GraphQLSchema, name: str, viewer: Viewer
) -> None:
    brand = await make_brand(uow)
    for title in ("Blue Shirt", "Red Shirt", "Green Cap"):
        await make_product(uow, title, variants=3, media=2, brand_id=brand.id)
    text = DOCUMENTS[name]
    short = await shortly(resources, text, viewer)
    assert short == await plainly(plain_schema, resources, text, viewer)
    assert short[0] is not None or name == "failing"
    if short[0] is not None:
        assert list(short[0]) == list((await plainly(plain_schema, resources, text, viewer))[0])
