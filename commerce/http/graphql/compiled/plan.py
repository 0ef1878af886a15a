"""What a query asks for, with everything worked out that does not depend on data.

Fragments are spread, selections merged, and `@include` and `@skip` decided: a plan is made for
one setting of the variables that decide them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    visit,
)
from graphql.language import Visitor

MAX_FIELDS: Final = 800
INCLUDE, SKIP = "include", "skip"
TYPENAME: Final = "__typename"

Choices = Mapping[str, bool]
Abstract = GraphQLInterfaceType | GraphQLUnionType


class NotCompiledError(Exception):
    """The reference executor is to run it; `reason` is a word for the metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class FieldPlan:
    """One key of an answer. `nodes` are all places that ask for it; the first has the arguments.

    `objects` are the plans of its objects by the name of their type: none for a leaf, one for an
    object type, one for each possible type of an abstract one.
    """

    key: str
    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]
    objects: dict[str, "ObjectPlan"] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.nodes[0].name.value


@dataclass(slots=True)
class ObjectPlan:
    """What is asked of an object of one type, in the order of the answer.

    A key without a plan is `__typename`.
    """

    type: GraphQLObjectType
    fields: dict[str, FieldPlan | None] = field(default_factory=dict)


def deciding_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables that `@include` and `@skip` look at anywhere in the document, in order."""
    finder = _Deciders()
    visit(document, finder)
    return tuple(sorted(finder.names))


def plan_of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    choices: Choices,
) -> ObjectPlan:
    """Raises `NotCompiledError`."""
    root = schema.query_type
    if root is None:
        raise NotCompiledError("schema")
    fragments = {
        part.name.value: part
        for part in document.definitions
        if isinstance(part, FragmentDefinitionNode)
    }
    return _Planner(schema, fragments, choices).object(root, [operation.selection_set])


def _decider(directive: DirectiveNode) -> ValueNode:
    """What `if` is: the only argument that either directive has."""
    return (directive.arguments or ())[0].value


class _Deciders(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in (INCLUDE, SKIP):
            value = _decider(node)
            if isinstance(value, VariableNode):
                self.names.add(value.name.value)


class _Planner:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        choices: Choices,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._choices = choices
        self._count = 0

    def object(
        self, type_: GraphQLObjectType, selections: Sequence[SelectionSetNode]
    ) -> ObjectPlan:
        plan = ObjectPlan(type_)
        for key, nodes in self._collected(type_, selections).items():
            plan.fields[key] = self._field(key, type_, nodes)
        return plan

    def _field(
        self, key: str, parent: GraphQLObjectType, nodes: list[FieldNode]
    ) -> FieldPlan | None:
        self._count += 1
        if self._count > MAX_FIELDS:
            raise NotCompiledError("size")
        name = nodes[0].name.value
        if name == TYPENAME:
            return None
        definition = parent.fields.get(name)
        if definition is None:  # `__schema` and `__type`
            raise NotCompiledError("introspection")
        plan = FieldPlan(key, parent, definition, nodes)
        below = [node.selection_set for node in nodes if node.selection_set is not None]
        plan.objects = {type_.name: self.object(type_, below) for type_ in self._types(definition)}
        return plan

    def _types(self, definition: GraphQLField) -> Sequence[GraphQLObjectType]:
        """Every type that an object in the field's answer can have."""
        named = get_named_type(definition.type)
        if is_leaf_type(named):
            return ()
        if isinstance(named, Abstract):
            return self._schema.get_possible_types(named)
        return (named,) if isinstance(named, GraphQLObjectType) else ()

    def _collected(
        self, type_: GraphQLObjectType, selections: Sequence[SelectionSetNode]
    ) -> dict[str, list[FieldNode]]:
        """As CollectFields of the specification: each fragment is spread once."""
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for selection in selections:
            for node in self._nodes(type_, selection, spread):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
        return found

    def _nodes(
        self, type_: GraphQLObjectType, selections: SelectionSetNode, spread: set[str]
    ) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._chosen(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._is(type_, node.type_condition):
                    yield from self._nodes(type_, node.selection_set, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                yield from self._spread(type_, self._fragments[node.name.value], spread)

    def _spread(
        self, type_: GraphQLObjectType, fragment: FragmentDefinitionNode, spread: set[str]
    ) -> Iterator[FieldNode]:
        if fragment.directives or fragment.variable_definitions:
            raise NotCompiledError("directive")
        if self._is(type_, fragment.type_condition):
            yield from self._nodes(type_, fragment.selection_set, spread)

    def _is(self, type_: GraphQLObjectType, condition: NamedTypeNode) -> bool:
        name = condition.name.value
        if type_.name == name:
            return True
        other = self._schema.type_map[name]
        return is_abstract_type(other) and self._schema.is_sub_type(other, type_)

    def _chosen(self, directives: Sequence[DirectiveNode]) -> bool:
        included = True
        for directive in directives:
            name = directive.name.value
            if name not in (INCLUDE, SKIP):
                raise NotCompiledError("directive")
            included = included and self._decided(directive) is (name == INCLUDE)
        return included

    def _decided(self, directive: DirectiveNode) -> bool:
        value = _decider(directive)
        if isinstance(value, BooleanValueNode):
            return value.value
        if isinstance(value, VariableNode) and value.name.value in self._choices:
            return self._choices[value.name.value]
        raise NotCompiledError("directive")
