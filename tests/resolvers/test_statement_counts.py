"""The measured operations keep their budget of SQL with both executors, whatever a page's size."""

import pytest

from commerce.app import context_factory
from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.runtime import Resources
from resolvers.schema import core_schema
from tests.bench.operations import P1, P2, P3, P4
from tests.support.catalog import make_brand, make_product
from tests.support.graphql import schema

COUNTS = {"P1": (P1, 4), "P2": (P2, 7), "P3": (P3, 4), "P4": (P4, 7)}
VARIABLES = {"P2": {"slug": "shirt-0"}, "P3": {"term": "shirt"}}


class Counted:
    def __init__(self) -> None:
        self.ways: list[str] = []

    def observe_compiled(self, seconds: float) -> None:
        pass

    def count_executed(self, how: str) -> None:
        self.ways.append(how)


@pytest.mark.parametrize("products", [1, 50])
@pytest.mark.parametrize("name", COUNTS)
async def test_statements_do_not_grow_with_the_page(
    resources: Resources, uow: UnitOfWork, statements: list[str], name: str, products: int
) -> None:
    brand = await make_brand(uow)
    for number in range(products):
        await make_product(uow, f"Shirt {number}", variants=3, media=2, brand_id=brand.id)
    text, count = COUNTS[name]
    contexts, told = context_factory(resources), Counted()
    for compiled in (True, False):
        options = ExecutorOptions(compiled=compiled, told=told)
        executor = Executor(core_schema(schema()), resources.open_unit, contexts, options)
        document = executor.prepare(text)
        statements.clear()
        answer = await executor.execute(document, VARIABLES.get(name), viewer=ANONYMOUS)
        assert not answer.errors
        assert len(statements) == answer.statements == count, compiled
    assert told.ways == ["compiled"]
