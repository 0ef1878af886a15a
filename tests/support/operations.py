"""Documents for every root field of the schema, written from the schema itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_object_type,
)

Slot = tuple[str, ...]
# Whether a field of a type may be selected.
Allowed = Callable[[str, str], bool]
# What is put into an ID.
Others = Callable[[Slot], str]

SCALARS: Final[Mapping[str, Any]] = {
    "String": "word",
    "Int": 1,
    "Float": 1.5,
    "Boolean": True,
    "Decimal": "1",
    "CurrencyCode": "EUR",
    "DateTime": "2026-01-01T00:00:00Z",
    "Date": "2026-01-01",
    "JSON": {},
}
DEEPEST_INPUT: Final = 5
MISSING: Final = "UHJvZHVjdDo5OTk5OTk5OTk="  # Product:999999999


@dataclass(frozen=True)
class RootField:
    """A field of Query or Mutation. `slots` are the paths of all IDs in its arguments."""

    kind: str
    name: str
    arguments: Mapping[str, GraphQLArgument]
    result: Any
    slots: tuple[Slot, ...]

    @property
    def id(self) -> str:
        return f"{self.kind}.{self.name}"


def everywhere(id_: str) -> Others:
    return lambda _slot: id_


def root_fields(schema: GraphQLSchema) -> Iterator[RootField]:
    for kind, type_ in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        assert type_ is not None
        for name, field in type_.fields.items():
            slots = tuple(
                slot
                for argument, declared in field.args.items()
                for slot, kind in _places(declared.type, (argument,))
                if kind == "ID"
            )
            yield RootField(kind, name, field.args, field.type, slots)


def document(field: RootField, selection: str) -> str:
    """`query Op($id: ID) { field(id: $id) { ... } }` with every argument a variable."""
    variables = ", ".join(f"${name}: {part.type}" for name, part in field.arguments.items())
    given = ", ".join(f"{name}: ${name}" for name in field.arguments)
    head = f"{field.kind} Op" + (f"({variables})" if variables else "")
    call = field.name + (f"({given})" if given else "")
    return f"{head} {{ {call} {selection} }}"


def variables(field: RootField, slot: Slot | None, id_: str, others: Others) -> dict[str, Any]:
    """The least that the arguments need, with `id_` in `slot` and `others` in other IDs."""
    return {
        name: _typed(part.type, (name,), slot, id_, others)
        for name, part in field.arguments.items()
        if _needed(part, (name,), slot)
    }


def selection(schema: GraphQLSchema, type_: Any, allowed: Allowed, depth: int) -> str:
    """Every field of a type that can be selected, to `depth` levels of objects.

    Lists are cut to two rows, so that what is written here costs little.
    """
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    parts = list(_selected(schema, named, allowed, depth))
    return f"{{ {' '.join(parts)} }}" if parts else "{ __typename }"


def _selected(schema: GraphQLSchema, named: Any, allowed: Allowed, depth: int) -> Iterator[str]:
    yield "__typename"
    connection = is_connection(named)
    for name, field in _readable(named, allowed):
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield name
        elif depth > 0 and is_object_type(named) and not (connection and name == "edges"):
            size = "(first: 2)" if "first" in field.args else ""
            step = depth if connection else depth - 1
            yield f"{name}{size} {selection(schema, inner, allowed, step)}"


def _readable(named: Any, allowed: Allowed) -> Iterator[tuple[str, Any]]:
    """The fields that may be selected, and need no argument for it; a union has none."""
    for name, field in getattr(named, "fields", {}).items():
        needs = any(_mandatory(part) for part in field.args.values())
        if not needs and allowed(named.name, name):
            yield name, field


def is_connection(type_: GraphQLObjectType) -> bool:
    return type_.name.endswith("Connection")


def _mandatory(part: GraphQLArgument | GraphQLInputField) -> bool:
    return isinstance(part.type, GraphQLNonNull) and part.default_value is Undefined


def places(field: RootField) -> Iterator[tuple[Slot, str]]:
    """The path of each value in the arguments, and its scalar or enum."""
    for argument, declared in field.arguments.items():
        yield from _places(declared.type, (argument,))


def _places(type_: Any, path: Slot, depth: int = 0) -> Iterator[tuple[Slot, str]]:
    named = get_named_type(type_)
    if is_leaf_type(named):
        yield path, named.name
    elif isinstance(named, GraphQLInputObjectType) and depth < DEEPEST_INPUT:
        for name, field in named.fields.items():
            if name not in ("and", "or", "not"):
                yield from _places(field.type, (*path, name), depth + 1)


def _needed(part: GraphQLArgument | GraphQLInputField, path: Slot, slot: Slot | None) -> bool:
    return _mandatory(part) or (slot is not None and slot[: len(path)] == path)


def _typed(type_: Any, path: Slot, slot: Slot | None, id_: str, others: Others) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _typed(type_.of_type, path, slot, id_, others)
    if isinstance(type_, GraphQLList):
        return [_typed(type_.of_type, path, slot, id_, others)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_, path, slot, id_, others)
    if type_.name == "ID":
        return id_ if path == slot else others(path)
    return SCALARS.get(type_.name, "word")


def _object(
    type_: GraphQLInputObjectType, path: Slot, slot: Slot | None, id_: str, others: Others
) -> dict[str, Any]:
    chosen = {
        name: field for name, field in type_.fields.items() if _needed(field, (*path, name), slot)
    }
    if type_.extensions["strawberry-definition"].is_one_of and not chosen:
        name, field = next(iter(type_.fields.items()))
        chosen = {name: field}
    return {
        name: _typed(field.type, (*path, name), slot, id_, others) for name, field in chosen.items()
    }
