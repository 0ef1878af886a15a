"""What the operations ask for is checked when the server starts."""

import pytest
from graphql import GraphQLObjectType, GraphQLSchema

from commerce.core.limiter import Rate
from commerce.http.graphql.execute import Executor
from commerce.rest.credentials import bearer
from commerce.rest.operations import OperationError
from commerce.rest.route import Dialect, Doors, Route
from commerce.rest.router import Gateway, RestOptions
from resolvers.schema import build_schema, core_schema
from tests.support.rest import PaperShop
from tests.support.shop import ShopContext, no_database


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """A schema to spoil."""
    return core_schema(build_schema())


def start(schema: GraphQLSchema) -> Gateway:
    shop, executor = PaperShop(), Executor(schema, no_database, ShopContext)
    doors = Doors(executor.prepare, executor.execute, shop.authenticate, shop.key_dialect)
    return Gateway(doors)


@pytest.mark.parametrize(
    ("type_", "field", "renamed", "route", "file"),
    [
        ("Product", "tags", "tagz", "litestore GET /api/products", "LitestoreProducts"),
        ("Availability", "quantity", "quantities", "cartino GET /api/products", "CartinoProducts"),
        (
            "Product",
            "shownAsNew",
            "shownAsNow",
            "shopkit GET /v1/product/search",
            "ShopkitProducts",
        ),
    ],
)
def test_a_renamed_field_stops_the_start_and_names_the_route(
    schema: GraphQLSchema, type_: str, field: str, renamed: str, route: str, file: str
) -> None:
    owner = schema.type_map[type_]
    assert isinstance(owner, GraphQLObjectType)
    start(schema)  # nothing is wrong yet
    owner.fields[renamed] = owner.fields.pop(field)
    try:
        with pytest.raises(OperationError) as stopped:
            start(schema)
    finally:
        owner.fields[field] = owner.fields.pop(renamed)
    dialect = route.split()[0]
    said = str(stopped.value)
    assert said.startswith(f"{route} ({dialect}/operations/{file}.graphql): ")
    flaw = f"Cannot query field '{field}' on type '{type_}'. Did you mean '{renamed}'"
    assert flaw in said


def test_a_row_without_its_operation_stops_the_start_too() -> None:
    row = Route("GET", "/lost", "Lost", lambda _call: {}, lambda node, _call: node)
    rate = Rate("litestore", 100, 60)
    dialect = Dialect("litestore", ("/api",), bearer, lambda _refusal: (500, {}), rate, (row,))
    with pytest.raises(OperationError, match=r"litestore GET /api/lost .*Lost\.graphql"):
        Gateway(PaperShop().doors(), RestOptions(), (dialect,))


def test_a_host_map_of_another_form_stops_the_start() -> None:
    with pytest.raises(ValueError, match="=shopkit"):
        Gateway(PaperShop().doors(), RestOptions(dialect_hosts=("api.example=shopkit",)))
