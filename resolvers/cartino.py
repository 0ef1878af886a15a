"""The schema as Cartino's documents write it: variants are a list, each with price and inventory.

A copy of the schema's types over the same resolvers. Whoever asks it for its types is told what is
answered there. A field that is not the schema's own is made of some that are.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Final, cast

from graphql import (
    GraphQLField,
    GraphQLFloat,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
)
from graphql.type.schema import remap_named_type

from commerce.core.exact_json import ExactFloat
from commerce.core.paging import MAX_PAGE_SIZE
from resolvers.costs import SIZE
from resolvers.permissions import Policies, field_policies

DECLARED: Final = "strawberry-definition"
COPIED: Final = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)

Types = Mapping[str, GraphQLNamedType]


@dataclass(frozen=True, slots=True)
class Short:
    """A field of the view's own: what is at the end of a path of the schema's fields."""

    owner: str
    name: str
    type: GraphQLScalarType
    path: tuple[str, ...]
    about: str


def _exact_float() -> GraphQLScalarType:
    """`Float` for values that were never one: they are printed with the digits they have."""
    known: dict[str, Any] = dict(GraphQLFloat.to_kwargs())
    printed = {"name": "ExactFloat", "serialize": None, "coerce_output_value": _printed}
    made = GraphQLScalarType(**known | printed)
    made.name = GraphQLFloat.name  # which no type may be made with
    return made


def _printed(value: Any) -> ExactFloat:
    return ExactFloat(format(value, "f"))


FLOAT: Final = _exact_float()
SHORTS: Final = (
    Short(
        "ProductVariant",
        "price",
        FLOAT,
        ("pricing", "price", "amount"),
        "What one unit costs, to the last digit; null without a price, or when it is on request.",
    ),
    Short(
        "ProductVariant",
        "inventory",
        GraphQLInt,
        ("availability", "quantity"),
        "How many are on hand and free; null when they are not counted.",
    ),
)
# Most products have few variants: a page of any size with its variants is to be had.
COUNTED_AS: Final = MAX_PAGE_SIZE // 2
# Connections that are lists here, of as many rows as a page can have.
LISTS: Final = {("Product", "variants"): "What can be bought, in the shop's order: the first 100."}


class WiderPolicyError(Exception):
    """A short field would show what its own policy does not say."""


def cartino_schema(schema: GraphQLSchema) -> GraphQLSchema:
    """Raises `KeyError` when something it is made of is not there, and `WiderPolicyError`."""
    types, policies = _copied(schema.type_map), field_policies(schema)
    for short in SHORTS:
        _fields(types[short.owner])[short.name] = _through(types, short, policies)
    for (owner, name), about in LISTS.items():
        fields = _fields(types[owner])
        fields[name] = _listed(fields[name], about)
    return GraphQLSchema(
        cast(GraphQLObjectType, types["Query"]),
        cast(GraphQLObjectType, types["Mutation"]),
        cast(GraphQLObjectType, types["Subscription"]),
        [type_ for type_ in types.values() if not is_introspection_type(type_)],
        schema.directives,
        schema.description,
        extensions=schema.extensions,
        assume_valid=True,
    )


def _copied(types: Types) -> Types:
    """Types that have fields anew, referring to each other; the others are shared."""
    anew = {
        name: copy(type_)
        for name, type_ in types.items()
        if isinstance(type_, COPIED) and not is_introspection_type(type_)
    }
    found = {**types, **anew, FLOAT.name: FLOAT}
    for type_ in anew.values():
        remap_named_type(type_, found)
    return found


def _listed(connection: GraphQLField, about: str) -> GraphQLField:
    nodes = _fields(get_named_type(connection.type))["nodes"]

    async def resolve(source: Any, info: Any) -> Any:
        page = await _called(connection, source, info, first=MAX_PAGE_SIZE)
        return await _called(nodes, page, info)

    extensions = {DECLARED: connection.extensions[DECLARED], SIZE: COUNTED_AS}
    return GraphQLField(nodes.type, resolve=resolve, description=about, extensions=extensions)


def _through(types: Types, short: Short, policies: Policies) -> GraphQLField:
    """Null as soon as anything on the way is. The last field's policy is the short one's, so those
    before it must be for everybody."""
    steps = list(_along(types, short))
    *before, (owner, last) = steps
    if not all(policies[type_, name].is_public for type_, name in before):
        raise WiderPolicyError(f"{short.owner}.{short.name} passes what is not for everybody.")
    fields = [_fields(types[type_])[name] for type_, name in steps]

    async def resolve(source: Any, info: Any) -> Any:
        found = source
        for field in fields:
            found = None if found is None else await _called(field, found, info)
        return found

    declared = _fields(types[owner])[last].extensions[DECLARED]
    extensions = {DECLARED: declared}
    return GraphQLField(short.type, resolve=resolve, description=short.about, extensions=extensions)


def _along(types: Types, short: Short) -> Iterator[tuple[str, str]]:
    """`(type, field)` of each step."""
    owner = short.owner
    for name in short.path:
        yield owner, name
        owner = get_named_type(_fields(types[owner])[name].type).name


def _fields(type_: GraphQLNamedType) -> dict[str, GraphQLField]:
    return cast(GraphQLObjectType, type_).fields


async def _called(field: GraphQLField, source: Any, info: Any, **arguments: Any) -> Any:
    found = cast(Any, field.resolve)(source, info, **arguments)
    return await found if isawaitable(found) else found
