"""How large the values written into a document are: they keep the limits that variables keep."""

from collections.abc import Iterable, Iterator
from math import isinf
from typing import Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
)
from graphql.language import ValueNode

from commerce.core.exact_json import MAX_INTEGER_DIGITS
from commerce.core.problems import BadInputError

NUL: Final = "\0"
Number = IntValueNode | FloatValueNode


class Literals:
    """The largest depth, text and list among the values it was shown, and how many these are."""

    def __init__(self) -> None:
        self.depth = 0
        self.characters = 0
        self.items = 0
        self.values = 0

    def read(self, value: ValueNode) -> None:
        """Looks at each part once, with a list of its own: values may be nested deeply.

        Raises `BadInputError` for what no column can hold.
        """
        rest = [(value, 1)]
        while rest:
            node, depth = rest.pop()
            self.values += 1
            inner = self._inside(node)
            if inner is None:
                self.depth = max(self.depth, depth)
            else:
                self.depth = max(self.depth, depth + 1)
                rest.extend((part, depth + 1) for part in inner)

    def _inside(self, node: ValueNode) -> Iterable[ValueNode] | None:
        """What a list or an object holds; None for a value that holds nothing."""
        if isinstance(node, ListValueNode):
            self.items = max(self.items, len(node.values))
            return node.values
        if isinstance(node, ObjectValueNode):
            return [field.value for field in node.fields]
        if isinstance(node, StringValueNode):
            self.characters = max(self.characters, len(node.value))
            if NUL in node.value:
                raise BadInputError("NUL characters cannot be used.")
        elif isinstance(node, Number):
            _check_number(node.value)
        return None


def _check_number(text: str) -> None:
    if len(text) > MAX_INTEGER_DIGITS:
        raise BadInputError("A number has too many digits.")
    if isinf(float(text)):
        raise BadInputError("A number is too large.")


def literals_of(document: DocumentNode) -> Literals:
    """Every value in the document: arguments, also those of directives, and defaults."""
    found = Literals()
    for value in _values(document):
        found.read(value)
    return found


def _values(document: DocumentNode) -> Iterator[ValueNode]:
    rest: list[SelectionSetNode] = []
    for part in document.definitions:
        if isinstance(part, OperationDefinitionNode | FragmentDefinitionNode):
            yield from _defaults(part)
            yield from _arguments(part.directives)
            rest.append(part.selection_set)
    while rest:
        for selection in rest.pop().selections:
            if isinstance(selection, FieldNode):
                yield from (argument.value for argument in selection.arguments or ())
            yield from _arguments(selection.directives)
            inner = getattr(selection, "selection_set", None)
            if inner is not None:
                rest.append(inner)


def _defaults(part: OperationDefinitionNode | FragmentDefinitionNode) -> Iterator[ValueNode]:
    for definition in part.variable_definitions or ():
        if definition.default_value is not None:
            yield definition.default_value
        yield from _arguments(definition.directives)


def _arguments(directives: Iterable[DirectiveNode] | None) -> Iterator[ValueNode]:
    for directive in directives or ():
        yield from (argument.value for argument in directive.arguments or ())
