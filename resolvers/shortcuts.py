"""Shorter ways from graphql-core to our resolvers; what is answered stays the same.

Execution is dominated by calls per field, and Strawberry wraps each resolver in several: they look
up names, convert arguments and run field extensions. Fields that need none of it are called
directly.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)
from graphql.pyutils import Undefined
from strawberry.types.field import StrawberryField

Resolve = Callable[..., Any]


def shorten(schema: GraphQLSchema) -> None:
    """Give every field of the schema the shortest resolver that does the same."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            for field in type_.fields.values():
                _forget_null(field)
        elif isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for output in type_.fields.values():
                _shorten(output)


def _shorten(field: GraphQLField) -> None:
    for argument in field.args.values():
        _forget_null(argument)
    definition: StrawberryField | None = field.extensions.get("strawberry-definition")
    if definition is None or definition.extensions or any(map(_takes_object, field.args.values())):
        return
    if definition.base_resolver is None:
        field.resolve = _reader(definition.python_name)
    elif not definition.is_subscription:
        _name_arguments(field, definition)
        field.resolve = _caller(definition)


def _forget_null(taker: Any) -> None:
    """A default of null says nothing that leaving it out does not, and costs a coercion per use."""
    if taker.default_value is None:
        taker.default_value = Undefined


def _takes_object(argument: GraphQLArgument) -> bool:
    """Input objects become instances of our classes, which is Strawberry's work."""
    return isinstance(get_named_type(argument.type), GraphQLInputObjectType)


def _name_arguments(field: GraphQLField, definition: StrawberryField) -> None:
    """Let arguments arrive under the names our functions know."""
    for argument, ours in zip(field.args.values(), definition.arguments, strict=True):
        argument.out_name = ours.python_name


def _reader(name: str) -> Resolve:
    read = attrgetter(name)
    return lambda source, _info: read(source)


def _caller(definition: StrawberryField) -> Resolve:
    """Our function itself. Its `info` is graphql-core's: of both only `context` is used."""
    resolver: Any = definition.base_resolver
    call: Resolve = resolver.wrapped_func
    if resolver.info_parameter is None:
        return lambda source, _info, **arguments: call(source, **arguments)
    return call
