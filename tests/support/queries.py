"""Queries at random over the whole schema, valid ones: with aliases, fragments, directives,
variables and nulls, about things that exist and things that do not."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
    type_from_ast,
)

WORDS: Final = ("shirt", "blue", "ada", "main", "", "x")
SCALARS: Final[Mapping[str, tuple[Any, ...]]] = {
    "String": WORDS,
    "Boolean": (True, False),
    "Float": (0.5, 2),
    "Int": (1, 2, 3),
    "Decimal": ("1", "19.90"),
    "CurrencyCode": ("EUR", "USD"),
    "DateTime": ("2020-01-01T00:00:00Z", "2030-06-01T12:30:00+02:00"),
    "Date": ("2020-01-01",),
    "JSON": ({}, {"a": 1}),
}
# Ends of lists that exclude each other.
ENDS: Final = frozenset({"last", "before", "after"})
DEEPEST: Final = 6
May = Callable[[str, str], bool]
WIDEST: Final = 6


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    variables: dict[str, Any]
    name: str | None = None


class QueryMaker:
    """Each query has one field at its root: of several, one that fails ends the others midway.

    `ids` are global ids to ask for, by kind; `may` says which fields of a type are asked for.

    The same seed makes the same queries.
    """

    def __init__(self, schema: GraphQLSchema, ids: Mapping[str, str], may: May, seed: int) -> None:
        self._schema = schema
        self._may = may
        self._ids = [*ids.values(), "UHJvZHVjdDo5OTk5OTk=", "nonsense"]
        self._random = Random(seed)

    def query(self) -> Query:
        root = self._schema.query_type
        assert root is not None
        return self._making().query(root)

    def variables(self, operation: OperationDefinitionNode) -> dict[str, Any]:
        """Some for a query that is there already."""
        making, values = self._making(), {}
        for declared in operation.variable_definitions or ():
            type_: Any = type_from_ast(self._schema, declared.type)  # type: ignore[call-overload]  # of any kind
            values[declared.variable.name.value] = making.value(type_, 2)[0]
        return values

    def _making(self) -> "_Making":
        return _Making(self._schema, self._ids, self._may, self._random)


@dataclass(slots=True)
class _Making:
    schema: GraphQLSchema
    ids: list[str]
    may: May
    random: Random
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    aliases: int = 0

    def query(self, root: GraphQLObjectType) -> Query:
        fields = [each for each in root.fields.items() if self.may(root.name, each[0])]
        body = f"{{ {self.field(*self.random.choice(fields), DEEPEST)} }}"
        head = ", ".join(f"${name}: {type_}" for name, (type_, _) in self.variables.items())
        text = f"query Made{f'({head})' if head else ''} {body}"
        values = {name: value for name, (_, value) in self.variables.items()}
        return Query("\n".join([text, *self.fragments.values()]), values)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def selections(self, type_: Any, depth: int) -> str:
        if isinstance(type_, GraphQLObjectType):
            return f"{{ {' '.join(self.parts(type_, depth))} }}"
        return f"{{ __typename {' '.join(self.of_types(type_, depth))} }}"

    def of_types(self, type_: GraphQLInterfaceType | GraphQLUnionType, depth: int) -> list[str]:
        parts = []
        if isinstance(type_, GraphQLInterfaceType):
            parts.append(self.field(*self.random.choice(list(type_.fields.items())), depth))
        possible = list(self.schema.get_possible_types(type_))
        some = self.random.sample(possible, min(len(possible), 3))
        return parts + [f"... on {each.name} {self.selections(each, depth - 1)}" for each in some]

    def parts(self, type_: GraphQLObjectType, depth: int) -> list[str]:
        fields = [
            (name, each)
            for name, each in type_.fields.items()
            if self.may(type_.name, name)
            and (depth > 1 or not is_composite_type(get_named_type(each.type)))
        ]
        if not fields:
            return ["__typename"]
        chosen = self.random.sample(fields, min(len(fields), self.random.randint(1, WIDEST)))
        parts = [self.wrapped(type_, self.field(name, each, depth)) for name, each in chosen]
        if self.chance(15):
            parts.insert(self.random.randrange(len(parts) + 1), "__typename")
        if self.chance(10):  # merged with what is there
            parts.append(parts[0])
        return parts

    def wrapped(self, type_: GraphQLObjectType, text: str) -> str:
        """As it is, or in a fragment, or with a condition."""
        kind = self.random.randrange(20)
        if kind == 0:
            return f"... {{ {text} }}"
        if kind == 1:
            return f"... on {type_.name} {self.condition()} {{ {text} }}"
        if kind == 2:
            name = f"F{len(self.fragments)}"
            self.fragments[name] = f"fragment {name} on {type_.name} {{ {text} }}"
            return f"...{name} {self.condition()}"
        return text

    def condition(self) -> str:
        if self.chance(60):
            return ""
        directive, decided = self.random.choice(("include", "skip")), self.chance(50)
        if self.chance(50):
            return f"@{directive}(if: {str(decided).lower()})"
        return f"@{directive}(if: ${self.variable('Boolean!', decided)})"

    def field(self, name: str, each: GraphQLField, depth: int) -> str:
        alias = ""
        if each.args or self.chance(10):  # two of a name must ask the same
            self.aliases += 1
            alias = f"a{self.aliases}: "
        named = get_named_type(each.type)
        below = self.selections(named, depth - 1) if is_composite_type(named) else ""
        condition = self.condition() if self.chance(10) else ""
        return f"{alias}{name}{self.arguments(each)} {condition} {below}"

    def arguments(self, each: GraphQLField) -> str:
        given = [
            self.argument(name, arg) for name, arg in each.args.items() if self.gives(name, arg)
        ]
        return f"({', '.join(given)})" if given else ""

    def gives(self, name: str, argument: GraphQLArgument) -> bool:
        if is_required_argument(argument):
            return True
        if name in ENDS:
            return self.chance(2)
        return self.chance(80 if name in ("first", "id", "slug") else 20)

    def argument(self, name: str, argument: GraphQLArgument) -> str:
        value, literal = self.value(argument.type, 2)
        if self.chance(25):
            return f"{name}: ${self.variable(str(argument.type), value)}"
        return f"{name}: {literal}"

    def variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = (type_, value)
        return name

    def value(self, type_: Any, depth: int) -> tuple[Any, str]:
        """As JSON and as GraphQL."""
        if isinstance(type_, GraphQLNonNull):
            return self.present(type_.of_type, depth)
        return (None, "null") if self.chance(10) else self.present(type_, depth)

    def present(self, type_: Any, depth: int) -> tuple[Any, str]:
        if isinstance(type_, GraphQLList):
            items = [self.value(type_.of_type, depth) for _ in range(self.random.randint(0, 2))]
            return [item for item, _ in items], f"[{', '.join(text for _, text in items)}]"
        if isinstance(type_, GraphQLEnumType):
            name = self.random.choice(list(type_.values))
            return name, name
        if isinstance(type_, GraphQLInputObjectType):
            return self.object(type_, depth)
        value = self.random.choice(self.ids if type_.name == "ID" else SCALARS[type_.name])
        return value, "{}" if isinstance(value, dict) else json.dumps(value)

    def object(self, type_: GraphQLInputObjectType, depth: int) -> tuple[Any, str]:
        """At depth 0 what must be given, else some of it; one of it where that is asked for."""
        fields = list(type_.fields.items())
        some = set(self.random.sample(range(len(fields)), min(len(fields), 1 if depth else 0)))
        values, texts = {}, []
        for place, (name, each) in enumerate(fields):
            if place in some or is_required_input_field(each):
                values[name], text = self.value(each.type, depth - 1)
                texts.append(f"{name}: {text}")
        return values, f"{{{', '.join(texts)}}}"
