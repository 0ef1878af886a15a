"""What an operation costs, told from its text and its page sizes before anything runs.

A scalar is free, an object costs 1, a connection 2 and its rows times what one row costs, a
mutation 10; a search costs twice as much as another connection.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import FieldNode, IntValueNode, ListValueNode, OperationDefinitionNode, VariableNode
from graphql.language import ValueNode

from commerce.core.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE

OBJECT: Final = 1
CONNECTION: Final = 2
MUTATION: Final = 10
INTROSPECTION: Final = 300
SEARCH_FACTOR: Final = 2
SIZE_ARGUMENTS: Final = ("first", "last")
KEYS_ARGUMENT: Final = "ids"

Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Cost:
    """`fixed`, and parts that are multiplied by what only the request knows.

    A part stands for a whole fragment where it can, so that costs of fragments that spread
    fragments stay as small as the document.
    """

    fixed: int = 0
    parts: tuple["Part", ...] = ()

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.fixed + other.fixed, self.parts + other.parts)

    def times(self, size: "int | str") -> "Cost":
        if isinstance(size, int) and not self.parts:
            return Cost(self.fixed * size)
        return Cost(0, (Part(size, self),))

    def shared(self) -> "Cost":
        """As a part of another cost without copying its parts."""
        return self.times(1) if self.parts else self

    def value(self, variables: Variables) -> int:
        """In the request with these variables."""
        return self.fixed if not self.parts else _value(self, variables, {})


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """`cost` times a number, or times the rows that a variable asks for."""

    size: int | str
    cost: Cost


NOTHING: Final = Cost()
ONE: Final = Cost(OBJECT)


def total(costs: Iterable[Cost]) -> Cost:
    fixed = 0
    parts: list[Part] = []
    for cost in costs:
        fixed += cost.fixed
        parts.extend(cost.parts)
    return Cost(fixed, tuple(parts)) if parts else Cost(fixed)


def size_of(field: FieldNode) -> int | str:
    """How many rows a connection shows: a number, or the variable that says it."""
    for argument in field.arguments or ():
        if argument.name.value in SIZE_ARGUMENTS:
            return _size(argument.value)
    return DEFAULT_PAGE_SIZE


def keys_of(field: FieldNode) -> int | str:
    """How many objects a list field shows that is asked for by `ids`; 1 for any other."""
    for argument in field.arguments or ():
        if argument.name.value == KEYS_ARGUMENT:
            return _size(argument.value)
    return 1


def variables_of(operation: OperationDefinitionNode, given: Variables) -> Variables:
    """The given variables over the operation's own defaults, as far as they tell sizes."""
    defaults = {
        definition.variable.name.value: _size(definition.default_value)
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode | ListValueNode)
    }
    return {**defaults, **given} if defaults else given


def _size(value: ValueNode) -> int | str:
    if isinstance(value, VariableNode):
        return value.name.value
    if isinstance(value, ListValueNode):
        return len(value.values)
    # Longer numbers are refused later; turning them into integers here would cost too much.
    if isinstance(value, IntValueNode) and len(value.value) < 10:
        return _bounded(int(value.value))
    return DEFAULT_PAGE_SIZE


def _value(cost: Cost, variables: Variables, known: dict[int, int]) -> int:
    """Each part is worked out once, however many fragments share it."""
    found = known.get(id(cost))
    if found is None:
        found = cost.fixed + sum(
            _rows(part.size, variables) * _value(part.cost, variables, known) for part in cost.parts
        )
        known[id(cost)] = found
    return found


def _rows(size: int | str, variables: Variables) -> int:
    if isinstance(size, int):
        return size
    asked = variables.get(size)
    if isinstance(asked, list):
        return len(asked)
    return _bounded(asked) if isinstance(asked, int) else DEFAULT_PAGE_SIZE


def _bounded(size: int) -> int:
    """No page is larger, whatever is asked for: larger ones are refused when they are read."""
    return max(0, min(size, MAX_PAGE_SIZE))
