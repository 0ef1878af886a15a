from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
)

from resolvers.schema import core_schema
from tests.support.graphql import schema


def _places() -> Iterator[tuple[str, str | None]]:
    """Everything that a reader of the schema meets, with its description."""
    for name, kind in core_schema(schema()).type_map.items():
        if name.startswith("__"):
            continue
        yield name, kind.description
        match kind:
            case GraphQLObjectType() | GraphQLInterfaceType():
                for field in kind.fields:
                    yield f"{name}.{field}", kind.fields[field].description
                    for argument, given in kind.fields[field].args.items():
                        yield f"{name}.{field}({argument})", given.description
            case GraphQLInputObjectType():
                yield from ((f"{name}.{part}", of.description) for part, of in kind.fields.items())
            case GraphQLEnumType():
                yield from ((f"{name}.{word}", of.description) for word, of in kind.values.items())


def test_every_type_field_argument_and_value_is_described() -> None:
    builtin = {"ID", "Int", "Float", "String", "Boolean"}
    assert [place for place, told in _places() if not told and place not in builtin] == []
