from typing import Any

import pytest
from graphql import GraphQLSchema, parse

from commerce.http.graphql.cost import variables_of
from commerce.http.graphql.measure import measure
from tests.support.shop import shop_schema


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return shop_schema()


def cost_of(schema: GraphQLSchema, text: str, variables: dict[str, Any] | None = None) -> int:
    document = parse(text)
    (cost,) = measure(schema, document, 40).costs
    return cost.value(variables_of(document.definitions[0], variables or {}))  # type: ignore[arg-type]  # an operation


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ viewer }", 0),
        ("{ good { id name } }", 1),
        ("{ good { same { same { id } } } }", 3),
        ("{ goods { nodes { id } } }", 2 + 20 * 1),
        ("{ goods(first: 7) { nodes { id } } }", 2 + 7 * 1),
        ("{ good { items(first: 7) { edges { cursor node { id } } } } }", 1 + 2 + 7 * 1),
        ("{ good { items(first: 7) { pageInfo { hasNextPage } } } }", 1 + 2 + 1),
        ("{ goods(first: 5) { nodes { items(first: 3) { nodes { id } } } } }", 2 + 5 * (1 + 2 + 3)),
        ("{ goods(first: 5) { nodes { id } nodes { same { id } } } }", 2 + 5 * (1 + 2)),
        ("{ search(first: 5) { nodes { id } } }", 2 * (2 + 5)),
        ('{ things(ids: ["1", "2", "3"]) { id ... on Good { same { id } } } }', 3 * 2),
        ("{ some { same { id } } }", 30 * 2),
        ("mutation { change { id } }", 10),
        ("mutation { change { same { id } } }", 11),
        ("{ __schema { types { name } } }", 300 + 1),
        ("{ nothing { here } }", 1),
        ("{ goods(first: 100000) { nodes { id } } }", 2 + 100),
        ("{ goods(first: -5) { nodes { id } } }", 2),
        ("{ goods(first: null) { nodes { id } } }", 2 + 20),
        ("{ ...F ...F } fragment F on Query { good { id } }", 2),
    ],
)
def test_costs(schema: GraphQLSchema, text: str, cost: int) -> None:
    assert cost_of(schema, text) == cost


SIZED = "query ($n: Int = 4) { goods(first: $n) { nodes { ...F } } } " + (
    "fragment F on Good { items(first: $n) { nodes { id } } }"
)


@pytest.mark.parametrize(
    ("variables", "rows"),
    [
        ({"n": 10}, 10),
        ({}, 4),
        ({"n": None}, 20),
        ({"n": "many"}, 20),
        ({"n": 10**30}, 100),
        ({"n": -1}, 0),
    ],
)
def test_variables_size_connections_through_fragments(
    schema: GraphQLSchema, variables: dict[str, Any], rows: int
) -> None:
    assert cost_of(schema, SIZED, variables) == 2 + rows * (1 + 2 + rows)


def test_a_list_of_ids_in_a_variable_counts(schema: GraphQLSchema) -> None:
    text = "query ($ids: [ID!]!) { things(ids: $ids) { id } }"
    assert cost_of(schema, text, {"ids": ["1", "2", "3", "4"]}) == 4


def test_fragments_that_double_cost_what_they_would_execute(schema: GraphQLSchema) -> None:
    chain = " ".join(
        f"fragment F{n} on Good {{ a: same {{ ...F{n + 1} }} b: same {{ ...F{n + 1} }} }}"
        for n in range(25)
    )
    text = f"query ($n: Int) {{ good {{ ...F0 }} }} {chain} fragment F25 on Good "
    fixed = cost_of(schema, text + "{ id }")
    assert fixed == 2**26 - 1
    sized = cost_of(schema, text + "{ items(first: $n) { nodes { id } } }", {"n": 3})
    assert sized == 2**26 - 1 + 2**25 * (2 + 3)
