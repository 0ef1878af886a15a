"""Compiled or not, a query answers the same to everybody: data, errors, order and all."""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, OperationType, parse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from commerce.app import context_factory
from commerce.core import db
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope, Viewer
from commerce.http.graphql.errors import RefusedError
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.rest.operations import operation_text
from commerce.runtime import Resources
from resolvers.permissions import field_policies
from resolvers.schema import build_schema, core_schema
from tests.reliability.access.conftest import Cast, key_name, staff_name
from tests.support.queries import SCALARS, Query, QueryMaker
from tests.support.unawaited import collected, forgiven

# 5,000 and more are for a person who waits.
QUERIES = int(os.environ.get("COMMERCE_TEST_QUERIES", "70"))  # noqa: TID251  # the suite's own switch
DERIVED = QUERIES // 20  # the library is slow to make some
ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```graphql\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUERY = OperationType.QUERY
CALLERS = (
    "anonymous",
    "guest",
    "ada",
    staff_name(frozenset()),
    staff_name(frozenset({Scope.READ_ORDERS})),
    staff_name(frozenset(Scope)),
    key_name(None),
)


__all__ = ["collected"]  # a fixture
pytestmark = forgiven


class Counted:
    """How the queries of one executor were executed."""

    def __init__(self) -> None:
        self.by_way: dict[str, int] = {}

    def observe_compiled(self, seconds: float) -> None:
        assert seconds < 0.5  # of CPU

    def count_executed(self, how: str) -> None:
        self.by_way[how] = self.by_way.get(how, 0) + 1


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return core_schema(build_schema())


@pytest.fixture(autouse=True)
def whole_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    """All units of work share the test's connection here, and one statement that is cut off would
    cost it; how that is with a pool is tested beside loaders and compiled queries.
    """
    run = UnitOfWork._run

    async def to_its_end(unit: UnitOfWork, *given: Any) -> Any:
        return await asyncio.shield(run(unit, *given))

    monkeypatch.setattr(UnitOfWork, "_run", to_its_end)
    monkeypatch.setattr(db, "GRACE", 60)


class Pair:
    """Both executors over the same data."""

    def __init__(self, schema: GraphQLSchema, resources: Resources) -> None:
        self.counted = Counted()
        now = resources.clock()  # which signed addresses tell to the second
        contexts = context_factory(replace(resources, clock=lambda: now))
        both = (
            ExecutorOptions(production=False, told=self.counted),
            ExecutorOptions(production=False, compiled=False),
        )
        self.executors = [Executor(schema, resources.open_unit, contexts, each) for each in both]

    async def answers(self, query: Query, viewer: Viewer) -> list[bytes]:
        """As they are sent, but for what they cost."""
        answers = []
        for executor in self.executors:
            document = executor.prepare(query.text)
            answer = await executor.execute(document, query.variables, query.name, viewer=viewer)
            body: dict[str, Any] = {"status": answer.status, "executed": answer.executed}
            body |= {"data": answer.data, "errors": answer.errors}
            answers.append(orjson.dumps(body))
        return answers


def generated(number: int) -> list[Query]:
    """By a library that knows nothing of what makes sense here."""
    found: list[str] = []
    scalars = {
        name: st.just(nodes.String(str(values[0])))
        for name, values in SCALARS.items()
        if name not in ("String", "Int", "Float", "Boolean")
    }

    @seed(1)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(queries(build_schema().as_str(), custom_scalars=scalars))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return [Query(text, {}) for text in found]


def stored() -> Iterator[str]:
    """What the dialects ask, the examples of GraphiQL, and those of the documents."""
    for file in sorted((ROOT / "commerce" / "rest").rglob("operations/*.graphql")):
        yield operation_text(file.parent.parent.name, file.stem)
    for file in sorted((ROOT / "commerce" / "http" / "graphiql" / "examples").glob("*.graphql")):
        yield file.read_text("utf-8")
    for file in sorted((ROOT / "docs").glob("*.md")):
        yield from BLOCK.findall(file.read_text("utf-8"))


@pytest.mark.parametrize("caller", ["ada", key_name(None)])
async def test_both_executors_answer_what_is_asked_by_our_own_the_same(
    schema: GraphQLSchema, resources: Resources, cast: Cast, caller: str
) -> None:
    viewer = cast.actors[caller].viewer
    assert viewer is not None
    pair = Pair(schema, resources)
    maker = QueryMaker(schema, cast.own | cast.others, lambda *_: True, 3)
    compared = 0
    for text in stored():
        for operation in parse(text).definitions:
            if isinstance(operation, OperationDefinitionNode) and operation.operation is QUERY:
                name = operation.name.value if operation.name else None
                query = Query(text, maker.variables(operation), name)
                try:
                    compiled, reference = await pair.answers(query, viewer)
                except RefusedError:  # an example of a view of the schema
                    continue
                assert compiled == reference, (query.text, query.variables)
                compared += 1
    assert compared > 90
    assert pair.counted.by_way["compiled"] > 20, pair.counted.by_way


@pytest.mark.parametrize("caller", CALLERS)
async def test_both_executors_answer_the_same(
    schema: GraphQLSchema, resources: Resources, cast: Cast, caller: str
) -> None:
    viewer = cast.actors[caller].viewer
    assert viewer is not None
    pair = Pair(schema, resources)
    policies = field_policies(schema)

    def may(type_: str, field: str) -> bool:
        return policies[type_, field].allows(viewer)

    maker = QueryMaker(schema, cast.own | cast.others, may, CALLERS.index(caller))
    made = [maker.query() for _ in range(QUERIES // len(CALLERS))]
    compared = 0
    for query in [*made, *generated(DERIVED // len(CALLERS) + 1)]:
        try:
            compiled, reference = await pair.answers(query, viewer)
        except RefusedError:  # two types with the same name for something else
            continue
        assert compiled == reference, (query.text, query.variables)
        compared += 1
    print(caller, compared, pair.counted.by_way)  # noqa: T201  # the figures, with -s
    assert compared > len(made) * 0.9
    assert pair.counted.by_way["compiled"] > compared // 2, pair.counted.by_way
