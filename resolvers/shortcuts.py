"""Shorter ways from graphql-core to our resolvers; what is answered stays the same.

Execution is dominated by calls per field, and Strawberry wraps each resolver in several: they look
up names, convert arguments and run field extensions. Fields that need none of it are called
directly.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.pyutils import Undefined
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from resolvers.rows import column_path

Resolve = Callable[..., Any]
# A field's answer from its object; `UNUSUAL` leaves it to graphql-core, with all its checks.
Leaf = Callable[[Any], Any]

LEAF: Final = "storegraph-leaf"
# Of fields that are called directly.
SHORT: Final = "storegraph-short"
# Of fields that are attributes: where theirs is, with dots.
ATTRIBUTE: Final = "storegraph-attribute"
UNUSUAL: Final = object()
# Scalars whose values of that very type are printed as they are.
EXACT: Final[dict[str, type]] = {"String": str, "ID": str, "Boolean": bool}


def shorten(schema: GraphQLSchema) -> None:
    """Give every field of the schema the shortest resolver that does the same."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            for field in type_.fields.values():
                _forget_null(field)
        elif isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for output in type_.fields.values():
                _shorten(output, type_)


def _shorten(field: GraphQLField, type_: GraphQLObjectType) -> None:
    for argument in field.args.values():
        _forget_null(argument)
    definition: StrawberryField | None = field.extensions.get("strawberry-definition")
    if definition is None or definition.extensions or any(map(_takes_object, field.args.values())):
        return
    if definition.base_resolver is None:
        declared: StrawberryObjectDefinition = type_.extensions["strawberry-definition"]
        path = column_path(declared.origin, definition.python_name)
        read = attrgetter(path)
        field.extensions[ATTRIBUTE] = path
        field.resolve = lambda source, _info: read(source)
        field.extensions[LEAF] = _leaf(read, field.type)
        return
    field.extensions[SHORT] = definition.base_resolver
    _name_arguments(field, definition)
    if definition.is_subscription:  # its answer is the event itself
        field.subscribe = _caller(definition)
    else:
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


def _leaf(read: Resolve, type_: GraphQLOutputType) -> Leaf | None:
    """How such a field is answered in one call; None when its type is more than a leaf."""
    nullable = not is_non_null_type(type_)
    inner = get_nullable_type(type_)
    if not is_leaf_type(inner):
        return None
    exact, coerce = EXACT.get(inner.name), inner.coerce_output_value

    def answer(source: Any) -> Any:
        value = read(source)
        if value is None:
            return None if nullable else UNUSUAL
        if exact is None:
            return coerce(value)
        return value if type(value) is exact else UNUSUAL

    return answer


def _caller(definition: StrawberryField) -> Resolve:
    """Our function itself. Its `info` is graphql-core's: of both only `context` is used."""
    resolver: Any = definition.base_resolver
    call: Resolve = resolver.wrapped_func
    if resolver.info_parameter is None:
        return lambda source, _info, **arguments: call(source, **arguments)
    return call
