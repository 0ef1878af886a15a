"""What compiling may cost: no document that the guard lets through keeps a server busy for long."""

from collections.abc import Callable

import pytest
from graphql import (
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
)

from commerce.http.graphql.compiled.compiler import Compiled, compiled
from commerce.http.graphql.compiled.plan import NotCompiledError
from commerce.http.graphql.limits import BACK_OFFICE_LIMITS
from commerce.http.graphql.measure import measure
from resolvers.schema import core_schema
from tests.support.graphql import schema
from tests.support.machine import within
from tests.support.work import lines_run

MOST_SECONDS = 0.05  # of CPU
MOST_SOURCE = 150_000  # characters
KINDS = 8  # questions for things of any kind that one document may have


def wide(type_: GraphQLObjectType, depth: int, room: list[int]) -> str:
    """Everything there is that needs no argument, as long as there is room."""
    parts = ["__typename"]
    for name, field in type_.fields.items():
        below = get_named_type(field.type)
        if room[0] <= 0 or any(map(is_required_argument, field.args.values())):
            continue
        if is_leaf_type(below):
            room[0] -= 1
            parts.append(name)
        elif depth and isinstance(below, GraphQLObjectType):
            room[0] -= 2
            parts.append(f"{name} {{ {wide(below, depth - 1, room)} }}")
    return " ".join(parts)


def everything(root: str, type_: str, depth: int, fields: int) -> str:
    found = core_schema(schema()).type_map[type_]
    assert isinstance(found, GraphQLObjectType)
    return f"{{ {root} {{ nodes {{ {wide(found, depth, [fields])} }} }} }}"


def every_kind(times: int) -> str:
    """Things of any kind: each of some fifty types has its part in the source."""
    several = " ".join(f'a{n}: node(id: "x") {{ id __typename }}' for n in range(times))
    return f"{{ {several} }}"


def lists(times: int) -> str:
    below = "{ nodes { id pricing { price { amount currencyCode } } } }"
    several = " ".join(f"a{n}: variants(first: 1) {below}" for n in range(times))
    return f"{{ products {{ nodes {{ {several} }} }} }}"


WORST: dict[str, Callable[[], str]] = {
    "a product with all of it": lambda: everything("products", "Product", 5, 600),
    "an order with all of it": lambda: everything("orders", "Order", 6, 640),
    "things of any kind": lambda: every_kind(KINDS),
    "lists in lists": lambda: lists(58),
}


def compile_(text: str) -> Compiled:
    document = parse(text)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return compiled(core_schema(schema()), document, operation, {})


@pytest.mark.parametrize("name", WORST)
def test_the_worst_that_the_guard_lets_through_compiles_in_no_time(name: str) -> None:
    text = WORST[name]()
    core = core_schema(schema())
    measure(core, parse(text), BACK_OFFICE_LIMITS.fragments).size.check(BACK_OFFICE_LIMITS)
    made = [compile_(text) for _ in range(5)]
    assert min(each.seconds for each in made) < within(MOST_SECONDS)
    assert len(made[0].source.text) < MOST_SOURCE


def test_the_work_grows_with_the_fields_and_no_faster() -> None:
    compile_(lists(10))  # what is looked up once is not counted
    few, many = (lines_run(lambda: compile_(lists(times))) for times in (10, 40))  # noqa: B023  # called at once
    assert many < few * 4.4


def test_there_is_no_larger_one() -> None:
    with pytest.raises(NotCompiledError, match="size"):
        compile_(every_kind(KINDS + 1))
