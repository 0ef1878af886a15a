"""Tools ask for the whole schema, and give up when any of it cannot be told."""

import pytest
from graphql import GraphQLSchema, build_client_schema, get_introspection_query, graphql_sync

from resolvers.cartino import cartino_schema
from resolvers.schema import core_schema
from tests.support.graphql import schema

OURS = core_schema(schema())


@pytest.mark.parametrize("served", [OURS, cartino_schema(OURS)], ids=["ours", "cartino"])
def test_the_whole_schema_can_be_asked_for(served: GraphQLSchema) -> None:
    told = graphql_sync(served, get_introspection_query())
    assert told.errors is None
    assert told.data is not None
    rebuilt = build_client_schema(told.data)
    assert rebuilt.type_map.keys() >= {"Product", "Mutation"}
